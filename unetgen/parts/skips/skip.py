"""A skip as the language writes it: what meets, in which order, and what happens to unequal sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.skips.base import Join, JoinSite, Step
from unetgen.parts.skips.fit import Fit, FitWord
from unetgen.parts.skips.joins import JOINS, ConcatJoin
from unetgen.parts.skips.steps import StepWord
from unetgen.parts.words import Items, MapOrder, SpecModel, WordChoice, below, plain, refuse


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


class Skip(SpecModel):
    """The edge from `encoder.i` to `decoder.i`."""

    join: Annotated[Join, WordChoice("join", JOINS)] = ConcatJoin.model_construct()
    """How the skip meets the upsampled map."""
    order: MapOrder | None = None
    """Which map stands first in a concatenation: `[skip, up]` (default) or its mirror image `[up, skip]`."""
    fit: FitWord | None = None
    """How unequal sizes are reconciled; `crop_skip` with valid padding, else `error`."""
    path: Annotated[Items[StepWord], BeforeValidator(_as_list)] = ()
    """What happens to the encoder's map on its way, one step or a list: a gate, a convolution, dropout."""
    path_first: bool = False
    """Whether the steps are taken right after the encoder's stage, before the next level; it changes the order of
    weights, never the result."""
    at: Literal["before_stage", "after_stage"] = "before_stage"
    """Where the maps meet: before the decoder's stage of the level, or after it, right before the next upsampling."""

    @model_validator(mode="after")
    def _order_means_something(self) -> Skip:
        if self.order is not None and not self.join.ordered:
            headline = f'`order` means nothing for the join "{self.join.word}"'
            raise refuse("U201", headline, help="take `order` out, or join by concat", path=("order",), at="key")
        return self

    @model_validator(mode="after")
    def _meeting_means_something(self) -> Skip:
        idle = [name for name in ("fit", "path", "path_first", "at") if name in self.model_fields_set]
        if not self.join.meets and idle:
            name = idle[0]
            headline = f'`{name}` means nothing for the join "{self.join.word}"'
            help = f"take `{name}` out, or choose a join"
            raise refuse("U201", headline, help=help, path=(name,), at="key")
        return self

    @model_validator(mode="after")
    def _path_can_be_first(self) -> Skip:
        if not self.path_first:
            return self
        deaf = all(not step.gate for step in self.path)
        if not (self.path and deaf):
            reason = "a gate listens to the decoder" if self.path else "there is no `path`"
            headline = f"`path_first` means nothing here: {reason}"
            raise refuse("U201", headline, help="take `path_first` out", path=("path_first",), at="key")
        return self

    @property
    def hears_below(self) -> bool:
        """Whether a step of the path looks at the coarser map."""
        return any(step.hears_below for step in self.path)

    def settle(self, fit: Fit, dims: int) -> Skip:
        """Give the skip with every option that means something written out; `fit` is what it does unless told."""
        if not self.join.meets:
            return self
        order = self.order or ("skip", "up") if self.join.ordered else None
        path = tuple(self._spread_step(place, dims) for place in range(len(self.path)))
        return self.model_copy(update={"order": order, "fit": self.fit or fit, "path": path})

    def _spread_step(self, place: int, dims: int) -> Step:
        step = self.path[place]
        with below("path", place, step.word):
            return step.spread(dims)

    def to_plain(self) -> object:
        """Spell the skip with every option that means something."""
        if not self.join.meets:
            return {"join": self.join.to_plain()}
        fields = {
            "join": self.join, "order": self.order, "fit": self.fit, "path": self.path,
            "path_first": self.path_first or None, "at": self.at,
        }  # fmt: skip
        return {name: plain(value) for name, value in fields.items() if value not in (None, ())}

    def build(self, b: Builder, site: JoinSite) -> Value:
        """Write the steps, the fit and the join, and give the map that the decoder stage takes."""
        first, *others = site.skips
        skips = (first if self.path_first else self.walk(b, first, site), *others)
        up = site.up
        if self.fit is not None:
            skips, up = self._reconcile(b, self.fit, skips, up)
        maps = (*skips, up)
        with b.scope(kind="join"):
            return self.join.join(b, maps[::-1] if self.order == ("up", "skip") else maps)

    def walk(self, b: Builder, skip: Value, site: JoinSite) -> Value:
        """Take the encoder's map along the path."""
        words = [step.word for step in self.path]
        for place, step in enumerate(self.path, start=1):
            alone = words.count(step.word) == 1
            number = place if alone else words[:place].count(step.word)
            name, was = step.word if alone else f"{step.word}{number}", f"{step.word}{place}"
            with b.scope(
                name, kind="step", number=number, sign=step.sign, says=step.says, word=step.word, was=(was, "")
            ):
                skip = step.build(b, skip, site)
        return skip

    def _reconcile(self, b: Builder, fit: Fit, skips: tuple[Value, ...], up: Value) -> tuple[tuple[Value, ...], Value]:
        with b.scope(kind="fit"):
            first, up = fit.reconcile(b, skips[0], up)
        return (first, *skips[1:]), up


def _grow(value: object) -> object:
    """Let `add` stand for `{join: add}`; everything else is a mapping of the skip's own keys."""
    return value if isinstance(value, Mapping | Skip) else {"join": value}


SkipWord = Annotated[Skip, BeforeValidator(_grow)]
"""A skip, or the bare word of its join."""
