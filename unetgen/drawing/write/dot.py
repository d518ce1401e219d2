"""The DOT writer. It knows drawings alone; its file looks the same from every `dot`, for nothing is left to it.

# NOTE: [Pinned DOT]
`layout=nop2` makes Graphviz take positions and splines as they stand. Positions are in points with y up, node sizes in
inches. An edge's `pos` holds the tip after `e,` and then a Bézier curve that ends one head before the tip. An invisible
node of the size of the canvas fixes the bounding box. Faces of cuboids are no nodes: they go into `_background`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from unetgen.drawing.model.picture import Picture
from unetgen.drawing.model.shapes import Arrow, Box, Halo, Join, Label, Outline, OutlineLook, Point, Rect, even_up
from unetgen.drawing.model.theme import Theme
from unetgen.drawing.model.thumbnails import NO_PICTURES
from unetgen.drawing.write.svg import number

if TYPE_CHECKING:
    import graphviz  # type: ignore[import-untyped]  # the package has types but no py.typed

FONT: Final = "Helvetica,Arial,sans-serif"
SPARE: Final = 1.4
"""How much wider than its text a text node is made: Graphviz warns when a font turns out wider than its node."""
BASELINE_SHIFT: Final = 0.07
"""Graphviz sets text this much higher than the SVG writer, in font sizes."""
TABLE_SHIFT: Final = 1.0
"""And text in a table one point higher still."""
PANEL_RADIUS: Final = 8


def write_dot(drawing: Picture) -> str:
    """Write a drawing as DOT, see [Pinned DOT].

    Raises:
        ValueError: Boxes show pictures, which a DOT file can only name.
    """
    if drawing.thumbnails:
        raise ValueError(NO_PICTURES.format(suffix=".dot"))
    import graphviz  # costs 50 ms: whoever wants SVG does not pay for it

    return _Page(drawing, graphviz.Digraph("unetgen", **_defaults(drawing))).write()


def _defaults(drawing: Picture) -> dict[str, dict[str, str]]:
    theme = drawing.theme
    order = "edgesfirst" if drawing.has_boxes_on_top else "nodesfirst"
    page = {"layout": "nop2", "outputorder": order, "bgcolor": theme.background, "pad": "0", "margin": "0"}
    graph = {**page, "fontname": FONT, **_background(drawing)}
    node = {"shape": "box", "fixedsize": "true", "label": "", "margin": "0", "fontname": FONT}
    return {"graph_attr": graph, "node_attr": node, "edge_attr": {"fontname": FONT}}


def _background(drawing: Picture) -> dict[str, str]:
    """Draw the faces of cuboids, and the panel of the legend where those, or edges, would be hidden by its node."""
    samples = (part for row in drawing.legend.rows for part in row.sample if isinstance(part, Box))
    faces = [polygon for box in (*drawing.boxes, *samples) if box.depth for polygon in _faces(box, drawing)]
    if not faces and not drawing.has_boxes_on_top:
        return {}
    panel = (_panel(drawing),) if drawing.legend.rows else ()
    return {"_background": " ".join((*panel, *faces))} if panel or faces else {}


def _panel(drawing: Picture) -> str:
    """Draw a rounded rectangle as a closed curve of cubic pieces: four sides, and a quarter of a circle after each."""
    frame, theme, r = drawing.legend.frame, drawing.theme, PANEL_RADIUS
    top, bottom, k = drawing.height - frame.y, drawing.height - frame.bottom, 0.45 * PANEL_RADIUS
    x, right = frame.x, frame.right
    points = [(x + r, top)]
    for *corner, end in (
        ((right - r, top), (right - k, top), (right, top - k), (right, top - r)),
        ((right, bottom + r), (right, bottom + k), (right - k, bottom), (right - r, bottom)),
        ((x + r, bottom), (x + k, bottom), (x, bottom + k), (x, bottom + r)),
        ((x, top - r), (x, top - k), (x + k, top), (x + r, top)),
    ):
        points += [points[-1], corner[0], corner[0], corner[1], corner[2], end]
    places = " ".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"c 7 -{theme.panel_line} C 7 -{theme.panel} b {len(points)} {places}"


def _faces(box: Box, drawing: Picture) -> Iterator[str]:
    colours = drawing.theme.faces(box.kind)
    for corners, fill in ((box.top_face, colours.top), (box.right_face, colours.side)):
        if not corners:
            continue
        places = " ".join(f"{number(x)} {number(drawing.height - y)}" for x, y in corners)
        yield f"c 7 -{colours.line} C 7 -{fill} P {len(corners)} {places}"


class _Page:
    """One drawing on its way into a graph: the names given so far, and where y points up."""

    def __init__(self, drawing: Picture, graph: graphviz.Digraph) -> None:
        self.drawing = drawing
        self.theme: Theme = drawing.theme
        self.graph = graph
        self.names: dict[str, str] = {}

    def write(self) -> str:
        drawing = self.drawing
        self._node("canvas", Rect(0, 0, drawing.width, drawing.height), style="invis")
        for box in drawing.boxes:
            self._box(box)
        for number_, outline in enumerate(drawing.outlines):
            self._outline(f"{outline.look} {number_}", outline)
        for join in drawing.joins:
            self._circle(join)
        self._legend_nodes()
        for number_, label in enumerate(drawing.every_label):
            self._label(f"text {number_}", label)
        self._edges()
        return str(self.graph.source)

    def _legend_nodes(self) -> None:
        theme, legend = self.theme, self.drawing.legend
        if not legend.rows:
            return
        colours = {"fillcolor": theme.panel, "color": theme.panel_line}
        # Edges need the node, even where the panel lies in the background.
        style = "invis" if "_background" in self.graph.graph_attr else "rounded,filled"
        self._node("legend", legend.frame, style=style, **colours)
        for row in legend.rows:
            for part in row.sample:
                match part:
                    case Box():
                        self._box(part)
                    case Join():
                        self._circle(part)
                    case Outline():
                        self._outline(f"{part.look} legend", part)
                    case Arrow() | Halo():
                        pass  # arrows come after all nodes

    def _edges(self) -> None:
        for halo in self.drawing.halos:
            self._halo(halo)
        for arrow in self.drawing.arrows:
            self._arrow(arrow)
        for join in self.drawing.joins:
            self._sign(join)
        for row in self.drawing.legend.rows:
            for part in row.sample:
                match part:
                    case Arrow():
                        self._arrow(part)
                    case Join():
                        self._sign(part)
                    case Halo():
                        self._halo(part)
                    case Box() | Outline():
                        pass

    def _box(self, box: Box) -> None:
        colours = self.theme.faces(box.kind)
        style = "rounded,filled" if box.radius else "filled"
        looks = {"style": style, "fillcolor": colours.front, "color": colours.line}
        if not box.bars:
            self._node(box.id, box.frame, **looks)
            return
        # Edges need one node to end at, even where bars are drawn in its place.
        self._node(box.id, box.frame, style="invis")
        for place, bar in enumerate(box.fronts):
            self._node(f"{box.id} bar {place}", bar, **looks)

    def _outline(self, id: str, outline: Outline) -> None:
        looks = {"color": self.theme.outline(outline.look), **_cue(outline.look, "rounded" if outline.radius else "")}
        if outline.pen != 1:
            looks["penwidth"] = number(outline.pen)
        if outline.is_round:
            looks |= {"shape": "circle", **_cue(outline.look)}
        self._node(id, outline.frame, **looks)

    def _halo(self, halo: Halo) -> None:
        # Edges are drawn in the order of the nodes that they leave: those of the canvas come first, under all others.
        canvas = self._name("canvas")
        looks = {"color": self.theme.marker(halo.status).halo, "penwidth": number(halo.pen), **_cue(halo.status)}
        self.graph.edge(canvas, canvas, pos=self._curve(halo.points), dir="none", **looks)

    def _circle(self, join: Join) -> None:
        colours = {"fillcolor": self.theme.background, "color": self.theme.flow, "penwidth": number(join.pen)}
        self._node(join.id, join.hull, shape="circle", style="filled", **colours)

    def _node(self, id: str, frame: Rect, **style: str) -> None:
        place = f"{number(frame.cx)},{number(self.drawing.height - frame.cy)}!"
        self.graph.node(self._name(id), pos=place, width=_inches(frame.width), height=_inches(frame.height), **style)

    def _label(self, id: str, label: Label) -> None:
        width, height = self._room(label), even_up(label.size * 1.6)
        left = {"start": label.x, "middle": label.x - width / 2, "end": label.x - width}[label.anchor]
        drop = BASELINE_SHIFT * label.size + (TABLE_SHIFT if label.bold else 0)
        frame = Rect(left, label.y + drop - height / 2, width, height)
        style = {"fontsize": number(label.size), "fontcolor": self.theme.colour(label.ink)}
        self._node(id, frame, shape="plaintext", label=_text(label, width), **style)

    def _room(self, label: Label) -> float:
        """Give the width of a text's node: some to spare, but never past the edge of the page, which would grow."""
        before, after = label.x, self.drawing.width - label.x
        limit = {"start": after, "middle": 2 * min(before, after), "end": before}[label.anchor]
        return 2 * min(math.ceil(label.width * SPARE / 2), math.floor(limit / 2))

    def _arrow(self, arrow: Arrow) -> None:
        looks = {"color": self.theme.colour(arrow.kind), "penwidth": number(arrow.pen)}
        if arrow.dashed or arrow.dotted:
            looks["style"] = "dotted" if arrow.dotted else "dashed"
        looks |= {"arrowsize": number(arrow.head / 10)} if arrow.head else {"dir": "none"}
        if arrow.hollow:
            looks["arrowhead"] = "onormal"
        tip = f"e,{self._point(arrow.points[-1])} " if arrow.head else ""
        curve = self._curve((*arrow.points[:-1], arrow.neck))
        self.graph.edge(self._name(arrow.source), self._name(arrow.target), pos=tip + curve, **looks)

    def _sign(self, join: Join) -> None:
        name = self._name(join.id)
        looks = {"color": self.theme.flow, "penwidth": number(join.pen), "dir": "none"}
        for stroke in join.strokes:
            self.graph.edge(name, name, pos=self._curve(stroke), **looks)

    def _curve(self, points: tuple[Point, ...]) -> str:
        """Straight pieces as a Bézier curve of 3n + 1 control points."""
        controls = [points[0]]
        for (x0, y0), (x1, y1) in pairwise(points):
            dx, dy = (x1 - x0) / 3, (y1 - y0) / 3
            controls += [(x0 + dx, y0 + dy), (x1 - dx, y1 - dy), (x1, y1)]
        return " ".join(map(self._point, controls))

    def _point(self, point: Point) -> str:
        return f"{number(point[0])},{number(self.drawing.height - point[1])}"

    def _name(self, id: str) -> str:
        """Give the id as a name that needs no quotes and has no port, unique on this page."""
        if id not in self.names:
            name = "".join(character if character.isascii() and character.isalnum() else "_" for character in id)
            while name in self.names.values():
                name += "_"
            self.names[id] = name
        return self.names[id]


