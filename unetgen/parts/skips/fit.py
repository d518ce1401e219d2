"""Fits: how a skip and an upsampled map of unequal sizes are reconciled before they meet."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.words import Word, WordChoice


class Fit(Word):
    """A way to make two maps equal in size."""

    @abstractmethod
    def reconcile(self, b: Builder, skip: Value, up: Value) -> tuple[Value, Value]:
        """Write what makes the two maps equal in size, and give both."""


class MustFit(Fit):
    """Refuse unequal sizes while compiling."""

    word: ClassVar[str] = "error"

    def reconcile(self, b: Builder, skip: Value, up: Value) -> tuple[Value, Value]:
        return skip, up


class CropSkip(Fit):
    """Cut the middle out of the encoder's map.

    References:
        Ronneberger et al. 2015, "U-Net", arXiv:1505.04597.
    """

    word: ClassVar[str] = "crop_skip"

    uneven: Literal["error", "floor"] = "error"
    """An odd difference shifts the maps by half a pixel: refuse it, or cut the smaller half before."""

    def reconcile(self, b: Builder, skip: Value, up: Value) -> tuple[Value, Value]:
        return b("crop", ops.CropLike(self.uneven), skip, up), up


class CropUp(Fit):
    """Cut the middle out of the upsampled map.

    References:
        Jegou et al. 2016, "The One Hundred Layers Tiramisu", arXiv:1611.09326.
    """

    word: ClassVar[str] = "crop_up"

    uneven: Literal["error", "floor"] = "floor"
    """An odd difference shifts the maps by half a pixel: refuse it, or cut the smaller half before."""

    def reconcile(self, b: Builder, skip: Value, up: Value) -> tuple[Value, Value]:
        return skip, b("crop", ops.CropLike(self.uneven), up, skip)


class PadUp(Fit):
    """Pad the upsampled map to the size of the skip."""

    word: ClassVar[str] = "pad_up"

    mode: Literal["zeros", "replicate"] = "zeros"
    """What stands in the padding."""
    place: Literal["centre", "end"] = "centre"
    """Half on each side (the smaller half before), or all behind the last pixel."""

    def reconcile(self, b: Builder, skip: Value, up: Value) -> tuple[Value, Value]:
        return skip, b("pad", ops.PadLike(self.mode, self.place), up, skip)


class ResizeUp(Fit):
    """Interpolate the upsampled map to the size of the skip."""

    word: ClassVar[str] = "resize_up"

    mode: Literal["nearest", "linear"] = "nearest"
    """How values between pixels are found."""
    align_corners: bool = False
    """Whether linear interpolation pins the corner pixels' centres to each other."""

    def reconcile(self, b: Builder, skip: Value, up: Value) -> tuple[Value, Value]:
        return skip, b("resize", ops.ResizeLike(self.mode, self.align_corners), up, skip)


FITS: tuple[type[Fit], ...] = (
    MustFit,
    CropSkip,
    CropUp,
    PadUp,
    ResizeUp,
)

FitWord = Annotated[Fit, WordChoice("fit", FITS)]
"""The type of a field that holds a fit."""
