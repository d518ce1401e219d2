"""What a layout hands on: everything drawn, at places of its own choosing, and what the legend has to explain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from unetgen.drawing.model.shapes import (
    Arrow,
    ArrowKind,
    Box,
    BoxKind,
    Halo,
    Join,
    Label,
    Outline,
    Point,
    Rect,
    Status,
    Symbol,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one line of the legend explains: a look, its meaning, the letter that tells it from its like, its sign."""

    look: ArrowKind | BoxKind | Symbol | Status
    text: str
    dashed: bool = False
    tag: str = ""
    depth: float = 0.0
    sign: str = ""
    bars: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """The drawn network, before it is put on a page; the pieces of an arrow with signs on it stand in their order."""

    boxes: tuple[Box, ...]
    outlines: tuple[Outline, ...]
    joins: tuple[Join, ...]
    arrows: tuple[Arrow, ...]
    labels: tuple[Label, ...]
    entries: tuple[Entry, ...]
    halos: tuple[Halo, ...] = ()


def segments(line: Arrow | Halo) -> Iterator[Rect]:
    """Give the room of each straight piece of an arrow or its halo, as wide as its pen."""
    half = line.pen / 2
    for (x0, y0), (x1, y1) in pairwise(line.points):
        yield Rect(min(x0, x1) - half, min(y0, y1) - half, abs(x1 - x0) + line.pen, abs(y1 - y0) + line.pen)


def obstacles(sketch: Sketch) -> tuple[Rect, ...]:
    """List the room of everything drawn."""
    things: tuple[Box | Join | Label, ...] = (*sketch.boxes, *sketch.joins, *sketch.labels)
    lines = (room for arrow in sketch.arrows for room in segments(arrow))
    return (*(thing.hull for thing in things), *lines)


def bounds(rooms: Iterable[Rect]) -> Rect:
    """Give the smallest rectangle around all."""
    every = tuple(rooms)
    x, y = min(room.x for room in every), min(room.y for room in every)
    return Rect(x, y, max(room.right for room in every) - x, max(room.bottom for room in every) - y)


def moved(sketch: Sketch, dx: float, dy: float) -> Sketch:
    """Give the sketch at another place."""

    def point(p: Point) -> Point:
        return (p[0] + dx, p[1] + dy)

    return Sketch(
        boxes=tuple(replace(box, frame=box.frame.moved(dx, dy)) for box in sketch.boxes),
        outlines=tuple(replace(outline, frame=outline.frame.moved(dx, dy)) for outline in sketch.outlines),
        joins=tuple(replace(join, x=join.x + dx, y=join.y + dy) for join in sketch.joins),
        arrows=tuple(replace(arrow, points=tuple(map(point, arrow.points))) for arrow in sketch.arrows),
        labels=tuple(label.moved(dx, dy) for label in sketch.labels),
        entries=sketch.entries,
        halos=tuple(replace(halo, points=tuple(map(point, halo.points))) for halo in sketch.halos),
    )
