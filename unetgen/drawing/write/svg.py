"""The SVG writer. It knows pictures alone, and needs neither a binary nor a font."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from html import escape
from itertools import chain, groupby, starmap
from typing import Final, assert_never

from unetgen.drawing.model.picture import Picture
from unetgen.drawing.model.shapes import HEAD_SLIMNESS, Point, Rect
from unetgen.drawing.write.groups import STRANGE
from unetgen.drawing.write.marks import (
    Circle,
    Line,
    Look,
    Mark,
    MarkGroup,
    Pixels,
    Pointed,
    Polygon,
    Rectangle,
    Words,
    number,
    paint,
)

INKSCAPE: Final = "http://www.inkscape.org/namespaces/inkscape"
"""Where the words live by which Inkscape knows a group as a layer; others show a group."""


def write_svg(picture: Picture) -> str:
    """Write a picture as SVG: one file, no script, no reference to anything outside.

    Groups of the file are the layers of `groups`, and in them the things with their words.
    """
    painted = tuple(paint(picture))
    pointed = (mark for group in painted for mark in group.marks if isinstance(mark, Pointed))
    layers = groupby(painted, key=lambda group: group.layer)
    return "\n".join((*_head(picture), *_markers(pointed), *chain.from_iterable(starmap(_layer, layers)), "</svg>", ""))


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
    yield f'<svg {sheet(picture)} xmlns:inkscape="{INKSCAPE}" role="img" font-family="Helvetica, Arial, sans-serif">'
    yield f"<title>{escape(picture.title)}</title>"
    yield f"<desc>{escape(picture.description)}</desc>"


def _markers(pointed: Iterable[Pointed]) -> Iterator[str]:
    """Define each look of a head once; a line ends at its tip, so that a head goes where the end of its line goes."""
    looks = {_marker(mark): mark for mark in pointed}
    if looks:
        yield f"<defs>{''.join(starmap(_definition, looks.items()))}</defs>"


def _marker(mark: Pointed) -> str:
    """Name a head; heads of one name are alike in every file, for pages that show several."""
    fill = "" if mark.head.look.fill == mark.look.line else f"-{mark.head.look.fill}"
    return STRANGE.sub("", f"{mark.kind}-head-{number(mark.length)}-{mark.look.line}{fill}")


def _definition(name: str, mark: Pointed) -> str:
    length, half = number(mark.length), number(HEAD_SLIMNESS * mark.length)
    head = f'<path d="M0,-{half} L{length},0 L0,{half} z"{_look(mark.head.look)}/>'
    place = f'orient="auto" markerUnits="userSpaceOnUse" refX="{length}" overflow="visible"'
    return f'<marker id="{name}" {place}>{head}</marker>'


def _layer(name: str, painted: Iterable[MarkGroup]) -> Iterator[str]:
    yield f'<g inkscape:groupmode="layer" inkscape:label="{name}">'
    yield from map(_group, painted)
    yield "</g>"


def _group(group: MarkGroup) -> str:
    marks = "".join(map(_mark, group.marks))
    if not group.id:
        return marks
    path = f' data-path="{escape(group.path)}"' if group.path else ""
    note = "" if group.note is None else f"<title>{escape(group.note)}</title>"
    return f'<g id="{group.id}"{path}>{note}{marks}</g>'


def _mark(mark: Mark) -> str:
    match mark:
        case Rectangle(frame, look, radius):
            rounding = f' rx="{number(radius)}"' if radius else ""
            return f"<rect {place(frame)}{rounding}{_look(look)}/>"
        case Polygon(points, look):
            return f'<polygon points="{" ".join(map(_point, points))}"{_look(look)}/>'
        case Line(strokes, look):
            return f'<path d="{_way(strokes)}"{_look(look)}/>'
        case Pointed(line, tip):
            ((*way, _),) = line.strokes
            return f'<path d="{_way(((*way, tip),))}"{_look(line.look)} marker-end="url(#{_marker(mark)})"/>'
        case Circle(x, y, radius, look):
            return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"{_look(look)}/>'
        case Words():
            return _words(mark)
        case Pixels(frame, png):
            data = base64.b64encode(png).decode()
            return f'<image {place(frame)} preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'
        case _:
            assert_never(mark)


def _way(strokes: Iterable[Iterable[Point]]) -> str:
    return "".join("M" + " L".join(map(_point, stroke)) for stroke in strokes)


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
