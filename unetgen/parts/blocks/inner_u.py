"""The nested block: a small U inside a stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Scope, ScopeKind, Value
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
            return Scope("block", sign="U", says="dilated inner U", says_many="dilated inner Us", title="RSU")
        sign, ways = f"U-{self.depth}", f"with {self.depth} ways down"
        says, says_many = f"inner U {ways}", f"inner Us {ways}"
        return Scope("block", sign=sign, says=says, says_many=says_many, family="inner U", title="RSU")

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
        return b("add", ops.Add(), y, crop_to(b, "crop", x, y, units))

    def _write_u(self, b: Builder, x: Value, stage: StagePlan, units: Iterator[UnitStyle]) -> Value:
        given = stage.widths[-1]
        inside = _Inside(b, self.filters or given, units, self.depth, len(self.dilations))
        kept: list[Value] = []
        stride = None
        for rung in range(inside.rungs):
            with inside.at("encoder", rung):
                x = inside.unit(x, stride=stride)
            kept.append(x)
            x, stride = self._down(inside, rung, x, stage) if rung < self.depth else (x, None)
        with inside.below(), b.scope("bottleneck"):
            x = inside.unit(x, stride=stride)
        for rung in reversed(range(inside.rungs)):
            x = self._up(inside, rung, x, kept[rung], stage) if rung < self.depth else x
            pair = (x, kept[rung]) if self.order == ("up", "skip") else (kept[rung], x)
            with inside.at("skip", rung, up=True, kind="join"):
                x = b("concat", ops.Concat(), *pair)
            with inside.at("decoder", rung, up=True):
                x = inside.unit(x, given if rung == 0 else None)
        return x

    def _down(self, inside: _Inside, rung: int, x: Value, stage: StagePlan) -> tuple[Value, ops.Axes | None]:
        """Write a way down; where it is left to the unit below, give the stride of that."""
        down = self.downsample
        with inside.at("down", rung):
            x = down.build(inside.b, x, DownSite(inside.channels, stage.style.once))
        return x, down.factors(len(stage.stride)) if down.in_stage else None

    def _up(self, inside: _Inside, rung: int, x: Value, skip: Value, stage: StagePlan) -> Value:
        site = UpSite(self.downsample.factors(len(stage.stride)), skip, stage.style.once)
        with inside.at("up", rung, up=True):
            return self.upsample.build(inside.b, x, site)


@dataclass(frozen=True, slots=True)
class _Inside:
    """The units of an inner U while they are written: the pen, their channels, their styles one after the other.

    The levels of the U and the dilated units below them are its rungs, counted from above. What lies on levels stands
    in lists in the order in which it runs (`encoder.0` above, `decoder.0` below); what lies below them is `bottom`, or
    `dilated` where there are no levels.
    """

    b: Builder
    channels: int
    units: Iterator[UnitStyle]
    depth: int
    dilated: int

    @property
    def rungs(self) -> int:
        return self.depth + self.dilated

    def unit(self, x: Value, channels: int | None = None, *, stride: ops.Axes | None = None) -> Value:
        """Write the next unit."""
        return write_unit(self.b, x, channels or self.channels, next(self.units), stride=stride)

    def below(self) -> AbstractContextManager[None]:
        """Declare what lies below the levels; without any, it is a U of its own."""
        name, word = ("bottom", "") if self.depth else ("dilated", "dilated_U")
        return self.b.scope(name, word=word, was=("", ""))

    @contextmanager
    def at(self, word: str, rung: int, *, up: bool = False, kind: ScopeKind = "part") -> Iterator[None]:
        """Declare one of several parts that are alike but for their size; on the way `up` the lowest runs first."""
        is_level = rung < self.depth
        place, count = (rung, self.depth) if is_level else (rung - self.depth, self.dilated)
        place = count - 1 - place if up else place
        name = f"{word}.{place}" if is_level or count > 1 else word
        with (
            nullcontext() if is_level else self.below(),
            self.b.scope(name, kind=kind, number=rung + 1, word=word, was=(f"{word}.{rung}", "")),
        ):
            yield
