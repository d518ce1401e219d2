"""Rows of a U -> places: which x every piece has and on which y every level lies.

# NOTE: [A true U]
The first map of a lower row stands under the last map of the row above, and the map that an up arrow enters stands
over the last map of the row below: so arrows between levels are vertical and skips are horizontal. The bottom row is
stretched until every skip is long enough for what is written on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Final

from unetgen.drawing.kit import distances
from unetgen.drawing.kit.distances import Spacing
from unetgen.drawing.kit.layouts import Span, lacking, stack, to_upright
from unetgen.drawing.kit.signs import room_along, room_down
from unetgen.drawing.kit.sizes import Scale
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.picture import LegendEntry, bounds
from unetgen.drawing.model.shapes import Anchor, Rect, TextLabel
from unetgen.drawing.model.text import halved, text_width
from unetgen.drawing.read.words import THINGS
from unetgen.drawing.rows.pieces import Piece
from unetgen.drawing.rows.strips import Arc, MapStrip, draw_strip, scale_of
from unetgen.drawing.rows.u import UPlan, URows, entries_of

SKIP_FONT: Final = 8
LONGEST_WORDS: Final = 34
"""What words on a skip take where words have given way; longer ones stand where there is room, and in the legend."""
BESIDE_LINE: Final = 9
"""From one line beside an arrow between levels to the next."""
END_FONT: Final = 9
END_LINE: Final = 11


@dataclass(frozen=True, slots=True)
class UPlaces:
    """Where everything is: pieces by the id of their item, the arcs over the rows, and the scale of the boxes.

    `words` are those at the first and the last map, by their ids, `beside` those beside arrows between levels, and
    `room` is that of all maps with the arcs and with what is written at them.
    """

    pieces: Mapping[str, Piece]
    arcs: tuple[Arc, ...]
    scale: Scale
    words: Mapping[str, tuple[TextLabel, ...]]
    room: Rect
    beside: tuple[TextLabel, ...] = ()

    @property
    def width(self) -> float:
        return self.room.width

    @property
    def height(self) -> float:
        return self.room.height

    def under(self, piece: Piece) -> float:
        """Give the y under all that is written under a map."""
        words = (word.hull.bottom for word in self.words.get(piece.item.id, ()) if word.y > piece.front.bottom)
        return max((piece.under, *words))

    def under_row(self, piece: Piece) -> float:
        """Give the y under all that is written under the row of a map."""
        return max(self.under(other) for other in self.pieces.values() if other.item.strand == piece.item.strand)

    def ends(self, link: Link) -> tuple[Piece, Piece, int]:
        """Give what a link leads from, what it leads to, and to which part of that."""
        target = self.pieces[link.target]
        return self.pieces[link.source], target, min(link.part, len(target.frames) - 1)


@dataclass(frozen=True, slots=True)
class Placing:
    """A U, and its places by every spacing that was tried; `folded` stages are signs so that it is slim enough."""

    plan: UPlan
    folded: int = 0
    _found: dict[Spacing, UPlaces] = field(default_factory=dict, compare=False, repr=False)

    def at(self, spacing: Spacing) -> UPlaces:
        """Give every item a place."""
        if spacing not in self._found:
            self._found[spacing] = place(self.plan, spacing)
        return self._found[spacing]

    @property
    def entries(self) -> Iterator[LegendEntry]:
        """List what a legend explains, with samples of no size."""
        return entries_of(self.plan, 0, bars=False)

    def with_folded(self, folded: int) -> Placing:
        """Give the same with another number of folded stages."""
        return replace(self, folded=folded)


@dataclass(frozen=True, slots=True)
class _Shifted:
    """A row that is to stand further to the right: nothing of it moves before all is known."""

    row: MapStrip
    dx: float = 0

    @property
    def reach(self) -> Span:
        left, right = self.row.reach
        return left + self.dx, right + self.dx

    @property
    def way_in(self) -> Span:
        return (self.row.way_in[0] + self.dx,) * 2

    @property
    def way_out(self) -> Span:
        return (self.row.way_out[0] + self.dx,) * 2

    def under(self, above: _Shifted) -> _Shifted:
        """Give it so that the arrow from another row is upright."""
        return _Shifted(self.row, to_upright(self, above))


def place(plan: UPlan, spacing: Spacing) -> UPlaces:
    """Give every item a place, see [A true U]."""
    u, scale = plan.u, scale_of(plan, spacing)
    downs = [draw_strip(row, plan, scale) for row in (*u.left, u.bottom)]
    heights = (down.upright[0] for down in reversed(downs[: u.depth]))
    ups = (draw_strip(row, plan, scale, beside=top) for row, top in zip(reversed(u.right), heights, strict=True))
    rows = _in_line((*downs, *ups))
    missing = lacking(zip(rows, (_needed(skip, plan, spacing) for skip in u.skips), reversed(rows), strict=False))
    if missing > 0:
        stretch = math.ceil(missing / max(1, u.bottom.exit))
        rows = _with(rows, u.depth, draw_strip(u.bottom, plan, scale, stretch=stretch))
    if u.fusions:
        rows = _with(rows, -1, draw_strip(u.right[0], plan, scale, push=_push(u, rows), beside=downs[0].upright[0]))
    ys = _levels(u, [shifted.row for shifted in rows], spacing)
    placed = [one.row.moved(one.dx, y) for one, y in zip(rows, (*ys, *reversed(ys[:-1])), strict=True)]
    placed[u.depth + 1 :] = reversed(placed[u.depth + 1 :])
    pieces = {piece.item.id: piece for row in placed for piece in row.pieces}
    bridges = {*u.bridges}
    arcs = tuple(arc.hung(pieces, bridges) for row in placed for arc in row.arcs)
    words = _end_words(u, pieces, spacing)
    labels = (label for labels in (*words.values(), *(piece.labels for piece in pieces.values())) for label in labels)
    room = bounds(thing.hull for things in (pieces.values(), labels) for thing in things)
    top = min((room.y, *(arc.top for arc in arcs)))
    places = UPlaces(pieces, arcs, scale, words, Rect(room.x, top, room.width, room.bottom - top))
    beside = tuple(label for link in plan.beside for label in _words_beside(link, plan, places))
    return replace(places, beside=beside, room=bounds((places.room, *(label.hull for label in beside))))


def _words_beside(link: Link, plan: UPlan, places: UPlaces) -> Iterator[TextLabel]:
    """Write what an arrow between levels does beside it, in the middle between the labels of the two rows.

    Words stand to the right: within the U at an arrow down, if they leave half of it free. Else they stand outside.
    """
    source, target, part = places.ends(link)
    upper, lower = (source, target) if link.kind == "down" else (target, source)
    arcs = (arc.top for arc in places.arcs if lower.item.id in (arc.link.source, arc.link.target))
    top, bottom = places.under_row(upper), min((lower.hull.y - distances.LABEL_ROOM, *arcs))
    x = source.way_out(-1) if link.kind == "down" else target.way_in(part)
    lines = halved(plan.beside[link]) if bottom - top >= 2 * BESIDE_LINE else (plan.beside[link],)
    widest = distances.LETTER_TO_ARROW + max(text_width(line, SKIP_FONT) for line in lines)
    is_outside = link.kind == "down" and 2 * widest > _facing(link, plan, places) - x
    anchor: Anchor = "end" if is_outside else "start"
    x += -distances.LETTER_TO_ARROW if is_outside else distances.LETTER_TO_ARROW
    for number, line in enumerate(lines):
        y = (top + bottom) / 2 + (number - (len(lines) - 1) / 2) * BESIDE_LINE
        yield TextLabel(line, x, y, SKIP_FONT, anchor, link.kind)


def _facing(down: Link, plan: UPlan, places: UPlaces) -> float:
    """Give the x of the arrow up between the two levels of an arrow down."""
    up = plan.u.ups[plan.u.downs.index(down)]
    _, target, part = places.ends(up)
    return target.way_in(part)


def _in_line(rows: Iterable[MapStrip]) -> list[_Shifted]:
    """Set rows, down and up, so that all arrows between levels are vertical."""
    return [*accumulate(map(_Shifted, rows), lambda before, row: row.under(before))]


def _with(rows: list[_Shifted], number: int, other: MapStrip) -> list[_Shifted]:
    """Give rows in line with one of them in place of another."""
    strips = [shifted.row for shifted in rows]
    strips[number] = other
    return _in_line(strips)


def _needed(skip: Link | None, plan: UPlan, spacing: Spacing) -> float:
    if skip is None:
        return spacing.shortest_skip
    lines = plan.words(skip, spacing.compact)
    words = max(text_width(words, SKIP_FONT) for words in lines) + distances.SKIP_ENDS if lines else 0
    if spacing.compact > 1:
        words = min(words, LONGEST_WORDS)
    return max(spacing.shortest_skip, words + room_along(skip))


def _end_words(u: URows, pieces: Mapping[str, Piece], spacing: Spacing) -> dict[str, tuple[TextLabel, ...]]:
    """Say what goes in and what comes out, beside the first and the last map; in a word under them if room is short."""
    first, last = pieces[u.left[0].items[0].id], pieces[u.right[0].items[-1].id]
    if spacing.compact:
        row = [pieces[item.id] for item in u.left[0].items]
        return {first.item.id: (_under(first, "input", row),), last.item.id: (_under_last(u, pieces),)}
    thing, left, right = THINGS[len(first.item.shape.size)], first.hull.x, last.hull.right
    given = thing if len(first.item.shape.size) != 2 else "map"
    return {
        first.item.id: _beside(first, ("input", thing), left - distances.END_TO_BOX, "end"),
        last.item.id: _beside(last, ("output", given), right + distances.END_TO_BOX, "start"),
    }


def _beside(piece: Piece, words: tuple[str, ...], x: float, anchor: Anchor) -> tuple[TextLabel, ...]:
    ys = (piece.frames[0].cy + (line - 0.5) * END_LINE for line in range(len(words)))
    return tuple(TextLabel(word, x, y, END_FONT, anchor, bold=True) for word, y in zip(words, ys, strict=True))


def _under(piece: Piece, word: str, row: Iterable[Piece]) -> TextLabel:
    """Write a word under a map and its size, in line with that, and under the sizes in its row that it reaches."""
    size = next((label for label in piece.labels if label.y > piece.front.bottom), None)
    anchor: Anchor = "middle" if size is None else size.anchor
    x = piece.front.cx if size is None else size.x
    label = TextLabel(word, x, piece.under + END_LINE / 2, END_FONT, anchor, bold=True)
    left, right = label.hull.x, label.hull.right
    reached = (other.under for other in row if other.span(False)[0] < right and left < other.span(False)[1])
    return label.moved(0, max((piece.under, *reached)) - piece.under)


def _under_last(u: URows, pieces: Mapping[str, Piece]) -> TextLabel:
    """Write under the last map, clear of the arrow that enters its row from below and of those of other outputs."""
    row, word = u.right[0], "output"
    last, first = pieces[row.items[-1].id], pieces[row.items[0].id]
    label = _under(last, word, [pieces[item.id] for item in row.items])
    if last is first:
        return label
    entered = last.front.x if u.fusions else first.way_in(u.ups[0].part % len(first.frames)) + distances.LABEL_TO_ARROW
    return replace(label, x=max(label.hull.x, entered), anchor="start")


def _push(u: URows, rows: list[_Shifted]) -> dict[str, float]:
    """Say by how much the meeting of all outputs must move to stand beyond the outputs of lower levels."""
    meeting = u.fusions[0].target
    place = rows[-1].dx + next(piece.hull.x for piece in rows[-1].row.pieces if piece.item.id == meeting)
    reach = max(row.reach[1] for row in rows[u.depth : -1])
    return {meeting: max(0, math.ceil(reach + distances.OUTPUTS_TO_ARROW - place))}


def _levels(u: URows, rows: list[MapStrip], spacing: Spacing) -> list[float]:
    """Give the y of every level's middle line."""
    signs = (max(room_down(down), room_down(up)) for down, up in zip(u.downs, u.ups, strict=True))
    rooms = (spacing.level + room + signal_room(skip) for room, skip in zip(signs, u.skips, strict=True))
    facing, bridges = zip(rows[: u.depth + 1], reversed(rows), strict=False), {*u.bridges}
    reaches = [[left.upright, right.upright] for left, right in facing]
    for level in {row.strand.level for row in u.right for arc in row.arcs if arc in bridges}:
        # A skip that goes over one of two rows may go over both.
        top = max(above for above, _ in reaches[level])
        reaches[level] = [(top, below) for _, below in reaches[level]]
    if spacing.compact:
        # What goes in and what comes out stands under the uppermost rows.
        reaches[0] = [(above, below + END_LINE) for above, below in reaches[0]]
    return stack(reaches, rooms)


def signal_room(skip: Link | None) -> float:
    """Give what the lines of gating signals to a skip take between two levels."""
    lanes = len(lanes_of(skip))
    return distances.SIGNAL_ROOM + distances.SIGNAL_TO_SIGNAL * (lanes - 1) if lanes else 0


def lanes_of(skip: Link | None) -> tuple[str, ...]:
    """Give a lane to each thing that signs on a skip listen to: the upper one to the sign at its end, so none cross."""
    badges = reversed(skip.badges) if skip is not None else ()
    return tuple(dict.fromkeys(signal.heard for badge in badges for signal in badge.signals))
