"""Words for TeX.

# NOTE: [Text in TeX]
Letters, digits and a few signs are set in the document's own face. Every other character is drawn along the outlines of
the faces that come with unetgen: no engine lacks them, and no encoding of input or fonts can spoil them.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from string import ascii_letters, digits
from typing import Final

from unetgen.drawing.model.shapes import Point
from unetgen.drawing.write.faces import Curve, Piece, TextRun, runs
from unetgen.drawing.write.marks import Words, number

PLAIN: Final = frozenset(f"{ascii_letters}{digits} .,:;!?()[]/+=*@-")
"""What TeX sets as it stands."""
WRITTEN: Final = {
    "&": r"\&", "%": r"\%", "#": r"\#", "\N{NO-BREAK SPACE}": "~", "–": r"\textendash{}", "—": r"\textemdash{}",
    "…": r"\ldots{}", "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}", "ß": r"\ss{}", "æ": r"\ae{}",
    "Æ": r"\AE{}", "ø": r"\o{}", "Ø": r"\O{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ł": r"\l{}", "Ł": r"\L{}",
    "×": r"$\times$", "→": r"$\rightarrow$",
}  # fmt: skip
"""What TeX would take for something else, or knows under a name."""
ACCENTS: Final = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c",
}  # fmt: skip
APART: Final = r"\kern0bp{}"
"""Keeps a sign from joining with the next of its kind, as some faces have it."""


def tex_of(mark: Words) -> str:
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
    shape = f"\\fill[{mark.colour}] {curves};" if curves else ""
    room = f"\\useasboundingbox (0,0) rectangle ({width},0);"
    return f"{{\\tikz[x=1bp,y=1bp,baseline=0bp]{{{room}{shape}}}}}"


def _curve(curve: Curve) -> str:
    (start,), *others = curve
    return " ".join((tex_point(start), *map(_piece, others), "-- cycle"))


def _piece(piece: Piece) -> str:
    *controls, end = map(tex_point, piece)
    return f".. controls {' and '.join(controls)} .. {end}" if controls else f"-- {end}"


def tex_point(point: Point) -> str:
    """Write a point as TikZ has it."""
    return f"({number(point[0])},{number(point[1])})"


def comment(text: str) -> str:
    """Write a text so that it cannot leave its line."""
    return " ".join(text.split()).encode("ascii", "backslashreplace").decode("ascii")
