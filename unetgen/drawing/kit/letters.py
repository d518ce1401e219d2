"""Letters for what looks alike and is not, beside arrows where nothing else is; and what the legend says of signs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import count, pairwise, product
from string import ascii_lowercase
from typing import Final, TypeVar

from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.picture import Entry
from unetgen.drawing.model.shapes import Anchor, Arrow, ArrowKind, BoxKind, Label, Point, Rect
from unetgen.drawing.model.text import text_width
from unetgen.drawing.read.links import HEARD

Look = tuple[ArrowKind | BoxKind, bool]
"""A kind, and whether it is dashed."""
T = TypeVar("T", bound=Hashable)
Tagged = tuple[str, ArrowKind, tuple[Point, ...]]
"""A letter, the kind of the arrow that it stands beside, and the way of that arrow."""

LETTER_FONT: Final = 8
LETTER_OFFS: Final = (3, 6)
"""From a letter to the arrow that it stands beside: the nearer, the better."""
LETTERS_NEAR: Final = (9, 16, 24)
"""How far from the end of an arrow letters are tried, in points."""
LETTER_SHARES: Final = tuple(0.5 + side * step / 20 for step in range(10) for side in (1, -1))
"""The same as shares of its length."""
AROUND_LETTER: Final = 1.0


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


# --- where letters stand ----------------------------------------------------------------------------------------------


def draw_letter(tag: str, x: float, y: float, kind: ArrowKind, anchor: Anchor = "middle") -> Label:
    """Write a letter in the colour of its arrow."""
    return Label(tag, x, y, LETTER_FONT, anchor, kind, bold=True)


def _runs_into(piece: tuple[Point, Point], room: Rect) -> bool:
    """Say whether a straight piece of a line enters a rectangle: its middle stays inside."""
    (x0, y0), (x1, y1) = piece
    first, last = 0.0, 1.0
    for start, step, low, high in ((x0, x1 - x0, room.x, room.right), (y0, y1 - y0, room.y, room.bottom)):
        if not step:
            if not low < start < high:
                return False
            continue
        near, far = sorted(((low - start) / step, (high - start) / step))
        first, last = max(first, near), min(last, far)
    return first < last


def letters_of(tagged: tuple[Tagged, ...], arrows: tuple[Arrow, ...], taken: tuple[Rect, ...]) -> Iterator[Label]:
    """Write letters, each at the first place beside its arrow that is free, or else at the first."""
    rooms = list(taken)
    pieces = [piece for arrow in arrows for piece in pairwise(arrow.points)]
    heads = [_head(arrow) for arrow in arrows if arrow.head]
    for tag, kind, points in tagged:
        places = [draw_letter(tag, x, y, kind) for x, y in _places(tag, kind, points)]
        label = next((label for label in places if _is_free(label.hull, rooms, heads, pieces)), places[0])
        rooms.append(label.hull)
        yield label


def _head(arrow: Arrow) -> Rect:
    xs, ys = zip(arrow.points[-1], *arrow.barbs, strict=True)
    return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _is_free(hull: Rect, rooms: list[Rect], heads: list[Rect], pieces: list[tuple[Point, Point]]) -> bool:
    wide = hull.inset(-AROUND_LETTER)
    if any(wide.overlaps(room) for room in (*rooms, *heads)):
        return False
    return not any(_runs_into(piece, wide) for piece in pieces)


def _places(tag: str, kind: ArrowKind, points: tuple[Point, ...]) -> Iterator[Point]:
    """Give the places to try: near the upper or left end first, then along the way, on either side."""
    lengths = [_length(piece) for piece in pairwise(points)]
    total = math.fsum(lengths)
    first = points[-1] if kind == "up" else points[0]
    near = [at if first == points[0] else total - at for at in LETTERS_NEAR if at < total]
    for off, at in product(LETTER_OFFS, (*near, *(share * total for share in LETTER_SHARES))):
        (x, y), (dx, dy) = _along(points, lengths, at)
        half_width, half_height = text_width(tag, LETTER_FONT, bold=True) / 2, LETTER_FONT / 2
        reach = off + abs(dy) * half_width + abs(dx) * half_height
        # To the left of a way down, to the right of a way up, above a way along: the side that is outside of a U.
        sign = -1 if dx == 0 or (dy > 0 and kind == "down") else 1
        for side in (sign, -sign):
            yield (x + side * dy * reach, y - side * dx * reach)


def _length(piece: tuple[Point, Point]) -> float:
    (x0, y0), (x1, y1) = piece
    return float(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)


def _along(points: tuple[Point, ...], lengths: list[float], at: float) -> tuple[Point, Point]:
    """Give the point so far along a way, and the direction there."""
    for piece, length in zip(pairwise(points), lengths, strict=True):
        if at <= length and length:
            (x0, y0), (x1, y1) = piece
            dx, dy = (x1 - x0) / length, (y1 - y0) / length
            return (x0 + at * dx, y0 + at * dy), (dx, dy)
        at -= length
    return points[-1], (1.0, 0.0)
