"""The nested block: a small U inside a stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from unetgen.ir.builder import Builder
from unetgen.ir.network import Scope, ScopeKind, Value
from unetgen.ir.ops import Add, Axes, Concat
from unetgen.parts.blocks.base import Block, StagePlan, UnitRecipe, crop_to
from unetgen.parts.downsampling import DownSite, DownWord, MaxPool
from unetgen.parts.units import UnitStyle, write_unit
from unetgen.parts.upsampling import Linear, UpSite, UpWord
from unetgen.parts.words import Items, MapOrder, below, refuse


class InnerU(Block):
    """A small U whose output is added to what its first convolution gives: Y = U(F(X)) + F(X).

    The first unit brings the stage's channels. The U goes down `depth` times, one unit at each of its levels; at its
    lowest level, units of growing dilation look farther without making the map smaller, and the last of them is its
    bottom. On the way up every unit but the bottom has its mirror image, which takes the map from below and the unit's
    own. All maps inside have `filters` channels, the last one has the stage's.

    Units are numbered for `units` in this order: the first one, the way down, the bottom, the way up.

    References:
        Qin et al. 2020, "U2-Net", arXiv:2005.09007: its RSU-L has depth L - 2 and a bottom of dilation 2; its dilated
        RSU-4F has depth 0 and dilations 2, 4, 8.
    """

    word: ClassVar[str] = "inner_u"
    convs: ClassVar[int | None] = 1

    depth: Annotated[int, Field(ge=0, le=8)] = 2
    """How many times the map becomes smaller inside."""
    filters: Annotated[int, Field(ge=1, le=65536)] | None = None
    """Channels of the maps inside; those of the stage unless given."""
    dilations: Items[Annotated[int, Field(ge=1, le=1024)]] = (2,)
    """Dilations of further units at the lowest level."""
    downsample: DownWord = MaxPool.model_construct(ceil=True)
    """The way down inside."""
    upsample: UpWord = Linear.model_construct(to="skip")
    """The way up inside."""
    order: MapOrder = ("up", "skip")
    """Which map stands first where two are concatenated: the one from below (`up`), or the older one (`skip`)."""

    @property
    def called(self) -> Scope:
        if not self.depth:
            return Scope("block", sign="U", says="dilated inner U", says_many="dilated inner Us")
        sign, ways = f"U-{self.depth}", f"with {self.depth} ways down"
        return Scope("block", sign=sign, says=f"inner U {ways}", says_many=f"inner Us {ways}", family="inner U")

    @property
    def idle(self) -> Mapping[str, str]:
        reason = "with `depth: 0`, which makes no map smaller"
        return {} if self.depth else dict.fromkeys(("downsample", "upsample"), reason)

    @model_validator(mode="after")
    def _has_two_levels(self) -> Self:
        if not self.depth and not self.dilations:
            headline = "an inner U of depth 0 without dilations has one unit and nothing to join"
            raise refuse("U106", headline, help="write `depth: 1`, or give it dilations", path=("depth",))
        return self

    def spread(self, dims: int) -> Self:
        with below("downsample", self.downsample.word):
            down = self.downsample.settle(dims)
        with below("upsample", self.upsample.word):
            return self.replace(downsample=down, upsample=self.upsample.settle(dims, down.factors(dims)))

    def recipe(self) -> tuple[UnitRecipe, ...]:
        down = [UnitRecipe()] * (self.depth + 1) + [UnitRecipe(dilation=n) for n in self.dilations]
        return (UnitRecipe(), *down, *reversed(down[:-1]))

    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        first, *units = stage.units
        with b.scope("first"):
            x = write_unit(b, x, stage.widths[-1], first, stride=stage.stride)
        y = self._write_u(b, x, stage, iter(units))
        return b("add", Add(), y, crop_to(b, "crop", x, y, units))

    def _write_u(self, b: Builder, x: Value, stage: StagePlan, units: Iterator[UnitStyle]) -> Value:
        given = stage.widths[-1]
        inside = _Inside(b, self.filters or given, units)
        rungs = self.depth + len(self.dilations)
        kept: list[Value] = []
        stride = None
        for rung in range(rungs):
            x = inside.unit("encoder", x, stride=stride, rung=rung)
            kept.append(x)
            x, stride = self._down(inside, rung, x, stage) if rung < self.depth else (x, None)
        x = inside.unit("bottleneck", x, stride=stride)
        for rung in reversed(range(rungs)):
            x = self._up(inside, rung, x, kept[rung], stage) if rung < self.depth else x
            pair = (x, kept[rung]) if self.order == ("up", "skip") else (kept[rung], x)
            with _at_rung(b, "skip", rung, kind="join"):
                x = b("concat", Concat(), *pair)
            x = inside.unit("decoder", x, given if rung == 0 else None, rung=rung)
        return x

    def _down(self, inside: _Inside, rung: int, x: Value, stage: StagePlan) -> tuple[Value, Axes | None]:
        """Write a way down; where it is left to the unit below, give the stride of that."""
        down = self.downsample
        with _at_rung(inside.b, "down", rung):
            x = down.build(inside.b, x, DownSite(inside.channels, stage.style.once))
        return x, down.factors(len(stage.stride)) if down.in_stage else None

    def _up(self, inside: _Inside, rung: int, x: Value, skip: Value, stage: StagePlan) -> Value:
        site = UpSite(self.downsample.factors(len(stage.stride)), skip, stage.style.once)
        with _at_rung(inside.b, "up", rung):
            return self.upsample.build(inside.b, x, site)


@dataclass(frozen=True, slots=True)
class _Inside:
    """The units of an inner U while they are written: the pen, their channels, their styles one after the other."""

    b: Builder
    channels: int
    units: Iterator[UnitStyle]

    def unit(
        self, word: str, x: Value, channels: int | None = None, *, stride: Axes | None = None, rung: int | None = None
    ) -> Value:
        """Write the next unit."""
        with self.b.scope(word) if rung is None else _at_rung(self.b, word, rung):
            return write_unit(self.b, x, channels or self.channels, next(self.units), stride=stride)


def _at_rung(b: Builder, word: str, rung: int, *, kind: ScopeKind = "part") -> AbstractContextManager[None]:
    """Declare one of several parts that are alike but for their size."""
    return b.scope(f"{word}.{rung}", kind=kind, number=rung + 1, word=word)
