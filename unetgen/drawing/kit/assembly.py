"""All parts of a picture -> a sketch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from unetgen.drawing.kit.pills import Threaded
from unetgen.drawing.model.shapes import Arrow, Box, Join, Label, Outline, Rect, Symbol
from unetgen.drawing.model.sketch import Entry, Sketch
from unetgen.drawing.read.wording import shape_text
from unetgen.ir import Shape


def assemble(
    *,
    boxes: Iterable[Box],
    joins: Iterable[Join],
    threads: Sequence[Threaded],
    signals: Iterable[Arrow],
    labels: Iterable[Label],
    entries: Iterable[Entry],
    outlines: Iterable[Outline] = (),
) -> Sketch:
    """Give a sketch of boxes and of arrows in pieces, with what stands on these; no line of the legend comes twice."""
    return Sketch(
        boxes=(*boxes, *(pill for thread in threads for pill in thread.pills)),
        outlines=tuple(outlines),
        joins=tuple(joins),
        arrows=(*(arrow for thread in threads for arrow in thread.arrows), *signals),
        labels=(*labels, *(label for thread in threads for label in thread.labels)),
        entries=tuple(dict.fromkeys(entries)),
    )


def draw_join(id: str, path: str, symbol: Symbol, shape: Shape, frame: Rect) -> Join:
    """Draw a sign in a circle."""
    return Join(id, path, symbol, frame.cx, frame.cy, frame.width / 2, 1.0, f"{path}: {shape_text(shape)}")
