"""Letters for what looks alike and is not, and the lines of the legend that all pictures have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import count
from string import ascii_lowercase
from typing import TypeVar

from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.shapes import ArrowKind, BoxKind
from unetgen.drawing.model.sketch import Entry
from unetgen.drawing.read.meanings import HEARD

Look = tuple[ArrowKind | BoxKind, bool]
"""A kind, and whether it is dashed."""
T = TypeVar("T", bound=Hashable)


def tag(things: Mapping[T, tuple[Look, str]]) -> dict[T, str]:
    """Give a letter to everything whose look has several meanings, the most frequent meaning excepted.

    Example:
        >>> down = ("down", False)
        >>> tag({1: (down, "max pool"), 2: (down, "max pool"), 3: (down, "strided conv")})
        {3: 'a'}
    """
    looks: dict[Look, Counter[str]] = {}
    for look, meaning in things.values():
        looks.setdefault(look, Counter())[meaning] += 1
    letters = _letters()
    named = {
        (look, meaning): next(letters)
        for look, meanings in looks.items()
        for meaning in meanings
        if meaning != meanings.most_common(1)[0][0]
    }
    return {thing: named[said] for thing, said in things.items() if said in named}


def _letters() -> Iterator[str]:
    yield from ascii_lowercase
    for number in count(1):
        yield f"a{number}"


def sign_entries(links: Iterable[Link]) -> Iterator[Entry]:
    """List the signs on links, and what these listen to."""
    badges = [badge for link in links for badge in link.badges]
    yield from (Entry("mark", badge.meaning, sign=badge.text) for badge in badges)
    yield from (Entry("signal", HEARD[signal.heard], dashed=True) for badge in badges for signal in badge.signals)
