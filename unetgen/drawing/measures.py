"""How large a box is drawn, and how far things stand apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

__all__ = ["SPACINGS", "Spacing", "box_height", "box_width"]

TALLEST: Final = 150
LOWEST: Final = 10


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distances in points.

    Args:
        gap: Least length of an arrow between two boxes.
        flow: The same for the short arrow from a sum to its map.
        labels: Least room between two labels side by side.
        level: Least room between the sizes under one level and the channels above the next.
        depth: How far a cuboid's faces stand out.
    """

    gap: int
    flow: int
    labels: int
    level: int
    depth: int


SPACINGS: Final = (
    Spacing(gap=26, flow=13, labels=6, level=20, depth=6),
    Spacing(gap=20, flow=12, labels=4, level=20, depth=5),
    Spacing(gap=14, flow=11, labels=3, level=18, depth=4),
)
"""From roomy to tight: a large network takes the first that fits on a page."""


def box_height(size: tuple[int, ...], largest: tuple[int, ...]) -> int:
    """Give a height that grows with the square root of the size, in even points.

    The size of a map is the geometric mean of its axes. Linear scales are unreadable over more than three levels.

    Example:
        >>> box_height((572, 572), (572, 572)), box_height((32, 32), (572, 572)), box_height((1,), (4096,))
        (150, 36, 10)
    """
    return max(LOWEST, _even(TALLEST * (_mean(size) / _mean(largest)) ** 0.5))


def box_width(channels: int) -> int:
    """Give a width that grows with the logarithm of the channels, in even points.

    Example:
        >>> box_width(1), box_width(64), box_width(1024)
        (6, 20, 30)
    """
    return _even(3.5 + 2.6 * math.log2(channels + 1))


def _mean(size: tuple[int, ...]) -> float:
    return math.exp(sum(map(math.log, size)) / len(size))


def _even(points: float) -> int:
    return 2 * round(points / 2)
