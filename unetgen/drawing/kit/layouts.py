"""What every layout of a U does: take the first spacing that fits, set rows under each other, put all on a sketch.

# NOTE: [Down and up]
The rows of a U are strips of boxes. Each is set under the one before it on the way down, and over it on the way up, so
that the arrow between them is upright. Where two strips of a level come too close, the bottom grows.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

from unetgen.drawing.kit.signs import Threaded
from unetgen.drawing.model.paper import Room
from unetgen.drawing.model.picture import LegendEntry, Sketch
from unetgen.drawing.model.shapes import Arrow, Box, JoinSign, Outline, Rect, Symbol, TextLabel
from unetgen.drawing.read.words import shape_text
from unetgen.ir import Node, Shape

Span = tuple[float, float]
"""A first and a last x; or how far something reaches above a line and below it."""


class Strip(Protocol):
    """A row of boxes: how far it reaches along x, and between which x arrows from and to other rows may stand."""

    @property
    def reach(self) -> Span: ...
    @property
    def way_in(self) -> Span: ...
    @property
    def way_out(self) -> Span: ...


class Placed(Protocol):
    """Everything at its place."""

    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...


P = TypeVar("P", bound=Placed)
S = TypeVar("S")


def first_that_fits(place: Callable[[S], P], spacings: Sequence[S], lower: Callable[[S], Iterable[S]], room: Room) -> P:
    """Place things so that there is room for them: by the first spacing that is not too wide, else by the last.

    Args:
        place: Gives everything a place.
        spacings: Ways to do so, from roomy to tight.
        lower: Gives, of the way that was taken, those that need less height; the last one where none is low enough.
    """
    spacing = first_fitting([*spacings], lambda spacing: place(spacing).width <= room.width)
    if place(spacing).height <= room.height:
        return place(spacing)
    return place(first_fitting([spacing, *lower(spacing)], lambda flatter: place(flatter).height <= room.height))


def first_fitting(ways: Sequence[S], fits: Callable[[S], bool]) -> S:
    """Give the first way that fits, else the last; of a tighter way it is known that it fits where one before does."""
    if len(ways) == 1 or fits(ways[0]):
        return ways[0]
    return ways[bisect_left(range(1, len(ways) - 1), True, key=lambda at: fits(ways[at])) + 1]


def to_upright(moving: Strip, fixed: Strip, dx: float = 0) -> float:
    """Correct a move of a strip so that the arrow to it from another one is upright, see [Down and up]."""
    return round(min(max(dx, fixed.way_out[0] - moving.way_in[1]), fixed.way_out[1] - moving.way_in[0]))


def lacking(facing: Iterable[tuple[Strip, float, Strip]]) -> float:
    """Give by how much the bottom must grow, see [Down and up].

    Args:
        facing: The two strips of a level, and the room that there should be between them.
    """
    return max((left.reach[1] + room - right.reach[0] for left, room, right in facing), default=0)


def stack(levels: Sequence[Sequence[Span]], rooms: Iterable[float]) -> list[float]:
    """Give the y of the middle line of every level, the first at 0.

    Args:
        levels: How far each strip of a level reaches up and down; it stands under that of the same place in the level
            above.
        rooms: The room between each level and the next.

    Example:
        >>> stack([[(10, 10), (10, 25)], [(8, 8), (8, 8)]], [20])
        [0.0, 53.0]
    """
    ys = [0.0]
    for (upper, lower), room in zip(pairwise(levels), rooms, strict=True):
        needed = (above[1] + room + below[0] for above, below in zip(upper, lower, strict=True))
        ys.append(ys[-1] + math.ceil(max(needed)))
    return ys


def assemble(
    *,
    boxes: Iterable[Box],
    joins: Iterable[JoinSign],
    threads: Sequence[Threaded],
    signals: Iterable[Arrow],
    labels: Iterable[TextLabel],
    entries: Iterable[LegendEntry],
    outlines: Iterable[Outline] = (),
    gave_way: tuple[str, ...] = (),
) -> Sketch:
    """Give a sketch of boxes and of arrows in pieces, with what stands on these; no line of the legend comes twice."""
    return Sketch(
        boxes=(*boxes, *(pill for thread in threads for pill in thread.pills)),
        outlines=tuple(outlines),
        joins=tuple(joins),
        arrows=(*(arrow for thread in threads for arrow in thread.arrows), *signals),
        labels=(*labels, *(label for thread in threads for label in thread.labels)),
        entries=tuple(dict.fromkeys(entries)),
        gave_way=gave_way,
    )


def draw_join(id: str, path: str, symbol: Symbol, shape: Shape, frame: Rect, nodes: tuple[Node, ...]) -> JoinSign:
    """Draw a sign in a circle."""
    return JoinSign(id, path, symbol, frame.cx, frame.cy, frame.width / 2, 1.0, f"{path}: {shape_text(shape)}", nodes)
