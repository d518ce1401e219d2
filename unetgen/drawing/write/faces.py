"""The faces that come with unetgen: which characters they draw, how wide, and along which lines.

Formats that carry their own text (PNG, PDF, TeX) draw with these alone, so a picture is the same on every machine.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from unetgen.drawing.write.truetype import Curve, TrueType, curve, read_truetype

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
        return tuple(curve(contour, size) for contour in self._font.outline(ord(character)))


@cache
def _loaded(file: Path) -> TrueType:
    return read_truetype(file.read_bytes())


REGULAR: Final = Face("UnetgenSans-Regular")
BOLD: Final = Face("UnetgenSans-Bold")
EMOJI: Final = Face("UnetgenEmoji-Regular")
FACES: Final = (REGULAR, BOLD, EMOJI)


@dataclass(frozen=True, slots=True)
class Run:
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


def runs(text: str, *, bold: bool) -> Iterator[Run]:
    """Divide a text, as far as it is drawable, into stretches of one face.

    Example:
        >>> [(run.text, run.face.name) for run in runs("U 🚀", bold=True)]
        [('U ', 'UnetgenSans-Bold'), ('🚀', 'UnetgenEmoji-Regular')]
    """
    for face, characters in groupby(drawable(text), lambda character: _face_of(character, bold=bold)):
        if face is not None:
            yield Run("".join(characters), face)


def _face_of(character: str, *, bold: bool) -> Face | None:
    faces = (BOLD if bold else REGULAR, EMOJI)
    return next((face for face in faces if face.draws(character)), None)
