"""Upsampling by moving channels into space."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import PixelShuffle
from unetgen.parts.units import write_unit
from unetgen.parts.upsampling.base import ChannelRule, Up, UpSite, rule_channels
from unetgen.parts.words import PerAxis, spread


class PixelShuffleUp(Up):
    """A convolution to factor times as many channels per axis, which are then laid out as pixels.

    References:
        Shi et al. 2016, "Real-Time Single Image and Video Super-Resolution", arXiv:1609.05158.
    """

    word: ClassVar[str] = "pixel_shuffle"
    axes: ClassVar[tuple[str, ...]] = ("kernel_size",)

    kernel_size: PerAxis = 1
    """Size of the convolution's kernel in pixels."""
    channels: ChannelRule = "skip"
    """How many channels come out: `skip`, `same`, `half`, `quarter`, or a number."""

    def enlarge(self, b: Builder, x: Value, site: UpSite) -> Value:
        dims = len(site.factor)
        kernel = spread(self.kernel_size, dims, name="kernel_size")
        style = replace(
            site.style.once,
            kernel_size=kernel,
            dilation=(1,) * dims,
            groups=1,
            padding="same",
            order="c",
            bias=True,
        )
        x = write_unit(b, x, rule_channels(self.channels, x, site) * math.prod(site.factor), style)
        return b("shuffle", PixelShuffle(site.factor), x)
