"""One item with its labels, drawn around a point of its own: x from its left side, y from the middle of its row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from unetgen.drawing.kit.sizes import SLAB, Scale
from unetgen.drawing.model.figure import Item, Map
from unetgen.drawing.model.shapes import Label, Rect
from unetgen.drawing.read.wording import size_text

CHANNELS: Final = 9
SIZES: Final = 8
RADIUS: Final = 6
LABEL_ZONE: Final = 13
"""What a line of labels above or under a box takes."""
BESIDE: Final = 5
"""From a vertical arrow to a label next to it."""


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
    def hull(self) -> Rect:
        first, last = self.frames[0], self.frames[-1]
        return Rect(first.x, first.y - self.depth, last.right + self.depth - first.x, first.height + self.depth)

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
        labels = tuple(
            Label(label.text, label.x + dx, label.y + dy, label.size, label.anchor, label.ink, label.bold)
            for label in self.labels
        )
        frames = tuple(frame.moved(dx, dy) for frame in self.frames)
        stems = tuple((part, x + dx) for part, x in self.stems)
        return Piece(self.item, frames, self.depth, labels, stems, self.leave)


def part_id(piece: Piece, part: int) -> str:
    """Name one box of a piece."""
    return piece.item.id if len(piece.frames) == 1 else f"{piece.item.id} {part}"


def draw_piece(item: Item, ports: Ports, scale: Scale) -> Piece:
    """Draw an item with what arrows leave of the room around it."""
    if not isinstance(item, Map):
        return Piece(item, (Rect(0, -RADIUS, 2 * RADIUS, 2 * RADIUS),), 0, (), ((0, RADIUS),))
    frames = _frames(item, scale)
    depth = min(scale.depth(item.shape.channels, item.shape.size), frames[0].width / 2)
    stems = tuple(_stem(number, item, frames, ports) for number in range(len(frames)))
    labels = (_channels(item, frames, depth, stems, ports), *_size(item, frames, ports), *_caption(item, frames, ports))
    return Piece(item, frames, depth, labels, stems, _leave(frames, ports))


def _leave(frames: tuple[Rect, ...], ports: Ports) -> int:
    return max((part for part in range(len(frames)) if part not in ports.arc_ends), default=len(frames) - 1)


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


def _channels(
    item: Map, frames: tuple[Rect, ...], depth: float, stems: tuple[tuple[int, float], ...], ports: Ports
) -> Label:
    text, first, last = str(item.shape.channels), frames[0], frames[-1]
    y = first.y - depth - LABEL_ZONE / 2 - 0.5
    strokes = [frames[part].cx for part in ports.arc_ends]
    strokes += [first.cx] if ports.enters_above else []
    strokes += [stems[part][1] for part in ports.arcs]
    strokes += [frames[_leave(frames, ports)].cx] if ports.leaves_above and strokes else []
    if strokes:
        return Label(text, min(strokes) - BESIDE, y, CHANNELS, "end")
    if ports.leaves_above:
        return Label(text, last.cx + BESIDE, y, CHANNELS, "start")
    return Label(text, (first.x + last.right + depth) / 2, y, CHANNELS)


def _caption(item: Map, frames: tuple[Rect, ...], ports: Ports) -> Iterator[Label]:
    """Write what an output is to the right of it; below it where something follows."""
    last, count = frames[-1], len(item.caption)
    for line, words in enumerate(item.caption):
        if ports.is_last:
            yield Label(words, last.right + 6, (line - (count - 1) / 2) * 10, SIZES, "start", "muted")
        else:
            y = last.bottom + LABEL_ZONE * (1.5 if ports.shows_size else 0.5) + line * 10
            yield Label(words, (frames[0].x + last.right) / 2, y, SIZES, "middle", "muted")


def _size(item: Map, frames: tuple[Rect, ...], ports: Ports) -> tuple[Label, ...]:
    if not ports.shows_size:
        return ()
    text, first, last = size_text(item.shape.size), frames[0], frames[-1]
    y = first.bottom + LABEL_ZONE / 2
    if ports.leaves_below:
        return (Label(text, last.cx - BESIDE, y, SIZES, "end", "muted"),)
    if ports.enters_below is None:
        return (Label(text, (first.x + last.right) / 2, y, SIZES, "middle", "muted"),)
    entered = frames[ports.enters_below]
    if len(frames) > 1 and ports.enters_below == 0:
        return (Label(text, entered.cx + BESIDE, y, SIZES, "start", "muted"),)
    return (Label(text, entered.cx - BESIDE, y, SIZES, "end", "muted"),)
