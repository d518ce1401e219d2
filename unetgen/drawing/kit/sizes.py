"""How large a box is drawn, and how far things stand apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from unetgen.drawing.model.shapes import BAR
from unetgen.drawing.model.thumbnails import aspect

TALLEST: Final = 150
LOWEST: Final = 10
NARROWEST: Final = 6
PITCH: Final = 6
"""From one bar to the next."""
CROWDED: Final = 14
"""The least width of a box on which an arrow ends and a shortcut begins, or in which an outline is drawn."""
SLAB: Final = 8
"""The width of a slab: what a letter needs."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distances in points.

    Args:
        gap: Least length of an arrow between two boxes.
        flow: The same for the short arrow from a sum to its map.
        labels: Least room between two labels side by side.
        level: Least room between the sizes under one level and the channels above the next.
        depth: How far a cuboid's faces stand out.
        boxes: Factor on the widths of boxes.
        signs: What an arrow in a row needs besides the signs on it and the line between these.
        face: How high the face of the largest map is where maps are shown on the faces; 0 where they are not.
    """

    gap: int
    flow: int
    labels: float
    level: int
    depth: int
    boxes: float
    signs: int
    face: int = 0


SPACINGS: Final = (
    Spacing(gap=26, flow=13, labels=6, level=20, depth=6, boxes=1, signs=22),
    Spacing(gap=20, flow=12, labels=4, level=20, depth=5, boxes=1, signs=20),
    Spacing(gap=15, flow=11, labels=3, level=18, depth=4, boxes=0.85, signs=18),
    Spacing(gap=13, flow=10, labels=2.5, level=18, depth=4, boxes=0.7, signs=17),
    Spacing(gap=12, flow=10, labels=2.5, level=18, depth=3, boxes=0.5, signs=15),
    Spacing(gap=9, flow=9, labels=2.5, level=18, depth=3, boxes=0.5, signs=14),
)
"""From roomy to tight: a large network takes the first that fits on a page."""

FACE_SPACINGS: Final = (
    Spacing(gap=26, flow=13, labels=6, level=20, depth=6, boxes=1, signs=22, face=112),
    Spacing(gap=20, flow=12, labels=4, level=20, depth=5, boxes=1, signs=20, face=98),
    Spacing(gap=16, flow=11, labels=3, level=18, depth=4, boxes=1, signs=18, face=86),
    Spacing(gap=14, flow=11, labels=3, level=18, depth=4, boxes=1, signs=17, face=76),
    Spacing(gap=13, flow=10, labels=2.5, level=18, depth=4, boxes=1, signs=16, face=66),
    Spacing(gap=12, flow=10, labels=2.5, level=18, depth=3, boxes=1, signs=15, face=56),
    Spacing(gap=11, flow=9, labels=2.5, level=18, depth=3, boxes=1, signs=14, face=46),
    Spacing(gap=9, flow=9, labels=2.5, level=18, depth=3, boxes=1, signs=14, face=36),
)
"""The same where maps are shown on the faces of boxes."""
LOWEST_FACE: Final = 22
SIGNAL_FACE: Final = 22
"""How wide a signal's face is at least: positions by channels."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How maps become boxes.

    Args:
        largest: The size of the tallest map of the picture.
        narrowest: The least width of a box, in points.
        bars: Whether maps have one axis and are drawn as upright bars, a line for some channels.
    """

    spacing: Spacing
    largest: tuple[int, ...]
    narrowest: int = NARROWEST
    bars: bool = False

    def height(self, size: tuple[int, ...]) -> int:
        """Give a height that grows with the square root of the size, in even points.

        The size of a map is the geometric mean of its axes. A linear scale is unreadable over more than three levels.

        Example:
            >>> scale = Scale(SPACINGS[0], (572, 572))
            >>> scale.height((572, 572)), scale.height((32, 32)), scale.height((1, 1))
            (150, 36, 10)
        """
        if self.spacing.face:
            return even(self._face(size) / aspect(size) ** 0.5)
        return max(LOWEST, even(TALLEST * (_mean(size) / _mean(self.largest)) ** 0.5))

    def width(self, channels: int, size: tuple[int, ...] = ()) -> int:
        """Give a width that grows with the logarithm of the channels, in even points; that of a face where it shows.

        Example:
            >>> scale = Scale(SPACINGS[0], (572, 572))
            >>> scale.width(1), scale.width(64), scale.width(1024)
            (6, 20, 30)
        """
        if self.spacing.face and size:
            return even(self._face(size) * aspect(size) ** 0.5) if len(size) > 1 else self._signal_face(channels)
        width = max(self.narrowest, even(self.spacing.boxes * (3.5 + 2.6 * math.log2(channels + 1))))
        return BAR + PITCH * (bars_in(width) - 1) if self.bars else width

    def depth(self, channels: int, size: tuple[int, ...]) -> float:
        """Give how far a cuboid's faces stand out: those of volumes, and of stacks of channels whose front shows."""
        if self.spacing.face and len(size) > 1:
            return even(1 + 0.8 * math.log2(channels + 1))
        return self.spacing.depth if len(size) == 3 else 0

    def _face(self, size: tuple[int, ...]) -> float:
        """Give the side of a face if it were a square."""
        return max(LOWEST_FACE, self.spacing.face * math.sqrt(_mean(size) / _mean(self.largest)))

    def _signal_face(self, channels: int) -> int:
        return even(SIGNAL_FACE + 2 * math.log2(channels + 1))


def bars_in(width: float) -> int:
    """Count the bars of a map with one axis.

    Example:
        >>> bars_in(6), bars_in(20), bars_in(30)
        (2, 4, 6)
    """
    return max(2, round((width - BAR) / PITCH) + 1)


def _mean(size: tuple[int, ...]) -> float:
    return math.exp(math.fsum(map(math.log, size)) / len(size))


def even(points: float) -> int:
    """Round to an even whole number: Graphviz 2.43 rounds the sizes of nodes to whole points, on both sides alike.

    Example:
        >>> even(3.1), even(4.9), even(6.0)
        (4, 4, 6)
    """
    return 2 * round(points / 2)
