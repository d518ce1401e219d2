"""Rows of maps in points: every item with its labels and ports, set side by side as a strip, and the arcs over it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from unetgen.drawing.kit import distances
from unetgen.drawing.kit.distances import Spacing
from unetgen.drawing.kit.layouts import Span
from unetgen.drawing.kit.signs import LETTER_FONT, draw_letter, pill_height, room_against, room_along, stacked
from unetgen.drawing.kit.sizes import LOWEST_BOX, LOWEST_WITH_SIGN, NARROWEST_BOX, SLAB, SPARED, Scale
from unetgen.drawing.model.figure import Item, Link, Map
from unetgen.drawing.model.shapes import Anchor, Point, Rect, TextLabel
from unetgen.drawing.read.shape_words import ShapeWords
from unetgen.drawing.rows.u import Ports, Row, UPlan

CHANNELS_FONT: Final = 9
SIZES_FONT: Final = 8
JOIN_RADIUS: Final = 6
CAPTION_LINE: Final = 10
SIZE_LINE: Final = 10
"""From one line of a size to the next, where every axis has its own."""
ABOVE_AND_BELOW: Final = (True, False)
"""Above boxes and below them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """An item with geometry: the front faces of its parts, how deep they are, its labels, where arcs leave each part.

    A stem is the number of a part and an x. `leave` is the part over which an arrow leads up: the last one, unless an
    arc comes down there. Arrows between levels enter the piece `lean` points left of the middle of a part, and leave it
    as far to the right: so rows of one map each stand a step inwards, too.
    """

    item: Item
    frames: tuple[Rect, ...]
    depth: float
    labels: tuple[TextLabel, ...]
    stems: tuple[tuple[int, float], ...]
    leave: int = -1
    lean: float = 0

    @property
    def front(self) -> Rect:
        """The front faces of all parts."""
        first = self.frames[0]
        return Rect(first.x, first.y, self.frames[-1].right - first.x, first.height)

    @property
    def hull(self) -> Rect:
        return self.front.raised(self.depth)

    @property
    def under(self) -> float:
        """The y under what is written under it, of one line at least."""
        labels = (label.hull.bottom for label in self.labels)
        return max((self.hull.bottom + distances.LABEL_ROOM, *labels))

    def part_id(self, part: int) -> str:
        """Name one of its boxes."""
        return self.item.id if len(self.frames) == 1 else f"{self.item.id} {part % len(self.frames)}"

    def column(self, part: int) -> float:
        """Give the x at which a vertical arrow meets a part."""
        return self.frames[part].cx

    def way_in(self, part: int) -> float:
        """Give the x at which an arrow from another level enters a part."""
        return self.column(part) - self.lean

    def way_out(self, part: int) -> float:
        """Give the x at which an arrow to another level leaves a part."""
        return self.column(part) + self.lean

    def span(self, above: bool) -> tuple[float, float]:
        """Give how far the labels on one side reach to the left and right; the bare item where there are none."""
        middle, left, right = self.frames[0].cy, self.frames[0].x, self.frames[-1].right + self.depth
        for label in self.labels:
            if (label.y < middle) == above:
                room = label.hull
                left, right = min(left, room.x), max(right, room.right)
        return left, right

    def moved(self, dx: float, dy: float) -> Piece:
        """Give the piece at another place."""
        labels = tuple(label.moved(dx, dy) for label in self.labels)
        frames = tuple(frame.moved(dx, dy) for frame in self.frames)
        stems = tuple((part, x + dx) for part, x in self.stems)
        return Piece(self.item, frames, self.depth, labels, stems, self.leave, self.lean)


