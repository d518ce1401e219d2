"""Letters for arrows and slabs that look alike and are not, and the lines of the legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from string import ascii_lowercase

from unetgen.drawing.model.figure import Link, Map, Part
from unetgen.drawing.model.shapes import ArrowKind, BoxKind
from unetgen.drawing.model.sketch import Entry
from unetgen.drawing.read.meanings import HEARD
from unetgen.drawing.rows.rows import U

Look = tuple[ArrowKind | BoxKind, bool]
"""A kind, and whether it is dashed."""


@dataclass(frozen=True, slots=True)
class Tags:
    """The letters of those that have one."""

    links: Mapping[Link, str]
    slabs: Mapping[Part, str]


def tag(u: U, links: Iterable[Link]) -> Tags:
    """Give a letter to every link and slab whose like has several meanings, the most frequent meaning excepted.

    Skips have none: what they do is written on them.
    """
    arrows = [link for link in links if link.kind not in ("skip", "flow")]
    slabs = [part for part in _parts(u) if part.text]
    said: list[tuple[Look, str]] = [((link.kind, link.dashed), link.text) for link in arrows]
    letters = _named((*said, *(((slab.look, False), slab.text) for slab in slabs)))
    return Tags(
        {link: letter for link, look in zip(arrows, said, strict=True) if (letter := letters.get(look))},
        {slab: letter for slab in slabs if (letter := letters.get(((slab.look, False), slab.text)))},
    )


def _named(said: Iterable[tuple[Look, str]]) -> dict[tuple[Look, str], str]:
    looks: dict[Look, Counter[str]] = {}
    for look, text in said:
        looks.setdefault(look, Counter())[text] += 1
    letters = _letters()
    return {
        (look, text): next(letters)
        for look, texts in looks.items()
        for text in texts
        if text != texts.most_common(1)[0][0]
    }


def _parts(u: U) -> Iterator[Part]:
    return (part for row in u.rows for item in row.items if isinstance(item, Map) for part in item.parts)


def _letters() -> Iterator[str]:
    yield from ascii_lowercase
    for number in count(1):
        yield f"a{number}"


def entries_of(u: U, links: tuple[Link, ...], tags: Tags, depth: float, *, bars: bool) -> tuple[Entry, ...]:
    """List what the legend explains; `depth` is that of the boxes drawn, `bars` whether they are bars."""
    boxes = [Entry("map", "feature map", depth=depth, bars=bars)]
    if any(part.look == "copied" for part in _parts(u)):
        boxes.append(Entry("copied", "copied feature map", depth=depth, bars=bars))
    signs = (Entry("mark", badge.meaning, sign=badge.text) for link in links for badge in link.badges)
    heard = (signal.heard for link in links for badge in link.badges for signal in badge.signals)
    signals = (Entry("signal", HEARD[kind], dashed=True) for kind in heard)
    arrows = (Entry(link.kind, link.text, link.dashed, tags.links.get(link, "")) for link in links if link.text)
    slabs = (Entry(part.look, part.text, tag=tags.slabs.get(part, "")) for part in _parts(u) if part.text)
    return (*dict.fromkeys((*arrows, *slabs, *signs, *signals)), *boxes)
