"""A skip as the language writes it: what meets, in which order, and what happens to unequal sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, model_validator

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.skips.base import Join
from unetgen.skips.concat import ConcatJoin
from unetgen.skips.fit import Fit, FitWord
from unetgen.skips.joins import JOINS
from unetgen.words import Choice, Items, SpecModel, refuse

__all__ = ["Skip", "SkipWord"]

Side = Literal["skip", "up"]


class Skip(SpecModel):
    """The edge from `encoder.i` to `decoder.i`."""

    join: Annotated[Join, Choice("join", JOINS)] = ConcatJoin()
    """How the skip meets the upsampled map."""
    order: Items[Side] | None = None
    """Which map stands first in a concatenation: `[skip, up]` (default) or `[up, skip]`."""
    fit: FitWord | None = None
    """How unequal sizes are reconciled; `crop_skip` with valid padding, else `error`."""

    @model_validator(mode="after")
    def _order_means_something(self) -> Skip:
        if self.order is None:
            return self
        if not self.join.ordered:
            headline = f'`order` means nothing for the join "{self.join.word}"'
            raise refuse("U201", headline, help="take `order` out, or join by concat", path=("order",), at="key")
        if sorted(self.order) != ["skip", "up"]:
            headline = "`order` names the two maps of a concatenation once each"
            raise refuse("U108", headline, help="write [skip, up] or [up, skip]", path=("order",))
        return self

    @model_validator(mode="after")
    def _fit_means_something(self) -> Skip:
        if self.fit is not None and not self.join.meets:
            help = "take `fit` out, or choose a join"
            raise refuse(
                "U201", f'`fit` means nothing for the join "{self.join.word}"', help=help, path=("fit",), at="key"
            )
        return self

    def settle(self, fit: Fit) -> Skip:
        """Give the skip with every option that means something written out; `fit` is what it does unless told."""
        order = self.order or ("skip", "up") if self.join.ordered else None
        return self.model_copy(update={"order": order, "fit": self.fit or fit if self.join.meets else None})

    def build(self, b: Builder, skip: Value, up: Value) -> Value:
        """Write the fit and the join, and give the map that the decoder stage takes."""
        if self.fit is not None:
            skip, up = self.fit.reconcile(b, skip, up)
        pair = (up, skip) if self.order == ("up", "skip") else (skip, up)
        return self.join.join(b, *pair)


def _grow(value: object) -> object:
    """Let `add` stand for `{join: add}`; everything else is a mapping of the skip's own keys."""
    return value if isinstance(value, Mapping | Skip) else {"join": value}


SkipWord = Annotated[Skip, BeforeValidator(_grow)]
"""A skip, or the bare word of its join."""
