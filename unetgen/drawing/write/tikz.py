r"""The TikZ writer: a document of its own that compiles with plain TeX Live, or a fragment to `\input` in another.

# NOTE: [Styles in TikZ]
Every kind of box, arrow, line and label has a style, every colour a name, and every box and join is a named node: an
author restyles all of a kind in one line, and draws more arrows between nodes. What a document's own style `my unetgen`
says comes last, so it survives a picture that is written anew.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from unetgen.drawing.model.picture import AnyShape, Legend, Picture
from unetgen.drawing.model.shapes import (
    HEAD_SLIMNESS,
    MITRE,
    PENS,
    Arrow,
    Box,
    Halo,
    JoinSign,
    Outline,
    Point,
    Rect,
    Stroke,
    TextLabel,
)
from unetgen.drawing.write.groups import Group, Ids, groups
from unetgen.drawing.write.marks import BASELINE, DASHES, OVER, UNDER, UNDER_PEN, Words, number
from unetgen.drawing.write.tex_text import comment, tex_of, tex_point

PREAMBLE: Final = r"""\documentclass{article}
\usepackage[paperwidth=%(width)sbp,paperheight=%(height)sbp,margin=0bp,noheadfoot]{geometry}
\usepackage{tikz}
\usetikzlibrary{arrows.meta}
\usepackage{fix-cm}
%% A face as wide as Helvetica, where there is one and the engine can use it.
\ifdefined\Umathchar\else\IfFileExists{tgheros.sty}{\usepackage{tgheros}}{}\fi
\newcommand\unetgenfont{\sffamily}
\pagestyle{empty}
\parindent=0pt
\topskip=0pt
\begin{document}"""
NEEDS: Final = r"""%% To \input where a picture shall stand; %(width)s mm wide. What the document's preamble needs:
%%   \usepackage{tikz}
%%   \usetikzlibrary{arrows.meta}
%%   \usepackage{fix-cm}  %% where its face is Computer Modern, which has few sizes else
%% Letters are set in the face of the document. \newcommand\unetgenfont{\sffamily} takes another one, and
%% \tikzset{my unetgen/.style={unetgen map/.append style={fill=yellow}}} another look: see the styles below."""
ANCHORS: Final = {"start": "base west", "middle": "base", "end": "base east"}
PARTS: Final = ("input", "stem", "encoder", "down", "bottleneck", "up", "skip", "decoder", "head")
"""Parts of a network that have a style of their own, which says nothing as it is written."""
PICTURE: Final = "x=1bp,y=-1bp,line width=1bp,miter limit=4,inner sep=0bp,outer sep=0bp"
BARB: Final = HEAD_SLIMNESS + math.hypot(1, HEAD_SLIMNESS)
"""How much wider the mitres of its barbs make a head, in pen widths."""
MILLIMETRES: Final = 25.4 / 72
"""In a point."""


def write_tikz(picture: Picture, *, fragment: bool = False) -> str:
    """Write a picture as TeX: a document of one page with one `tikzpicture`, or that alone, to `\\input`.

    Raises:
        ValueError: Boxes show pictures of maps.
    """
    if picture.thumbnails:
        raise ValueError("a TeX file could only name pictures of maps; `writer_for` says so first")
    width, height = picture.paper
    if fragment:
        before, after = NEEDS % {"width": number(width * MILLIMETRES)}, ""
    else:
        before, after = PREAMBLE % {"width": number(width), "height": number(height)}, "\\end{document}\n"
    start = f"\\scalebox{{{picture.scale:.6f}}}{{%" if picture.scale != 1 else "{%"
    lines = _Tikz(picture).lines()
    return "\n".join((f"% {comment(picture.description)}", before, start, *lines, "}%", after))


class _Tikz:
    """A picture on its way into TikZ: what it has used so far of colours and styles."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.theme = picture.theme
        self.names = Ids()
        self.colours: dict[str, str] = {}
        self.styles: dict[str, str] = {}

    def lines(self) -> Iterator[str]:
        """Write colours, styles and the picture itself."""
        page = self._path(self._style("background", fill=self._colour("background", self.theme.background)))
        size = f"{number(self.picture.width)},{number(self.picture.height)}"
        painted = [line for group in groups(self.picture) for line in self._group(group)]
        yield from (f"\\definecolor{{{name}}}{{HTML}}{{{colour}}}%" for name, colour in self.colours.items())
        yield "\\providecommand\\unetgenfont{}%"
        yield "\\tikzset{%"
        yield from (f"  {name}/.style={{{looks}}},%" for name, looks in self.styles.items())
        yield "}%"
        yield f"\\begin{{tikzpicture}}[{PICTURE},my unetgen/.try]"
        yield f"\\useasboundingbox (0,0) rectangle ({size});"
        yield f"{page} (0,0) rectangle ({size});"
        yield from painted
        yield "\\end{tikzpicture}%"

    def _group(self, group: Group) -> Iterator[str]:
        if group.id:
            yield f"% {group.id}"
        for shape in group.shapes:
            # Samples of the legend may have ids of boxes.
            yield from self._shape(shape, name=group.id if shape is group.shapes[0] and group.layer != "legend" else "")

    def _shape(self, shape: AnyShape, name: str) -> Iterator[str]:
        match shape:
            case Box():
                yield from self._box(shape, name)
            case JoinSign():
                yield from self._join(shape, name)
            case Arrow():
                yield f"{self._path(*self._arrow(shape))} {_points((*shape.points[:-1], shape.end))};"
            case Outline():
                yield from self._outline(shape)
            case Halo():
                colour = self._colour(f"{shape.status} halo", self.theme.marker(shape.status).halo)
                looks = {"draw": colour, "line width": f"{number(shape.pen)}bp"}
                style = self._style(f"{shape.status} halo", **looks)
                yield f"{self._path(style, self._stroke(shape.stroke))} {_points(shape.points)};"
            case Legend():
                looks = {"fill": self._colour("panel", self.theme.panel)}
                looks["draw"] = self._colour("panel line", self.theme.panel_line)
                yield f"{self._path(self._style('panel', **looks), _rounded(shape.radius))} {_corners(shape.frame)};"
            case TextLabel():
                yield self._label(shape)
            case _:
                assert_never(shape)

    def _box(self, box: Box, name: str) -> Iterator[str]:
        colours, kind = self.theme.faces(box.kind), f"{box.kind}"
        line = self._colour(f"{kind} line", colours.line)
        for face, corners, colour in (("top", box.top_face, colours.top), ("side", box.right_face, colours.side)):
            if corners:
                fill = self._colour(f"{kind} {face}", colour)
                style = self._style(f"{kind} {face}", fill=fill, draw=line, **{"line join": "round"})
                yield f"{self._path(style)} {_points(corners)} -- cycle;"
        style = self._style(kind, fill=self._colour(kind, colours.front), draw=line)
        looks = (style, self._part(box), _rounded(box.radius))
        if not name:
            yield from (f"{self._path(*looks)} {_corners(front)};" for front in box.fronts)
            return
        # Arrows of an author's own need one node to end at, even where bars are drawn in its place.
        yield self._node(name, box.frame, *(looks if not box.bars else ()))
        yield from (f"{self._path(*looks)} {_corners(front)};" for front in box.fronts if box.bars)

    def _part(self, box: Box) -> str:
        """Give the style of the part of the network that a box stands in; none where that is no usual one."""
        word = "".join(letter if letter.isalpha() else " " for letter in box.path).partition(" ")[0]
        return self._style(f"in {word}") if word in PARTS else ""

    def _join(self, join: JoinSign, name: str) -> Iterator[str]:
        looks = {"draw": self._colour("flow", self.theme.flow), "line width": f"{number(join.pen)}bp"}
        sign = self._style("join sign", **looks)
        style = self._style("join", fill=self._colour("background", self.theme.background), **looks)
        if name:
            yield self._node(name, join.hull, style, "circle")
        else:
            yield f"{self._path(style)} {tex_point((join.x, join.y))} circle[radius={number(join.radius)}bp];"
        yield from (f"{self._path(sign)} {_points(stroke)};" for stroke in join.strokes)

    def _node(self, name: str, frame: Rect, *looks: str) -> str:
        size = f"minimum width={number(frame.width)}bp,minimum height={number(frame.height)}bp"
        # A point in a name of TikZ stands before an anchor.
        node = self.names.of(name.replace(".", "-"))
        return f"\\node[{','.join(filter(None, (*looks, size)))}] ({node}) at {tex_point((frame.cx, frame.cy))} {{}};"

    def _arrow(self, arrow: Arrow) -> tuple[str, ...]:
        colour = self._colour(arrow.kind, self.theme.colour(arrow.kind))
        thin = "thin " if arrow.pen != PENS[arrow.kind].width else ""
        looks = {"draw": colour, "line width": f"{number(arrow.pen)}bp"}
        if not arrow.head:
            return self._style(f"{thin}{arrow.kind} line", **looks), self._stroke(self.theme.stroke(arrow))
        fill = self._colour("background", self.theme.background) if arrow.hollow else colour
        long, wide = arrow.head + (0.5 + MITRE) * arrow.pen, 2 * HEAD_SLIMNESS * arrow.head + BARB * arrow.pen
        head = f"Triangle[length={number(long)}bp,width={number(wide)}bp,fill={fill}]"
        style = self._style(f"{thin}{arrow.kind} arrow", **looks, arrows=f"-{{{head}}}")
        return style, self._stroke(self.theme.stroke(arrow))

    def _outline(self, outline: Outline) -> Iterator[str]:
        rounded = _rounded(outline.radius)
        if outline.on_picture:
            under = self._style("under crop", draw=self._colour("under", UNDER), **{"line width": f"{UNDER_PEN}bp"})
            yield f"{self._path(under, rounded)} {_corners(outline.frame)};"
        name = "crop" if outline.look == "crop" else f"{outline.look} mark"
        colour = self._colour(name, OVER if outline.on_picture else self.theme.outline(outline.look))
        style = self._style(name, draw=colour, **{"line width": f"{number(outline.pen)}bp"})
        yield f"{self._path(style, self._stroke(outline.stroke), rounded)} {_corners(outline.frame)};"

    def _label(self, label: TextLabel) -> str:
        colour = self._colour(label.ink, self.theme.colour(label.ink))
        style = self._style(f"{label.ink} label", text=colour)
        size = number(label.size)
        letters = self._style(f"letters {size}", font=f"\\unetgenfont\\fontsize{{{size}bp}}{{{size}bp}}\\selectfont")
        words = Words(label.text, label.x, label.y, label.size, label.anchor, label.bold, colour)
        place = tex_point((label.x, label.y + BASELINE * label.size))
        text = f"\\bfseries {tex_of(words)}" if label.bold else tex_of(words)
        return f"\\node[{style},{letters},anchor={ANCHORS[label.anchor]}] at {place} {{{text}}};"

    def _stroke(self, stroke: Stroke) -> str:
        dashes = DASHES[stroke]
        if dashes is None:
            return ""
        return self._style(stroke, **{"dash pattern": "on {}bp off {}bp".format(*map(number, dashes))})

    def _path(self, *looks: str) -> str:
        return f"\\path[{','.join(filter(None, looks))}]"

    def _style(self, name: str, **looks: str) -> str:
        """Give the name of a style, which is defined once."""
        self.styles.setdefault(f"unetgen {name}", ",".join(f"{key}={value}" for key, value in looks.items()))
        return f"unetgen {name}"

    def _colour(self, name: str, colour: str) -> str:
        """Give the name of a colour, which is defined once."""
        known = f"unetgen{name.title().replace(' ', '').replace('_', '')}"
        self.colours.setdefault(known, colour.removeprefix("#").upper())
        return known


def _rounded(radius: float) -> str:
    return f"rounded corners={number(radius)}bp" if radius else ""


def _corners(frame: Rect) -> str:
    return f"{tex_point((frame.x, frame.y))} rectangle {tex_point((frame.right, frame.bottom))}"


def _points(points: Sequence[Point]) -> str:
    return " -- ".join(map(tex_point, points))
