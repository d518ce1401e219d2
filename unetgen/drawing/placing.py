"""Rows of a U -> places: which x every piece has and on which y every level lies.

# NOTE: [A true U]
The first map of a lower row stands under the last map of the row above, and the map that an up arrow enters stands over
the last map of the row below: so arrows between levels are vertical and skips are horizontal. The bottom row is stretched
until every skip is long enough for what is written on it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from unetgen.drawing.arcs import Arc, plan_arcs
from unetgen.drawing.figure import Link, Map, Meeting
from unetgen.drawing.measures import Spacing
from unetgen.drawing.pieces import LABEL_ZONE, Piece, Ports, draw_piece
from unetgen.drawing.rows import U, Row
from unetgen.drawing.text import text_width

__all__ = ["SKIP_FONT", "Placed", "place", "skip_room"]

SKIP_FONT: Final = 8
SHORTEST_SKIP: Final = 36
SKIP_ENDS: Final = 13
"""What a skip needs besides its words: its head, and some line before them."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where everything is: pieces by the id of their item, the arcs over the rows, the size of the largest map."""

    pieces: Mapping[str, Piece]
    arcs: tuple[Arc, ...]
    largest: tuple[int, ...]

    @property
    def arc_links(self) -> frozenset[Link]:
        return frozenset(arc.link for arc in self.arcs)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row in points: its pieces from x = 0 and y = 0, its arcs, and how far it reaches up and down."""

    pieces: tuple[Piece, ...]
    arcs: tuple[Arc, ...]
    above: float
    below: float

    @property
    def reach(self) -> tuple[float, float]:
        """How far the row goes to the left and right, labels included."""
        spans = [piece.span(above) for piece in self.pieces for above in (True, False)]
        return min(left for left, _ in spans), max(right for _, right in spans)


def place(u: U, tags: Mapping[Link, str], spacing: Spacing) -> Placed:
    """Give every item a place, see [A true U]."""
    largest = max((item.shape.size for row in u.rows for item in row.items), key=math.prod)
    left = [_line(row, u, tags, largest, spacing) for row in u.left]
    right = [_line(row, u, tags, largest, spacing) for row in u.right]
    bottom = _line(u.bottom, u, tags, largest, spacing)
    missing = _missing(u, left, bottom, right)
    if missing > 0:
        bottom = _line(u.bottom, u, tags, largest, spacing, stretch=math.ceil(missing / len(u.bottom.steps)))
    ys = _levels(left, bottom, right, spacing)
    xs = _columns(u, left, bottom, right)
    lines = ((*left, bottom, *right), (*xs[0], xs[1], *xs[2]), (*ys, *ys[:-1]))
    placed = [_moved(line, x, y) for line, x, y in zip(*lines, strict=True)]
    pieces = {piece.item.id: piece for line in placed for piece in line.pieces}
    return Placed(pieces, tuple(arc for line in placed for arc in line.arcs), largest)


def _moved(line: _Line, dx: float, dy: float) -> _Line:
    pieces = tuple(piece.moved(dx, dy) for piece in line.pieces)
    return _Line(pieces, tuple(arc.moved(dx, dy) for arc in line.arcs), line.above, line.below)


def _line(
    row: Row, u: U, tags: Mapping[Link, str], largest: tuple[int, ...], spacing: Spacing, *, stretch: int = 0
) -> _Line:
    drawn = [draw_piece(item, ports, largest, spacing) for item, ports in zip(row.items, _ports(row, u), strict=True)]
    pieces = _spread(drawn, row, spacing, stretch)
    top = max(-piece.hull.y for piece in pieces) + LABEL_ZONE
    arcs = plan_arcs(row.arcs, pieces, tags, -top)
    above = max((-arc.top for arc in arcs), default=top)
    below = max(piece.hull.bottom + (LABEL_ZONE if piece.span(False) != piece.span(True) else 0) for piece in pieces)
    return _Line(pieces, arcs, above, max(below, LABEL_ZONE))


def _spread(drawn: list[Piece], row: Row, spacing: Spacing, stretch: int) -> tuple[Piece, ...]:
    """Set pieces side by side: far enough apart for an arrow, and for the labels above and below."""
    pieces = [drawn[0]]
    for step, piece in zip(row.steps, drawn[1:], strict=True):
        arrow = spacing.flow if step.kind == "flow" else spacing.gap
        needed = [pieces[-1].hull.right + arrow + stretch - piece.hull.x]
        for above in (True, False):
            needed += [before.span(above)[1] + spacing.labels - piece.span(above)[0] for before in pieces]
        pieces.append(piece.moved(math.ceil(max(needed)), 0))
    return tuple(pieces)


def _ports(row: Row, u: U) -> list[Ports]:
    """Say for each item of a row where arrows touch it."""
    side, level = row.strand.side, row.strand.level
    last = len(row.items) - 1
    arcs = {arc.source for arc in row.arcs}
    shown = _sizes_to_show(row)
    entered = u.ups[level].part if side == "right" else None
    return [
        Ports(
            enters_above=number == 0 and (side == "bottom" or side == "left" and level > 0),
            leaves_above=number == last and (side == "bottom" or side == "right" and level > 0),
            leaves_below=number == last and side == "left",
            enters_below=entered if number == 0 else None,
            arcs=item.id in arcs,
            shows_size=number in shown,
        )
        for number, item in enumerate(row.items)
    ]


def _sizes_to_show(row: Row) -> set[int]:
    """Choose the maps under which a size stands: the first of a row, those of another size, input and output."""
    maps = [number for number, item in enumerate(row.items) if isinstance(item, Map)]
    sizes = [row.items[number].shape.size for number in maps]
    shown = {maps[0]} | {number for number, (before, size) in zip(maps[1:], pairwise(sizes), strict=True) if before != size}
    return shown | {maps[-1]} if row.strand.side == "right" and row.strand.level == 0 else shown


def _columns(u: U, left: list[_Line], bottom: _Line, right: list[_Line]) -> tuple[list[float], float, list[float]]:
    """Give the x at which each row starts, so that arrows between levels are vertical."""
    lefts = [0.0]
    for upper, lower in pairwise((*left, bottom)):
        lefts.append(lefts[-1] + upper.pieces[-1].column(-1) - lower.pieces[0].column(0))
    bottom_x = lefts.pop()
    rights: list[float] = []
    x, lower = bottom_x, bottom
    for level in reversed(range(u.depth)):
        entered = right[level].pieces[0].column(_column_number(u, level))
        x += lower.pieces[-1].column(-1) - entered
        lower = right[level]
        rights.insert(0, x)
    return lefts, bottom_x, rights


def _column_number(u: U, level: int) -> int:
    """Give the part of the first item of a right row over which the up arrow stands."""
    return 0 if isinstance(u.right[level].items[0], Meeting) else u.ups[level].part


def _missing(u: U, left: list[_Line], bottom: _Line, right: list[_Line]) -> float:
    """Give by how much the bottom must grow so that left and right keep apart at every level."""
    lefts, _, rights = _columns(u, left, bottom, right)
    return max(
        lefts[level] + left[level].reach[1] + _needed(u.skips[level]) - rights[level] - right[level].reach[0]
        for level in range(u.depth)
    )


def _needed(skip: Link | None) -> float:
    if skip is None:
        return SHORTEST_SKIP
    return max(SHORTEST_SKIP, *(text_width(words, SKIP_FONT) + SKIP_ENDS for words in skip.words))


def skip_room(length: float) -> float:
    """Give how wide the words on a skip of some length may be."""
    return length - SKIP_ENDS


def _levels(left: list[_Line], bottom: _Line, right: list[_Line], spacing: Spacing) -> list[float]:
    """Give the y of every level's middle line."""
    rows = [*zip(left, right, strict=True), (bottom, bottom)]
    ys = [0.0]
    for upper, lower in pairwise(rows):
        needed = max(above.below + spacing.level + below.above for above, below in zip(upper, lower, strict=True))
        ys.append(ys[-1] + math.ceil(needed))
    return ys
