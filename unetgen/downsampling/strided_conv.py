"""Downsampling by a convolution with a stride."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from unetgen.downsampling.base import Down
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.units import UnitStyle, write_unit
from unetgen.words import Order, PerAxis, spread

__all__ = ["StridedConv"]


class StridedConv(Down):
    """A convolution that moves by the factor and keeps the number of channels.

    References:
        Springenberg et al. 2014, "Striving for Simplicity", arXiv:1412.6806.
    """

    word: ClassVar[str] = "strided_conv"
    axes: ClassVar[tuple[str, ...]] = ("factor", "kernel_size")

    kernel_size: PerAxis = 3
    """Size of the kernel in pixels."""
    order: Order = "c"
    """The parts of the unit; norm and activation are those of the stage above."""
    bias: bool | Literal["auto"] = "auto"
    """Whether it has a bias; `auto`: unless a norm follows."""

    def build(self, b: Builder, x: Value, style: UnitStyle) -> Value:
        dims = len(style.kernel_size)
        kernel = spread(self.kernel_size, dims, name="kernel_size")
        own = replace(style, kernel_size=kernel, dilation=(1,) * dims, order=self.order, bias=self.bias)
        return write_unit(b, x, x.shape.channels, own, stride=spread(self.factor, dims, name="factor"))
