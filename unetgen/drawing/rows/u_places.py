"""Rows of a U -> places: which x every piece has and on which y every level lies.

# NOTE: [A true U]
The first map of a lower row stands under the last map of the row above, and the map that an up arrow enters stands
over the last map of the row below: so arrows between levels are vertical and skips are horizontal. The bottom row is
stretched until every skip is long enough for what is written on it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from unetgen.drawing.kit.distances import (
    OUTPUTS_TO_ARROW,
    SHORTEST_SKIP,
    SIGNAL_ROOM,
    SIGNAL_TO_SIGNAL,
    SKIP_ENDS,
    Spacing,
)
from unetgen.drawing.kit.levels import lacking, stack
from unetgen.drawing.kit.pills import room_along, room_down
from unetgen.drawing.kit.sizes import Scale
from unetgen.drawing.model.figure import Link, Meeting
from unetgen.drawing.model.text import text_width
from unetgen.drawing.rows.arcs import Arc
from unetgen.drawing.rows.lines import Line, draw_line, scale_of
from unetgen.drawing.rows.pieces import Piece
from unetgen.drawing.rows.u import U
from unetgen.drawing.rows.u_plan import UPlan

SKIP_FONT: Final = 8


@dataclass(frozen=True, slots=True)
class UPlaces:
    """Where everything is: pieces by the id of their item, the arcs over the rows, and the scale of the boxes."""

    pieces: Mapping[str, Piece]
    arcs: tuple[Arc, ...]
    scale: Scale

    @property
    def width(self) -> float:
        """How far it is from the first box to the last."""
        hulls = [piece.hull for piece in self.pieces.values()]
        return max(hull.right for hull in hulls) - min(hull.x for hull in hulls)

    def ends(self, link: Link) -> tuple[Piece, Piece, int]:
        """Give what a link leads from, what it leads to, and to which part of that."""
        target = self.pieces[link.target]
        return self.pieces[link.source], target, min(link.part, len(target.frames) - 1)


def place(plan: UPlan, spacing: Spacing) -> UPlaces:
    """Give every item a place, see [A true U]."""
    u, scale = plan.u, scale_of(plan, spacing)
    left = [draw_line(row, plan, scale) for row in u.left]
    right = [draw_line(row, plan, scale) for row in u.right]
    bottom = draw_line(u.bottom, plan, scale)
    missing = _missing(plan, left, bottom, right)
    if missing > 0:
        bottom = draw_line(u.bottom, plan, scale, stretch=math.ceil(missing / max(1, u.bottom.exit)))
    xs = _columns(u, left, bottom, right)
    top, *lower = (
        line.moved(x, 0) for line, x in zip((*right, bottom), (*xs[u.depth + 1 :], xs[u.depth]), strict=True)
    )
    right[0] = draw_line(u.right[0], plan, scale, push=_push(u, top, lower))
    ys = _levels(u, left, bottom, right, spacing)
    lines = zip((*left, bottom, *right), xs, (*ys, *ys[:-1]), strict=True)
    placed = [line.moved(x, y) for line, x, y in lines]
    pieces = {piece.item.id: piece for line in placed for piece in line.pieces}
    return UPlaces(pieces, tuple(arc.hung(pieces) for line in placed for arc in line.arcs), scale)


def _columns(u: U, left: list[Line], bottom: Line, right: list[Line]) -> list[float]:
    """Give the x at which each row starts, left, bottom and right, so that arrows between levels are vertical."""
    xs = [0.0]
    for upper, lower in pairwise((*left, bottom)):
        xs.append(xs[-1] + upper.exit - lower.pieces[0].column(0))
    rights = [xs[-1]]
    for level, (upper, lower) in reversed([*enumerate(pairwise((*right, bottom)))]):
        rights.insert(0, rights[0] + lower.exit - upper.pieces[0].column(_column_number(u, level)))
    return [*xs, *rights[:-1]]


def _column_number(u: U, level: int) -> int:
    """Give the part of the first item of a right row over which the up arrow stands."""
    return 0 if isinstance(u.right[level].items[0], Meeting) else u.ups[level].part


def _missing(plan: UPlan, left: list[Line], bottom: Line, right: list[Line]) -> float:
    """Give by how much the bottom must grow."""
    xs = _columns(plan.u, left, bottom, right)
    lefts, rights = xs[: plan.u.depth], xs[plan.u.depth + 1 :]
    return lacking(
        (x + one.reach[1], _needed(skip, plan), other_x + other.reach[0])
        for one, x, skip, other, other_x in zip(left, lefts, plan.u.skips, right, rights, strict=True)
    )


def _needed(skip: Link | None, plan: UPlan) -> float:
    if skip is None:
        return SHORTEST_SKIP
    words = max(text_width(words, SKIP_FONT) for words in plan.words(skip))
    return max(SHORTEST_SKIP, words + SKIP_ENDS + room_along(skip))


def _push(u: U, top: Line, lower: list[Line]) -> dict[str, float]:
    """Say by how much the meeting of all outputs must move to stand beyond the outputs of lower levels."""
    if not u.fusions:
        return {}
    meeting = u.fusions[0].target
    place = next(piece.hull.x for piece in top.pieces if piece.item.id == meeting)
    reach = max(line.reach[1] for line in lower)
    return {meeting: max(0, math.ceil(reach + OUTPUTS_TO_ARROW - place))}


def skip_room(length: float) -> float:
    """Give how wide the words on a skip of some length may be."""
    return length - SKIP_ENDS


def _levels(u: U, left: list[Line], bottom: Line, right: list[Line], spacing: Spacing) -> list[float]:
    """Give the y of every level's middle line."""
    rows = [*zip(left, right, strict=True), (bottom, bottom)]
    signs = (max(room_down(down), room_down(up)) for down, up in zip(u.downs, u.ups, strict=True))
    rooms = (spacing.level + room + signal_room(skip) for room, skip in zip(signs, u.skips, strict=True))
    return stack([[line.upright for line in pair] for pair in rows], rooms)


def signal_room(skip: Link | None) -> float:
    """Give what the lines of gating signals to a skip take between two levels."""
    lanes = len(lanes_of(skip))
    return SIGNAL_ROOM + SIGNAL_TO_SIGNAL * (lanes - 1) if lanes else 0


def lanes_of(skip: Link | None) -> tuple[str, ...]:
    """Give a lane to each thing that signs on a skip listen to: the upper one to the sign at its end, so none cross."""
    badges = reversed(skip.badges) if skip is not None else ()
    return tuple(dict.fromkeys(signal.heard for badge in badges for signal in badge.signals))
