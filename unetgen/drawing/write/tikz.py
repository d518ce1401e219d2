"""The TikZ writer: a document of its own that compiles with plain TeX Live, or a picture to `\\input` in another.

# NOTE: [Text in TeX]
Letters, digits and a few signs are set in the document's sans-serif face. Every other character is drawn along the
outlines of the faces that come with unetgen: no engine lacks them, and no encoding of input or fonts can spoil them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from string import ascii_letters, digits
from typing import Final, assert_never

from unetgen.drawing.model.picture import Picture
from unetgen.drawing.model.shapes import Point, Rect
from unetgen.drawing.write.faces import Curve, Piece, TextRun, runs
from unetgen.drawing.write.marks import (
    Circle,
    Line,
    Look,
    Mark,
    Pixels,
    Pointed,
    Polygon,
    Rectangle,
    Words,
    number,
    paint,
)

PREAMBLE: Final = r"""\documentclass{article}
\usepackage[paperwidth=%(width)sbp,paperheight=%(height)sbp,margin=0bp,noheadfoot]{geometry}
\usepackage{tikz}
\usepackage{fix-cm}
%% A face as wide as Helvetica, where there is one and the engine can use it.
\ifdefined\Umathchar\else\IfFileExists{tgheros.sty}{\usepackage{tgheros}}{}\fi
\pagestyle{empty}
\parindent=0pt
\topskip=0pt
\begin{document}"""

PLAIN: Final = frozenset(f"{ascii_letters}{digits} .,:;!?()[]/+=*@-")
"""What TeX sets as it stands."""
WRITTEN: Final = {
    "&": r"\&", "%": r"\%", "#": r"\#", "\N{NO-BREAK SPACE}": "~", "–": r"\textendash{}", "—": r"\textemdash{}",
    "…": r"\ldots{}", "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}", "ß": r"\ss{}", "æ": r"\ae{}",
    "Æ": r"\AE{}", "ø": r"\o{}", "Ø": r"\O{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ł": r"\l{}", "Ł": r"\L{}",
}  # fmt: skip
"""What TeX would take for something else, or knows under a name."""
ACCENTS: Final = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c",
}  # fmt: skip
APART: Final = r"\kern0bp{}"
"""Keeps a sign from joining with the next of its kind, as some faces have it."""
ANCHORS: Final = {"start": "base west", "middle": "base", "end": "base east"}


def write_tikz(picture: Picture) -> str:
    """Write a picture as a TeX document of one page with one `tikzpicture`."""
    width, height = map(number, picture.paper)
    title = f"% {_comment(picture.description)}"
    scaled = picture.scale != 1
    start = (f"\\scalebox{{{picture.scale:.6f}}}{{%",) if scaled else ()
    ends = ("\\end{tikzpicture}%", *(("}%",) if scaled else ()), "\\end{document}", "")
    return "\n".join((title, PREAMBLE % {"width": width, "height": height}, *start, *_marks(picture), *ends))


def _comment(text: str) -> str:
    """Write a text so that it cannot leave its line."""
    return " ".join(text.split()).encode("ascii", "backslashreplace").decode("ascii")


def _marks(picture: Picture) -> Iterator[str]:
    marks = [mark for group in paint(picture) for mark in group.marks]
    looks = [mark.look for mark in marks if not isinstance(mark, Pixels)]
    for colour in dict.fromkeys(colour for look in looks for colour in (look.fill, look.line) if colour):
        yield f"\\definecolor{{{_name(colour)}}}{{HTML}}{{{colour.removeprefix('#').upper()}}}%"
    yield "\\begin{tikzpicture}[x=1bp,y=-1bp,line width=1bp,miter limit=4,inner sep=0bp,outer sep=0bp,font=\\sffamily]"
    yield f"\\useasboundingbox (0,0) rectangle ({number(picture.width)},{number(picture.height)});"
    yield from map(_mark, marks)


def _name(colour: str) -> str:
    return f"unetgen{colour.removeprefix('#')}"


def _mark(mark: Mark) -> str:
    match mark:
        case Rectangle(frame, look, radius):
            rounded = f",rounded corners={number(radius)}bp" if radius else ""
            return f"\\path[{_look(look)}{rounded}] {_corners(frame)};"
        case Polygon(points, look):
            return f"\\path[{_look(look)}] {_points(points)} -- cycle;"
        case Line(strokes, look):
            return "\n".join(f"\\path[{_look(look)}] {_points(stroke)};" for stroke in strokes)
        case Pointed(line, _, head):
            return f"{_mark(line)}\n{_mark(head)}"
        case Circle(x, y, radius, look):
            return f"\\path[{_look(look)}] {_point((x, y))} circle[radius={number(radius)}bp];"
        case Words():
            return _words(mark)
        case Pixels():
            raise ValueError("a TeX file could only name pictures of maps; `writer_for` says so first")
        case _:
            assert_never(mark)


def _look(look: Look) -> str:
    return ",".join(
        (
            *((f"fill={_name(look.fill)}",) if look.fill else ()),
            *((f"draw={_name(look.line)}",) if look.line else ()),
            *((f"line width={number(look.pen)}bp",) if look.pen != 1 else ()),
            *(("dash pattern=on {}bp off {}bp".format(*map(number, look.dashes)),) if look.dashes else ()),
            *(("line join=round",) if look.round_joins else ()),
        )
    )


def _corners(frame: Rect) -> str:
    return f"{_point((frame.x, frame.y))} rectangle {_point((frame.right, frame.bottom))}"


def _points(points: tuple[Point, ...]) -> str:
    return " -- ".join(map(_point, points))


def _point(point: Point) -> str:
    return f"({number(point[0])},{number(point[1])})"


def _words(mark: Words) -> str:
    size = f"\\fontsize{{{number(mark.size)}bp}}{{{number(mark.size)}bp}}\\selectfont"
    face = f"{size}\\bfseries" if mark.bold else size
    looks = f"anchor={ANCHORS[mark.anchor]},text={_name(mark.colour)}"
    return f"\\node[{looks}] at {_point((mark.x, mark.y))} {{{face} {_text(mark)}}};"


def _text(mark: Words) -> str:
    """Write a text for TeX, see [Text in TeX]."""
    parts = runs(mark.text, bold=mark.bold)
    written = [_character(character, part, mark) for part in parts for character in part.text]
    joins = ("-", "-"), (",", ",")
    return "".join(f"{text}{APART}" if (text, after) in joins else text for text, after in pairwise((*written, "")))


def _character(character: str, run: TextRun, mark: Words) -> str:
    if character in PLAIN:
        return character
    if character in WRITTEN:
        return WRITTEN[character]
    return _accented(character) or _outlined(character, run, mark)


def _accented(character: str) -> str | None:
    """Write a letter with an accent; an i loses its dot to an accent above it. None for all that is no such letter."""
    letter, *accents = tuple(unicodedata.normalize("NFD", character))
    if letter not in ascii_letters or len(accents) != 1 or accents[0] not in ACCENTS:
        return None
    accent = ACCENTS[accents[0]]
    dotless = letter in "ij" and accent != "c"
    return f"\\{accent}{{{chr(92) * dotless}{letter}}}"


def _outlined(character: str, run: TextRun, mark: Words) -> str:
    """Draw a character as a shape that is as wide as the face says and sits on the baseline."""
    width = number(run.face.advance(character) * mark.size)
    curves = " ".join(map(_curve, run.face.outline(character, mark.size)))
    shape = f"\\fill[{_name(mark.colour)}] {curves};" if curves else ""
    room = f"\\useasboundingbox (0,0) rectangle ({width},0);"
    return f"{{\\tikz[x=1bp,y=1bp,baseline=0bp]{{{room}{shape}}}}}"


def _curve(curve: Curve) -> str:
    (start,), *others = curve
    return " ".join((_point(start), *map(_piece, others), "-- cycle"))


def _piece(piece: Piece) -> str:
    *controls, end = map(_point, piece)
    return f".. controls {' and '.join(controls)} .. {end}" if controls else f"-- {end}"
