"""The DOT writer. It knows pictures alone; its file looks the same from every `dot`, for nothing is left to it.

# NOTE: [Pinned DOT]
`layout=nop2` makes Graphviz take positions and splines as they stand. Positions are in points with y up, node sizes in
inches. An edge's `pos` holds the tip after `e,` and then a Bézier curve that ends one head before the tip. An invisible
node of the size of the canvas fixes the bounding box. Faces of cuboids are no nodes: they go into `_background`.
"""

from __future__ import annotations

import math
import os
import re
import shutil
from html import escape
from itertools import count, pairwise
from typing import TYPE_CHECKING, Final, assert_never

from unetgen.drawing.model.picture import AnyShape, Legend, Picture
from unetgen.drawing.model.shapes import Arrow, Box, Halo, JoinSign, Outline, Point, Rect, TextLabel, even_up
from unetgen.drawing.model.theme import Theme
from unetgen.drawing.write.marks import Polygon, number, sides
from unetgen.drawing.write.png import SCALE, check_scale
from unetgen.source.problem import MissingTool

if TYPE_CHECKING:
    import graphviz  # type: ignore[import-untyped]  # the package has types but no py.typed

FONT: Final = "Helvetica,Arial,sans-serif"
SPARE: Final = 1.4
"""How much wider than its text a text node is made: Graphviz warns when a font turns out wider than its node."""
BASELINE_SHIFT: Final = 0.07
"""Graphviz sets text this much higher than `BASELINE` has it, in font sizes."""
TABLE_SHIFT: Final = 1.0
"""And text in a table one point higher still."""


def write_dot(picture: Picture) -> str:
    """Write a picture as DOT, see [Pinned DOT].

    Raises:
        ValueError: Boxes show pictures of maps.
    """
    if picture.thumbnails:
        raise ValueError("a DOT file could only name pictures of maps; `writer_for` says so first")
    import graphviz  # costs 50 ms: whoever wants SVG does not pay for it

    return _GraphWriter(picture, graphviz.Digraph("unetgen", **_defaults(picture))).write()


def _defaults(picture: Picture) -> dict[str, dict[str, str]]:
    theme = picture.theme
    order = "edgesfirst" if picture.has_boxes_on_top else "nodesfirst"
    page = {"layout": "nop2", "outputorder": order, "bgcolor": theme.background, "pad": "0", "margin": "0"}
    graph = {**page, **_printed(picture), "fontname": FONT, **_background(picture)}
    node = {"shape": "box", "fixedsize": "true", "label": "", "margin": "0", "fontname": FONT}
    return {"graph_attr": graph, "node_attr": node, "edge_attr": {"fontname": FONT}}


def _printed(picture: Picture) -> dict[str, str]:
    """Let Graphviz shrink the whole page, letters included, to its size on paper, in inches."""
    if picture.scale == 1:
        return {}
    width, height = map(_inches, picture.paper)
    return {"size": f"{width},{height}"}


def _background(picture: Picture) -> dict[str, str]:
    """Draw the faces of cuboids, and the panel of the legend where those, or edges, would be hidden by its node."""
    boxes = (shape for shape in picture.shapes if isinstance(shape, Box))
    faces = [_face(polygon, picture) for box in boxes for polygon in sides(box, picture.theme)]
    if not faces and not picture.has_boxes_on_top:
        return {}
    panel = (_panel(picture),) if picture.legend.rows else ()
    return {"_background": " ".join((*panel, *faces))} if panel or faces else {}


def _panel(picture: Picture) -> str:
    """Draw a rounded rectangle as a closed curve of cubic pieces: four sides, and a quarter of a circle after each."""
    frame, theme, r = picture.legend.frame, picture.theme, picture.legend.radius
    top, bottom, k = picture.height - frame.y, picture.height - frame.bottom, 0.45 * r
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


def _face(face: Polygon, picture: Picture) -> str:
    places = " ".join(f"{number(x)} {number(picture.height - y)}" for x, y in face.points)
    return f"c 7 -{face.look.line} C 7 -{face.look.fill} P {len(face.points)} {places}"


