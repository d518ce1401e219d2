"""How large the boxes and signs of a chart are, and what is written around them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from unetgen.drawing.flow.chart import Step
from unetgen.drawing.model.shapes import even_up
from unetgen.drawing.model.text import text_width, wrap
from unetgen.drawing.read.shape_words import ShapeWords

FONT: Final = 8
LINE: Final = 10
"""How high a line of a box is."""
CELL_EDGE: Final = 2
"""What an op takes besides its lines."""
END_LINE: Final = 12
"""The same of what goes in or comes out."""
SIDE: Final = 4
"""From the words of a line to the side of its box."""
RADIUS: Final = 7
"""That of a sign with two arrows on a side at most."""
ARROWS_APART: Final = 6
"""From one arrow at the border of a sign to the next."""
LABEL: Final = 12
"""What the channels over a box, or its size under it, take."""


@dataclass(frozen=True, slots=True)
class Face:
    """A box or a sign, how large it is, what is written over and under it, and the lines of each op in it."""

    step: Step
    width: float
    height: float
    channels: str = ""
    size: str = ""
    lines: tuple[tuple[str, ...], ...] = ()

    @property
    def spread(self) -> float:
        """How far the channels reach past its sides."""
        return math.ceil(max(0.0, text_width(self.channels, FONT) - self.width) / 2)

    @property
    def over(self) -> float:
        """How far it reaches over its middle."""
        return self.height / 2 + (LABEL if self.channels else 0)

    @property
    def under(self) -> float:
        """How far it reaches under its middle."""
        return self.height / 2 + (LABEL if self.size else 0)


def face_of(step: Step, before: Step | None, arrows: int, widest: float, words: ShapeWords) -> Face:
    """Give the face of a step.

    Args:
        before: What it takes from first.
        arrows: How many arrows meet at one side of a sign.
        widest: The width at which words in a box go on in a new line.
        words: How channels and sizes are written.
    """
    if step.is_end:
        widths = [text_width(line, FONT, bold=bold) for line, bold in end_lines(step, words)]
        return Face(step, even_up(max(widths) + 2 * SIDE), even_up(END_LINE * len(widths)))
    channels, size = _channels(step, before, words), _size(step, before, words)
    if step.symbol is not None:
        side = 2 * max(RADIUS, math.ceil(ARROWS_APART * (arrows - 1) / 2) + 3)
        return Face(step, side, side, channels, size)
    lines = tuple(wrap(cell.text, widest, FONT, bold=cell.kind == "op") for cell in step.cells)
    widths = [
        text_width(line, FONT, bold=cell.kind == "op")
        for cell, written in zip(step.cells, lines, strict=True)
        for line in written
    ]
    height = sum(LINE * len(written) + CELL_EDGE for written in lines)
    return Face(step, even_up(max(widths) + 2 * SIDE), height, channels, size, lines)


def end_lines(step: Step, words: ShapeWords) -> tuple[tuple[str, bool], ...]:
    """List the lines of what goes in or comes out, and whether they are bold."""
    shape = words.shape(step.shape) if words.shows_sizes else words.channel(step.shape.channels)
    return ((step.cells[0].text, True), (shape, False)) if step.cells[0].text else ((shape, False),)


def _channels(step: Step, before: Step | None, words: ShapeWords) -> str:
    """Write channels where they change, and over every convolution."""
    counts = [words.channel(shape.channels) for shape in step.shapes]
    is_new = before is None or before.shape.channels != step.shape.channels or len(set(counts)) > 1
    weighs = any(cell.nodes and cell.nodes[0].weights() and cell.kind == "op" for cell in step.cells)
    return " to ".join(dict.fromkeys(counts)) if is_new or weighs else ""


def _size(step: Step, before: Step | None, words: ShapeWords) -> str:
    """Write a size where it changes."""
    is_new = before is None or before.shape.size != step.shape.size
    return words.size(step.shape.size) if is_new and words.shows_sizes else ""
