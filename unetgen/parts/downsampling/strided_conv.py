"""Downsampling by a convolution with a stride."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.downsampling.base import Down, DownChannels, DownSite, down_channels
from unetgen.parts.units import write_unit
from unetgen.parts.words import Order, PerAxis, spread


class StridedConv(Down):
    """A convolution that moves by the factor.

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

    channels: DownChannels = "same"
    """How many channels it gives: `same`, `next` (those of the stage below), or a number."""

    def shrink(self, b: Builder, x: Value, site: DownSite) -> Value:
        dims = len(site.style.kernel_size)
        kernel = spread(self.kernel_size, dims, name="kernel_size")
        own = replace(site.style.once, kernel_size=kernel, dilation=(1,) * dims, order=self.order, bias=self.bias)
        return write_unit(b, x, down_channels(self.channels, x, site), own, stride=self.factors(dims))