def draw_piece(item: Item, ports: Ports, scale: Scale, words: ShapeWords) -> Piece:
    """Draw an item with what arrows leave of the room around it."""
    if not isinstance(item, Map):
        return Piece(item, (Rect(0, -JOIN_RADIUS, 2 * JOIN_RADIUS, 2 * JOIN_RADIUS),), 0, (), ((0, JOIN_RADIUS),))
    frames = _frames(item, scale)
    depth = min(scale.depth(item.shape.channels, item.shape.size), frames[0].width / 2)
    stems = tuple(_stem(number, item, frames, ports) for number in range(len(frames)))
    leave = max((part for part in range(len(frames)) if part not in ports.arc_ends), default=-1)
    bare = Piece(item, frames, depth, (), stems, leave, _lean(ports, frames, depth, leave))
    sizes = tuple(_size(bare, ports, words, stacks=scale.spacing.compact > 0))
    font = CHANNELS_FONT if scale.spacing.compact < 2 else SIZES_FONT
    labels = (
        _channels(bare, ports, words.channel(item.shape.channels), font),
        *sizes,
        *_caption(item.caption, bare, ports, len(sizes)),
    )
    return replace(bare, labels=labels)


def _lean(ports: Ports, frames: tuple[Rect, ...], depth: float, leave: int) -> float:
    """Give how far from the middle arrows enter and leave a map that is all of its row; 0 for others."""
    if ports.bridges == 0:
        return frames[0].width / 2 - distances.CORNER_TO_STEP
    entered = 0 if ports.enters_above else ports.enters_below
    if not ports.is_lone or (entered is not None and entered % len(frames) != leave % len(frames)):
        return 0
    # Where shortcuts leave to the row below, beside the arrow, they need what is right of it.
    return 1 if ports.drops else max(1, frames[leave].width / 2 - max(distances.CORNER_TO_STEP, depth))


def _frames(item: Map, scale: Scale) -> tuple[Rect, ...]:
    height, frames, x = scale.height(item.shape.size), list[Rect](), 0.0
    for part in item.parts:
        width = SLAB if part.text else scale.width(part.shape.channels, part.shape.size)
        frames.append(Rect(x, -height / 2, width, height))
        x += width
    return tuple(frames)


