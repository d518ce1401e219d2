"""Blocks whose result is added to their input, and everything about the shortcut that the input takes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.blocks.base import Block, StagePlan, crop_to
from unetgen.parts.units import UnitStyle, write_activation, write_norm, write_unit
from unetgen.parts.words import Order, PerAxis, refuse, spread
from unetgen.source.problem import Refusal

Letters = Annotated[str, Field(pattern="^(|a|n|na|an)$")]
"""Letters of an order without its convolution."""


class Summed(Block):
    """Units whose result is added to the block's input."""

    axes: ClassVar[tuple[str, ...]] = ("kernel_size",)

    project: Literal["when_needed", "always", "never", "omit", "tile"] = "when_needed"
    """Whether a convolution stands on the shortcut: when channels or sizes differ, always, never; or `omit`, which
    then leaves the shortcut out, or `tile`, which repeats the input until the channels agree."""
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
    before: Letters = ""
    """What stands between the units and the sum, `n` for a norm and `a` for an activation."""
    after: Letters | None = None
    """What follows the sum. By default the activation that the last unit ends with moves there; where this is given,
    the units stay as they are."""
    same_norm: bool = False
    """Whether the norm after the sum is the one before it, with the same weights."""
    drop_path: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of samples whose units are left out in training (stochastic depth, arXiv:1603.09382)."""
    shortcut_first: bool = False
    """Whether the shortcut is computed before the units; it changes the order of weights, never the result."""

    @property
    def idle(self) -> Mapping[str, str]:
        if self.project in ("never", "omit", "tile"):
            reason = f"with `project: {self.project}`, which puts no convolution on the shortcut"
            return dict.fromkeys(("kernel_size", "order", "bias", "shared", "shortcut_first"), reason)
        return {"shortcut_first": "with `shared: true`, which computes it first anyway"} if self.shared else {}

    @model_validator(mode="after")
    def _two_norms(self) -> Summed:
        if self.same_norm and not ("n" in self.before and "n" in (self.after or "")):
            help = "write `n` in both `before` and `after`, or take `same_norm` out"
            headline = "`same_norm` needs a norm before the sum and one after it"
            raise refuse("U201", headline, help=help, path=("same_norm",), at="key")
        return self

    @abstractmethod
    def run(self, b: Builder, x: Value, stage: StagePlan, units: tuple[UnitStyle, ...]) -> Value:
        """Write the units and give their result."""

    @abstractmethod
    def result(self, x: Value, stage: StagePlan) -> int:
        """Count the channels of the units' result."""

    def moves_activation(self, stage: StagePlan) -> bool:
        """Whether an activation that ends the last unit follows the sum instead."""
        return self.after is None and "a" in stage.units[-1].order.partition("c")[2]

    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        moved = self.moves_activation(stage)
        units = (*stage.units[:-1], stage.units[-1].without("a")) if moved else stage.units
        if self.shared or self.shortcut_first:
            shortcut = self._shortcut(b, x, stage)
            y = self._run(b, x, shortcut, stage, units)
        else:
            y = self._run(b, x, None, stage, units)
            shortcut = self._shortcut(b, x, stage)
        if shortcut is not None:
            with b.scope("shortcut", kind="shortcut", says="shortcut"):
                shortcut = crop_to(b, "crop", shortcut, y, units)
            y = b("drop_path", ops.Dropout(self.drop_path, "path"), y) if self.drop_path else y
            y = b("add", ops.Add(), y, shortcut)
        with b.scope("before_sum"):
            norm = b.path("norm")
        after = "a" if moved else self.after or ""
        return _write_letters(b, y, after, stage.style, shares=norm if self.same_norm else None)

    def _run(
        self, b: Builder, x: Value, shortcut: Value | None, stage: StagePlan, units: tuple[UnitStyle, ...]
    ) -> Value:
        """Write the units and what stands before the sum."""
        if self.shared and shortcut is not None:
            x, stage = shortcut, stage.unstrided
        y = self.run(b, x, stage, units)
        with b.scope("before_sum"):
            return _write_letters(b, y, self.before, stage.style)

    def _shortcut(self, b: Builder, x: Value, stage: StagePlan) -> Value | None:
        """Write what stands on the shortcut, so that its channels and its size (but for a border) are the result's."""
        channels = self.result(x, stage)
        differs = x.shape.channels != channels or stage.strided
        if self.project == "omit" and differs:
            return None
        with b.scope("shortcut", kind="shortcut", says="shortcut"):
            stride = stage.stride
            if stage.strided and self.pool == "avg":
                x = b("pool", ops.Pool("avg", stride, stride, (0,) * len(stride)), x)
                stride = (1,) * len(stride)
            if self.project == "tile":
                return _tile(b, x, channels, stride)
            if not self._projects(x, channels, stride):
                return x
            return write_unit(b, x, channels, self._projection(stage.style), stride=stride)

    def _projects(self, x: Value, channels: int, stride: ops.Axes) -> bool:
        given, strided = x.shape.channels, max(stride) > 1
        if self.project == "never" and (given != channels or strided):
            headline = f"a residual block from {given} to {channels} channels needs a projection"
            help = "write `project: when_needed`, or give the block as many channels as it takes"
            raise Refusal("U204", headline, key="block", help=help)
        return self.project == "always" or given != channels or strided

    def _projection(self, style: UnitStyle) -> UnitStyle:
        kernel = spread(self.kernel_size, len(style.kernel_size), name="kernel_size")
        padding = "same" if style.padding == "valid" else style.padding
        return style.beside(kernel, padding, order=self.order, bias=self.bias)


def _write_letters(b: Builder, x: Value, letters: str, style: UnitStyle, *, shares: str | None = None) -> Value:
    """Write norms and activations; `shares` is the path of the norm whose weights the norm uses."""
    for letter in letters:
        if letter == "n":
            x = write_norm(b, "norm", x, style.norm, shares=shares)
        else:
            x = write_activation(b, "act", x, style.activation)
    return x


def _tile(b: Builder, x: Value, channels: int, stride: ops.Axes) -> Value:
    """Repeat a map until it has so many channels."""
    if max(stride) > 1:
        help = "write `pool: avg` beside `project: tile`, or choose a projection"
        headline = "a repeated input keeps its size where the block makes its map smaller"
        raise Refusal("U204", headline, key="block", help=help)
    times, rest = divmod(channels, x.shape.channels)
    if rest:
        headline = f"{x.shape.channels} channels cannot be repeated to {channels}"
        raise Refusal("U203", headline, key="block", help="choose filters that are a multiple, or another `project`")
    return b("tile", ops.Concat(), *(x,) * times) if times > 1 else x
