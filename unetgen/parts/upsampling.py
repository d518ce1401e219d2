"""Upsamplings: the way from one level to the next higher. A new one is a class here and a line in `UPS`."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Scope, Value
from unetgen.parts.extra_convolutions import SideConv, grow_side_conv
from unetgen.parts.units import UnitStyle, write_parts, write_unit
from unetgen.parts.words import Margin, Order, PerAxis, Word, WordChoice, spread
from unetgen.source.problem import Refusal

ChannelRule = Literal["skip", "same", "half", "quarter"] | Annotated[int, Field(ge=1, le=65536)]
"""How many channels come out: as many as the skip has, as go in, half or a quarter of those, or a number."""


@dataclass(frozen=True, slots=True)
class UpSite:
    """Where an upsampling stands: how much it must enlarge, the map it will meet, and the style of the stage above."""

    factor: ops.Axes
    skip: Value
    style: UnitStyle


class UpConv(SideConv):
    """A convolution before or after an upsampling."""

    channels: ChannelRule = "skip"
    """How many channels it gives: `skip`, `same`, `half`, `quarter`, or a number."""

    def build(self, b: Builder, x: Value, site: UpSite) -> Value:
        """Write the unit."""
        return self.write(b, x, rule_channels(self.channels, x, site), site.style)


UpConvWord = Annotated[UpConv | None, BeforeValidator(grow_side_conv)]


class Up(Word):
    """A way to the next higher level. Its fields are its options in YAML; the factor is the downsampling's."""

    before: UpConvWord = None
    """A convolution on the small map; none unless given."""
    after: UpConvWord = None
    """A convolution on the large map; none unless given."""

    @property
    def meets_skip(self) -> bool:
        """Whether the upsampling itself looks at the map that it will meet."""
        return False

    def build(self, b: Builder, x: Value, site: UpSite) -> Value:
        """Write the nodes and give the larger map.

        Raises:
            Refusal: A channel rule cannot be kept.
        """
        if self.before is not None:
            with b.scope("before"):
                x = self.before.build(b, x, site)
        x = self.enlarge(b, x, site)
        if self.after is None:
            return x
        with b.scope("after"):
            return self.after.build(b, x, site)

    @abstractmethod
    def enlarge(self, b: Builder, x: Value, site: UpSite) -> Value:
        """Write the upsampling itself."""

    def settle(self, dims: int, factor: ops.Axes) -> Up:
        """Give the word with every option written out, those included that follow from the factor."""
        return self.spread(dims)


def rule_channels(rule: ChannelRule, x: Value, site: UpSite) -> int:
    """Work out how many channels a rule asks for.

    Raises:
        Refusal: Half of an odd number is asked for.
    """
    given = x.shape.channels
    match rule:
        case "skip":
            return site.skip.shape.channels
        case "same":
            return given
        case "half" | "quarter":
            return _share(rule, given)
    return rule


def _share(rule: Literal["half", "quarter"], given: int) -> int:
    parts = {"half": 2, "quarter": 4}[rule]
    if given % parts:
        headline = f"`channels: {rule}` needs channels that {parts} divides, {given} go in"
        raise Refusal("U203", headline, key="upsample", help="write the number of channels, or `skip`")
    return given // parts


class TransposedConv(Up):
    """A learned upsampling ("up-convolution") that moves by the factor.

    References:
        Ronneberger et al. 2015, "U-Net", arXiv:1505.04597 (2×2, factor 2, half the channels).
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

    def settle(self, dims: int, factor: ops.Axes) -> Up:
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
        op = ops.ConvTransposed(channels, kernel, site.factor, padding, output_padding, 1, style.has_bias)
        return write_parts(b, x, op, style)


class _Interpolation(Up):
    """A map enlarged by interpolation; channels stay unless a convolution changes them."""

    mode: ClassVar[ops.ResizeMode]

    to: Literal["factor", "skip"] = "factor"
    """Enlarge by the factor of the downsampling, or to the very size of the encoder's map of that level."""

    @property
    def corners(self) -> bool:
        """Whether the corner pixels' centres are pinned to each other."""
        return False

    @property
    def meets_skip(self) -> bool:
        return self.to == "skip"

    def enlarge(self, b: Builder, x: Value, site: UpSite) -> Value:
        if self.to == "skip":
            return b("resize", ops.ResizeLike(self.mode, self.corners), x, site.skip)
        return b("resize", ops.Resize(site.factor, self.mode, self.corners), x)


class Nearest(_Interpolation):
    """Each pixel repeated."""

    word: ClassVar[str] = "nearest"
    mode: ClassVar[ops.ResizeMode] = "nearest"


class Linear(_Interpolation):
    """Linear interpolation along each axis: linear in 1D, bilinear in 2D, trilinear in 3D."""

    word: ClassVar[str] = "linear"
    mode: ClassVar[ops.ResizeMode] = "linear"

    align_corners: bool = False
    """Whether the corner pixels' centres are pinned to each other."""

    @property
    def corners(self) -> bool:
        return self.align_corners


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
        kernel = spread(self.kernel_size, len(site.factor), name="kernel_size")
        style = site.style.beside(kernel, "same", order="c", bias=True)
        x = write_unit(b, x, rule_channels(self.channels, x, site) * math.prod(site.factor), style)
        return b("shuffle", ops.PixelShuffle(site.factor), x)


class InvertedUp(Up):
    """A depthwise transposed convolution with a norm, a 1×1 one that expands, with an activation, one that compresses.

    A 1×1 transposed convolution of the input is added. For factor f both ways lack f - 1 pixels (the units f,
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
        with b.within(Scope("block", sign="inv", says="inverted residual block", sums=True, word=self.word)):
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


class NoUp(Up):
    """The map as it is; possible where the downsampling's factor is 1."""

    word: ClassVar[str] = "none"

    def enlarge(self, b: Builder, x: Value, site: UpSite) -> Value:
        if max(site.factor) > 1:
            headline = f"the map must grow by {' x '.join(map(str, site.factor))} here, and `upsample: none` keeps it"
            help = "choose an upsampling, or a downsampling of factor 1 at this level"
            raise Refusal("U207", headline, key="upsample", help=help)
        return x


UPS: tuple[type[Up], ...] = (
    TransposedConv,
    Nearest,
    Linear,
    PixelShuffleUp,
    InvertedUp,
    NoUp,
)

UpWord = Annotated[Up, WordChoice("upsampling", UPS)]
"""The type of a field that holds an upsampling."""