def _cue(look: OutlineLook, style: str = "") -> dict[str, str]:
    """Give the dashes that tell marks apart without their colours; what is new has none."""
    dashes = {"crop": "dashed", "changed": "dashed", "removed": "dotted", "new": ""}[look]
    styles = ",".join(filter(None, (style, dashes)))
    return {"style": styles} if styles else {}


def _inches(points: float) -> str:
    return f"{points / 72:.6f}".rstrip("0").rstrip(".")


def _text(label: Label, width: float) -> str:
    if label.bold:
        return _bold(label, width)
    import graphviz

    side = {"start": "\\l", "middle": "", "end": "\\r"}[label.anchor]
    # Graphviz reads HTML entities in plain labels too, so a lone ampersand is written as one.
    return str(graphviz.nohtml(graphviz.escape(label.text.replace("&", "&amp;")) + side))


def _bold(label: Label, width: float) -> str:
    """Bold text: an HTML label, in which Graphviz still expands `\\N`; a table holds it to its side."""
    words = escape(label.text).replace("\\", "\\\\")
    side = {"start": "LEFT", "middle": "CENTER", "end": "RIGHT"}[label.anchor]
    cell = f'<TD ALIGN="{side}" WIDTH="{number(width)}"><B>{words}</B></TD>'
    return f'<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="0"><TR>{cell}</TR></TABLE>>'
