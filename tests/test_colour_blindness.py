"""Colours that the colour-blind tell apart, by a published model of what they see."""

from __future__ import annotations

import math
from itertools import combinations
from operator import mul
from typing import get_args

import pytest

from unetgen.drawing import THEMES
from unetgen.drawing.model.shapes import PENS, ArrowKind

Matrix = tuple[tuple[float, float, float], ...]
VISION: dict[str, Matrix] = {
    "by all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "without red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "without green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
"""Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113, at full severity."""
XYZ: Matrix = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))


@pytest.mark.parametrize("seen", VISION)
def test_colours_for_the_colour_blind_differ_for_them(seen: str) -> None:
    """By 12 in CIELAB, and by 20 where nothing else does: a hollow or longer head, a wider pen, dashes.

    A difference of 2.3 can just be seen side by side. Arrows that show their kind by where they lead are not excused.
    """
    looks = {kind: (PENS[kind], kind in ("signal",)) for kind in get_args(ArrowKind)}
    theme = THEMES["okabe-ito"]
    for one, other in combinations(get_args(ArrowKind), 2):
        far = math.dist(lab(as_seen(theme.colour(one), VISION[seen])), lab(as_seen(theme.colour(other), VISION[seen])))
        assert far >= (12 if looks[one] != looks[other] else 20), (one, other)


def as_seen(colour: str, matrix: Matrix) -> list[float]:
    """Give red, green and blue, linear, as a matrix of Machado et al. 2009 has them seen."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return [min(1, max(0, sum(map(mul, row, linear)))) for row in matrix]


def lab(rgb: list[float]) -> tuple[float, float, float]:
    """Give CIELAB coordinates of linear sRGB, under D65."""
    xyz = (sum(map(mul, row, rgb)) / white for row, white in zip(XYZ, (0.95047, 1.0, 1.08883), strict=True))
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
