"""Upsampling by an inverted residual block whose depthwise convolution is transposed."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.units import UnitStyle, write_parts, write_unit
from unetgen.parts.upsampling.base import ChannelRule, Up, UpSite, rule_channels
from unetgen.parts.words import PerAxis, spread


class InvertedUp(Up):
    """A depthwise transposed convolution with a norm, a 1x1 one that expands, with an activation, one that compresses.

    A 1x1 transposed convolution of the input is added. For factor f both ways lack f - 1 pixels (the units f,
    for an even kernel), which are zeros in front of the map. Norm and activation are those of the decoder
    stage.

    References:
        Roy et al. 2023, "MedNeXt", arXiv:2303.09975.
    """

    word: ClassVar[str] = "inverted"
    axes: ClassVar[tuple[str, ...]] = ("kernel_size",)

    kernel_size: PerAxis | None = None
    """Size of the depthwise kernel in pixels; that of the decoder stage unless given."""
    expand: Annotated[int, Field(ge=1, le=64)] = 4
    """How many times wider the middle is than the map that goes in."""
    channels: ChannelRule = "skip"
    """How many channels come out: `skip`, `same`, `half`, `quarter`, or a number."""
    shortcut: bool = True
    """Whether the input is added."""

    def enlarge(self, b: Builder, x: Value, site: UpSite) -> Value:
        with b.scope(kind="block", sign="inv", says="inverted residual block"):
            return self._block(b, x, rule_channels(self.channels, x, site), site)

    def _block(self, b: Builder, x: Value, channels: int, site: UpSite) -> Value:
        y = self._units(b, x, channels, site)
        if not self.shortcut:
            return y
        with b.scope("shortcut", kind="shortcut", says="shortcut"):
            shortcut = _spread_out(b, x, channels, _pointwise(site.style, "c"), site.factor)
            shortcut = _fill(b, shortcut, site.factor, (1,) * len(site.factor))
        return b("add", ops.Add(), y, shortcut)

    def _units(self, b: Builder, x: Value, channels: int, site: UpSite) -> Value:
        taken, dims = x.shape.channels, len(site.factor)
        kernel = spread(self.kernel_size or site.style.kernel_size, dims, name="kernel_size")
        depthwise = replace(site.style, kernel_size=kernel, groups="depthwise", order="cn")
        y = _spread_out(b, x, taken, depthwise, site.factor, suffix="1")
        y = write_unit(b, y, self.expand * taken, _pointwise(site.style, "ca"), suffix="2")
        y = write_unit(b, y, channels, _pointwise(site.style, "c"), suffix="3")
        return _fill(b, y, site.factor, kernel)


def _pointwise(style: UnitStyle, order: str) -> UnitStyle:
    ones = (1,) * len(style.kernel_size)
    return replace(style, kernel_size=ones, dilation=ones, padding="same", groups=1, order=order)


def _spread_out(b: Builder, x: Value, channels: int, style: UnitStyle, factor: ops.Axes, *, suffix: str = "") -> Value:
    """Write a unit around a transposed convolution that puts the pixels of a map `factor` apart."""
    nothing = (0,) * len(factor)
    groups = x.shape.channels if style.groups == "depthwise" else 1
    half = tuple(kernel // 2 for kernel in style.kernel_size)
    op = ops.ConvTransposed(channels, style.kernel_size, factor, half, nothing, groups, style.has_bias)
    return write_parts(b, x, op, style, suffix=suffix)


def _fill(b: Builder, x: Value, factor: ops.Axes, kernel: ops.Axes) -> Value:
    """Put zeros in front of a map that `_spread_out` made, so that it is `factor` times as large as what went in."""
    missing = tuple((f - k % 2, 0) for f, k in zip(factor, kernel, strict=True))
    return b("pad", ops.Pad(missing), x) if any(before for before, _ in missing) else x
