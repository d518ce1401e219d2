"""One item with its labels, drawn around a point of its own: x from its left side, y from the middle of its row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from unetgen.drawing.kit.distances import CAPTION_TO_BOX, LABEL_ROOM, LABEL_TO_ARROW
from unetgen.drawing.kit.sizes import SLAB, Scale
from unetgen.drawing.model.figure import Item, Map
from unetgen.drawing.model.shapes import Anchor, Label, Rect
from unetgen.drawing.read.words import size_text

CHANNELS_FONT: Final = 9
SIZES_FONT: Final = 8
JOIN_RADIUS: Final = 6
CAPTION_LINE: Final = 10
SIDES: Final = (True, False)
"""Above boxes and below them."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where arrows touch an item above and below, which is where its labels must not be.

    `enters_below` is the number of the part that an arrow enters from below; None for none. `arcs` are the parts that
    arcs leave above, `arc_ends` those that they enter; `is_last` says that nothing stands to the right of it.
    """

    enters_above: bool = False
    leaves_above: bool = False
    leaves_below: bool = False
    enters_below: int | None = None
    arcs: tuple[int, ...] = ()
    arc_ends: tuple[int, ...] = ()
    is_cropped: bool = False
    shows_size: bool = False
    is_last: bool = True

    @property
    def is_crowded(self) -> bool:
        """Whether a very narrow box would not do."""
        return self.is_cropped or (0 in self.arcs and self.enters_above)


@dataclass(frozen=True, slots=True)
class Piece:
    """An item with geometry: the front faces of its parts, how deep they are, its labels, where arcs leave each part.

    A stem is the number of a part and an x. `leave` is the part over which an arrow leads up: the last one, unless an
    arc comes down there.
    """

    item: Item
    frames: tuple[Rect, ...]
    depth: float
    labels: tuple[Label, ...]
    stems: tuple[tuple[int, float], ...]
    leave: int = -1

    @property
    def front(self) -> Rect:
        """The front faces of all parts."""
        first = self.frames[0]
        return Rect(first.x, first.y, self.frames[-1].right - first.x, first.height)

    @property
    def hull(self) -> Rect:
        return self.front.raised(self.depth)

    def part_id(self, part: int) -> str:
        """Name one of its boxes."""
        return self.item.id if len(self.frames) == 1 else f"{self.item.id} {part % len(self.frames)}"

    def column(self, part: int) -> float:
        """Give the x at which a vertical arrow meets a part."""
        return self.frames[part].cx

    def span(self, above: bool) -> tuple[float, float]:
        """Give how far the labels on one side reach to the left and right; the bare item where there are none."""
        rooms = [label.hull for label in self.labels if (label.y < self.frames[0].cy) == above]
        hull = self.hull
        return min((hull.x, *(room.x for room in rooms))), max((hull.right, *(room.right for room in rooms)))

    def moved(self, dx: float, dy: float) -> Piece:
        """Give the piece at another place."""
        labels = tuple(label.moved(dx, dy) for label in self.labels)
        frames = tuple(frame.moved(dx, dy) for frame in self.frames)
        stems = tuple((part, x + dx) for part, x in self.stems)
        return replace(self, frames=frames, labels=labels, stems=stems)


def draw_piece(item: Item, ports: Ports, scale: Scale) -> Piece:
    """Draw an item with what arrows leave of the room around it."""
    if not isinstance(item, Map):
        return Piece(item, (Rect(0, -JOIN_RADIUS, 2 * JOIN_RADIUS, 2 * JOIN_RADIUS),), 0, (), ((0, JOIN_RADIUS),))
    frames = _frames(item, scale)
    depth = min(scale.depth(item.shape.channels, item.shape.size), frames[0].width / 2)
    stems = tuple(_stem(number, item, frames, ports) for number in range(len(frames)))
    leave = max((part for part in range(len(frames)) if part not in ports.arc_ends), default=-1)
    bare = Piece(item, frames, depth, (), stems, leave)
    labels = (_channels(bare, ports), *_size(bare, ports), *_caption(item.caption, bare, ports))
    return replace(bare, labels=labels)


def _frames(item: Map, scale: Scale) -> tuple[Rect, ...]:
    height = scale.height(item.shape.size)
    frames, x = [], 0.0
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
    is_taken = here in ports.arc_ends or (ports.enters_above and not here)
    return here, frame.cx + max(4, frame.width // 4) if is_taken else frame.cx


def _channels(piece: Piece, ports: Ports) -> Label:
    text, hull = str(piece.item.shape.channels), piece.hull
    y = hull.y - LABEL_ROOM / 2 - 0.5
    strokes = [piece.column(part) for part in ports.arc_ends]
    strokes += [piece.column(0)] if ports.enters_above else []
    strokes += [piece.stems[part][1] for part in ports.arcs]
    strokes += [piece.column(piece.leave)] if ports.leaves_above and strokes else []
    if strokes:
        return Label(text, min(strokes) - LABEL_TO_ARROW, y, CHANNELS_FONT, "end")
    if ports.leaves_above:
        return Label(text, piece.column(-1) + LABEL_TO_ARROW, y, CHANNELS_FONT, "start")
    return Label(text, hull.cx, y, CHANNELS_FONT)


def _caption(lines: tuple[str, ...], piece: Piece, ports: Ports) -> Iterator[Label]:
    """Write what an output is to the right of it; below it where something follows."""
    front = piece.front
    for line, words in enumerate(lines):
        if ports.is_last:
            y = (line - (len(lines) - 1) / 2) * CAPTION_LINE
            yield Label(words, front.right + CAPTION_TO_BOX, y, SIZES_FONT, "start", "muted")
        else:
            y = front.bottom + LABEL_ROOM * (1.5 if ports.shows_size else 0.5) + line * CAPTION_LINE
            yield Label(words, front.cx, y, SIZES_FONT, "middle", "muted")


def _size(piece: Piece, ports: Ports) -> Iterator[Label]:
    if ports.shows_size:
        x, anchor = _beside_arrows(piece, ports)
        y = piece.front.bottom + LABEL_ROOM / 2
        yield Label(size_text(piece.item.shape.size), x, y, SIZES_FONT, anchor, "muted")


def _beside_arrows(piece: Piece, ports: Ports) -> tuple[float, Anchor]:
    """Give where a label under a map is clear of the arrow there."""
    if ports.leaves_below:
        return piece.column(-1) - LABEL_TO_ARROW, "end"
    if ports.enters_below is None:
        return piece.front.cx, "middle"
    if len(piece.frames) > 1 and ports.enters_below == 0:
        return piece.column(0) + LABEL_TO_ARROW, "start"
    return piece.column(ports.enters_below) - LABEL_TO_ARROW, "end"
