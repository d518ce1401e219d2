"""Upsampling by a transposed convolution."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Axes, ConvTransposed
from unetgen.parts.units import write_parts
from unetgen.parts.upsampling.base import ChannelRule, Up, UpSite, rule_channels
from unetgen.parts.words import Margin, Order, PerAxis, spread
from unetgen.source.problem import Refusal


class TransposedConv(Up):
    """A learned upsampling ("up-convolution") that moves by the factor.

    References:
        Ronneberger et al. 2015, "U-Net", arXiv:1505.04597 (2x2, factor 2, half the channels).
    """

    word: ClassVar[str] = "transposed_conv"
    axes: ClassVar[tuple[str, ...]] = ("kernel_size", "padding", "output_padding")

    kernel_size: PerAxis | None = None
    """Size of the kernel in pixels; as large as the factor unless given."""
    padding: Margin = 0
    """Pixels cut from both sides of the result."""
    output_padding: Margin = 0
    """Pixels added behind the result."""
    channels: ChannelRule = "skip"
    """How many channels come out: `skip`, `same`, `half`, `quarter`, or a number."""
    order: Order = "c"
    """The parts of the unit; norm and activation are those of the decoder stage."""
    bias: bool | Literal["auto"] = True
    """Whether it has a bias; `auto`: unless a norm follows."""

    def settle(self, dims: int, factor: Axes) -> Up:
        return self.replace(kernel_size=self.kernel_size or factor).spread(dims)

    def enlarge(self, b: Builder, x: Value, site: UpSite) -> Value:
        dims = len(site.factor)
        kernel = spread(self.kernel_size or site.factor, dims, name="kernel_size")
        padding = spread(self.padding, dims, name="padding")
        output_padding = spread(self.output_padding, dims, name="output_padding")
        if any(added >= max(step, 1) for added, step in zip(output_padding, site.factor, strict=True)):
            headline = (
                f"`output_padding` is {max(output_padding)}, and must be smaller than the factor, {min(site.factor)}"
            )
            help = "write a smaller `output_padding`, or a larger `kernel_size`"
            raise Refusal("U106", headline, key="output_padding", help=help)
        style = replace(site.style, order=self.order, bias=self.bias)
        channels = rule_channels(self.channels, x, site)
        op = ConvTransposed(channels, kernel, site.factor, padding, output_padding, 1, style.has_bias)
        return write_parts(b, x, op, style)
