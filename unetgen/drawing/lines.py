"""A row as a line of pieces: set side by side around a middle line of their own, with the arcs over them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from unetgen.drawing.arcs import Arc, plan_arcs
from unetgen.drawing.measures import CROWDED, NARROWEST, Scale, Spacing
from unetgen.drawing.pieces import LABEL_ZONE, Piece, draw_piece
from unetgen.drawing.plan import Plan
from unetgen.drawing.rows import Row

__all__ = ["Line", "draw_line", "scale_of"]

SIDES: Final = (True, False)
"""Above the boxes and below them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row in points: its pieces from x = 0 and around y = 0, and its arcs.

    Args:
        above: How far it reaches up, labels and arcs included.
        below: How far it reaches down.
        exit: The x at which an arrow leads up from it.
    """

    pieces: tuple[Piece, ...]
    arcs: tuple[Arc, ...]
    above: float
    below: float
    exit: float

    @property
    def reach(self) -> tuple[float, float]:
        """How far the row goes to the left and right, labels included."""
        spans = [piece.span(above) for piece in self.pieces for above in (True, False)]
        return min(left for left, _ in spans), max(right for _, right in spans)

    def moved(self, dx: float, dy: float) -> Line:
        """Give the line at another place."""
        pieces = tuple(piece.moved(dx, dy) for piece in self.pieces)
        return Line(pieces, tuple(arc.moved(dx, dy) for arc in self.arcs), self.above, self.below, self.exit + dx)


def scale_of(plan: Plan, spacing: Spacing) -> Scale:
    """Choose how maps become boxes: the largest is as tall as a box may be, and crowded boxes are wide enough."""
    items = [item for row in plan.u.rows for item in row.items]
    largest = max((item.shape.size for item in items), key=math.prod)
    natural = Scale(spacing, largest)
    crowded = (item for item in items if plan.ports[item.id].is_crowded)
    is_narrow = any(natural.width(item.shape.channels) < CROWDED for item in crowded)
    return Scale(spacing, largest, CROWDED if is_narrow else NARROWEST)


def draw_line(row: Row, plan: Plan, scale: Scale, *, stretch: int = 0) -> Line:
    """Draw a row from x = 0 and around y = 0; `stretch` makes every arrow in it longer."""
    drawn = [draw_piece(item, plan.ports[item.id], scale) for item in row.items]
    pieces = _spread(drawn, row, scale.spacing, stretch)
    top = max(-piece.hull.y for piece in pieces) + LABEL_ZONE
    arcs = plan_arcs(row.arcs, pieces, plan.tags, -top)
    above = max((-arc.top for arc in arcs), default=top)
    below = max(piece.hull.bottom for piece in pieces) + LABEL_ZONE
    last = pieces[-1]
    turns = row == plan.u.bottom and plan.u.turns_at_one
    leaves = last.hull.right + scale.spacing.gap + stretch if turns else last.column(-1)
    return Line(pieces, arcs, above, below, leaves)


def _spread(drawn: list[Piece], row: Row, spacing: Spacing, stretch: int) -> tuple[Piece, ...]:
    """Set pieces side by side: far enough apart for an arrow, and for the labels above and below."""
    pieces = [drawn[0]]
    taken = [drawn[0].span(above) for above in SIDES]
    for step, piece in zip(row.steps, drawn[1:], strict=True):
        arrow = spacing.flow if step.kind == "flow" else spacing.gap
        spans = [piece.span(above) for above in SIDES]
        labels = (right + spacing.labels - left for (_, right), (left, _) in zip(taken, spans, strict=True))
        x = math.ceil(max(pieces[-1].hull.right + arrow + stretch - piece.hull.x, *labels))
        pieces.append(piece.moved(x, 0))
        taken = [(0, max(before, right + x)) for (_, before), (_, right) in zip(taken, spans, strict=True)]
    return tuple(pieces)
