"""Downsampling by a low-pass filter, so that fine detail does not fold into coarse pixels."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Blur
from unetgen.parts.downsampling.base import Down, DownSite


class BlurPool(Down):
    """A fixed binomial filter that moves by the factor; the border is mirrored.

    References:
        Zhang 2019, "Making Convolutional Networks Shift-Invariant Again", arXiv:1904.11486.
    """

    word: ClassVar[str] = "blur_pool"

    kernel_size: Annotated[int, Field(ge=2, le=7)] = 3
    """Taps of the filter along each axis: 3 is [1, 2, 1] / 4."""

    def shrink(self, b: Builder, x: Value, site: DownSite) -> Value:
        return b("blur", Blur(self.kernel_size, self.factors(len(site.style.kernel_size))), x)
