"""A row as a strip of pieces: set side by side around a middle line of their own, with the arcs over them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from unetgen.drawing.kit.distances import LABEL_ROOM, LETTER_ROOM, Spacing
from unetgen.drawing.kit.layouts import Span
from unetgen.drawing.kit.signs import room_along
from unetgen.drawing.kit.sizes import CROWDED_BOX, NARROWEST_BOX, Scale
from unetgen.drawing.model.figure import Link
from unetgen.drawing.rows.arcs import Arc, plan_arcs
from unetgen.drawing.rows.pieces import SIDES, Piece, draw_piece
from unetgen.drawing.rows.u import Row
from unetgen.drawing.rows.u_plan import UPlan

LOW_BOX: Final = 22
"""A box so high or lower has its channels beside the letters on arrows."""
NO_PUSH: Final[Mapping[str, float]] = {}


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
    arcs = plan_arcs(row.arcs, pieces, plan.tags, -top)
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
