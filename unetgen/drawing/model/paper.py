"""Paper: lengths as people write them, and what a printed picture has to keep."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

POINTS: Final = {"mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0, "pt": 1.0}
"""Points of 1/72 inch in each unit."""
SHORTEST: Final = 36.0
"""Half an inch: nothing that is worth drawing is narrower or lower, in points."""
LONGEST: Final = 14_400.0
"""200 inches, the most that a page of PDF may have, in points."""
USUAL_WIDTH: Final = "178mm"
"""Two columns of a journal, which files are made for where nothing is said."""
USUAL_HEIGHT: Final = "234mm"
"""What a page of a journal leaves above a caption."""
USUAL_LETTERS: Final = 6.0
"""The least height of letters that journals ask for, in points."""
_LENGTH: Final = re.compile(r"(\d+(?:\.\d+)?|\.\d+) ?(mm|cm|in|pt)")


@dataclass(frozen=True, slots=True)
class Room:
    """How wide and how high something may be, in points of a picture."""

    width: float
    height: float = math.inf

    def less(self, width: float, height: float) -> Room:
        """Give the room without what stands around."""
        return Room(self.width - width, self.height - height)


@dataclass(frozen=True, slots=True)
class Paper:
    """What a printed picture has to keep, in points; None is no limit.

    Args:
        width: How wide it may be.
        height: How high it may be.
        letters: How high letters are at least.
    """

    width: float | None
    height: float | None
    letters: float

    def scale(self, width: float, height: float) -> float:
        """Say by how much a picture of that size has to shrink; nothing is ever enlarged.

        Example:
            >>> Paper(252, 1000, 6).scale(504, 400), Paper(252, None, 6).scale(100, 9000)
            (0.5, 1.0)
        """
        limits = (limit / found for limit, found in ((self.width, width), (self.height, height)) if limit is not None)
        return min(1.0, *limits, 1.0)

    def room(self, smallest: float) -> Room:
        """Give the room for a picture with letters of `smallest` points, which may shrink to those of the paper.

        Example:
            >>> Paper(252, None, 6).room(8)
            Room(width=336.0, height=inf)
        """
        growth = max(1.0, smallest / self.letters)
        return Room((self.width or math.inf) * growth, (self.height or math.inf) * growth)


def points(length: str) -> float | None:
    """Read a length on paper, in points of 1/72 inch; None is `none`, which is no limit.

    Raises:
        ValueError: It is no length, or not one that paper has.

    Example:
        >>> points("3.5in"), points("504pt"), points("none")
        (252.0, 504.0, None)
    """
    if length == "none":
        return None
    found = _LENGTH.fullmatch(str(length))
    if found is None:
        raise ValueError(f'"{length}" is no length on paper; write one such as 85mm, 8.5cm, 3.3in or 504pt, or none')
    number, unit = float(found[1]), found[2]
    if not SHORTEST <= number * POINTS[unit] <= LONGEST:
        least, most = (f"{limit / POINTS[unit]:.5g}{unit}" for limit in (SHORTEST, LONGEST))
        raise ValueError(f'"{length}" is no length that paper has; write one from {least} to {most}, or none')
    return number * POINTS[unit]


def millimetres(points: float) -> str:
    """Write a length in millimetres, rounded up, so that it is long enough when read.

    Example:
        >>> millimetres(252), millimetres(504.56)
        ('89mm', '178mm')
    """
    return f"{-int(-(points / POINTS['mm'] - 1e-6) // 1)}mm"
