"""How much of a page stays blank, seen in the written PNG at the size it has in print."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from statistics import median
from typing import Final

import numpy as np
import pytest
from PIL import Image

from unetgen.api import lower
from unetgen.drawing import DrawOptions, draw_network
from unetgen.drawing.write.png import write_png
from unetgen.language.zoo import zoo_names

CELL: Final = 24
"""Pixels of 1/96 inch: a square of 6 mm, about what a finger covers."""
MOST: Final = 0.75
MEDIAN: Final = 0.6


@cache
def blank_share(name: str) -> float:
    """Give the share of a page of 178 mm, in cells, that no mark touches."""
    drawing = draw_network(lower(name), DrawOptions(width="178mm", is_wished=True))
    pixels = np.asarray(Image.open(BytesIO(write_png(drawing, scale=96 / 72))).convert("L"))
    rows, columns = (range(0, length, CELL) for length in pixels.shape)
    cells = [pixels[y : y + CELL, x : x + CELL] for y in rows for x in columns]
    return sum(bool((cell == pixels[0, 0]).all()) for cell in cells) / len(cells)


@pytest.mark.parametrize("name", zoo_names())
def test_a_page_is_not_mostly_blank(name: str) -> None:
    assert 0 < blank_share(name) <= MOST


def test_half_the_pages_are_well_filled() -> None:
    assert median(map(blank_share, zoo_names())) <= MEDIAN
