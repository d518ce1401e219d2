"""Upsampling by interpolation."""

from __future__ import annotations

from typing import ClassVar, Literal

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Resize, ResizeLike, ResizeMode
from unetgen.parts.upsampling.base import Up, UpSite


class _Interpolation(Up):
    """A map enlarged by interpolation; channels stay unless a convolution changes them."""

    mode: ClassVar[ResizeMode]

    to: Literal["factor", "skip"] = "factor"
    """Enlarge by the factor of the downsampling, or to the very size of the encoder's map of that level."""

    @property
    def corners(self) -> bool:
        """Whether the corner pixels' centres are pinned to each other."""
        return False

    @property
    def meets_skip(self) -> bool:
        return self.to == "skip"

    def enlarge(self, b: Builder, x: Value, site: UpSite) -> Value:
        if self.to == "skip":
            return b("resize", ResizeLike(self.mode, self.corners), x, site.skip)
        return b("resize", Resize(site.factor, self.mode, self.corners), x)


class Nearest(_Interpolation):
    """Each pixel repeated."""

    word: ClassVar[str] = "nearest"
    mode: ClassVar[ResizeMode] = "nearest"


class Linear(_Interpolation):
    """Linear interpolation along each axis: linear in 1D, bilinear in 2D, trilinear in 3D."""

    word: ClassVar[str] = "linear"
    mode: ClassVar[ResizeMode] = "linear"

    align_corners: bool = False
    """Whether the corner pixels' centres are pinned to each other."""

    @property
    def corners(self) -> bool:
        return self.align_corners
