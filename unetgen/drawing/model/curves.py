"""Curves as many straight pieces, so that every writer draws them and every test can measure them."""

from __future__ import annotations

import math
from operator import mul
from typing import Final

from unetgen.drawing.model.shapes import Point

__all__ = ["bow"]

PIECES: Final = 28
STEEPNESS: Final = 0.12
"""How far the controls of a bow lean inwards, of its width: little, so that it leaves and arrives steeply."""


def bow(start: Point, end: Point, height: float) -> tuple[Point, ...]:
    """Lead a curve from one point over the higher of the two by `height` to the other: a cubic Bézier."""
    lean = STEEPNESS * (end[0] - start[0])
    top = min(start[1], end[1]) - height * 4 / 3
    controls = (start, (start[0] + lean, top), (end[0] - lean, top), end)
    return tuple(_at(controls, piece / PIECES) for piece in range(PIECES + 1))


def _at(controls: tuple[Point, ...], t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    # NOTE: not `sum`, which has compensated its rounding since Python 3.12: pictures would differ in a last digit.
    x, y = (math.fsum(map(mul, weights, axis)) for axis in zip(*controls, strict=True))
    return (round(x, 2), round(y, 2))
