"""The residual block: the units' output plus the block's input."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from unetgen.blocks.base import Block, StagePlan
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Add, Concat, CropLike, Pool
from unetgen.refusal import Refusal
from unetgen.units import UnitStyle, write_activation, write_norm, write_unit
from unetgen.words import Order, PerAxis, spread

__all__ = ["Residual"]


class Residual(Block):
    """Convolutions whose result is added to the block's input: Y = act(F(X) + X).

    The last unit's activation comes after the sum, unless it stands before its convolution (pre-activation orders such
    as `nac`), where nothing follows the sum. With `padding: valid` the input is cropped to the size of the result.

    References:
        He et al. 2016, "Deep Residual Learning for Image Recognition", arXiv:1512.03385; with pre-activation:
        He et al. 2016, "Identity Mappings in Deep Residual Networks", arXiv:1603.05027.
    """

    word: ClassVar[str] = "residual"
    axes: ClassVar[tuple[str, ...]] = ("kernel_size",)

    project: Literal["when_needed", "always", "never", "tile"] = "when_needed"
    """Whether a convolution stands on the shortcut: when channels or sizes differ, always, never; or `tile`, which
    repeats the input until the channels agree."""
    kernel_size: PerAxis = 1
    """Size of that convolution's kernel in pixels."""
    order: Order = "cn"
    """Its parts; the norm is the stage's."""
    bias: bool | Literal["auto"] = "auto"
    """Whether it has a bias; `auto`: unless a norm follows."""
    pool: Literal["none", "avg"] = "none"
    """How a shortcut follows a block that makes its map smaller: a stride in its convolution, or average pooling."""
    shared: bool = False
    """Whether the units, too, start from the projection instead of the block's input."""
    after: Annotated[str, Field(pattern="^(|a|n|na|an)$")] | None = None
    """What follows the sum, `n` for the norm and `a` for the activation; by default `a` where units end with one."""
    shortcut_first: bool = False
    """Whether the shortcut is computed before the units; it changes the order of weights, never the result."""

    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        after = self._after(stage)
        if self.shared or self.shortcut_first:
            shortcut = self._shortcut(b, x, stage)
            y = self._units(b, shortcut if self.shared else x, stage, after)
        else:
            y = self._units(b, x, stage, after)
            shortcut = self._shortcut(b, x, stage)
        y = b("add", Add(), y, self._cropped(b, shortcut, y, stage))
        for letter in after:
            y = write_norm(b, "norm", y, stage.style.norm) if letter == "n" else _act(b, y, stage.style)
        return y

    def _after(self, stage: StagePlan) -> str:
        if self.after is not None:
            return self.after
        order = stage.units[-1].order
        return "a" if order.index("c") < order.find("a") else ""

    def _units(self, b: Builder, x: Value, stage: StagePlan, after: str) -> Value:
        *inner, last = stage.units
        trailing = "a" in last.order.partition("c")[2]
        last = last.without("a") if "a" in after and trailing else last
        plan = replace(stage, stride=(1,) * len(stage.stride)) if self.shared else stage
        return plan.write_units(b, x, (*inner, last))

    def _shortcut(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        """Write what stands on the shortcut, so that its channels and its size (but for a border) are the result's."""
        channels = stage.widths[-1]
        with b.scope("shortcut"):
            stride = stage.stride
            if stage.strided and self.pool == "avg":
                x = b("pool", Pool("avg", stride, stride, (0,) * len(stride)), x)
                stride = (1,) * len(stride)
            if self.project == "tile":
                return _tile(b, x, channels)
            if not self._projects(x, channels, stride):
                return x
            return write_unit(b, x, channels, self._projection(stage.style), stride=stride)

    def _projects(self, x: Value, channels: int, stride: tuple[int, ...]) -> bool:
        given, strided = x.shape.channels, max(stride) > 1
        if self.project == "never" and (given != channels or strided):
            headline = f"a residual block from {given} to {channels} channels needs a projection"
            help = "write `project: when_needed`, or give the block as many channels as it takes"
            raise Refusal("U204", headline, key="block", help=help)
        return self.project == "always" or given != channels or strided

    def _projection(self, style: UnitStyle) -> UnitStyle:
        dims = len(style.kernel_size)
        kernel = spread(self.kernel_size, dims, name="kernel_size")
        padding = "same" if style.padding == "valid" else style.padding
        return replace(
            style, kernel_size=kernel, dilation=(1,) * dims, padding=padding, groups=1, order=self.order,
            bias=self.bias, recurrent=0,
        )  # fmt: skip

    def _cropped(self, b: Builder, shortcut: Value, y: Value, stage: StagePlan) -> Value:
        if all(unit.keeps_size for unit in stage.units):
            return shortcut
        with b.scope("shortcut"):
            return b("crop", CropLike(), shortcut, y)


def _act(b: Builder, y: Value, style: UnitStyle) -> Value:
    return write_activation(b, "act", y, style.activation)


def _tile(b: Builder, x: Value, channels: int) -> Value:
    """Repeat a map until it has so many channels."""
    times, rest = divmod(channels, x.shape.channels)
    if rest:
        headline = f"{x.shape.channels} channels cannot be repeated to {channels}"
        raise Refusal("U203", headline, key="block", help="choose filters that are a multiple, or another `project`")
    return b("tile", Concat(), *(x,) * times) if times > 1 else x
