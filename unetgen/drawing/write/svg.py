"""The SVG writer. It knows drawings alone, and needs neither a binary nor a font."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from typing import Final

from unetgen.drawing.model.picture import Picture
from unetgen.drawing.model.shapes import Arrow, Box, Halo, Join, Label, Outline, OutlineLook, Point
from unetgen.drawing.model.theme import Theme
from unetgen.drawing.model.thumbnails import Thumbnail, thumbnails_of

BASELINE: Final = 0.32
"""How far the baseline lies under the middle of a line of text, in font sizes."""
DASHES: Final = "5,2"
DOTS: Final = "1.5,2"
UNDER, UNDER_PEN, OVER = "#ffffff", 1.4, "#000000"
"""An outline on a picture has dark dashes over a bright line, so that it is seen on any."""


def write_svg(drawing: Picture) -> str:
    """Write a drawing as SVG: one file, no script, no reference to anything outside."""
    return "\n".join((*_head(drawing), *_body(drawing), "</svg>", ""))


def _head(drawing: Picture) -> Iterator[str]:
    width, height = number(drawing.width), number(drawing.height)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
        f'viewBox="0 0 {width} {height}" role="img" font-family="Helvetica, Arial, sans-serif">'
    )
    yield f"<title>{escape(drawing.title)}</title>"
    yield f"<desc>{escape(drawing.description)}</desc>"
    yield f'<rect width="{width}" height="{height}" fill="{drawing.theme.background}"/>'


def _body(drawing: Picture) -> Iterator[str]:
    theme = drawing.theme
    pictures = thumbnails_of(drawing.thumbnails)
    boxes = [_box(box, theme, pictures.get(box.id)) for box in drawing.boxes]
    outlines = [_outline(outline, theme) for outline in drawing.outlines]
    arrows = [*(_halo(halo, theme) for halo in drawing.halos), *(_arrow(arrow, theme) for arrow in drawing.arrows)]
    yield from (*arrows, *boxes, *outlines) if drawing.has_boxes_on_top else (*boxes, *outlines, *arrows)
    for join in drawing.joins:
        yield _join(join, theme)
    yield from _legend(drawing)
    for label in drawing.every_label:
        yield _label(label, theme)


def _legend(drawing: Picture) -> Iterator[str]:
    theme, frame = drawing.theme, drawing.legend.frame
    if not drawing.legend.rows:
        return
    place = _frame(frame.x, frame.y, frame.width, frame.height)
    yield f'<rect {place} rx="8" {_paint(theme.panel, theme.panel_line)}/>'
    for row in drawing.legend.rows:
        for part in row.sample:
            match part:
                case Box():
                    yield _box(part, theme)
                case Arrow():
                    yield _arrow(part, theme)
                case Join():
                    yield _join(part, theme)
                case Outline():
                    yield _outline(part, theme)
                case Halo():
                    yield _halo(part, theme)


def _box(box: Box, theme: Theme, picture: Thumbnail | None = None) -> str:
    colours = theme.faces(box.kind)
    rounding = f' rx="{number(box.radius)}"' if box.radius else ""
    paint = _paint(colours.front, colours.line)
    front = "".join(f"<rect {_frame(f.x, f.y, f.width, f.height)}{rounding} {paint}/>" for f in box.fronts)
    note = f"{box.note}; {picture.note}" if picture else box.note
    shown = _picture(picture) if picture else ""
    return f"{_group(box.path)}<title>{escape(note)}</title>{_cuboid(box, theme)}{front}{shown}</g>"


def _picture(picture: Thumbnail) -> str:
    frame = picture.frame
    place = _frame(frame.x, frame.y, frame.width, frame.height)
    data = base64.b64encode(picture.png).decode()
    return f'<image {place} preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'


def _cuboid(box: Box, theme: Theme) -> str:
    colours = theme.faces(box.kind)
    return "".join(
        f'<polygon points="{_points(corners)}" {_paint(fill, colours.line)} stroke-linejoin="round"/>'
        for corners, fill in ((box.top_face, colours.top), (box.right_face, colours.side))
        if corners
    )


def _outline(outline: Outline, theme: Theme) -> str:
    frame = outline.frame
    place = _frame(frame.x, frame.y, frame.width, frame.height)
    rounding = f' rx="{number(outline.radius)}"' if outline.radius else ""
    under = f"<rect {place}{rounding} {_paint('none', UNDER, UNDER_PEN)}/>" if outline.on_picture else ""
    paint = _paint("none", OVER if outline.on_picture else theme.outline(outline.look), outline.pen)
    return f"{under}<rect {place}{rounding} {paint}{_cue(outline.look)}/>"


def _halo(halo: Halo, theme: Theme) -> str:
    path = "M" + " L".join(map(_point, halo.points))
    return f'<path d="{path}" {_paint("none", theme.marker(halo.status).halo, halo.pen)}{_cue(halo.status)}/>'


def _cue(look: OutlineLook) -> str:
    """Give the dashes that tell marks apart without their colours; what is new has none."""
    dashes = {"crop": DASHES, "changed": DASHES, "removed": DOTS, "new": ""}[look]
    return f' stroke-dasharray="{dashes}"' if dashes else ""


def _arrow(arrow: Arrow, theme: Theme) -> str:
    colour = theme.colour(arrow.kind)
    dashes = f' stroke-dasharray="{DOTS if arrow.dotted else DASHES}"' if arrow.dashed or arrow.dotted else ""
    path = "M" + " L".join(_point(point) for point in (*arrow.points[:-1], arrow.neck))
    line = f'<path d="{path}" {_paint("none", colour, arrow.pen)}{dashes}/>'
    return f"<g><title>{escape(arrow.note)}</title>{line}{_tip(arrow, theme)}</g>"


def _tip(arrow: Arrow, theme: Theme) -> str:
    if not arrow.head:
        return ""
    colour = theme.colour(arrow.kind)
    left, right = arrow.barbs
    fill = theme.background if arrow.hollow else colour
    return f'<polygon points="{_points((left, arrow.points[-1], right))}" {_paint(fill, colour, arrow.pen)}/>'


def _join(join: Join, theme: Theme) -> str:
    circle = f'<circle cx="{number(join.x)}" cy="{number(join.y)}" r="{number(join.radius)}"'
    strokes = "".join(f"M{_point(start)} L{_point(end)}" for start, end in join.strokes)
    sign = f'<path d="{strokes}" {_paint("none", theme.flow, join.pen)}/>'
    return (
        f"{_group(join.path)}<title>{escape(join.note)}</title>"
        f"{circle} {_paint(theme.background, theme.flow, join.pen)}/>{sign}</g>"
    )


def _label(label: Label, theme: Theme) -> str:
    place = f'x="{number(label.x)}" y="{number(label.y + BASELINE * label.size)}"'
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    weight = ' font-weight="bold"' if label.bold else ""
    style = f'font-size="{number(label.size)}" fill="{theme.colour(label.ink)}"'
    return f"<text {place}{anchor} {style}{weight}>{escape(label.text)}</text>"


def _group(path: str) -> str:
    """Open the group of what has a name in the network; samples of the legend have none."""
    return f'<g data-path="{escape(path)}">' if path else "<g>"


def _frame(x: float, y: float, width: float, height: float) -> str:
    return f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'


def _paint(fill: str, stroke: str, pen: float = 1.0) -> str:
    width = "" if pen == 1.0 else f' stroke-width="{number(pen)}"'
    return f'fill="{fill}" stroke="{stroke}"{width}'


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(map(_point, points))


def _point(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"


def number(value: float) -> str:
    """Write a number with two decimals at most.

    Example:
        >>> number(3.0), number(2.50), number(1 / 3), number(-0.001)
        ('3', '2.5', '0.33', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
