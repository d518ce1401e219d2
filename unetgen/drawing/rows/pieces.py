"""An item of a row in points: its front faces, the labels around it, where arrows touch it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from unetgen.drawing.kit import distances
from unetgen.drawing.kit.sizes import SLAB, Scale
from unetgen.drawing.model.figure import Item, Map
from unetgen.drawing.model.shapes import Anchor, Rect, TextLabel
from unetgen.drawing.read.shape_words import ShapeWords
from unetgen.drawing.rows.u import Ports

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


def draw_piece(item: Item, ports: Ports, scale: Scale, words: ShapeWords, *, stacks: bool) -> Piece:
    """Draw an item with what arrows leave of the room around it; where it `stacks`, sizes have a line for each axis."""
    if not isinstance(item, Map):
        return Piece(item, (Rect(0, -JOIN_RADIUS, 2 * JOIN_RADIUS, 2 * JOIN_RADIUS),), 0, (), ((0, JOIN_RADIUS),))
    frames = _frames(item, scale)
    depth = min(scale.depth(item.shape.channels, item.shape.size), frames[0].width / 2)
    stems = tuple(_stem(number, item, frames, ports) for number in range(len(frames)))
    leave = max((part for part in range(len(frames)) if part not in ports.arc_ends), default=-1)
    bare = Piece(item, frames, depth, (), stems, leave, _lean(ports, frames, depth, leave))
    sizes = tuple(_size(bare, ports, words, stacks=stacks))
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
