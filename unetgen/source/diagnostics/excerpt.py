"""A line of source as it is shown, and where its underlines go: tabs, wide characters and long lines end here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from unetgen.source.diagnostics.characters import visible, width
from unetgen.source.diagnostics.model import Label
from unetgen.source.text import SourceFile

_TAB: Final = 4
_WIDEST: Final = 100
_BEFORE: Final = 30
_CUT: Final = "..."


@dataclass(frozen=True, slots=True)
class Mark:
    """An underline: `length` columns from column `start` (from 0) of the shown text."""

    start: int
    length: int
    label: Label


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is shown of one line, at most about a hundred columns, and the underlines below it."""

    text: str
    marks: tuple[Mark, ...]

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
    marks = tuple(_mark(label, len(line), first, edges) for label in labels)
    return Excerpt(lead + "".join(cells) + trail, marks)


def _count_fitting(cells: Iterator[str], columns: int) -> int:
    """Count the first cells that fill at most so many columns together."""
    return sum(1 for end in accumulate(map(_columns, cells)) if end <= columns)


def _mark(label: Label, length: int, first: int, edges: list[int]) -> Mark:
    span = label.span
    end = span.end_column if span.end_line == span.line else length + 1
    left, right = (edges[min(max(column - 1 - first, 0), len(edges) - 1)] for column in (span.column, end))
    return Mark(left, max(1, right - left), label)


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
