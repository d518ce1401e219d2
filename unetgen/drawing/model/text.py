"""How wide words are, with no font at hand: Helvetica's own widths, and some room for fonts that stand in for it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

FALLBACK: Final = 1.12
"""What a stand-in font (Arial, Liberation Sans, Noto, DejaVu Sans) may be wider than Helvetica."""

# Adobe's font metrics of Helvetica and Helvetica-Bold for U+0020 to U+007E, in thousandths of the font size.
_REGULAR: Final = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
_BOLD: Final = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611,
    556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389,
    280, 389, 584,
)  # fmt: skip
# Signs are given more than Helvetica's widths (× has 584, ² has 333): it is in them that stand-in fonts are widest.
_SIGNS: Final = {"²": 360, "³": 360, "×": 750, "·": 333, "–": 556}
_WIDE: Final = 1000


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Give the width of one line in points, at a font size in points, with room for a stand-in font.

    Example:
        >>> text_width("64", 10)
        12.4544
    """
    widths = _BOLD if bold else _REGULAR
    return round(math.fsum(_character(character, widths) for character in text) * size / 1000 * FALLBACK, 4)


def _character(character: str, widths: tuple[int, ...]) -> int:
    code = ord(character)
    if 0x20 <= code <= 0x7E:
        return widths[code - 0x20]
    if character in _SIGNS:
        return _SIGNS[character]
    return 0 if unicodedata.combining(character) else _WIDE


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """Break a text into lines no wider than `width` points: between words, or inside a word wider than that.

    Example:
        >>> wrap("a very long title", 60, 12)
        ('a very', 'long title')
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.extend(_pieces(word, width, size, bold=bold))
    return tuple(lines)


@lru_cache(maxsize=4096)
def balanced(text: str, width: float, size: float) -> tuple[str, ...]:
    """Break what a legend says into as few lines as can be, as even as can be: no word is left over alone.

    A number stays with what it counts or measures, and `norm` with its kind.

    Example:
        >>> balanced("conv 3×3, batch norm, ReLU", 110, 8.5)
        ('conv 3×3,', 'batch norm, ReLU')
    """
    pieces = [piece for glued in _GLUE.split(text) for piece in wrap(glued, width, size)]
    # The best lines for what begins with each piece: how many, by how much they are short, and the lines.
    best: list[tuple[int, float, tuple[str, ...]]] = [(0, 0.0, ())]
    for start in reversed(range(len(pieces))):
        ways, line = [], ""
        for end, piece in enumerate(pieces[start:], start=start + 1):
            line = f"{line} {piece}".lstrip()
            room = width - text_width(line, size)
            if room < 0 and end > start + 1:
                break
            count, short, lines = best[len(pieces) - end]
            ways.append((count + 1, short + room**2, (line, *lines)))
        best.append(min(ways))
    return best[-1][2]


_GLUE: Final = re.compile(r"(?<!×) (?!norm\b|×|\d|\([^ ]*$)")
"""A space at which a line may end: not before a number, as in `conv 3×3`, nor after the `×` of `2 × conv`."""


def halved(text: str, width: Callable[[str], float] = len) -> tuple[str, ...]:
    """Break a text into two lines, or leave it in one, so that the wider one is as slim as can be.

    Example:
        >>> halved("copy and crop"), halved("copy")
        (('copy and', 'crop'), ('copy',))
    """
    words = text.split()
    ways = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(len(words), 0, -1)]
    first, second = min(ways, key=lambda way: max(map(width, way)))
    return (first, second) if second else (first,)


def _pieces(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    pieces = [""]
    for character in word:
        longer = pieces[-1] + character
        if pieces[-1] and text_width(longer, size, bold=bold) > width:
            pieces.append(character)
        else:
            pieces[-1] = longer
    return pieces
