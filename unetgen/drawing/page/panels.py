"""Two sketches -> one: each under a heading of its own, side by side where there is room, else one above the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from unetgen.drawing.model.picture import LegendEntry, Sketch, bounds
from unetgen.drawing.model.shapes import Arrow, Rect, TextLabel
from unetgen.drawing.model.text import wrap

HEADING_FONT: Final = 11
HEADING_LINE: Final = 14
HEADING_TO_PANEL: Final = 12
PANELS_APART: Final = 56
"""Between panels side by side."""
PANEL_TO_HEADING: Final = 30
"""From one panel to the heading of the next below it."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One network of several: what it is called in ids and in the legend, its heading, the sketch."""

    name: str
    heading: str
    sketch: Sketch

    @property
    def prefix(self) -> str:
        """What its ids begin with."""
        return f"{self.name} "


def arrange(before: Panel, after: Panel, widest: float) -> Sketch:
    """Put two panels on one sheet, side by side if that is no wider than `widest`; their inputs stand in line."""
    one, other = (_anchored(panel) for panel in (before, after))
    left, right = room_of(one), room_of(other)
    if fit_beside(one, other, widest):
        other = other.moved(left.right + PANELS_APART - right.x, 0)
        top = min(left.y, right.y)
        places = (left.x, top, left.width), (left.right + PANELS_APART, top, right.width)
    else:
        start, width = min(left.x, right.x), max(left.width, right.width)
        below = (
            left.bottom
            + PANEL_TO_HEADING
            + HEADING_TO_PANEL
            + HEADING_LINE * len(wrap(after.heading, width, HEADING_FONT, bold=True))
        )
        other = other.moved(0, below - right.y)
        places = (start, left.y, width), (start, below, width)
    headings = (_heading(panel, *place) for panel, place in zip((before, after), places, strict=True))
    labels = tuple(label for heading in headings for label in heading)
    return _together(one, other, labels, tuple(_entries(before, after)))


def fit_beside(one: Sketch, other: Sketch, widest: float) -> bool:
    """Say whether two sketches side by side are no wider."""
    return room_of(one).width + PANELS_APART + room_of(other).width <= widest


def _anchored(panel: Panel) -> Sketch:
    """Name everything after the panel, and set the input at the origin."""
    sketch = _called(panel.sketch, panel.prefix)
    frame = panel.sketch.boxes[0].frame
    return sketch.moved(-frame.x, -frame.cy)


def _called(sketch: Sketch, prefix: str) -> Sketch:
    def called(arrow: Arrow) -> Arrow:
        return replace(arrow, source=f"{prefix}{arrow.source}", target=f"{prefix}{arrow.target}")

    return replace(
        sketch,
        boxes=tuple(replace(box, id=f"{prefix}{box.id}") for box in sketch.boxes),
        outlines=tuple(replace(outline, of=f"{prefix}{outline.of}") for outline in sketch.outlines),
        joins=tuple(replace(join, id=f"{prefix}{join.id}") for join in sketch.joins),
        arrows=tuple(map(called, sketch.arrows)),
    )


def room_of(sketch: Sketch) -> Rect:
    """Give the room that everything drawn takes."""
    return bounds(sketch.rooms)


def _heading(panel: Panel, x: float, bottom: float, width: float) -> Iterator[TextLabel]:
    lines = wrap(panel.heading, width, HEADING_FONT, bold=True)
    for number, line in enumerate(lines):
        y = bottom - HEADING_TO_PANEL - HEADING_LINE * (len(lines) - number - 0.5)
        yield TextLabel(line, x, y, HEADING_FONT, "start", bold=True)


def _together(one: Sketch, other: Sketch, headings: tuple[TextLabel, ...], entries: tuple[LegendEntry, ...]) -> Sketch:
    return Sketch(
        boxes=(*one.boxes, *other.boxes),
        outlines=(*one.outlines, *other.outlines),
        joins=(*one.joins, *other.joins),
        arrows=(*one.arrows, *other.arrows),
        labels=(*headings, *one.labels, *other.labels),
        entries=entries,
        halos=(*one.halos, *other.halos),
    )


def _entries(before: Panel, after: Panel) -> Iterator[LegendEntry]:
    """List what both legends explain; what one network alone has says so, but for marks, which say it themselves."""
    one, other = ({_look(entry): entry for entry in panel.sketch.entries} for panel in (before, after))
    for look in dict.fromkeys((*one, *other)):
        entry, names = one.get(look) or other[look], [p.name for p, e in ((before, one), (after, other)) if look in e]
        is_shared = len(names) > 1 or entry.look in ("changed", "new", "removed")
        yield entry if is_shared else replace(entry, text=f"{entry.text} ({names[0]})")


def _look(entry: LegendEntry) -> LegendEntry:
    """Give an entry without the depth of its cuboids, which the two networks draw as they need."""
    return replace(entry, depth=float(bool(entry.depth)))
