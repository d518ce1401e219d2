"""Squeeze and excite: a stage's map weighed by channel, by position, or by both."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.units import UnitStyle, pointwise, write_unit
from unetgen.parts.words import Word, WordChoice


class Attention(Word):
    """How a stage's map is weighed. Its fields are its options in YAML."""

    @property
    def at_join(self) -> bool:
        """Whether the map that the stage takes is weighed."""
        return False

    @property
    def at_block(self) -> bool:
        """Whether what each block gives is weighed."""
        return False

    def build(self, b: Builder, x: Value, style: UnitStyle) -> Value:
        """Write the nodes and give the weighed map."""
        return x


class NoAttention(Attention):
    """No weighing."""

    word: ClassVar[str] = "none"


class _Weighing(Attention):
    """An attention that does something, somewhere."""

    at: Literal["block", "join", "both"] = "block"
    """Where: after each block of the stage, on the joined map before the first one, or at both places."""

    @property
    def at_join(self) -> bool:
        return self.at in ("join", "both")

    @property
    def at_block(self) -> bool:
        return self.at in ("block", "both")


class ChannelAttention(_Weighing):
    """Weigh each channel by its own mean, seen through two small layers: x * sigmoid(W2 relu(W1 mean(x))).

    References:
        Hu et al. 2017, "Squeeze-and-Excitation Networks", arXiv:1709.01507.
    """

    word: ClassVar[str] = "channel"

    reduction: Annotated[int, Field(ge=1, le=1024)] = 16
    """By how much the middle layer is narrower than the map; never below one channel."""

    def build(self, b: Builder, x: Value, style: UnitStyle) -> Value:
        says = f"squeeze and excite by channel{_narrow(x, self.reduction)}"
        with b.scope("attention", kind="attention", sign="SE", says=says):
            return _by_channel(b, x, style, self.reduction)


class SpatialAttention(_Weighing):
    """Weigh each position by a 1×1 convolution over its channels: x * sigmoid(W x).

    References:
        Roy et al. 2018, "Concurrent Spatial and Channel Squeeze and Excitation", arXiv:1803.02579.
    """

    word: ClassVar[str] = "spatial"

    def build(self, b: Builder, x: Value, style: UnitStyle) -> Value:
        with b.scope("attention", kind="attention", sign="sSE", says="squeeze and excite by position"):
            return _by_position(b, x, style)


class ChannelAndSpatialAttention(_Weighing):
    """Weigh by channel and by position, and take the sum or the larger of both.

    References:
        Roy et al. 2018, "Concurrent Spatial and Channel Squeeze and Excitation", arXiv:1803.02579.
    """

    word: ClassVar[str] = "channel_and_spatial"

    reduction: Annotated[int, Field(ge=1, le=1024)] = 16
    """By how much the middle layer is narrower than the map; never below one channel."""
    combine: Literal["add", "max"] = "add"
    """How the two weighed maps become one."""

    def build(self, b: Builder, x: Value, style: UnitStyle) -> Value:
        join = "maximum" if self.combine == "max" else "sum"
        narrow = _narrow(x, self.reduction)
        says = f"squeeze and excite by channel and by position{narrow}; their {join}"
        with b.scope("attention", kind="attention", sign="scSE", says=says):
            channel = _by_channel(b, x, style, self.reduction)
            spatial = _by_position(b, x, style)
            return b("combine", ops.Maximum() if self.combine == "max" else ops.Add(), channel, spatial)


ATTENTIONS: tuple[type[Attention], ...] = (
    NoAttention,
    ChannelAttention,
    SpatialAttention,
    ChannelAndSpatialAttention,
)

AttentionWord = Annotated[Attention, WordChoice("attention", ATTENTIONS)]
"""The type of a field that holds an attention."""


def _middle(channels: int, reduction: int) -> int:
    return max(1, channels // reduction)


def _narrow(x: Value, reduction: int) -> str:
    """Say by how much the middle layer is narrower, where it is."""
    ratio = x.shape.channels // _middle(x.shape.channels, reduction)
    return f", {ratio}× narrower inside" if ratio > 1 else ""


def _by_channel(b: Builder, x: Value, style: UnitStyle, reduction: int) -> Value:
    channels, one = x.shape.channels, pointwise(len(style.kernel_size))
    with b.scope("channel"):
        y = b("squeeze", ops.GlobalPool(), x)
        y = write_unit(b, y, _middle(channels, reduction), one, suffix="1")
        y = b("act", ops.Activation("relu"), y)
        y = write_unit(b, y, channels, one, suffix="2")
        y = b("sigmoid", ops.Activation("sigmoid"), y)
        return b("excite", ops.Multiply(), x, y)


def _by_position(b: Builder, x: Value, style: UnitStyle) -> Value:
    with b.scope("spatial"):
        y = write_unit(b, x, 1, pointwise(len(style.kernel_size)))
        y = b("sigmoid", ops.Activation("sigmoid"), y)
        return b("excite", ops.Multiply(), x, y)
