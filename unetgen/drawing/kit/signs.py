"""Signs on arrows: pills with a short text, threaded on the line, the signals that lead to them, and letters."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count, pairwise
from string import ascii_lowercase
from typing import Final, TypeVar

from unetgen.drawing.kit.distances import SIGN_TO_ROW, SIGN_TO_SIGN, SIGN_TO_TIP
from unetgen.drawing.model.figure import Badge, Link, Signal
from unetgen.drawing.model.picture import LegendEntry
from unetgen.drawing.model.shapes import (
    Anchor,
    Arrow,
    ArrowKind,
    Box,
    BoxKind,
    Point,
    Rect,
    TextLabel,
    draw_arrow,
    even_up,
)
from unetgen.drawing.model.text import halved, text_width
from unetgen.drawing.read.words import shape_text

PILL_FONT: Final = 8
PILL: Final = 14
"""How high a pill is."""
PILL_PADDING: Final = 4
"""From the text of a pill to its sides."""
STACKED_PADDING: Final = 2
"""The same where it stands in lines."""


PILL_LINE: Final = 10
"""How much higher a pill is for every line more."""


def pill_width(text: str, padding: float = PILL_PADDING) -> float:
    """Give the width of a pill, in even points."""
    return even_up(max(text_width(text, PILL_FONT, bold=True) + 2 * padding, PILL + 4))


def stacked(text: str) -> tuple[str, ...]:
    """Break what stands in a pill into two lines, where one is longer; what is in brackets stays together.

    Example:
        >>> stacked("dense ×12"), stacked("res (each ×3)"), stacked("res")
        (('dense', '×12'), ('res', '(each ×3)'), ('res',))
    """
    sign, bracket, added = text.partition(" (")
    return (sign, f"({added}") if bracket else halved(text, lambda line: text_width(line, PILL_FONT, bold=True))


def _stacked_width(badge: Badge) -> float:
    return max(pill_width(line, STACKED_PADDING) for line in stacked(badge.text))


def pill_height(lines: int) -> int:
    """Give the height of a pill with some lines of words."""
    return PILL + PILL_LINE * (lines - 1)


def room_against(link: Link, gap: float) -> float:
    """Give how long a level arrow must be for signs in lines, the last of which stands against what it leads to."""
    pills = [_stacked_width(badge) for badge in link.badges]
    return gap + math.fsum(pills) + SIGN_TO_SIGN * (len(pills) - 1)


def room_along(link: Link, ends: float = SIGN_TO_SIGN + SIGN_TO_TIP) -> float:
    """Give how long a level arrow must be for its signs, and for the line before and after them; 0 without any."""
    pills = [pill_width(badge.text) for badge in link.badges]
    return math.fsum(pills) + SIGN_TO_SIGN * (len(pills) - 1) + ends if pills else 0


def room_down(link: Link) -> float:
    """Give how much longer an arrow between levels must be for its signs."""
    count = len(link.badges)
    return (PILL + SIGN_TO_SIGN) * count if count else 0


@dataclass(frozen=True, slots=True)
class Threaded:
    """An arrow in pieces, the pills between them, and what is written in these."""

    arrows: tuple[Arrow, ...]
    pills: tuple[Box, ...]
    labels: tuple[TextLabel, ...]


def thread_against(link: Link, points: tuple[Point, ...], *, source: str, note: str) -> Threaded:
    """Draw a level arrow with signs in lines, the last of which stands against what the arrow leads to."""
    (start, y), (end, _) = points
    lines = [stacked(badge.text) for badge in link.badges]
    widths = [*map(_stacked_width, link.badges)]
    x, frames = end - math.fsum(widths) - SIGN_TO_SIGN * (len(widths) - 1), list[Rect]()
    for width, words in zip(widths, lines, strict=True):
        height = pill_height(len(words))
        frames.append(Rect(x, y - height / 2, width, height))
        x += width + SIGN_TO_SIGN
    pills = tuple(map(_pill, link.badges, frames))
    names, starts = (source, *(pill.id for pill in pills)), (start, *(frame.right for frame in frames))
    arrows = [
        draw_arrow(link.kind, ((left, y), (frame.x, y)), source=one, target=other, note=note, dashed=link.dashed)
        for (one, other), left, frame in zip(pairwise(names), starts, frames, strict=False)
    ]
    arrows[-1] = replace(arrows[-1], nodes=link.nodes)
    return Threaded(tuple(arrows), pills, tuple(_words_in(lines, frames)))


def _words_in(lines: Iterable[tuple[str, ...]], frames: Iterable[Rect]) -> Iterator[TextLabel]:
    for words, frame in zip(lines, frames, strict=True):
        for number, line in enumerate(words):
            y = frame.cy + (number - (len(words) - 1) / 2) * PILL_LINE
            yield TextLabel(line, frame.cx, y, PILL_FONT, bold=True)


def thread(
    link: Link, points: tuple[Point, ...], *, source: str, target: str, note: str, covered: float = 0
) -> Threaded:
    """Draw an arrow with its signs on its longest piece.

    The signs of a skip stand at its end, before what it has `covered` of its target; those of an arrow between levels
    where they clear the labels of the upper row, and what else is `covered` there; others in the middle.
    """
    pieces = range(len(points) - 1)
    corner = max(pieces, key=lambda place: math.dist(points[place], points[place + 1])) if link.kind != "skip" else 0
    frames = tuple(_frames(link, points[corner], points[corner + 1], covered))
    pills = tuple(map(_pill, link.badges, frames))
    names = (source, *(pill.id for pill in pills), target)
    *lines, arrow = (
        draw_arrow(link.kind, piece, source=one, target=other, note=note, dashed=link.dashed, has_head=other == target)
        for piece, (one, other) in zip(_pieces(points, corner, frames), pairwise(names), strict=True)
    )
    words = zip(link.badges, frames, strict=True)
    labels = tuple(TextLabel(badge.text, frame.cx, frame.cy, PILL_FONT, bold=True) for badge, frame in words)
    return Threaded((*lines, replace(arrow, nodes=link.nodes)), pills, labels)


def _frames(link: Link, start: Point, end: Point, covered: float) -> Iterator[Rect]:
    """Give the places of the pills between two points of a level or an upright piece."""
    (x0, y0), (x1, y1) = start, end
    is_level = y0 == y1
    lengths = [pill_width(badge.text) if is_level else PILL for badge in link.badges]
    total = math.fsum(lengths) + SIGN_TO_SIGN * (len(lengths) - 1)
    spare = math.dist(start, end) - total
    before = spare - SIGN_TO_TIP - covered if link.kind == "skip" else (spare - SIGN_TO_TIP + SIGN_TO_SIGN) / 2
    if not is_level:
        # Arcs over the row below may rise beside the foot of an arrow up.
        before = spare - SIGN_TO_ROW - covered if link.kind == "up" else SIGN_TO_ROW + covered
    way = 1 if x1 + y1 > x0 + y0 else -1
    at = before
    for badge, length in zip(link.badges, lengths, strict=True):
        width, middle = pill_width(badge.text), way * (at + length / 2)
        cx, cy = (round(x0 + middle), y0) if is_level else (x0, round(y0 + middle))
        yield Rect(cx - width / 2, cy - PILL / 2, width, PILL)
        at += length + SIGN_TO_SIGN


def _pieces(points: tuple[Point, ...], corner: int, frames: tuple[Rect, ...]) -> Iterator[tuple[Point, ...]]:
    """Cut a line where the pills are."""
    (x0, y0), (x1, y1) = points[corner], points[corner + 1]
    started: tuple[Point, ...] = points[: corner + 1]
    for frame in frames:
        if y0 == y1:
            near, far = ((frame.x, y0), (frame.right, y0)) if x0 < x1 else ((frame.right, y0), (frame.x, y0))
        else:
            near, far = ((x0, frame.y), (x0, frame.bottom)) if y0 < y1 else ((x0, frame.bottom), (x0, frame.y))
        yield (*started, near)
        started = (far,)
    yield (*started, *points[corner + 1 :])


def _pill(badge: Badge, frame: Rect) -> Box:
    note = f"{badge.id}: {badge.meaning}, {shape_text(badge.shape)}"
    shape = tuple(badge.shape.as_list())
    return Box(f"{badge.id} sign", badge.id, "mark", frame, 0, shape, note, nodes=badge.nodes)


def signals_to(link: Link, threaded: Threaded) -> Iterator[tuple[Signal, Box]]:
    """List what the signs on a link listen to, each with its pill."""
    for badge, pill in zip(link.badges, threaded.pills, strict=True):
        for signal in dict.fromkeys(badge.signals):
            yield signal, pill


def draw_signal(signal: Signal, pill: Box, start: Point, y: float, *, source: str, path: str) -> Arrow:
    """Lead a signal from its start to `y`, along it, and to a pill from below.

    Args:
        source: The id of the box that it leaves.
        path: The network's own name for what gives it.
    """
    points = dict.fromkeys((start, (start[0], y), (pill.frame.cx, y), (pill.frame.cx, pill.frame.bottom)))
    note = f"{path} to {pill.path}: {signal.meaning}"
    return draw_arrow("signal", tuple(points), source=source, target=pill.id, note=note, dashed=True)


# --- letters for what looks alike and is not --------------------------------------------------------------------------


Look = tuple[ArrowKind | BoxKind, bool]
"""A kind, and whether it is dashed."""
T = TypeVar("T", bound=Hashable)

LETTER_FONT: Final = 8


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


def sign_entries(links: Iterable[Link]) -> Iterator[LegendEntry]:
    """List the signs on links, and what these listen to."""
    badges = [badge for link in links for badge in link.badges]
    yield from (LegendEntry("mark", badge.meaning, sign=badge.row, row=badge.family) for badge in badges)
    yield from (
        LegendEntry("signal", signal.meaning, dashed=True, row=badge.family)
        for badge in badges
        for signal in badge.signals
    )


def draw_letter(tag: str, x: float, y: float, kind: ArrowKind, anchor: Anchor = "middle") -> TextLabel:
    """Write a letter in the colour of its arrow."""
    return TextLabel(tag, x, y, LETTER_FONT, anchor, kind, bold=True)
