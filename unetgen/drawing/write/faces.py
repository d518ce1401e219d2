"""The faces that come with unetgen: which characters they draw, how wide, and along which lines.

Formats that carry their own text (PNG, PDF, TeX) draw with these alone, so a picture is the same on every machine.
"""

from __future__ import annotations

import math
import struct
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntFlag
from functools import cache
from itertools import accumulate, groupby
from pathlib import Path
from typing import Final

Corner = tuple[float, float, bool]
"""A point of a contour, and whether the line runs through it; others pull at it, as quadratic Béziers do."""
Contour = tuple[Corner, ...]
Piece = tuple[tuple[float, float], ...]
"""The end of a straight line; or two control points and the end of a cubic Bézier."""
Curve = tuple[Piece, ...]

FONTS: Final = Path(__file__).parent / "fonts"
SUBSTITUTE: Final = "□"
"""Stands for what no face draws."""
INVISIBLE: Final = frozenset({"Cc", "Cf", "Mn", "Me"})
"""Categories of characters that only change their neighbours: without a sequence of emoji they have no look."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face; `name` is how it is called inside of files."""

    name: str

    @property
    def file(self) -> Path:
        return FONTS / f"{self.name}.ttf"

    @property
    def _font(self) -> TrueType:
        return _loaded(self.file)

    def draws(self, character: str) -> bool:
        """Say whether the face has a glyph for a character."""
        return ord(character) in self._font.glyphs

    def advance(self, character: str) -> float:
        """Give the width of a character in font sizes."""
        return self._font.advance(ord(character))

    def outline(self, character: str, size: float = 1) -> tuple[Curve, ...]:
        """Give the closed curves along which a character is drawn at a font size, y up from the baseline."""
        return self._font.outline(ord(character), size)


@cache
def _loaded(file: Path) -> TrueType:
    return read_truetype(file.read_bytes())


