"""How each kind of arrow is drawn: the width of its line, the length and look of its head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from unetgen.drawing.model.shapes import Arrow, ArrowKind, Point

TIP_ROOM: Final = 1.25
"""How far before a border a tip stops, in pen widths: a mitred head is stroked past its tip by about so much."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Line width and head length in points."""

    width: float
    head: float
    hollow: bool = False


PENS: Final[dict[ArrowKind, Pen]] = {
    "conv": Pen(1.3, 6),
    # The second cue beside colour: a hollow head.
    "head": Pen(1.3, 7, hollow=True),
    "down": Pen(1.3, 6),
    "up": Pen(1.3, 6),
    "skip": Pen(2.2, 8),
    "shortcut": Pen(1.2, 5),
    "flow": Pen(1.0, 4.5),
    "signal": Pen(1.1, 5),
}


HALO: Final = 7.0
"""How wide the halo of a marked arrow is."""
THIN: Final = Pen(1.3, 6)
"""A skip among many."""


def draw_arrow(
    kind: ArrowKind, points: tuple[Point, ...], *, source: str, target: str, note: str, dashed: bool = False
) -> Arrow:
    """Draw an arrow up to a border: the last point is on the border, and the tip stops as far before it as it must."""
    pen = THIN if kind == "skip" and dashed else PENS[kind]
    tip = _before(points[-2], points[-1], TIP_ROOM * pen.width)
    return Arrow(source, target, kind, (*points[:-1], tip), pen.width, pen.head, dashed, pen.hollow, note)


def draw_line(
    kind: ArrowKind, points: tuple[Point, ...], *, source: str, target: str, note: str, dashed: bool = False
) -> Arrow:
    """Draw a line without a head, from border to border."""
    return Arrow(source, target, kind, points, PENS[kind].width, 0, dashed, False, note)


def _before(start: Point, end: Point, by: float) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    return (end[0] - by * dx / length, end[1] - by * dy / length)
