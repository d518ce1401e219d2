"""Upsampling by interpolation, alone or with a convolution before or after."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Resize
from unetgen.upsampling.base import Up, UpConv, UpSite

__all__ = ["Linear", "Nearest"]


def _grow(value: object) -> object:
    """Let a kernel size stand for a convolution: `conv: 3`."""
    return value if isinstance(value, Mapping | UpConv) or value is None else {"kernel_size": value}


class _Interpolation(Up):
    """A map enlarged by whole factors; channels stay unless a convolution changes them."""

    conv: Annotated[UpConv | None, BeforeValidator(_grow)] = None
    """A convolution before or after; none unless given."""

    @abstractmethod
    def resize(self, site: UpSite) -> Resize:
        """Give the interpolation itself."""

    def build(self, b: Builder, x: Value, site: UpSite) -> Value:
        if self.conv is not None and self.conv.at == "before":
            x = self.conv.build(b, x, site)
        x = b("resize", self.resize(site), x)
        if self.conv is not None and self.conv.at == "after":
            x = self.conv.build(b, x, site)
        return x


class Nearest(_Interpolation):
    """Each pixel repeated."""

    word: ClassVar[str] = "nearest"

    def resize(self, site: UpSite) -> Resize:
        return Resize(site.factor, "nearest")


class Linear(_Interpolation):
    """Linear interpolation along each axis: linear in 1D, bilinear in 2D, trilinear in 3D."""

    word: ClassVar[str] = "linear"

    align_corners: bool = False
    """Whether the corner pixels' centres are pinned to each other."""

    def resize(self, site: UpSite) -> Resize:
        return Resize(site.factor, "linear", self.align_corners)
