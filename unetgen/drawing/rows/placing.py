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

from unetgen.drawing.kit.pills import room_along, room_down
from unetgen.drawing.kit.sizes import Scale, Spacing
from unetgen.drawing.model.figure import Link, Meeting
from unetgen.drawing.model.text import text_width
from unetgen.drawing.rows.arcs import Arc
from unetgen.drawing.rows.lines import Line, draw_line, scale_of
from unetgen.drawing.rows.pieces import Piece
from unetgen.drawing.rows.plan import Plan
from unetgen.drawing.rows.rows import U

SKIP_FONT: Final = 8
SHORTEST_SKIP: Final = 36
BEYOND: Final = 14
"""From the outputs of lower levels to the arrows that lead up from them."""
SIGNAL_ROOM: Final = 14
"""What the line of a gating signal takes between two levels."""
LANE: Final = 7
"""From one such line to the next."""
SKIP_ENDS: Final = 13
"""What a skip needs besides its words: its head, and some line before them."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where everything is: pieces by the id of their item, the arcs over the rows, and the scale of the boxes."""

    pieces: Mapping[str, Piece]
    arcs: tuple[Arc, ...]
    scale: Scale

    @property
    def width(self) -> float:
        """How far it is from the first box to the last."""
        hulls = [piece.hull for piece in self.pieces.values()]
        return max(hull.right for hull in hulls) - min(hull.x for hull in hulls)


def place(plan: Plan, spacing: Spacing) -> Placed:
    """Give every item a place, see [A true U]."""
    u, scale = plan.u, scale_of(plan, spacing)
    left = [draw_line(row, plan, scale) for row in u.left]
    right = [draw_line(row, plan, scale) for row in u.right]
    bottom = draw_line(u.bottom, plan, scale)
    missing = _missing(u, left, bottom, right)
    if missing > 0:
        bottom = draw_line(u.bottom, plan, scale, stretch=math.ceil(missing / max(1, u.bottom.exit)))
    xs = _columns(u, left, bottom, right)
    right[0] = draw_line(u.right[0], plan, scale, push=_push(u, right, bottom, xs))
    ys = _levels(u, left, bottom, right, spacing)
    lines = ((*left, bottom, *right), (*xs[0], xs[1], *xs[2]), (*ys, *ys[:-1]))
    placed = [line.moved(x, y) for line, x, y in zip(*lines, strict=True)]
    pieces = {piece.item.id: piece for line in placed for piece in line.pieces}
    return Placed(pieces, tuple(arc.hung(pieces) for line in placed for arc in line.arcs), scale)


def _columns(u: U, left: list[Line], bottom: Line, right: list[Line]) -> tuple[list[float], float, list[float]]:
    """Give the x at which each row starts, so that arrows between levels are vertical."""
    lefts = [0.0]
    for upper, lower in pairwise((*left, bottom)):
        lefts.append(lefts[-1] + upper.exit - lower.pieces[0].column(0))
    bottom_x = lefts.pop()
    rights: list[float] = []
    x, lower = bottom_x, bottom
    for level in reversed(range(u.depth)):
        entered = right[level].pieces[0].column(_column_number(u, level))
        x += lower.exit - entered
        lower = right[level]
        rights.insert(0, x)
    return lefts, bottom_x, rights


def _column_number(u: U, level: int) -> int:
    """Give the part of the first item of a right row over which the up arrow stands."""
    return 0 if isinstance(u.right[level].items[0], Meeting) else u.ups[level].part


def _missing(u: U, left: list[Line], bottom: Line, right: list[Line]) -> float:
    """Give by how much the bottom must grow so that left and right keep apart at every level."""
    lefts, _, rights = _columns(u, left, bottom, right)
    return max(
        lefts[level] + left[level].reach[1] + _needed(u.skips[level]) - rights[level] - right[level].reach[0]
        for level in range(u.depth)
    )


def _needed(skip: Link | None) -> float:
    if skip is None:
        return SHORTEST_SKIP
    words = max(text_width(words, SKIP_FONT) for words in skip.words)
    return max(SHORTEST_SKIP, words + SKIP_ENDS + room_along(skip))


def _push(u: U, right: list[Line], bottom: Line, xs: tuple[list[float], float, list[float]]) -> dict[str, float]:
    """Say by how much the meeting of all outputs must move to stand beyond the outputs of lower levels."""
    if not u.fusions:
        return {}
    meeting = u.fusions[0].target
    place = next(piece.hull.x for piece in right[0].pieces if piece.item.id == meeting) + xs[2][0]
    reach = max(x + line.reach[1] for x, line in zip((*xs[2][1:], xs[1]), (*right[1:], bottom), strict=True))
    return {meeting: max(0, math.ceil(reach + BEYOND - place))}


def skip_room(length: float) -> float:
    """Give how wide the words on a skip of some length may be."""
    return length - SKIP_ENDS


def _levels(u: U, left: list[Line], bottom: Line, right: list[Line], spacing: Spacing) -> list[float]:
    """Give the y of every level's middle line."""
    rows = [*zip(left, right, strict=True), (bottom, bottom)]
    ys = [0.0]
    for level, (upper, lower) in enumerate(pairwise(rows)):
        signs = max(room_down(u.downs[level]), room_down(u.ups[level]))
        room = spacing.level + signs + signal_room(u.skips[level])
        needed = max(above.below + room + below.above for above, below in zip(upper, lower, strict=True))
        ys.append(ys[-1] + math.ceil(needed))
    return ys


def signal_room(skip: Link | None) -> float:
    """Give what the lines of gating signals to a skip take between two levels."""
    lanes = len(lanes_of(skip))
    return SIGNAL_ROOM + LANE * (lanes - 1) if lanes else 0


def lanes_of(skip: Link | None) -> tuple[str, ...]:
    """Give a lane to each thing that signs on a skip listen to: the upper one to the sign at its end, so none cross."""
    badges = reversed(skip.badges) if skip is not None else ()
    return tuple(dict.fromkeys(signal.heard for badge in badges for signal in badge.signals))


def hears(skip: Link | None) -> bool:
    """Say whether something on a skip listens to the way up."""
    return skip is not None and any(badge.signals for badge in skip.badges)
