"""Arcs: links that leave a row upwards and come back to it, as shortcuts do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from unetgen.drawing.kit.distances import ARC_LETTER_ROOM, ARC_TO_ARC, SKIP_TO_ROW
from unetgen.drawing.kit.letters import LETTER_FONT, draw_letter
from unetgen.drawing.model.figure import Link, Part
from unetgen.drawing.model.shapes import Label, Point
from unetgen.drawing.rows.pieces import SIDES, Piece

LETTER_PLACES: Final = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.45, 0.55, 0.25, 0.75)
"""Where on an arc a letter may stand, as shares of its width, the best first."""


@dataclass(frozen=True, slots=True)
class Arc:
    """A link with its corners, the letter that stands on it, and how high it all reaches."""

    link: Link
    points: tuple[Point, ...]
    letters: tuple[Label, ...]
    top: float

    def moved(self, dx: float, dy: float) -> Arc:
        """Give the arc at another place."""
        letters = tuple(letter.moved(dx, dy) for letter in self.letters)
        return Arc(self.link, tuple((x + dx, y + dy) for x, y in self.points), letters, self.top + dy)

    def hung(self, pieces: Mapping[str, Piece]) -> Arc:
        """Give the arc with its beginning at its source, which may stand in the row above."""
        (x, y), hull = self.points[0], pieces[self.link.source].hull
        if self.link.kind == "skip":
            return replace(self, points=((hull.right, y), *self.points))
        start = hull.bottom if hull.bottom < self.points[1][1] else y
        return replace(self, points=((x, start), *self.points[1:]))


def plan_arcs(
    links: tuple[Link, ...], pieces: tuple[Piece, ...], tags: Mapping[Link | Part, str], ceiling: float
) -> tuple[Arc, ...]:
    """Draw the arcs of a row over `ceiling`, the y above its labels; a wide arc goes over a narrow one."""
    by_id = {piece.item.id: piece for piece in pieces}
    arcs: list[Arc] = []
    stems = tuple(x for link in links for x, _ in _ends(link, by_id))
    for link in sorted(links, key=lambda link: _span(link, by_id)):
        start, end = _ends(link, by_id)
        under = [arc.top for arc in arcs if arc.points[0][0] < end[0] and start[0] < arc.points[-1][0]]
        arcs.append(_arc(link, start, end, min(under, default=ceiling) - ARC_TO_ARC / 2, tags.get(link, ""), stems))
    return tuple(arcs)


def _span(link: Link, pieces: Mapping[str, Piece]) -> float:
    start, end = _ends(link, pieces)
    return end[0] - start[0]


def _ends(link: Link, pieces: Mapping[str, Piece]) -> tuple[Point, Point]:
    # A link from the row above comes down beside the arrow to the first piece.
    first = next(iter(pieces.values()))
    source, target = pieces.get(link.source, first), pieces[link.target]
    part = min(link.part, len(target.frames) - 1)
    end = (target.column(part), target.hull.y)
    if link.kind == "skip":
        # It comes along the middle line and goes over the row.
        return (min(first.span(above)[0] for above in SIDES) - SKIP_TO_ROW, first.frames[0].cy), end
    leaves = link.leaves if link.source in pieces else 0
    return (source.stems[leaves][1], source.hull.y), end


def _arc(link: Link, start: Point, end: Point, y: float, tag: str, stems: tuple[float, ...]) -> Arc:
    points = (start, (start[0], y), (end[0], y), end)
    if not tag:
        return Arc(link, points, (), y - ARC_TO_ARC / 2)
    # In the middle, or where no other arc rises or falls.
    places = [start[0] + share * (end[0] - start[0]) for share in LETTER_PLACES]
    x = max(places, key=lambda place: min(LETTER_FONT, *(abs(place - stem) for stem in stems)))
    letter = draw_letter(tag, x, y - ARC_LETTER_ROOM / 2, link.kind)
    return Arc(link, points, (letter,), y - ARC_LETTER_ROOM)