class _GraphWriter:
    """One picture on its way into a graph: the names given so far, and where y points up."""

    def __init__(self, picture: Picture, graph: graphviz.Digraph) -> None:
        self.picture = picture
        self.theme: Theme = picture.theme
        self.graph = graph
        self.names: dict[str, str] = {}
        self.outlines = count()
        self.labels = count()

    def write(self) -> str:
        self._node("canvas", Rect(0, 0, self.picture.width, self.picture.height), style="invis")
        for shape in self.picture.shapes:
            self._nodes(shape)
        for shape in self.picture.shapes:
            self._edges(shape)
        return str(self.graph.source)

    def _nodes(self, shape: AnyShape) -> None:
        match shape:
            case Box():
                self._box(shape)
            case Outline():
                self._outline(shape)
            case JoinSign():
                self._circle(shape)
            case Legend():
                self._legend(shape)
            case TextLabel():
                self._label(shape)
            case Arrow() | Halo():
                pass  # edges come after all nodes
            case _:
                assert_never(shape)

    def _edges(self, shape: AnyShape) -> None:
        match shape:
            case Halo():
                self._halo(shape)
            case Arrow():
                self._arrow(shape)
            case JoinSign():
                self._sign(shape)
            case _:
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

    def _outline(self, outline: Outline) -> None:
        place = next(self.outlines) if outline.of else "legend"
        # Graphviz reads no more than the dashes of a circle; its corners are round where nothing else is to be said.
        is_rounded = outline.radius and not (outline.is_round and outline.stroke != "solid")
        style = _style("rounded" if is_rounded else "", outline.stroke)
        looks = {"color": self.theme.outline(outline.look), **style}
        if outline.pen != 1:
            looks["penwidth"] = number(outline.pen)
        if outline.is_round:
            looks["shape"] = "circle"
        self._node(f"{outline.look} {place}", outline.frame, **looks)

    def _legend(self, legend: Legend) -> None:
        # Edges need the node, even where the panel lies in the background.
        style = "invis" if "_background" in self.graph.graph_attr else "rounded,filled"
        self._node("legend", legend.frame, style=style, fillcolor=self.theme.panel, color=self.theme.panel_line)

    def _halo(self, halo: Halo) -> None:
        # Edges are drawn in the order of the nodes that they leave: those of the canvas come first, under all others.
        looks = {"color": self.theme.marker(halo.status).halo, "penwidth": number(halo.pen), **_style(halo.stroke)}
        self._edge("canvas", "canvas", self._curve(halo.points), dir="none", **looks)

    def _circle(self, join: JoinSign) -> None:
        colours = {"fillcolor": self.theme.background, "color": self.theme.flow, "penwidth": number(join.pen)}
        self._node(join.id, join.hull, shape="circle", style="filled", **colours)

    def _node(self, id: str, frame: Rect, **style: str) -> None:
        place = f"{number(frame.cx)},{number(self.picture.height - frame.cy)}!"
        self.graph.node(self._name(id), pos=place, width=_inches(frame.width), height=_inches(frame.height), **style)

    def _label(self, label: TextLabel) -> None:
        width, height = self._room(label), even_up(label.size * 1.6)
        left = {"start": label.x, "middle": label.x - width / 2, "end": label.x - width}[label.anchor]
        drop = BASELINE_SHIFT * label.size + (TABLE_SHIFT if label.bold else 0)
        frame = Rect(left, label.y + drop - height / 2, width, height)
        style = {"fontsize": number(label.size), "fontcolor": self.theme.colour(label.ink)}
        self._node(f"text {next(self.labels)}", frame, shape="plaintext", label=_text(label, width), **style)

    def _room(self, label: TextLabel) -> float:
        """Give the width of a text's node: some to spare, but never past the edge of the page, which would grow."""
        before, after = label.x, self.picture.width - label.x
        limit = {"start": after, "middle": 2 * min(before, after), "end": before}[label.anchor]
        return 2 * min(math.ceil(label.width * SPARE / 2), math.floor(limit / 2))

    def _arrow(self, arrow: Arrow) -> None:
        colour = self.theme.colour(arrow.kind)
        looks = {"color": colour, "penwidth": number(arrow.pen), **_style(self.theme.stroke(arrow))}
        looks |= {"arrowsize": number(arrow.head / 10)} if arrow.head else {"dir": "none"}
        if arrow.hollow:
            looks["arrowhead"] = "onormal"
        tip = f"e,{self._point(arrow.points[-1])} " if arrow.head else ""
        self._edge(arrow.source, arrow.target, tip + self._curve(arrow.shaft), **looks)

    def _sign(self, join: JoinSign) -> None:
        looks = {"color": self.theme.flow, "penwidth": number(join.pen), "dir": "none"}
        for stroke in join.strokes:
            self._edge(join.id, join.id, self._curve(stroke), **looks)

    def _edge(self, source: str, target: str, pos: str, **looks: str) -> None:
        self.graph.edge(self._name(source), self._name(target), pos=pos, **looks)

    def _curve(self, points: tuple[Point, ...]) -> str:
        """Straight pieces as a Bézier curve of 3n + 1 control points."""
        controls = [points[0]]
        for (x0, y0), (x1, y1) in pairwise(points):
            dx, dy = (x1 - x0) / 3, (y1 - y0) / 3
            controls += [(x0 + dx, y0 + dy), (x1 - dx, y1 - dy), (x1, y1)]
        return " ".join(map(self._point, controls))

    def _point(self, point: Point) -> str:
        return f"{number(point[0])},{number(self.picture.height - point[1])}"

    def _name(self, id: str) -> str:
        """Give the id as a name that needs no quotes and has no port, unique on this page."""
        if id not in self.names:
            name = "".join(character if character.isascii() and character.isalnum() else "_" for character in id)
            while name in self.names.values():
                name += "_"
            self.names[id] = name
        return self.names[id]


