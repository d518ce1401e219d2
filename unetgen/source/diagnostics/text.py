"""Findings for people: the place, the line itself, a caret, a way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Final

from unetgen.source.diagnostics.characters import visible, width
from unetgen.source.diagnostics.model import Diagnostic, Label
from unetgen.source.text import SourceFile

_BOLD: Final = "1"
_RED: Final = "1;31"
_BLUE: Final = "1;34"
_CYAN: Final = "1;36"
_TAB: Final = 4
_WIDEST: Final = 100
_BEFORE: Final = 30
_CUT: Final = "..."


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
            for under in piece.underlines:
                yield f"{self._gutter()} {' ' * under.start}{self._underline(under.label, under.length)}"

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


@dataclass(frozen=True, slots=True)
class Underline:
    """Marks `length` columns from column `start` (from 0) of the shown text."""

    start: int
    length: int
    label: Label


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is shown of one line, at most about a hundred columns, and the underlines below it."""

    text: str
    underlines: tuple[Underline, ...]

    @classmethod
    def bare(cls, source: SourceFile, number: int) -> Excerpt:
        """Show the start of a line without underlines."""
        return _cut(source.line(number), 0, [])


def excerpt(source: SourceFile, labels: list[Label]) -> list[Excerpt]:
    """Show one line with all `labels`, which start on it; a line too long for that is shown once per label."""
    line = source.line(labels[0].span.line)
    if _fits(line):
        return [_cut(line, 0, labels)]
    return [_cut(line, label.span.column - 1, [label]) for label in labels]


def _fits(line: str) -> bool:
    return len(line) <= _WIDEST and sum(map(_columns, _cells(line))) <= _WIDEST


def _cut(line: str, at: int, labels: list[Label]) -> Excerpt:
    """Show the part of a line around character `at` (from 0); the start, if it is near enough."""
    before = _cells(line[max(0, at - _BEFORE) : at])
    kept = _count_fitting(reversed(before), _BEFORE)
    first = at - kept if kept < at else 0
    cells = _cells(line[first : first + _WIDEST])
    cells = cells[: _count_fitting(iter(cells), _WIDEST)]
    lead, trail = _CUT if first else "", _CUT if first + len(cells) < len(line) else ""
    edges = list(accumulate((_columns(cell) for cell in cells), initial=len(lead)))
    underlines = tuple(_underlined(label, len(line), first, edges) for label in labels)
    return Excerpt(lead + "".join(cells) + trail, underlines)


def _count_fitting(cells: Iterator[str], columns: int) -> int:
    """Count the first cells that fill at most so many columns together."""
    return sum(1 for end in accumulate(map(_columns, cells)) if end <= columns)


def _underlined(label: Label, length: int, first: int, edges: list[int]) -> Underline:
    span = label.span
    end = span.end_column if span.end_line == span.line else length + 1
    left, right = (edges[min(max(column - 1 - first, 0), len(edges) - 1)] for column in (span.column, end))
    return Underline(left, max(1, right - left), label)


def _cells(text: str) -> list[str]:
    """Give each character's shown form, tabs as spaces up to the next multiple of four."""
    cells: list[str] = []
    column = 0
    for char in text:
        cell = " " * (_TAB - column % _TAB) if char == "\t" else visible(char)
        column += _columns(cell)
        cells.append(cell)
    return cells


def _columns(cell: str) -> int:
    return sum(map(width, cell))
