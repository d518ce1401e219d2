"""A picture as marks in the order in which they are painted: what every writer that paints has to draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, assert_never

from unetgen.drawing.model.picture import AnyShape, Legend, Picture
from unetgen.drawing.model.shapes import (
    MITRE,
    Anchor,
    Arrow,
    ArrowKind,
    Box,
    Halo,
    JoinSign,
    Outline,
    Point,
    Rect,
    Stroke,
    TextLabel,
)
from unetgen.drawing.model.theme import Theme
from unetgen.drawing.model.thumbnails import Thumbnail, thumbnails_of
from unetgen.drawing.write.groups import Layer, groups

BASELINE: Final = 0.32
"""How far the baseline lies under the middle of a line of text, in font sizes."""
Dashes = tuple[float, float] | None
"""Lengths of a dash and of the gap after it, in points; None for a line without gaps."""
DASHES: Final[Mapping[Stroke, Dashes]] = {"solid": None, "dashed": (5.0, 2.0), "dotted": (1.5, 2.0)}
UNDER, UNDER_PEN, OVER = "#ffffff", 1.4, "#000000"
"""An outline on a picture has dark dashes over a bright line, so that it is seen on any."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a mark is painted: its inside stays as it is without a `fill`, its border without a `line`.

    Round joins are for the faces of cuboids.
    """

    fill: str | None
    line: str | None
    pen: float = 1.0
    dashes: Dashes = None
    round_joins: bool = False


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle whose corners may be round."""

    frame: Rect
    look: Look
    radius: float = 0


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed shape."""

    points: tuple[Point, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Line:
    """One or more open strokes along straight pieces."""

    strokes: tuple[tuple[Point, ...], ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Pointed:
    """A line with a head at its end.

    Args:
        line: The line without its head.
        tip: The last point of the head.
        head: The head itself, which ends there.
        length: How long the head is.
        kind: What the arrow stands for: heads of one kind and look are alike.
    """

    line: Line
    tip: Point
    head: Polygon
    length: float
    kind: ArrowKind

    @property
    def look(self) -> Look:
        """How the line is painted."""
        return self.line.look

    @property
    def end(self) -> Point:
        """Where all of it ends, the mitre of the head included."""
        (x0, y0), (x1, y1) = self.line.strokes[0][-1], self.tip
        mitre = MITRE * self.look.pen / self.length
        return (x1 + mitre * (x1 - x0), y1 + mitre * (y1 - y0))


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle."""

    x: float
    y: float
    radius: float
    look: Look


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

    @property
    def look(self) -> Look:
        """How the letters are filled."""
        return Look(self.colour, None)


@dataclass(frozen=True, slots=True)
class Pixels:
    """A PNG, stretched to fill its frame."""

    frame: Rect
    png: bytes


Mark = Rectangle | Polygon | Line | Pointed | Circle | Words | Pixels


@dataclass(frozen=True, slots=True)
class MarkGroup:
    """The marks of what is moved as one.

    Args:
        layer: What may be hidden with it.
        marks: Each painted over those before it.
        id: As XML allows it, unique in the picture; empty where it has no name.
        note: What it is, for readers who point at it or cannot see it; None where nothing is said.
        path: The network's own name for it; samples of the legend have none.
    """

    layer: Layer | Literal["background"]
    marks: tuple[Mark, ...]
    id: str = ""
    note: str | None = None
    path: str = ""


def paint(picture: Picture) -> Iterator[MarkGroup]:
    """List the marks of a picture, each over those before it."""
    theme, thumbnails = picture.theme, thumbnails_of(picture.thumbnails)
    page = Rectangle(Rect(0, 0, picture.width, picture.height), Look(theme.background, None))
    yield MarkGroup("background", (page,))
    for group in groups(picture):
        first = group.shapes[0]
        thumbnail = thumbnails.get(first.id) if isinstance(first, Box) else None
        marks = tuple(mark for shape in group.shapes for mark in _marks(shape, theme, thumbnail))
        # A sample of the legend shows what is said in the words beside it.
        said = first if group.layer != "legend" and isinstance(first, Box | JoinSign | Arrow) else None
        note = None if said is None else f"{said.note}; {thumbnail.note}" if thumbnail else said.note
        path = said.path if isinstance(said, Box | JoinSign) else ""
        yield MarkGroup(group.layer, marks, group.id, note, path)


def _marks(shape: AnyShape, theme: Theme, thumbnail: Thumbnail | None) -> Iterator[Mark]:
    match shape:
        case Box():
            yield from _box(shape, theme, thumbnail)
        case Arrow():
            yield _arrow(shape, theme)
        case Outline():
            yield from _outline(shape, theme)
        case Halo():
            look = Look(None, theme.marker(shape.status).halo, shape.pen, DASHES[shape.stroke])
            yield Line((shape.points,), look)
        case JoinSign():
            yield Circle(shape.x, shape.y, shape.radius, Look(theme.background, theme.flow, shape.pen))
            yield Line(shape.strokes, Look(None, theme.flow, shape.pen))
        case Legend():
            yield Rectangle(shape.frame, Look(theme.panel, theme.panel_line), shape.radius)
        case TextLabel():
            yield _words(shape, theme)
        case _:
            assert_never(shape)


def _box(box: Box, theme: Theme, thumbnail: Thumbnail | None) -> Iterator[Mark]:
    colours = theme.faces(box.kind)
    yield from sides(box, theme)
    yield from (Rectangle(front, Look(colours.front, colours.line), box.radius) for front in box.fronts)
    if thumbnail is not None:
        yield Pixels(thumbnail.frame, thumbnail.png)


def sides(box: Box, theme: Theme) -> Iterator[Polygon]:
    """Paint the faces of a cuboid that stand out behind its front."""
    colours = theme.faces(box.kind)
    for corners, fill in ((box.top_face, colours.top), (box.right_face, colours.side)):
        if corners:
            yield Polygon(corners, Look(fill, colours.line, round_joins=True))


def _arrow(arrow: Arrow, theme: Theme) -> Line | Pointed:
    colour = theme.colour(arrow.kind)
    line = Line((arrow.shaft,), Look(None, colour, arrow.pen, DASHES[theme.stroke(arrow)]))
    if not arrow.head:
        return line
    (left, right), tip = arrow.barbs, arrow.points[-1]
    fill = theme.background if arrow.hollow else colour
    return Pointed(line, tip, Polygon((left, tip, right), Look(fill, colour, arrow.pen)), arrow.head, arrow.kind)


def _outline(outline: Outline, theme: Theme) -> Iterator[Mark]:
    if outline.on_picture:
        yield Rectangle(outline.frame, Look(None, UNDER, UNDER_PEN), outline.radius)
    line = OVER if outline.on_picture else theme.outline(outline.look)
    yield Rectangle(outline.frame, Look(None, line, outline.pen, DASHES[outline.stroke]), outline.radius)


def _words(label: TextLabel, theme: Theme) -> Words:
    y = label.y + BASELINE * label.size
    return Words(label.text, label.x, y, label.size, label.anchor, label.bold, theme.colour(label.ink))


def number(value: float) -> str:
    """Write a number with two decimals at most.

    Example:
        >>> number(3.0), number(2.50), number(1 / 3), number(-0.001)
        ('3', '2.5', '0.33', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