def _style(*words: str) -> dict[str, str]:
    """Give the words of a style, in Graphviz our own; a solid line needs none."""
    styles = ",".join(word for word in words if word not in ("", "solid"))
    return {"style": styles} if styles else {}


def _inches(points: float) -> str:
    return f"{points / 72:.6f}".rstrip("0").rstrip(".")


def _text(label: TextLabel, width: float) -> str:
    if label.bold:
        return _bold(label, width)
    import graphviz

    side = {"start": "\\l", "middle": "", "end": "\\r"}[label.anchor]
    # Graphviz reads HTML entities in plain labels too, so a lone ampersand is written as one.
    return str(graphviz.nohtml(graphviz.escape(label.text.replace("&", "&amp;")) + side))


def _bold(label: TextLabel, width: float) -> str:
    """Bold text: an HTML label, in which Graphviz still expands `\\N`; a table holds it to its side."""
    words = escape(label.text).replace("\\", "\\\\")
    side = {"start": "LEFT", "middle": "CENTER", "end": "RIGHT"}[label.anchor]
    cell = f'<TD ALIGN="{side}" WIDTH="{number(width)}"><B>{words}</B></TD>'
    return f'<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="0"><TR>{cell}</TR></TABLE>>'


# --- Graphviz as the renderer: `dot` reads our DOT file, and we write what it gives -----------------------------------


SECONDS: Final = 120
"""More than the largest drawing takes by far."""
WAYS_OUT: Final = (
    "install it: `apt-get install graphviz`, `brew install graphviz`, `conda install graphviz`",
    "or leave out `--renderer graphviz`",
)
DATE: Final = re.compile(rb"(?<=/CreationDate \(D:)\d{14}")


def render_svg(drawing: Picture) -> bytes:
    """Let `dot` draw SVG.

    Raises:
        MissingTool: There is no `dot`, or it fails.
    """
    return _run(drawing, "svg")


def render_png(drawing: Picture, *, scale: float = SCALE) -> bytes:
    """Let `dot` draw PNG, `scale` pixels per point; raises as `write_png` does."""
    check_scale(drawing, scale)
    return _run(drawing, "png", f"-Gdpi={72 * scale:g}")


def render_pdf(drawing: Picture) -> bytes:
    """Let `dot` draw PDF; the date in it is set to 1 January 2000, so that the file is always the same."""
    return DATE.sub(b"20000101000000", _run(drawing, "pdf"))


def _run(drawing: Picture, form: str, *options: str) -> bytes:
    import subprocess  # costs 10 ms: whoever draws without Graphviz does not pay for it

    # Neither by `-o`, which says nothing of a full disk, nor by a file that another might read meanwhile.
    program = shutil.which("dot")
    if program is None:
        raise MissingTool("cannot find `dot`, the program of Graphviz", *WAYS_OUT)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "946684800"}
    command = [program, f"-T{form}", *options]
    text = write_dot(drawing).encode()
    done = subprocess.run(command, input=text, capture_output=True, check=False, env=environment, timeout=SECONDS)
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise MissingTool(f"`dot` cannot draw {form.upper()}: {said[0]}", *WAYS_OUT)
    return done.stdout
