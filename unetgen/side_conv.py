"""Convolutions beside a resampling: before it or after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.units import PaddingRule, UnitStyle, write_unit
from unetgen.words import Order, PerAxis, SpecModel, spread

__all__ = ["SideConv", "grow_side_conv"]


class SideConv(SpecModel):
    """A convolution before or after a resampling; it keeps the size of its map."""

    kernel_size: PerAxis = 1
    """Size of the kernel in pixels."""
    order: Order = "c"
    """The parts of the unit; norm, activation and dropout are those of the stage beside it."""
    bias: bool | Literal["auto"] = "auto"
    """Whether it has a bias; `auto`: unless a norm follows."""

    def style(self, beside: UnitStyle) -> UnitStyle:
        """Give the style of the unit; everything it does not say itself is that of the stage beside it."""
        dims = len(beside.kernel_size)
        return replace(
            beside,
            kernel_size=spread(self.kernel_size, dims, name="kernel_size"),
            dilation=(1,) * dims,
            groups=1,
            padding=_keeping(beside.padding),
            order=self.order,
            bias=self.bias,
            recurrent=0,
        )

    def write(self, b: Builder, x: Value, channels: int, beside: UnitStyle) -> Value:
        """Write the unit."""
        return write_unit(b, x, channels, self.style(beside))


def _keeping(padding: PaddingRule) -> PaddingRule:
    # A stage of valid convolutions still resamples by whole factors: only "same" padding keeps that promise.
    return "same" if padding == "valid" or isinstance(padding, tuple) else padding


def grow_side_conv(value: object) -> object:
    """Let a kernel size stand for a convolution: `before: 1`."""
    return value if isinstance(value, Mapping | SideConv) or value is None else {"kernel_size": value}
