"""A picture as marks in the order in which they are painted: what every writer that paints has to draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from unetgen.drawing.model.picture import Legend, Picture
from unetgen.drawing.model.shapes import Anchor, Arrow, Box, Halo, JoinSign, Outline, Point, Rect, Stroke, TextLabel
from unetgen.drawing.model.theme import Theme
from unetgen.drawing.model.thumbnails import Thumbnail, thumbnails_of

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


Mark = Rectangle | Polygon | Line | Circle | Words | Pixels


@dataclass(frozen=True, slots=True)
class MarkGroup:
    """The marks of one shape.

    Args:
        note: What it is, for readers who point at it or cannot see it; None where nothing is said.
        path: The network's own name for it; samples of the legend have none.
    """

    marks: tuple[Mark, ...]
    note: str | None = None
    path: str = ""


def paint(picture: Picture) -> Iterator[MarkGroup]:
    """List the marks of a picture, each over those before it."""
    theme, thumbnails = picture.theme, thumbnails_of(picture.thumbnails)
    yield MarkGroup((Rectangle(Rect(0, 0, picture.width, picture.height), Look(theme.background, None)),))
    for shape in picture.shapes:
        yield _box(shape, theme, thumbnails.get(shape.id)) if isinstance(shape, Box) else _group(shape, theme)


def _box(box: Box, theme: Theme, thumbnail: Thumbnail | None) -> MarkGroup:
    colours = theme.faces(box.kind)
    fronts = (Rectangle(front, Look(colours.front, colours.line), box.radius) for front in box.fronts)
    if thumbnail is None:
        return MarkGroup((*sides(box, theme), *fronts), box.note, box.path)
    pixels = Pixels(thumbnail.frame, thumbnail.png)
    return MarkGroup((*sides(box, theme), *fronts, pixels), f"{box.note}; {thumbnail.note}", box.path)


def sides(box: Box, theme: Theme) -> Iterator[Polygon]:
    """Paint the faces of a cuboid that stand out behind its front."""
    colours = theme.faces(box.kind)
    for corners, fill in ((box.top_face, colours.top), (box.right_face, colours.side)):
        if corners:
            yield Polygon(corners, Look(fill, colours.line, round_joins=True))


def _group(shape: Arrow | Outline | Halo | JoinSign | Legend | TextLabel, theme: Theme) -> MarkGroup:
    match shape:
        case Arrow():
            return MarkGroup(tuple(_arrow(shape, theme)), shape.note)
        case Outline():
            return MarkGroup(tuple(_outline(shape, theme)))
        case Halo():
            look = Look(None, theme.marker(shape.status).halo, shape.pen, DASHES[shape.stroke])
            return MarkGroup((Line((shape.points,), look),))
        case JoinSign():
            circle = Circle(shape.x, shape.y, shape.radius, Look(theme.background, theme.flow, shape.pen))
            return MarkGroup((circle, Line(shape.strokes, Look(None, theme.flow, shape.pen))), shape.note, shape.path)
        case Legend():
            return MarkGroup((Rectangle(shape.frame, Look(theme.panel, theme.panel_line), shape.radius),))
        case TextLabel():
            return MarkGroup((_words(shape, theme),))
        case _:
            assert_never(shape)


def _arrow(arrow: Arrow, theme: Theme) -> Iterator[Mark]:
    colour = theme.colour(arrow.kind)
    yield Line((arrow.shaft,), Look(None, colour, arrow.pen, DASHES[theme.stroke(arrow)]))
    if arrow.head:
        left, right = arrow.barbs
        fill = theme.background if arrow.hollow else colour
        yield Polygon((left, arrow.points[-1], right), Look(fill, colour, arrow.pen))


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
