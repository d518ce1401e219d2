"""The draw.io writer: a cell for every box, arrow and word, on layers and in groups, for diagrams.net and its programs.

Arrows are connectors: they keep their box when it is moved. What is written says neither when nor where it was.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from typing import Final, assert_never

from unetgen.drawing.model.picture import AnyShape, Legend, Picture, bounds, segments
from unetgen.drawing.model.shapes import Anchor, Arrow, Box, Halo, JoinSign, Outline, Point, Rect, Stroke, TextLabel
from unetgen.drawing.model.thumbnails import thumbnails_of
from unetgen.drawing.write.groups import Group, Ids, groups
from unetgen.drawing.write.marks import DASHES, OVER, UNDER, UNDER_PEN, Polygon, number, sides

SETTINGS: Final = 'grid="0" guides="1" tooltips="1" connect="1" arrows="1" fold="1" page="1" pageScale="1" math="0"'
SIDES: Final[Mapping[Anchor, str]] = {"start": "left", "middle": "center", "end": "right"}
UNITS: Final = 100 / 72
"""How many units of draw.io a point of paper is: an inch has a hundred of them."""
ROOT: Final = "0"
"""The cell that all layers are in."""

End = tuple[str, Box | JoinSign] | None
"""What a connector ends at, with the id of its cell."""


def write_drawio(picture: Picture) -> str:
    """Write a picture as a file of draw.io, not compressed, as large as it is on paper."""
    width, height = (number(side * UNITS) for side in picture.paper)
    return "\n".join(
        (
            '<mxfile compressed="false">',
            f'<diagram id="unetgen" name="{escape(picture.title or "unetgen")}">',
            f'<mxGraphModel {SETTINGS} pageWidth="{width}" pageHeight="{height}" '
            f'background="{picture.theme.background}">',
            "<root>",
            f'<mxCell id="{ROOT}"/>',
            *_Diagram(picture).cells(),
            "</root>",
            "</mxGraphModel>",
            "</diagram>",
            "</mxfile>",
            "",
        )
    )


class _Diagram:
    """A picture on its way into cells; `corner` is where the group is that is being written."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.theme = picture.theme
        self.thumbnails = thumbnails_of(picture.thumbnails)
        self.ids = Ids()
        self.ids.of(ROOT)
        self.painted = tuple(groups(picture))
        self.parent, self.corner = ROOT, (0.0, 0.0)
        # Things keep their ids, which arrows name, whatever stands around them.
        self.names = {group.id: self.ids.of(group.id) for group in self.painted if group.id}
        things = (
            (self.names[group.id], group.shapes[0]) for group in self.painted if group.layer in ("boxes", "joins")
        )
        self.ends = {thing.id: (name, thing) for name, thing in things if isinstance(thing, Box | JoinSign)}

    def cells(self) -> Iterator[str]:
        for layer, painted in groupby(self.painted, key=lambda group: group.layer):
            id = self.ids.of(f"layer.{layer}")
            yield f'<mxCell id="{id}" value="{layer}" parent="{ROOT}"/>'
            for group in painted:
                self.parent, self.corner = id, (0.0, 0.0)
                yield from self._group(group)

    def _group(self, group: Group) -> Iterator[str]:
        if group.id and (len(group.shapes) > 1 or isinstance(group.shapes[0], Box | JoinSign)):
            hull = bounds(room for shape in group.shapes for room in _rooms(shape))
            id = self.ids.of(f"{group.id}.group")
            yield self._vertex(id, hull, "group")
            self.parent, self.corner = id, (hull.x, hull.y)
        for shape in group.shapes:
            # Samples of the legend may have ids of boxes.
            is_thing = shape is group.shapes[0] and group.layer != "legend"
            yield from self._shape(shape, self.names[group.id] if is_thing and group.id else "")

    def _shape(self, shape: AnyShape, id: str) -> Iterator[str]:
        match shape:
            case Box():
                yield from self._box(shape, id or self.ids.of("sample"))
            case JoinSign():
                yield from self._join(shape, id or self.ids.of("sample"))
            case Arrow():
                yield self._arrow(shape, id or self.ids.of("sample"))
            case Outline():
                yield from self._outline(shape)
            case Halo():
                look = self._line(shape.pen, strokeColor=self.theme.marker(shape.status).halo)
                yield self._edge(self.ids.of("halo"), shape.points, {**look, **self._dashes(shape.stroke)})
            case Legend():
                look = {"fillColor": self.theme.panel, "strokeColor": self.theme.panel_line}
                yield self._vertex(self.ids.of("panel"), shape.frame, **look, **self._rounded(shape.radius))
            case TextLabel():
                yield self._label(shape)
            case _:
                assert_never(shape)

    def _box(self, box: Box, id: str) -> Iterator[str]:
        colours = self.theme.faces(box.kind)
        yield from map(self._polygon, sides(box, self.theme))
        look = self._line(1, fillColor=colours.front, strokeColor=colours.line, **self._rounded(box.radius))
        # Connectors need one cell to end at, even where bars are drawn in its place.
        yield self._vertex(id, box.frame, **({"fillColor": "none", "strokeColor": "none"} if box.bars else look))
        yield from (self._vertex(self.ids.of(f"{id}.bar"), front, **look) for front in box.fronts if box.bars)
        if box.id in self.thumbnails and self.ends.get(box.id, ("",))[0] == id:
            thumbnail = self.thumbnails[box.id]
            # A semicolon would end the value.
            data = f"data:image/png,{base64.b64encode(thumbnail.png).decode()}"
            yield self._vertex(self.ids.of(f"{id}.map"), thumbnail.frame, shape="image", imageAspect="0", image=data)

    def _polygon(self, face: Polygon) -> str:
        xs, ys = ([point[axis] for point in face.points] for axis in (0, 1))
        frame = Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        shares = (((x - frame.x) / frame.width, (y - frame.y) / frame.height) for x, y in face.points)
        corners = ",".join(f"[{x:.4f},{y:.4f}]" for x, y in shares)
        look = self._line(1, fillColor=face.look.fill or "none", strokeColor=face.look.line or "none")
        look |= {"shape": "mxgraph.basic.polygon", "polyCoords": f"[{corners}]", "polyline": "0"}
        return self._vertex(self.ids.of("face"), frame, **look)

    def _join(self, join: JoinSign, id: str) -> Iterator[str]:
        look = self._line(join.pen, strokeColor=self.theme.flow)
        yield self._vertex(id, join.hull, "ellipse", fillColor=self.theme.background, **look)
        yield from (self._edge(self.ids.of(f"{id}.sign"), stroke, look) for stroke in join.strokes)

    def _arrow(self, arrow: Arrow, id: str) -> str:
        colour = self.theme.colour(arrow.kind)
        look = self._line(arrow.pen, strokeColor=colour, **self._dashes(self.theme.stroke(arrow)))
        if arrow.head:
            look |= {"endArrow": "blockThin", "endSize": number(self._own(arrow.head))}
            look["endFill"] = "0" if arrow.hollow else "1"
        ends = self.ends.get(arrow.source), self.ends.get(arrow.target)
        return self._edge(id, (*arrow.points[:-1], arrow.end), look, ends)

    def _outline(self, outline: Outline) -> Iterator[str]:
        rounded = self._rounded(outline.radius)
        if outline.on_picture:
            under = self._line(UNDER_PEN, fillColor="none", strokeColor=UNDER, **rounded)
            yield self._vertex(self.ids.of("outline"), outline.frame, **under)
        colour = OVER if outline.on_picture else self.theme.outline(outline.look)
        look = self._line(outline.pen, fillColor="none", strokeColor=colour, **self._dashes(outline.stroke), **rounded)
        yield self._vertex(self.ids.of("outline"), outline.frame, pointerEvents="0", **look)

    def _label(self, label: TextLabel) -> str:
        look = {"align": SIDES[label.anchor], "verticalAlign": "middle", "spacing": "0", "fontFamily": "Helvetica"}
        look |= {"fontSize": number(self._own(label.size)), "fontColor": self.theme.colour(label.ink)}
        look |= {"fontStyle": "1"} if label.bold else {}
        return self._vertex(self.ids.of("words"), label.hull, "text", label.text, html="0", **look)

    def _line(self, pen: float, **look: str) -> dict[str, str]:
        return {**look, "strokeWidth": number(self._own(pen))}

    def _rounded(self, radius: float) -> dict[str, str]:
        if not radius:
            return {}
        return {"rounded": "1", "absoluteArcSize": "1", "arcSize": number(self._own(2 * radius))}

    def _dashes(self, stroke: Stroke) -> dict[str, str]:
        dashes = DASHES[stroke]
        if dashes is None:
            return {}
        pattern = " ".join(number(self._own(length)) for length in dashes)
        return {"dashed": "1", "fixDash": "1", "dashPattern": pattern}

    def _own(self, points: float) -> float:
        """Give a length on paper, in units of draw.io."""
        return points * self.picture.scale * UNITS

    def _vertex(self, id: str, frame: Rect, kind: str = "", text: str = "", **look: str) -> str:
        (x, y), size = self._inside((frame.x, frame.y)), (self._own(frame.width), self._own(frame.height))
        width, height = map(number, size)
        place = f'<mxGeometry x="{x}" y="{y}" width="{width}" height="{height}" as="geometry"/>'
        about = f'value="{escape(text)}" style="{_style(kind, look)}" vertex="1" parent="{self.parent}"'
        return f'<mxCell id="{id}" {about}>{place}</mxCell>'

    def _edge(
        self, id: str, points: tuple[Point, ...], look: Mapping[str, str], at: tuple[End, End] = (None, None)
    ) -> str:
        source, target = at
        style = {"endArrow": "none", "rounded": "0", "html": "0", **look}
        style |= _port("exit", source, points[0]) | _port("entry", target, points[-1])
        joins = "".join(f' {role}="{end[0]}"' for role, end in (("source", source), ("target", target)) if end)
        ends = self._point(points[0], ' as="sourcePoint"') + self._point(points[-1], ' as="targetPoint"')
        way = "".join(map(self._point, points[1:-1]))
        bends = f'<Array as="points">{way}</Array>' if way else ""
        place = f'<mxGeometry relative="1" as="geometry">{ends}{bends}</mxGeometry>'
        return f'<mxCell id="{id}" style="{_style("", style)}" edge="1" parent="{self.parent}"{joins}>{place}</mxCell>'

    def _point(self, point: Point, role: str = "") -> str:
        x, y = self._inside(point)
        return f'<mxPoint x="{x}" y="{y}"{role}/>'

    def _inside(self, point: Point) -> tuple[str, str]:
        """Give a place on paper as seen from the corner of the group that it is in."""
        left, top = self.corner
        return number(self._own(point[0] - left)), number(self._own(point[1] - top))


def _rooms(shape: AnyShape) -> Iterable[Rect]:
    """Give the room of a shape; of a line, those of its pieces."""
    match shape:
        case Arrow() | Halo():
            return segments(shape)
        case Outline() | Legend():
            return (shape.frame,)
        case _:
            return (shape.hull,)


def _port(end: str, thing: End, point: Point) -> dict[str, str]:
    """Say where at a thing a connector ends, in shares of its sides: there it stays when the thing is moved."""
    if thing is None:
        return {}
    frame = thing[1].frame if isinstance(thing[1], Box) else thing[1].hull
    x, y = (point[0] - frame.x) / frame.width, (point[1] - frame.y) / frame.height
    return {f"{end}X": f"{x:.4f}", f"{end}Y": f"{y:.4f}", f"{end}Dx": "0", f"{end}Dy": "0", f"{end}Perimeter": "0"}


def _style(kind: str, look: Mapping[str, str]) -> str:
    return "".join(f"{word};" for word in (*filter(None, (kind,)), *(f"{key}={value}" for key, value in look.items())))
