"""Words of the catalogue, drawn with their options."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, get_args

from hypothesis import strategies as st

from unetgen.ir.network import InitKind
from unetgen.parts.catalog import ACTIVATIONS, NORMS, Option
from unetgen.parts.unit_words import INITS

__all__ = ["activations", "dropouts", "inits", "norms", "orders", "sixteenths"]

Values = st.SearchStrategy[Any]
Plain = dict[str, Any]  # what YAML holds: anything


def sixteenths(low: float, high: float) -> Values:
    """Draw numbers that every notation writes exactly."""
    return st.integers(math.ceil(low * 16), math.floor(high * 16)).map(lambda n: n / 16)


def orders() -> st.SearchStrategy[str]:
    """Draw the order of a unit; most have every letter, so that few norms and activations are idle."""
    usual = st.sampled_from(("cna", "can", "nac", "acn", "cnad", "cdna", "ndac", "nca"))
    return usual | st.permutations("cnad").flatmap(
        lambda letters: st.integers(0, 3).map(lambda n: "".join(c for c in letters if c == "c" or c in letters[:n]))
    )


def _numbers(rows: Iterable[Option]) -> st.SearchStrategy[Plain]:
    return st.fixed_dictionaries({}, optional={row.name: _option(row) for row in rows})


def _option(row: Option) -> Values:
    if isinstance(row.default, bool | str):
        return st.sampled_from(row.words or (False, True))
    low = 0.0 if row.minimum is None else row.minimum
    high = min(row.maximum or math.inf, low + 3)
    return st.integers(int(low), int(high)) if row.whole else st.just(row.default) | sixteenths(low + 1 / 16, high)


@st.composite
def activations(draw: st.DrawFn, use: tuple[str, ...] = ("anywhere",)) -> Any:
    """Draw an activation of the catalogue, bare or with options, or none."""
    word = draw(st.sampled_from(("none", *(row.name for row in ACTIVATIONS.values() if row.use in use))))
    options: Plain = {}
    if word != "none":
        row = ACTIVATIONS[word]
        options = draw(_numbers(row.options))
        if row.learned and draw(st.booleans()):
            options["per_channel"] = draw(st.booleans())
    return {word: options} if options else word


@st.composite
def inits(draw: st.DrawFn) -> Any:
    """Draw every way to draw weights, bare or with an option of its own."""
    word = draw(st.sampled_from(get_args(InitKind)))
    rows = INITS[word]
    if not rows or draw(st.booleans()):
        return word
    row = draw(st.sampled_from(rows))
    return {word: {row.name: draw(_option(row))}}


@st.composite
def norms(draw: st.DrawFn) -> Any:
    """Draw a norm of the catalogue, bare or with options, or none."""
    word = draw(st.sampled_from(("none", *NORMS)))
    rows = {row.name: row for row in NORMS[word].options} if word != "none" else {}
    # Nearly every drawn map has fewer channels than the usual number of groups.
    always = {"when_fewer": st.just("one")} if "when_fewer" in rows else {}
    optional = {name: _option(row) for name, row in rows.items() if name not in always}
    options = draw(st.fixed_dictionaries(always, optional=optional))
    return {word: options} if options else word


def dropouts() -> Values:
    """Draw a dropout: a rate, a rate with its kind, or none."""
    rate = sixteenths(0, 0.5)
    kinds = st.sampled_from(("elementwise", "channel"))
    return st.just("none") | rate | st.builds(lambda kind, p: {kind: p}, kinds, rate)