REGULAR: Final = Face("UnetgenSans-Regular")
BOLD: Final = Face("UnetgenSans-Bold")
EMOJI: Final = Face("UnetgenEmoji-Regular")
FACES: Final = (REGULAR, BOLD, EMOJI)


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of text that one face draws."""

    text: str
    face: Face

    @property
    def width(self) -> float:
        """How wide it is, in font sizes."""
        return math.fsum(map(self.face.advance, self.text))


def drawable(text: str) -> str:
    """Write a text with nothing but characters that the faces draw.

    Letters and their accents become one character, joiners and selectors go, and what no face knows becomes a square.

    Example:
        >>> drawable("e\\u0301 → 😀\\ufe0f 漢")
        'é → 😀 □'
    """
    return "".join(_drawable(character) for character in unicodedata.normalize("NFC", text))


def _drawable(character: str) -> str:
    if _face_of(character, bold=False) is not None:
        return character
    return "" if unicodedata.category(character) in INVISIBLE else SUBSTITUTE


def undrawable(texts: Iterable[str]) -> tuple[str, ...]:
    """List the characters that `drawable` replaces by a square, in the order in which they occur.

    Example:
        >>> undrawable(["U-Net", "漢字漢"])
        ('漢', '字')
    """
    characters = (character for text in texts for character in unicodedata.normalize("NFC", text))
    lost = (character for character in characters if character != SUBSTITUTE and _drawable(character) == SUBSTITUTE)
    return tuple(dict.fromkeys(lost))


def runs(text: str, *, bold: bool) -> Iterator[TextRun]:
    """Divide a text, as far as it is drawable, into stretches of one face.

    Example:
        >>> [(run.text, run.face.name) for run in runs("U 🚀", bold=True)]
        [('U ', 'UnetgenSans-Bold'), ('🚀', 'UnetgenEmoji-Regular')]
    """
    for face, characters in groupby(drawable(text), lambda character: _face_of(character, bold=bold)):
        if face is not None:
            yield TextRun("".join(characters), face)


def _face_of(character: str, *, bold: bool) -> Face | None:
    faces = (BOLD if bold else REGULAR, EMOJI)
    return next((face for face in faces if face.draws(character)), None)


# --- TrueType files of ours, made by `tools/make_fonts.py`: characters, widths and outlines ---------------------------


class _Point(IntFlag):
    """What is said of a point of a simple glyph."""

    ON_CURVE = 1
    SHORT_X = 2
    SHORT_Y = 4
    REPEAT = 8
    SAME_X = 16
    SAME_Y = 32


class _Component(IntFlag):
    """What is said of a component of a composite glyph."""

    WORDS = 1
    MORE = 32


@dataclass(frozen=True, slots=True)
class TrueType:
    """A font file.

    Args:
        tables: The bytes of each table by its tag.
        units: Font units in one font size.
        glyphs: The glyph for each character code.
    """

    tables: Mapping[str, bytes]
    units: int
    glyphs: Mapping[int, int]

    def advance(self, code: int) -> float:
        """Give the width of a character in font sizes."""
        (count,) = struct.unpack_from(">H", self.tables["hhea"], 34)
        place = 4 * min(self.glyphs[code], count - 1)
        (units,) = struct.unpack_from(">H", self.tables["hmtx"], place)
        return float(units) / self.units

    def outline(self, code: int, size: float) -> tuple[Curve, ...]:
        """Give the closed curves of a character at a font size, y up from the baseline."""
        return tuple(curve(contour, size / self.units) for contour in self._contours(self.glyphs[code]))

    def _contours(self, glyph: int) -> tuple[Contour, ...]:
        (is_long,) = struct.unpack_from(">h", self.tables["head"], 50)
        layout, factor = (">2L", 1) if is_long else (">2H", 2)
        start, end = struct.unpack_from(layout, self.tables["loca"], glyph * struct.calcsize(layout) // 2)
        data = self.tables["glyf"][start * factor : end * factor]
        if not data:
            return ()
        (count,) = struct.unpack_from(">h", data)
        return tuple(_simple(data, count)) if count >= 0 else tuple(self._composite(data))

    def _composite(self, data: bytes) -> Iterator[Contour]:
        """Read a glyph that is made of others, each moved."""
        at, flags = 10, int(_Component.MORE)
        while flags & _Component.MORE:
            flags, glyph = struct.unpack_from(">2H", data, at)
            layout = ">2h" if flags & _Component.WORDS else ">2b"
            dx, dy = struct.unpack_from(layout, data, at + 4)
            at += 4 + struct.calcsize(layout)
            for contour in self._contours(glyph):
                yield tuple((x + dx, y + dy, on) for x, y, on in contour)


def read_truetype(data: bytes) -> TrueType:
    """Read a font file, whose table of characters has one subtable, of format 12."""
    (count,) = struct.unpack_from(">H", data, 4)
    tables = {}
    for number in range(count):
        tag, _, offset, length = struct.unpack_from(">4s3L", data, 12 + 16 * number)
        tables[tag.decode("ascii")] = data[offset : offset + length]
    (units,) = struct.unpack_from(">H", tables["head"], 18)
    return TrueType(tables, units, dict(_characters(tables["cmap"])))


def _characters(cmap: bytes) -> Iterator[tuple[int, int]]:
    """List character codes with their glyphs: the one subtable has groups of both, which count up together."""
    (count,) = struct.unpack_from(">L", cmap, 24)
    for number in range(count):
        start, end, glyph = struct.unpack_from(">3L", cmap, 28 + 12 * number)
        yield from zip(range(start, end + 1), range(glyph, glyph + end - start + 1), strict=True)


def _simple(data: bytes, count: int) -> Iterator[Contour]:
    """Read a glyph of so many contours of its own."""
    ends = struct.unpack_from(f">{count}H", data, 10)
    (hints,) = struct.unpack_from(">H", data, 10 + 2 * count)
    flags, at = _flags(data, 12 + 2 * count + hints, ends[-1] + 1)
    xs, at = _coordinates(data, at, flags, _Point.SHORT_X, _Point.SAME_X)
    ys, _ = _coordinates(data, at, flags, _Point.SHORT_Y, _Point.SAME_Y)
    points = [(float(x), float(y), bool(flag & _Point.ON_CURVE)) for x, y, flag in zip(xs, ys, flags, strict=True)]
    for start, end in zip((0, *(end + 1 for end in ends)), (end + 1 for end in ends), strict=False):
        yield tuple(points[start:end])


def _flags(data: bytes, at: int, count: int) -> tuple[list[int], int]:
    flags: list[int] = []
    while len(flags) < count:
        flag, at = data[at], at + 1
        repeats = 0
        if flag & _Point.REPEAT:
            repeats, at = data[at], at + 1
        flags += [flag] * (1 + repeats)
    return flags, at


def _coordinates(data: bytes, at: int, flags: list[int], short: int, same: int) -> tuple[list[int], int]:
    steps = []
    for flag in flags:
        if flag & short:
            steps.append(data[at] if flag & same else -data[at])
            at += 1
        elif flag & same:
            steps.append(0)
        else:
            steps.append(struct.unpack_from(">h", data, at)[0])
            at += 2
    return list(accumulate(steps)), at


def curve(contour: Contour, scale: float = 1) -> Curve:
    """Give a contour as lines and cubic Béziers, scaled; it starts and ends at its first piece, a point.

    Example:
        >>> curve(((0, 0, True), (3, 0, True), (3, 3, False)))
        (((0, 0),), ((3, 0),), ((3.0, 2.0), (2.0, 2.0), (0, 0)))
    """
    points = _with_middles(contour)
    found: list[Piece] = [(points[0][:2],)]
    for before, here, after in zip(points, points[1:], (*points[2:], points[0]), strict=False):
        if not here[2]:
            found.append((_toward(before, here), _toward(after, here), after[:2]))
        elif before[2]:
            found.append((here[:2],))
    return tuple(tuple((x * scale, y * scale) for x, y in piece) for piece in found)


def _with_middles(contour: Contour) -> list[Corner]:
    """Add the corners that are left out, in the middle between two points that pull, and begin with a corner."""
    points = []
    for (x0, y0, on), here in zip((contour[-1], *contour), contour, strict=False):
        if not on and not here[2]:
            points.append(((x0 + here[0]) / 2, (y0 + here[1]) / 2, True))
        points.append(here)
    first = next(at for at, point in enumerate(points) if point[2])
    return [*points[first:], *points[:first]]


def _toward(corner: Corner, pull: Corner) -> tuple[float, float]:
    """Give the control point of a cubic piece that is the same curve as the quadratic one: two thirds of the way."""
    return (corner[0] + (pull[0] - corner[0]) * 2 / 3, corner[1] + (pull[1] - corner[1]) * 2 / 3)
