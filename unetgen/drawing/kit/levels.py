"""What a U asks of every layout: levels under each other, sides that keep apart, and no more room than there is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

Reach = tuple[float, float]
"""How far a row reaches above its middle line, and how far below it."""


class Wide(Protocol):
    @property
    def width(self) -> float: ...


W = TypeVar("W", bound=Wide)


def first_that_fits(places: Iterable[W], widest: float) -> W:
    """Give the first of several ways to place things that is no wider than `widest`, else the last."""
    tried = iter(places)
    one = next(tried)
    while one.width > widest and (other := next(tried, None)) is not None:
        one = other
    return one


def stack(levels: Sequence[Sequence[Reach]], rooms: Iterable[float]) -> list[float]:
    """Give the y of the middle line of every level, the first at 0.

    Args:
        levels: The reach of each of a level's rows; a row stands under that of the same place in the level above.
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


def lacking(facing: Iterable[tuple[float, float, float]]) -> float:
    """Give by how much the bottom must grow so that the sides keep apart at every level.

    Args:
        facing: Where a row on the left ends, the room that it needs, and where the row on the right begins.

    Example:
        >>> lacking([(100, 36, 90), (60, 36, 120)])
        46
    """
    return max((left + room - right for left, room, right in facing), default=0)
