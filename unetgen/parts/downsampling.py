"""Downsamplings: the way from one level to the next lower. A new one is a class here and a line in `DOWNS`."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.extra_convolutions import SideConv, grow_side_conv
from unetgen.parts.units import UnitStyle, write_unit
from unetgen.parts.words import Margin, Order, PerAxis, Word, WordChoice, spread
from unetgen.source.problem import Refusal

DownChannels = Literal["same", "next"] | Annotated[int, Field(ge=1, le=65536)]
"""How many channels come out: as many as go in, as the next stage has, or a number."""


@dataclass(frozen=True, slots=True)
class DownSite:
    """Where a downsampling stands: the channels of the stage below, and the style of the stage above.

    The channels are None where they hang on what the stage takes from the downsampling.
    """

    next_channels: int | None
    style: UnitStyle


class DownConv(SideConv):
    """A convolution before a downsampling."""

    channels: DownChannels = "same"
    """How many channels it gives: `same`, `next`, or a number."""

    def build(self, b: Builder, x: Value, site: DownSite) -> Value:
        """Write the unit."""
        return self.write(b, x, down_channels(self.channels, x, site), site.style)


class Down(Word):
    """A way to the next lower level. Its fields are its options in YAML."""

    axes: ClassVar[tuple[str, ...]] = ("factor",)
    in_stage: ClassVar[bool] = False
    """Whether the stage below moves by the factor itself, so that nothing stands between the levels."""

    factor: PerAxis = 2
    """By how much the map shrinks, for all axes or for each; 1 leaves an axis as it is."""
    before: Annotated[DownConv | None, BeforeValidator(grow_side_conv)] = None
    """A convolution on the large map; none unless given."""

    def build(self, b: Builder, x: Value, site: DownSite) -> Value:
        """Write the nodes and give the smaller map."""
        if self.before is not None:
            with b.scope("before"):
                x = self.before.build(b, x, site)
        return self.shrink(b, x, site)

    @abstractmethod
    def shrink(self, b: Builder, x: Value, site: DownSite) -> Value:
        """Write the downsampling itself."""

    def factors(self, dims: int) -> ops.Axes:
        """Give the factor of every axis."""
        return spread(self.factor, dims, name="factor")

    def settle(self, dims: int) -> Down:
        """Give the word with every option written out, those included that follow from others."""
        return self.spread(dims)


def down_channels(rule: DownChannels, x: Value, site: DownSite) -> int:
    """Work out how many channels a rule asks for.

    Raises:
        Refusal: The stage below has the channels of the downsampling and more.
    """
    if rule == "same":
        return x.shape.channels
    if rule != "next":
        return rule
    if site.next_channels is None:
        headline = "`channels: next` has no answer: the stage below adds its own maps to those that it takes"
        raise Refusal("U212", headline, key="downsample", help="write the number of channels, or `same`")
    return site.next_channels


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
        return b("pool", ops.Pool(self.pool, kernel, self.factors(dims), padding, self.ceil), x)


class MaxPool(_Pooling):
    """The largest value of each window.

    References:
        Ronneberger et al. 2015, "U-Net", arXiv:1505.04597 (2×2, factor 2).
    """

    word: ClassVar[str] = "max_pool"
    pool: ClassVar[Literal["max", "avg"]] = "max"


class AvgPool(_Pooling):
    """The mean of each window."""

    word: ClassVar[str] = "avg_pool"
    pool: ClassVar[Literal["max", "avg"]] = "avg"


class BlurPool(Down):
    """A fixed binomial filter that moves by the factor; the border is mirrored.

    References:
        Zhang 2019, "Making Convolutional Networks Shift-Invariant Again", arXiv:1904.11486.
    """

    word: ClassVar[str] = "blur_pool"

    kernel_size: Annotated[int, Field(ge=2, le=7)] = 3
    """Taps of the filter along each axis: 3 is [1, 2, 1] / 4."""

    def shrink(self, b: Builder, x: Value, site: DownSite) -> Value:
        return b("blur", ops.Blur(self.kernel_size, self.factors(len(site.style.kernel_size))), x)


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


class FirstConv(Down):
    """The first convolution of the stage below moves by the factor; nothing stands between the levels.

    References:
        Isensee et al. 2018, "nnU-Net", arXiv:1809.10486.
    """

    word: ClassVar[str] = "first_conv"
    in_stage: ClassVar[bool] = True

    def shrink(self, b: Builder, x: Value, site: DownSite) -> Value:
        return x


DOWNS: tuple[type[Down], ...] = (
    MaxPool,
    AvgPool,
    BlurPool,
    StridedConv,
    FirstConv,
)

DownWord = Annotated[Down, WordChoice("downsampling", DOWNS)]
"""The type of a field that holds a downsampling."""
