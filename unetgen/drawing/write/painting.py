"""A drawing as marks in the order in which they are painted: what a format without groups and styles has to draw.

The marks are those of the SVG writer, which a test holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from unetgen.drawing.model.picture import Picture, Sample
from unetgen.drawing.model.shapes import Anchor, Arrow, Box, Halo, Join, Label, Outline, OutlineLook, Point, Rect
from unetgen.drawing.model.theme import Theme
from unetgen.drawing.model.thumbnails import Thumbnail, thumbnails_of

BASELINE: Final = 0.32
"""How far the baseline lies under the middle of a line of text, in font sizes."""
Dashes = tuple[float, float] | None
"""Lengths of a dash and of the gap after it, in points; None for a line without gaps."""
DASHED: Final = (5.0, 2.0)
DOTTED: Final = (1.5, 2.0)
PANEL_RADIUS: Final = 8
UNDER, UNDER_PEN, OVER = "#ffffff", 1.4, "#000000"
"""An outline on a picture has dark dashes over a bright line."""
CUES: Final[Mapping[OutlineLook, Dashes]] = {"crop": DASHED, "changed": DASHED, "removed": DOTTED, "new": None}
"""What tells marks apart without their colours."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle; without a fill its inside is left as it is, without a line its border."""

    frame: Rect
    fill: str | None
    line: str | None
    radius: float = 0
    dashes: Dashes = None
    pen: float = 1.0


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed, filled shape with a line around it; round joins are for the faces of cuboids."""

    points: tuple[Point, ...]
    fill: str
    line: str
    pen: float = 1.0
    round_joins: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """An open line along straight pieces."""

    points: tuple[Point, ...]
    colour: str
    pen: float
    dashes: Dashes = None


@dataclass(frozen=True, slots=True)
class Circle:
    """A filled circle with a line around it."""

    x: float
    y: float
    radius: float
    fill: str
    line: str
    pen: float


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `y` is its baseline."""

    text: str
    x: float
    y: float
    size: float
    anchor: Anchor
    bold: bool
    colour: str


@dataclass(frozen=True, slots=True)
class Pixels:
    """A PNG, stretched to fill its frame."""

    frame: Rect
    png: bytes


Mark = Rectangle | Polygon | Line | Circle | Words | Pixels


def paint(drawing: Picture) -> Iterator[Mark]:
    """List the marks of a drawing, each over those before it."""
    theme = drawing.theme
    yield Rectangle(Rect(0, 0, drawing.width, drawing.height), theme.background, None)
    yield from _network(drawing)
    for join in drawing.joins:
        yield from _join(join, theme)
    if drawing.legend.rows:
        yield Rectangle(drawing.legend.frame, theme.panel, theme.panel_line, PANEL_RADIUS)
    yield from _samples(drawing)
    for label in drawing.every_label:
        yield _words(label, theme)


def _network(drawing: Picture) -> Iterator[Mark]:
    theme = drawing.theme
    pictures = thumbnails_of(drawing.thumbnails)
    boxes = (mark for box in drawing.boxes for mark in _box(box, theme, pictures.get(box.id)))
    halos = (_halo(halo, theme) for halo in drawing.halos)
    arrows = (mark for arrow in drawing.arrows for mark in _arrow(arrow, theme))
    outlines = (mark for outline in drawing.outlines for mark in _outline(outline, theme))
    if drawing.has_boxes_on_top:
        yield from (*halos, *arrows, *boxes, *outlines)
        return
    yield from (*boxes, *outlines, *halos, *arrows)


def _samples(drawing: Picture) -> Iterator[Mark]:
    for row in drawing.legend.rows:
        for part in row.sample:
            yield from _sample(part, drawing.theme)


def _sample(part: Sample, theme: Theme) -> Iterable[Mark]:
    match part:
        case Box():
            return _box(part, theme)
        case Arrow():
            return _arrow(part, theme)
        case Join():
            return _join(part, theme)
        case Outline():
            return _outline(part, theme)
        case Halo():
            return (_halo(part, theme),)
        case _:
            assert_never(part)


def _box(box: Box, theme: Theme, picture: Thumbnail | None = None) -> Iterator[Mark]:
    colours = theme.faces(box.kind)
    for corners, fill in ((box.top_face, colours.top), (box.right_face, colours.side)):
        if corners:
            yield Polygon(corners, fill, colours.line, round_joins=True)
    for front in box.fronts:
        yield Rectangle(front, colours.front, colours.line, box.radius)
    if picture is not None:
        yield Pixels(picture.frame, picture.png)


def _outline(outline: Outline, theme: Theme) -> Iterator[Mark]:
    frame, radius, cue = outline.frame, outline.radius, CUES[outline.look]
    if outline.on_picture:
        yield Rectangle(frame, None, UNDER, radius, pen=UNDER_PEN)
    line = OVER if outline.on_picture else theme.outline(outline.look)
    yield Rectangle(frame, None, line, radius, cue, outline.pen)


def _halo(halo: Halo, theme: Theme) -> Mark:
    return Line(halo.points, theme.marker(halo.status).halo, halo.pen, CUES[halo.status])


def _arrow(arrow: Arrow, theme: Theme) -> Iterator[Mark]:
    colour = theme.colour(arrow.kind)
    dashes = DOTTED if arrow.dotted else DASHED if arrow.dashed else None
    yield Line((*arrow.points[:-1], arrow.neck), colour, arrow.pen, dashes)
    if arrow.head:
        left, right = arrow.barbs
        fill = theme.background if arrow.hollow else colour
        yield Polygon((left, arrow.points[-1], right), fill, colour, arrow.pen)


def _join(join: Join, theme: Theme) -> Iterator[Mark]:
    yield Circle(join.x, join.y, join.radius, theme.background, theme.flow, join.pen)
    for stroke in join.strokes:
        yield Line(stroke, theme.flow, join.pen)


def _words(label: Label, theme: Theme) -> Words:
    y = label.y + BASELINE * label.size
    return Words(label.text, label.x, y, label.size, label.anchor, label.bold, theme.colour(label.ink))
