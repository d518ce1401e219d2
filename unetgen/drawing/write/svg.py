"""The SVG writer. It knows pictures alone, and needs neither a binary nor a font."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from typing import assert_never

from unetgen.drawing.model.picture import Picture
from unetgen.drawing.model.shapes import Point, Rect
from unetgen.drawing.write.marks import (
    Circle,
    Line,
    Look,
    Mark,
    MarkGroup,
    Pixels,
    Polygon,
    Rectangle,
    Words,
    number,
    paint,
)


def write_svg(picture: Picture) -> str:
    """Write a picture as SVG: one file, no script, no reference to anything outside."""
    return "\n".join((*_head(picture), *map(_group, paint(picture)), "</svg>", ""))


def sheet(picture: Picture) -> str:
    """Give the attributes of an SVG element as large as a picture on paper; its units are the picture's own points."""
    width, height = map(number, picture.paper)
    box = f"0 0 {number(picture.width)} {number(picture.height)}"
    return f'xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" viewBox="{box}"'


def place(frame: Rect) -> str:
    """Give the attributes that say where an element is; without a corner, it is the origin."""
    corner = f'x="{number(frame.x)}" y="{number(frame.y)}" ' if frame.x or frame.y else ""
    return f'{corner}width="{number(frame.width)}" height="{number(frame.height)}"'


def _head(picture: Picture) -> Iterator[str]:
    yield f'<svg {sheet(picture)} role="img" font-family="Helvetica, Arial, sans-serif">'
    yield f"<title>{escape(picture.title)}</title>"
    yield f"<desc>{escape(picture.description)}</desc>"


def _group(group: MarkGroup) -> str:
    marks = "".join(map(_mark, group.marks))
    if group.note is None:
        return marks
    path = f' data-path="{escape(group.path)}"' if group.path else ""
    return f"<g{path}><title>{escape(group.note)}</title>{marks}</g>"


def _mark(mark: Mark) -> str:
    match mark:
        case Rectangle(frame, look, radius):
            rounding = f' rx="{number(radius)}"' if radius else ""
            return f"<rect {place(frame)}{rounding}{_look(look)}/>"
        case Polygon(points, look):
            return f'<polygon points="{" ".join(map(_point, points))}"{_look(look)}/>'
        case Line(strokes, look):
            path = "".join("M" + " L".join(map(_point, stroke)) for stroke in strokes)
            return f'<path d="{path}"{_look(look)}/>'
        case Circle(x, y, radius, look):
            return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"{_look(look)}/>'
        case Words():
            return _words(mark)
        case Pixels(frame, png):
            data = base64.b64encode(png).decode()
            return f'<image {place(frame)} preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'
        case _:
            assert_never(mark)


def _look(look: Look) -> str:
    line = f' stroke="{look.line}"' if look.line else ""
    width = "" if look.pen == 1.0 else f' stroke-width="{number(look.pen)}"'
    dashes = f' stroke-dasharray="{",".join(map(number, look.dashes))}"' if look.dashes else ""
    joins = ' stroke-linejoin="round"' if look.round_joins else ""
    return f' fill="{look.fill or "none"}"{line}{width}{dashes}{joins}'


def _words(mark: Words) -> str:
    at = f'x="{number(mark.x)}" y="{number(mark.y)}"'
    anchor = "" if mark.anchor == "start" else f' text-anchor="{mark.anchor}"'
    weight = ' font-weight="bold"' if mark.bold else ""
    style = f'font-size="{number(mark.size)}"{_look(mark.look)}'
    return f"<text {at}{anchor} {style}{weight}>{escape(mark.text)}</text>"


def _point(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"
