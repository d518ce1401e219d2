"""A row as a strip of pieces: set side by side around a middle line of their own, with the arcs over them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from unetgen.drawing.kit.distances import ARC_LETTER_ROOM, ARC_TO_ARC, LABEL_ROOM, LETTER_ROOM, SKIP_TO_ROW, Spacing
from unetgen.drawing.kit.layouts import Span
from unetgen.drawing.kit.letters import LETTER_FONT, draw_letter
from unetgen.drawing.kit.signs import room_along
from unetgen.drawing.kit.sizes import CROWDED_BOX, NARROWEST_BOX, Scale
from unetgen.drawing.model.figure import Link, Part
from unetgen.drawing.model.shapes import Label, Point
from unetgen.drawing.rows.pieces import SIDES, Piece, draw_piece
from unetgen.drawing.rows.u import Row
from unetgen.drawing.rows.u_plan import UPlan

LOW_BOX: Final = 22
"""A box so high or lower has its channels beside the letters on arrows."""
LETTER_PLACES: Final = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.45, 0.55, 0.25, 0.75)
"""Where on an arc a letter may stand, as shares of its width, the best first."""
NO_PUSH: Final[Mapping[str, float]] = {}


@dataclass(frozen=True, slots=True)
class Arc:
    """A link that leaves a row upwards and comes back to it, as shortcuts do.

    It has its corners, the letter that stands on it, and how high it all reaches.
    """

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


@dataclass(frozen=True, slots=True)
class MapStrip:
    """A row in points: its pieces from x = 0 and around y = 0, and its arcs.

    Args:
        upright: How far it reaches up and down, labels and arcs included.
        way_in: Where an arrow from another row enters it: both x are the same, as arrows meet the middle of a part.
        way_out: Where an arrow to another row leaves it, likewise.
    """

    pieces: tuple[Piece, ...]
    arcs: tuple[Arc, ...]
    upright: Span
    way_in: Span
    way_out: Span

    @property
    def reach(self) -> Span:
        """How far the row goes to the left and right, labels included."""
        spans = [piece.span(above) for piece in self.pieces for above in SIDES]
        arcs = (x for arc in self.arcs for x, _ in arc.points)
        return min(*(left for left, _ in spans), *arcs), max(right for _, right in spans)

    def moved(self, dx: float, dy: float) -> MapStrip:
        """Give the row at another place."""
        pieces = tuple(piece.moved(dx, dy) for piece in self.pieces)
        arcs = tuple(arc.moved(dx, dy) for arc in self.arcs)
        return MapStrip(pieces, arcs, self.upright, (self.way_in[0] + dx,) * 2, (self.way_out[0] + dx,) * 2)


def scale_of(plan: UPlan, spacing: Spacing) -> Scale:
    """Choose how maps become boxes: the largest is as tall as a box may be, and crowded boxes are wide enough."""
    items = [item for row in plan.u.rows for item in row.items]
    largest = max((item.shape.size for item in items), key=math.prod)
    bars = len(largest) == 1 and not spacing.face
    natural = Scale(spacing, largest, bars=bars)
    crowded = (item for item in items if plan.ports[item.id].is_crowded)
    is_narrow = any(natural.width(item.shape.channels) < CROWDED_BOX for item in crowded)
    return Scale(spacing, largest, CROWDED_BOX if is_narrow else NARROWEST_BOX, bars)


def draw_strip(
    row: Row, plan: UPlan, scale: Scale, *, stretch: int = 0, push: Mapping[str, float] = NO_PUSH
) -> MapStrip:
    """Draw a row from x = 0 and around y = 0.

    Args:
        stretch: How much longer every arrow on the way through it is.
        push: How much longer the arrow to an item is, by its id.
    """
    drawn = [draw_piece(item, plan.ports[item.id], scale) for item in row.items]
    longer = [(stretch if number <= row.exit else 0) + push.get(item.id, 0) for number, item in enumerate(row.items)]
    turns = row == plan.u.bottom and plan.u.turns_at_one
    if turns and len(row.items) > 1:
        # The way up leaves between the map and the output beside it.
        longer[1] += scale.spacing.gap + stretch
    pieces = _spread(drawn, row, plan, scale.spacing, longer)
    last = pieces[row.exit]
    leave = last.column(-1 if row.strand.side == "left" else last.leave)
    if turns:
        leave = last.hull.right + scale.spacing.gap + stretch
    top = max(-piece.hull.y for piece in pieces) + LABEL_ROOM
    arcs = _arcs(row.arcs, pieces, plan.tags, -top)
    above = max((-arc.top for arc in arcs), default=top)
    below = max(piece.hull.bottom for piece in pieces) + LABEL_ROOM
    enter = pieces[0].column(min(plan.ports[row.items[0].id].enters_below or 0, len(pieces[0].frames) - 1))
    return MapStrip(pieces, arcs, (above, below), (enter,) * 2, (leave,) * 2)


def _room_for_letter(step: Link, plan: UPlan, *, is_low: bool) -> float:
    """Give what the letter before the first sign of an arrow takes, which moves the signs by half of that."""
    return (2 if is_low else 1) * LETTER_ROOM if step.badges and step in plan.tags else 0


def _spread(drawn: list[Piece], row: Row, plan: UPlan, spacing: Spacing, longer: list[float]) -> tuple[Piece, ...]:
    """Set pieces side by side: far enough apart for an arrow, and for the labels above and below."""
    pieces = [drawn[0]]
    taken = [drawn[0].span(above) for above in SIDES]
    for step, piece, stretch in zip(row.steps, drawn[1:], longer[1:], strict=True):
        # Between short boxes a letter stands as high as the channels beside it.
        is_low = min(pieces[-1].hull.height, piece.hull.height) < LOW_BOX and step in plan.tags
        signs = room_along(step, spacing.signs) + _room_for_letter(step, plan, is_low=is_low)
        arrow = max(spacing.flow if step.kind == "flow" else spacing.gap, signs)
        spans = [piece.span(above) for above in SIDES]
        apart = spacing.labels + (LETTER_ROOM if is_low else 0)
        labels = (right + apart - left for (_, right), (left, _) in zip(taken, spans, strict=True))
        x = math.ceil(max(pieces[-1].hull.right + arrow - piece.hull.x, *labels) + stretch)
        pieces.append(piece.moved(x, 0))
        taken = [(0, max(before, right + x)) for (_, before), (_, right) in zip(taken, spans, strict=True)]
    return tuple(pieces)


# --- arcs -------------------------------------------------------------------------------------------------------------


def _arcs(
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
