"""Findings for people: the place, the line itself, a caret, a way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from unetgen.source.diagnostics.characters import visible
from unetgen.source.diagnostics.excerpt import Excerpt, excerpt
from unetgen.source.diagnostics.model import Diagnostic, Label
from unetgen.source.text import SourceFile

_BOLD: Final = "1"
_RED: Final = "1;31"
_BLUE: Final = "1;34"
_CYAN: Final = "1;36"


def render_text(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """Write findings for a terminal, an empty line between two of them, without a final line break.

    Nothing that a stranger wrote reaches the result as a control character.
    """
    return "\n\n".join("\n".join(_Finding(diagnostic, colour).lines()) for diagnostic in diagnostics)


class _Finding:
    """One finding being written; holds what all its lines share: the gutter's width and the colours."""

    def __init__(self, diagnostic: Diagnostic, colour: bool) -> None:
        self._diagnostic = diagnostic
        self._colour = colour
        self._digits = max((len(str(label.span.line)) for label in diagnostic.labels), default=1)

    def lines(self) -> Iterator[str]:
        yield self._headline()
        for group in _by_source(self._diagnostic.labels):
            yield from self._snippet(group)
        if not self._diagnostic.labels and self._diagnostic.path:
            yield self._arrow("-->", f"at {visible('.'.join(map(str, self._diagnostic.path)))}")
        for text in self._diagnostic.help:
            yield from self._remark("help", _CYAN, text)
        for text in self._diagnostic.notes:
            yield from self._remark("note", _BOLD, text)

    def _headline(self) -> str:
        return self._paint(_RED, f"error[{self._diagnostic.code}]") + self._paint(
            _BOLD, f": {visible(self._diagnostic.headline)}"
        )

    def _snippet(self, labels: list[Label]) -> Iterator[str]:
        first, source = labels[0], labels[0].span.source
        is_primary = first is self._diagnostic.labels[0]
        place = f"{visible(source.name)}:{first.span.line}:{first.span.column}"
        yield self._arrow("-->" if is_primary else ":::", place)
        if source.text:
            yield self._gutter()
            yield from self._excerpts(source, labels)

    def _excerpts(self, source: SourceFile, labels: list[Label]) -> Iterator[str]:
        previous: int | None = None
        for number, here in groupby(sorted(labels, key=_position), key=lambda label: label.span.line):
            yield from self._between(source, previous, number)
            yield from self._line(number, excerpt(source, list(here)))
            previous = number

    def _between(self, source: SourceFile, previous: int | None, number: int) -> Iterator[str]:
        if previous is None or number - previous == 1:
            return
        if number - previous == 2:
            yield from self._line(previous + 1, [Excerpt.bare(source, previous + 1)])
            return
        yield self._paint(_BLUE, "...")

    def _line(self, number: int, excerpts: list[Excerpt]) -> Iterator[str]:
        for piece in excerpts:
            yield f"{self._paint(_BLUE, f' {number:>{self._digits}} |')} {piece.text}".rstrip()
            for mark in piece.marks:
                yield f"{self._gutter()} {' ' * mark.start}{self._underline(mark.label, mark.length)}"

    def _underline(self, label: Label, length: int) -> str:
        is_primary = label is self._diagnostic.labels[0]
        drawn = ("^" if is_primary else "-") * length
        return self._paint(_RED if is_primary else _BLUE, f"{drawn} {visible(label.text)}".rstrip())

    def _remark(self, word: str, style: str, text: str) -> Iterator[str]:
        first, *rest = text.split("\n")
        lead = f"{self._paint(_BLUE, ' ' * (self._digits + 2) + '=')} {self._paint(style, word)}: "
        yield lead + visible(first)
        for line in rest:
            yield " " * (self._digits + 4 + len(word) + 2) + visible(line)

    def _arrow(self, arrow: str, place: str) -> str:
        return f"{' ' * (self._digits + 1)}{self._paint(_BLUE, arrow)} {place}"

    def _gutter(self) -> str:
        return self._paint(_BLUE, " " * (self._digits + 2) + "|")

    def _paint(self, style: str, text: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self._colour else text


def _position(label: Label) -> tuple[int, int]:
    return (label.span.line, label.span.column)


def _by_source(labels: tuple[Label, ...]) -> list[list[Label]]:
    """Group labels by file, the file of the primary label first, and that label first in its group."""
    groups: dict[str, list[Label]] = {}
    for label in labels:
        groups.setdefault(label.span.source.name, []).append(label)
    return list(groups.values())
