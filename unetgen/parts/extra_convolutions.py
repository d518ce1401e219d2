"""Convolutions beside a resampling, before it or after it, and in front of a head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.units import PaddingRule, UnitStyle, write_unit
from unetgen.parts.words import Order, PerAxis, SpecModel, spread


class SideConv(SpecModel):
    """A convolution beside something else; it keeps the size of its map."""

    axes: ClassVar[tuple[str, ...]] = ("kernel_size",)

    kernel_size: PerAxis = 1
    """Size of the kernel in pixels."""
    order: Order = "c"
    """The parts of the unit; norm, activation and dropout are those of the stage beside it."""
    bias: bool | Literal["auto"] = "auto"
    """Whether it has a bias; `auto`: unless a norm follows."""

    def style(self, beside: UnitStyle) -> UnitStyle:
        """Give the style of the unit; everything it does not say itself is that of the stage beside it."""
        kernel = spread(self.kernel_size, len(beside.kernel_size), name="kernel_size")
        return beside.beside(kernel, _keeping(beside.padding), order=self.order, bias=self.bias)

    def write(self, b: Builder, x: Value, channels: int, beside: UnitStyle) -> Value:
        """Write the unit."""
        return write_unit(b, x, channels, self.style(beside))


class HeadConv(SideConv):
    """A convolution in front of a head."""

    channels: Literal["same", "out"] | Annotated[int, Field(ge=1, le=65536)] = "same"
    """How many channels it gives: `same` as go in, `out` as the network gives, or a number."""

    def build(self, b: Builder, x: Value, out_channels: int, beside: UnitStyle) -> Value:
        """Write the unit; `beside` is the style of the stage whose map it takes."""
        match self.channels:
            case "same":
                return self.write(b, x, x.shape.channels, beside)
            case "out":
                return self.write(b, x, out_channels, beside)
        return self.write(b, x, self.channels, beside)


def _keeping(padding: PaddingRule) -> PaddingRule:
    # A stage of valid convolutions still resamples by whole factors: only "same" padding keeps that promise.
    return "same" if padding == "valid" or isinstance(padding, tuple) else padding


def grow_side_conv(value: object) -> object:
    """Let a kernel size stand for a convolution: `before: 1`."""
    return value if isinstance(value, Mapping | SideConv) or value is None else {"kernel_size": value}
