"""Rows of a U -> places: which x every piece has and on which y every level lies.

# NOTE: [A true U]
The first map of a lower row stands under the last map of the row above, and the map that an up arrow enters stands
over the last map of the row below: so arrows between levels are vertical and skips are horizontal. The bottom row is
stretched until every skip is long enough for what is written on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from unetgen.drawing.kit.distances import (
    OUTPUTS_TO_ARROW,
    SHORTEST_SKIP,
    SIGNAL_ROOM,
    SIGNAL_TO_SIGNAL,
    SKIP_ENDS,
    Spacing,
)
from unetgen.drawing.kit.layouts import lacking, stack, to_upright
from unetgen.drawing.kit.signs import room_along, room_down
from unetgen.drawing.kit.sizes import Scale
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.sketch import bounds
from unetgen.drawing.model.text import text_width
from unetgen.drawing.rows.pieces import Piece
from unetgen.drawing.rows.strips import Arc, MapStrip, draw_strip, scale_of
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
        return bounds(piece.hull for piece in self.pieces.values()).width

    def ends(self, link: Link) -> tuple[Piece, Piece, int]:
        """Give what a link leads from, what it leads to, and to which part of that."""
        target = self.pieces[link.target]
        return self.pieces[link.source], target, min(link.part, len(target.frames) - 1)


def place(plan: UPlan, spacing: Spacing) -> UPlaces:
    """Give every item a place, see [A true U]."""
    u, scale = plan.u, scale_of(plan, spacing)
    rows = _in_line(draw_strip(row, plan, scale) for row in (*u.left, u.bottom, *reversed(u.right)))
    missing = lacking(zip(rows, (_needed(skip, plan) for skip in u.skips), reversed(rows), strict=False))
    if missing > 0:
        stretch = math.ceil(missing / max(1, u.bottom.exit))
        longer = draw_strip(u.bottom, plan, scale, stretch=stretch)
        rows = _in_line((*rows[: u.depth], longer, *rows[u.depth + 1 :]))
    if u.fusions:
        top = draw_strip(u.right[0], plan, scale, push=_push(u, rows))
        rows = _in_line((*rows[:-1], top))
    ys = _levels(u, rows, spacing)
    placed = [row.moved(0, y) for row, y in zip(rows, (*ys, *reversed(ys[:-1])), strict=True)]
    placed[u.depth + 1 :] = reversed(placed[u.depth + 1 :])
    pieces = {piece.item.id: piece for row in placed for piece in row.pieces}
    return UPlaces(pieces, tuple(arc.hung(pieces) for row in placed for arc in row.arcs), scale)


def _in_line(rows: Iterable[MapStrip]) -> list[MapStrip]:
    """Set rows, down and up, so that all arrows between levels are vertical."""
    return [*accumulate(rows, lambda before, row: row.moved(to_upright(row, before), 0))]


def _needed(skip: Link | None, plan: UPlan) -> float:
    if skip is None:
        return SHORTEST_SKIP
    words = max(text_width(words, SKIP_FONT) for words in plan.words(skip))
    return max(SHORTEST_SKIP, words + SKIP_ENDS + room_along(skip))


def _push(u: U, rows: list[MapStrip]) -> dict[str, float]:
    """Say by how much the meeting of all outputs must move to stand beyond the outputs of lower levels."""
    meeting = u.fusions[0].target
    place = next(piece.hull.x for piece in rows[-1].pieces if piece.item.id == meeting)
    reach = max(row.reach[1] for row in rows[u.depth : -1])
    return {meeting: max(0, math.ceil(reach + OUTPUTS_TO_ARROW - place))}


def skip_room(length: float) -> float:
    """Give how wide the words on a skip of some length may be."""
    return length - SKIP_ENDS


def _levels(u: U, rows: list[MapStrip], spacing: Spacing) -> list[float]:
    """Give the y of every level's middle line."""
    signs = (max(room_down(down), room_down(up)) for down, up in zip(u.downs, u.ups, strict=True))
    rooms = (spacing.level + room + signal_room(skip) for room, skip in zip(signs, u.skips, strict=True))
    facing = zip(rows[: u.depth + 1], reversed(rows), strict=False)
    return stack([(left.upright, right.upright) for left, right in facing], rooms)


def signal_room(skip: Link | None) -> float:
    """Give what the lines of gating signals to a skip take between two levels."""
    lanes = len(lanes_of(skip))
    return SIGNAL_ROOM + SIGNAL_TO_SIGNAL * (lanes - 1) if lanes else 0


def lanes_of(skip: Link | None) -> tuple[str, ...]:
    """Give a lane to each thing that signs on a skip listen to: the upper one to the sign at its end, so none cross."""
    badges = reversed(skip.badges) if skip is not None else ()
    return tuple(dict.fromkeys(signal.heard for badge in badges for signal in badge.signals))
