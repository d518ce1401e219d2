"""Downsampling by pooling."""

from __future__ import annotations

from typing import ClassVar, Literal

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Pool
from unetgen.parts.downsampling.base import Down, DownSite
from unetgen.parts.words import Margin, PerAxis, spread
from unetgen.source.problem import Refusal


class _Pooling(Down):
    """A window that moves by the factor and gives one value for each place."""

    pool: ClassVar[Literal["max", "avg"]]
    axes: ClassVar[tuple[str, ...]] = ("factor", "kernel_size", "padding")

    kernel_size: PerAxis | None = None
    """Size of the window in pixels; as large as the factor unless given."""
    padding: Margin = 0
    """Pixels of border on both sides, at most half of the window; they never win a maximum."""
    ceil: bool = False
    """Keep a last window that hangs over the edge, instead of dropping the pixels that fill no window."""

    def settle(self, dims: int) -> Down:
        return self.replace(kernel_size=self.kernel_size or self.factor).spread(dims)

    def shrink(self, b: Builder, x: Value, site: DownSite) -> Value:
        dims = len(site.style.kernel_size)
        kernel = spread(self.kernel_size or self.factor, dims, name="kernel_size")
        padding = spread(self.padding, dims, name="padding")
        if any(2 * border > window for border, window in zip(padding, kernel, strict=True)):
            headline = f"`padding` is {max(padding)}, and must be at most half of the window of {min(kernel)}"
            help = "write a smaller `padding`, or a larger `kernel_size`"
            raise Refusal("U106", headline, key="padding", help=help)
        return b("pool", Pool(self.pool, kernel, self.factors(dims), padding, self.ceil), x)


class MaxPool(_Pooling):
    """The largest value of each window.

    References:
        Ronneberger et al. 2015, "U-Net", arXiv:1505.04597 (2x2, factor 2).
    """

    word: ClassVar[str] = "max_pool"
    pool: ClassVar[Literal["max", "avg"]] = "max"


class AvgPool(_Pooling):
    """The mean of each window."""

    word: ClassVar[str] = "avg_pool"
    pool: ClassVar[Literal["max", "avg"]] = "avg"
