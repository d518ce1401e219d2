"""Rows of maps in points: every item with its labels and ports, set side by side as a strip, and the arcs over it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from unetgen.drawing.kit import distances
from unetgen.drawing.kit.distances import Spacing
from unetgen.drawing.kit.layouts import Span
from unetgen.drawing.kit.signs import LETTER_FONT, draw_letter, pill_height, room_against, room_along, stacked
from unetgen.drawing.kit.sizes import LOWEST_BOX, LOWEST_WITH_SIGN, NARROWEST_BOX, SPARED, Scale
from unetgen.drawing.model.figure import Link, Map
from unetgen.drawing.model.shapes import Point, TextLabel
from unetgen.drawing.rows.pieces import ABOVE_AND_BELOW, Piece, draw_piece
from unetgen.drawing.rows.u import Row, UPlan

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
    letters: tuple[TextLabel, ...]
    top: float

    def moved(self, dx: float, dy: float) -> Arc:
        """Give the arc at another place."""
        letters = tuple(letter.moved(dx, dy) for letter in self.letters)
        return Arc(self.link, tuple((x + dx, y + dy) for x, y in self.points), letters, self.top + dy)

    @property
    def is_level_first(self) -> bool:
        """Whether it leaves its source to the right, as skips do that go over the row of their target alone."""
        return self.points[0][1] == self.points[1][1]

    def hung(self, pieces: Mapping[str, Piece], bridges: Collection[Link]) -> Arc:
        """Give the arc with its beginning at its source, which may stand in the row above, or beside its own."""
        (x, y), hull = self.points[0], pieces[self.link.source].hull
        if self.link in bridges:
            x = pieces[self.link.source].column(self.link.leaves)
            return replace(self, points=((x, hull.y), (x, self.points[1][1]), *self.points[2:]))
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
        spans = [piece.span(above) for piece in self.pieces for above in ABOVE_AND_BELOW]
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
    lowest = NARROWEST_BOX - SPARED[spacing.compact]
    has_signs = any(step.badges for row in plan.u.rows for step in row.steps)
    low = LOWEST_WITH_SIGN if has_signs and spacing.compact > 1 else LOWEST_BOX
    natural = Scale(spacing, largest, lowest, bars, low)
    wanted: dict[int, int] = {}
    for item in items:
        least, channels = plan.ports[item.id].narrowest(spacing.compact), item.shape.channels
        if natural.width(channels) < least:
            wanted[channels] = max(least, wanted.get(channels, 0))
    if spacing.wider:
        return natural.among((part.shape.channels for part in plan.u.parts), wanted)
    return replace(natural, narrowest=max(wanted.values(), default=lowest))


def draw_strip(
    row: Row, plan: UPlan, scale: Scale, *, stretch: int = 0, push: Mapping[str, float] = NO_PUSH, beside: float = 0
) -> MapStrip:
    """Draw a row from x = 0 and around y = 0.

    Args:
        stretch: How much longer every arrow on the way through it is.
        push: How much longer the arrow to an item is, by its id.
        beside: How high the row reaches that stands beside it, over which skips may go, too.
    """
    is_flat = len({scale.height(item.shape.size) for item in row.items if isinstance(item, Map)}) == 1
    stacks = scale.spacing.compact > 0 and not is_flat
    drawn = [draw_piece(item, plan.ports[item.id], scale, plan.shape_words, stacks=stacks) for item in row.items]
    longer = [(stretch if number <= row.exit else 0) + push.get(item.id, 0) for number, item in enumerate(row.items)]
    turns = row == plan.u.bottom and plan.u.turns_at_one
    if turns and len(row.items) > 1:
        # The way up leaves between the map and the output beside it.
        longer[1] += scale.spacing.gap + stretch
    pieces = _spread(drawn, row, plan, scale.spacing, longer, is_flat=is_flat)
    last = pieces[row.exit]
    leave = last.way_out(-1 if row.strand.side == "left" else last.leave)
    if turns:
        leave = last.hull.right + scale.spacing.gap + stretch
    top = max(-piece.hull.y for piece in pieces) + distances.LABEL_ROOM
    arcs = _arcs(row.arcs, pieces, plan, -top, -max(top, beside))
    above = max((-arc.top for arc in arcs), default=top)
    below = max(piece.under for piece in pieces)
    enter = pieces[0].way_in(min(plan.ports[row.items[0].id].enters_below or 0, len(pieces[0].frames) - 1))
    return MapStrip(pieces, arcs, (above, below), (enter,) * 2, (leave,) * 2)


def _spread(
    drawn: list[Piece], row: Row, plan: UPlan, spacing: Spacing, longer: list[float], *, is_flat: bool
) -> tuple[Piece, ...]:
    """Set pieces side by side: far enough apart for an arrow, and for the labels above and below."""
    pieces, spans_of = [drawn[0]], partial(_spans, plan, is_flat=is_flat)
    taken = spans_of(drawn[0])
    for step, piece, stretch in zip(row.steps, drawn[1:], longer[1:], strict=True):
        # Between short boxes a letter stands as high as the channels beside it.
        letter = distances.LETTER_ROOM if step in plan.tags else 0
        is_low = letter and min(pieces[-1].hull.height, piece.hull.height) < LOW_BOX
        # A letter before the first sign of an arrow moves the signs by half of what it takes.
        before_signs = (2 if is_low else 1) * letter if step.badges else 0
        gap = spacing.flow if step.kind == "flow" else spacing.gap
        along = room_against(step, gap + before_signs) if stands_against(step, pieces[-1], piece, spacing) else 0
        arrow = max(gap, along or room_along(step, spacing.signs) + before_signs)
        spans = spans_of(piece)
        apart = spacing.labels + (letter if is_low else 0)
        labels = (right + apart - left for (_, right), (left, _) in zip(taken, spans, strict=True))
        x = math.ceil(max(pieces[-1].hull.right + arrow - piece.hull.x, *labels) + stretch)
        pieces.append(piece.moved(x, 0))
        taken = [(0, max(before, right + x)) for (_, before), (_, right) in zip(taken, spans, strict=True)]
    return tuple(pieces)


def _spans(plan: UPlan, piece: Piece, *, is_flat: bool) -> list[Span]:
    """Give what an item takes above and below: nothing below where all boxes end alike and nothing else is there."""
    ports = plan.ports[piece.item.id]
    is_fused = any(link.target == piece.item.id for link in plan.u.fusions)
    is_touched = is_fused or ports.leaves_below or ports.enters_below is not None
    is_free = is_flat and not is_touched and all(label.y < piece.front.cy for label in piece.labels)
    return [piece.span(True), (math.inf, -math.inf) if is_free else piece.span(False)]


def stands_against(step: Link, before: Piece, after: Piece, spacing: Spacing) -> bool:
    """Say whether signs on a step stand in lines, and the last one against the map behind it, as high as they are."""
    if spacing.compact < 2 or not step.badges or not isinstance(after.item, Map):
        return False
    highest = max(pill_height(len(stacked(badge.text))) for badge in step.badges)
    return highest <= min(before.hull.height, after.hull.height)


# --- arcs -------------------------------------------------------------------------------------------------------------


def _arcs(
    links: tuple[Link, ...], pieces: tuple[Piece, ...], plan: UPlan, ceiling: float, highest: float
) -> tuple[Arc, ...]:
    """Draw the arcs of a row over `ceiling`, the y above its labels; a wide arc goes over a narrow one.

    Those that come from the row beside it go over `highest`, the y above the labels and arcs of both.
    """
    bridges = {*plan.u.bridges}
    places = {piece.item.id: piece for piece in pieces}
    ends = {link: _ends(link, places, links) for link in links}
    stems = tuple(x for points in ends.values() for x, _ in points)
    arcs: list[Arc] = []
    for link, (start, end) in sorted(ends.items(), key=lambda ends: ends[1][1][0] - ends[1][0][0]):
        under = [arc.top for arc in arcs if arc.points[0][0] < end[0] and start[0] < arc.points[-1][0]]
        y = min(*under, highest if link in bridges else ceiling, ceiling) - distances.ARC_TO_ARC / 2
        arcs.append(_arc(link, start, end, y, plan.tags.get(link, ""), stems))
        if link in bridges:
            arcs[-1] = replace(arcs[-1], top=y - distances.LABEL_ROOM)
    return tuple(arcs)


def _ends(link: Link, pieces: Mapping[str, Piece], links: tuple[Link, ...]) -> tuple[Point, Point]:
    first, target = next(iter(pieces.values())), pieces[link.target]
    part = min(link.part, len(target.frames) - 1)
    end = (target.column(part), target.hull.y)
    if link.kind == "skip" and link.source in pieces:
        return (pieces[link.source].column(link.leaves), pieces[link.source].hull.y), end
    if link.kind == "skip":
        # It comes along the middle line and goes over the row.
        return (min(first.span(above)[0] for above in ABOVE_AND_BELOW) - distances.SKIP_TO_ROW, first.frames[0].cy), end
    if link.source not in pieces:
        return (_drop(first, links), first.hull.y), end
    source = pieces[link.source]
    return (source.stems[link.leaves][1], source.hull.y), end


def _drop(first: Piece, links: tuple[Link, ...]) -> float:
    """Give the x at which links from the row above come down: beside the arrow to the first piece.

    An arc of that piece rises there, too, if its first part has one: then they come down between the two.
    """
    part, stem = first.stems[0]
    rises = any(link.source == first.item.id and first.stems[link.leaves][0] == part for link in links)
    return (first.column(part) + stem) / 2 if rises else stem


def _arc(link: Link, start: Point, end: Point, y: float, tag: str, stems: tuple[float, ...]) -> Arc:
    points = (start, (start[0], y), (end[0], y), end)
    if not tag:
        return Arc(link, points, (), y - distances.ARC_TO_ARC / 2)
    # In the middle, or where no other arc rises or falls.
    places = [start[0] + share * (end[0] - start[0]) for share in LETTER_PLACES]
    x = max(places, key=lambda place: min(LETTER_FONT, *(abs(place - stem) for stem in stems)))
    letter = draw_letter(tag, x, y - distances.ARC_LETTER_ROOM / 2, link.kind)
    return Arc(link, points, (letter,), y - distances.ARC_LETTER_ROOM)
