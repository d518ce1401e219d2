"""Letters for arrows that look alike and are not, and the lines of the legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from string import ascii_lowercase

from unetgen.drawing.figure import Link, Map
from unetgen.drawing.meanings import HEARD
from unetgen.drawing.rows import U
from unetgen.drawing.shapes import ArrowKind
from unetgen.drawing.sketch import Entry

__all__ = ["entries_of", "tag_links"]


def tag_links(links: Iterable[Link]) -> dict[Link, str]:
    """Give a letter to every link whose like has several meanings, the most frequent meaning excepted.

    Skips have none: what they do is written on them.
    """
    looks: dict[tuple[ArrowKind, bool], Counter[str]] = {}
    every = [link for link in links if link.kind not in ("skip", "flow")]
    for link in every:
        looks.setdefault((link.kind, link.dashed), Counter())[link.text] += 1
    letters = _letters()
    named = {
        (look, text): next(letters)
        for look, texts in looks.items()
        for text in texts
        if text != texts.most_common(1)[0][0]
    }
    tags = {link: named.get(((link.kind, link.dashed), link.text), "") for link in every}
    return {link: tag for link, tag in tags.items() if tag}


def _letters() -> Iterator[str]:
    yield from ascii_lowercase
    for number in count(1):
        yield f"a{number}"


def entries_of(
    u: U, links: tuple[Link, ...], tags: Mapping[Link, str], depth: float, *, bars: bool
) -> tuple[Entry, ...]:
    """List what the legend explains; `depth` is that of the boxes drawn, `bars` whether they are bars."""
    parts = [part for row in u.rows for item in row.items if isinstance(item, Map) for part in item.parts]
    boxes = [Entry("map", "feature map", depth=depth, bars=bars)]
    if any(part.copied for part in parts):
        boxes.append(Entry("copied", "copied feature map", depth=depth, bars=bars))
    signs = (Entry("mark", badge.meaning, sign=badge.text) for link in links for badge in link.badges)
    heard = (signal.heard for link in links for badge in link.badges for signal in badge.signals)
    signals = (Entry("signal", HEARD[kind], dashed=True) for kind in heard)
    arrows = (Entry(link.kind, link.text, link.dashed, tags.get(link, "")) for link in links if link.text)
    return (*dict.fromkeys((*arrows, *signs, *signals)), *boxes)