def _stem(part: int, item: Map, frames: tuple[Rect, ...], ports: Ports) -> tuple[int, float]:
    """Give where a shortcut leaves the top of what a part ends: over a part of it, beside an arrow that ends there."""
    stacked = range(part, -1, -1) if not item.parts[part].text else (part,)
    here = next((number for number in stacked if number not in ports.arc_ends), part)
    frame = frames[here]
    is_taken = here in ports.arc_ends or here == ports.bridges or (ports.enters_above and not here)
    return here, frame.cx + max(4, frame.width // 4) if is_taken else frame.cx


def _channels(piece: Piece, ports: Ports, text: str, font: float) -> TextLabel:
    hull = piece.hull
    y = hull.y - distances.LABEL_ROOM / 2 - 0.5
    strokes = [piece.column(part) for part in ports.arc_ends]
    if ports.arc_ends == (0,) and len(piece.frames) > 1 and not (ports.leaves_above or ports.arcs):
        # Nothing but what comes down on the first half is over the map, and that comes from the left.
        return TextLabel(text, strokes[0] + distances.LABEL_TO_ARROW, y, font, "start")
    strokes += [piece.way_in(0)] if ports.enters_above else []
    strokes += [piece.stems[part][1] for part in ports.arcs]
    strokes += [piece.column(ports.bridges)] if ports.bridges is not None else []
    strokes += [piece.column(piece.leave)] if ports.leaves_above and strokes else []
    if strokes:
        return TextLabel(text, min(strokes) - distances.LABEL_TO_ARROW, y, font, "end")
    if ports.leaves_above:
        return TextLabel(text, piece.way_out(-1) + distances.LABEL_TO_ARROW, y, font, "start")
    return TextLabel(text, hull.cx, y, font)


def _caption(lines: tuple[str, ...], piece: Piece, ports: Ports, sizes: int) -> Iterator[TextLabel]:
    """Write what an output is to the right of it; below it, and below `sizes` lines, where something follows."""
    front = piece.front
    for line, words in enumerate(lines):
        if ports.is_last:
            y = (line - (len(lines) - 1) / 2) * CAPTION_LINE
            yield TextLabel(words, front.right + distances.CAPTION_TO_BOX, y, SIZES_FONT, "start", "muted")
        else:
            above = distances.LABEL_ROOM + (sizes - 1) * SIZE_LINE if sizes else 0
            y = front.bottom + distances.LABEL_ROOM / 2 + above + line * CAPTION_LINE
            yield TextLabel(words, front.cx, y, SIZES_FONT, "middle", "muted")


def _size(piece: Piece, ports: Ports, said: ShapeWords, *, stacks: bool) -> Iterator[TextLabel]:
    if ports.shows_size:
        x, anchor = _beside_arrows(piece, ports)
        y, text = piece.front.bottom + distances.LABEL_ROOM / 2, said.size(piece.item.shape.size)
        for line, words in enumerate(text.replace("×", "× ").split() if stacks else (text,)):
            yield TextLabel(words, x, y + line * SIZE_LINE, SIZES_FONT, anchor, "muted")


def _beside_arrows(piece: Piece, ports: Ports) -> tuple[float, Anchor]:
    """Give where a label under a map is clear of the arrow there."""
    if ports.leaves_below:
        return piece.way_out(-1) - distances.LABEL_TO_ARROW, "end"
    if ports.enters_below is None:
        return piece.front.cx, "middle"
    if len(piece.frames) > 1 and ports.enters_below == 0:
        return piece.way_in(0) + distances.LABEL_TO_ARROW, "start"
    return piece.way_in(ports.enters_below) - distances.LABEL_TO_ARROW, "end"


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
    if spacing.wider and not bars:
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
    drawn = [draw_piece(item, plan.ports[item.id], scale, plan.shape_words) for item in row.items]
    longer = [(stretch if number <= row.exit else 0) + push.get(item.id, 0) for number, item in enumerate(row.items)]
    turns = row == plan.u.bottom and plan.u.turns_at_one
    if turns and len(row.items) > 1:
        # The way up leaves between the map and the output beside it.
        longer[1] += scale.spacing.gap + stretch
    pieces = _spread(drawn, row, plan, scale.spacing, longer)
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


def _spread(drawn: list[Piece], row: Row, plan: UPlan, spacing: Spacing, longer: list[float]) -> tuple[Piece, ...]:
    """Set pieces side by side: far enough apart for an arrow, and for the labels above and below."""
    pieces = [drawn[0]]
    taken = [drawn[0].span(above) for above in ABOVE_AND_BELOW]
    for step, piece, stretch in zip(row.steps, drawn[1:], longer[1:], strict=True):
        # Between short boxes a letter stands as high as the channels beside it.
        letter = distances.LETTER_ROOM if step in plan.tags else 0
        is_low = letter and min(pieces[-1].hull.height, piece.hull.height) < LOW_BOX
        # A letter before the first sign of an arrow moves the signs by half of what it takes.
        before_signs = (2 if is_low else 1) * letter if step.badges else 0
        gap = spacing.flow if step.kind == "flow" else spacing.gap
        along = room_against(step, gap + before_signs) if stands_against(step, pieces[-1], piece, spacing) else 0
        arrow = max(gap, along or room_along(step, spacing.signs) + before_signs)
        spans = [piece.span(above) for above in ABOVE_AND_BELOW]
        apart = spacing.labels + (letter if is_low else 0)
        labels = (right + apart - left for (_, right), (left, _) in zip(taken, spans, strict=True))
        x = math.ceil(max(pieces[-1].hull.right + arrow - piece.hull.x, *labels) + stretch)
        pieces.append(piece.moved(x, 0))
        taken = [(0, max(before, right + x)) for (_, before), (_, right) in zip(taken, spans, strict=True)]
    return tuple(pieces)


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
