"""The legend: a panel with one line for every look in use, in the order of a reader's walk through the network."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from unetgen.drawing.kit.signs import PILL_FONT, pill_width
from unetgen.drawing.kit.sizes import SLAB, bars_in
from unetgen.drawing.model.picture import Legend, LegendEntry, LegendRow, Sample
from unetgen.drawing.model.shapes import (
    HALO,
    Box,
    BoxKind,
    Halo,
    JoinSign,
    Outline,
    Rect,
    TextLabel,
    draw_arrow,
    even_up,
)
from unetgen.drawing.model.text import balanced, text_width

LEGEND_FONT: Final = 8.5
LEGEND_LINE: Final = 11
"""The height of a line of words, in points."""
LEGEND_ROWS_APART: Final = 3
"""The room between two rows."""
LEGEND_COLUMNS_APART: Final = 16
LEGEND_PADDING: Final = 10
SAMPLES_WIDTH: Final = 26
"""The width of the samples' column."""
SAMPLE_TO_WORDS: Final = 9
LAID_SAMPLE: Final = 10
"""How wide each of two maps is that lie side by side."""
SMALL_PILL: Final = 12
PILL_ROOM: Final = 4
"""What a sign takes above and below the first line of its words."""
LETTERS_WIDTH: Final = 10
"""The width of the column of letters, where there is one."""
MARKED_BOX: Final = 12
"""How wide the box of a mark's sample is; the rest of the column is the line's."""
MARKS_APART: Final = 3
SLIMMEST_WORDS: Final = 60
"""Words of a legend have at least so much room, in points."""
WORDS_WIDTHS: Final = (210, 150, 110)
"""Widths at which words go on in a new line: the first, unless a slimmer legend finds room beside the network."""

LEGEND_ORDER: Final = (
    "conv", "skip", "down", "up", "head", "shortcut", "mark", "signal", "plus", "times", "max", "cat", "norm",
    "activation", "dropout", "map", "copied", "stage", "nested", "changed", "removed", "new", "follows",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _WrittenEntry:
    """An entry, and its words in lines."""

    entry: LegendEntry
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        """How high it is; a sign is a little higher than a line."""
        return LEGEND_LINE * len(self.lines) + (PILL_ROOM if self.entry.sign else 0)


_WrittenRow = tuple[_WrittenEntry, ...]
"""What stands in one row, the entries of one look."""


@dataclass(frozen=True, slots=True)
class LegendPlan:
    """A legend whose size is known and whose place is not."""

    columns: tuple[tuple[_WrittenRow, ...], ...]
    width: float
    height: float
    words: float
    """Where the words of a column begin, from its left side."""
    sample: float
    """The width of the samples' column."""

    @property
    def lines(self) -> int:
        """How many lines its words take."""
        return sum(len(written.lines) for column in self.columns for row in column for written in row)

    def at(self, x: float, y: float) -> Legend:
        """Draw the legend with its upper left corner there."""
        rows, left = list[LegendRow](), x + LEGEND_PADDING
        for column in self.columns:
            top = y + LEGEND_PADDING
            for row in column:
                rows.append(_row(len(rows), row, Rect(left, top, self.words, _height(row)), self.sample))
                top += _height(row) + LEGEND_ROWS_APART
            left += self.words + _words_width(column) + LEGEND_COLUMNS_APART
        return Legend(Rect(x, y, self.width, self.height), tuple(rows))


def plan_legend(entries: tuple[LegendEntry, ...], widest: float, columns: int = 1) -> LegendPlan:
    """Order the entries, break their words into lines and measure the panel; without entries there is none.

    Args:
        widest: The width at which words go on in a new line, in points.
        columns: In how many columns the entries stand at most.
    """
    if not entries:
        return LegendPlan((), 0, 0, 0, 0)
    rows = tuple(tuple(_written(entry, widest) for entry in same) for same in _in_rows(entries))
    sample, words = _before_words(entries)
    made = _in_columns(rows, columns)
    width = math.fsum(words + _words_width(column) for column in made) + LEGEND_COLUMNS_APART * (len(made) - 1)
    height = max(map(_column_height, made))
    return LegendPlan(made, even_up(width + 2 * LEGEND_PADDING), even_up(height + 2 * LEGEND_PADDING), words, sample)


def plan_wide_legend(entries: tuple[LegendEntry, ...], width: float, columns: int) -> LegendPlan | None:
    """Plan a legend of some columns whose words fill a width, in points; None where they would have no room."""
    gaps = 2 * LEGEND_PADDING + LEGEND_COLUMNS_APART * (columns - 1)
    widest = (width - gaps) / columns - _before_words(entries)[1]
    return plan_legend(entries, widest, columns) if widest >= SLIMMEST_WORDS else None


def _in_rows(entries: Iterable[LegendEntry]) -> list[list[LegendEntry]]:
    """Put what has one look into one row: arrows of a kind, signs that differ in a number or a letter."""
    ordered = sorted(entries, key=lambda entry: (LEGEND_ORDER.index(entry.look), entry.dashed, entry.tag))
    rows: dict[tuple[str, str], list[LegendEntry]] = {}
    for entry in ordered:
        rows.setdefault(entry.shared, []).append(entry)
    return list(rows.values())


def _written(entry: LegendEntry, widest: float) -> _WrittenEntry:
    return _WrittenEntry(entry, balanced(entry.text, widest, LEGEND_FONT))


def _before_words(entries: tuple[LegendEntry, ...]) -> tuple[float, float]:
    """Give the width of the samples' column, and where the words begin after it."""
    sample = max(SAMPLES_WIDTH, *(pill_width(entry.sign) for entry in entries if entry.sign), 0)
    return sample, sample + SAMPLE_TO_WORDS + (LETTERS_WIDTH if any(entry.tag for entry in entries) else 0)


def _in_columns(rows: tuple[_WrittenRow, ...], count: int) -> tuple[tuple[_WrittenRow, ...], ...]:
    """Break rows into columns so that the highest is as low as can be; there may be fewer."""
    heights = sorted({_column_height(rows[i:j]) for i in range(len(rows)) for j in range(i + 1, len(rows) + 1)})
    return next(made for height in heights if len(made := _filled(rows, height)) <= count)


def _filled(rows: tuple[_WrittenRow, ...], height: float) -> tuple[tuple[_WrittenRow, ...], ...]:
    """Fill columns one after the other up to a height."""
    columns: list[tuple[_WrittenRow, ...]] = [()]
    for row in rows:
        if columns[-1] and _column_height((*columns[-1], row)) > height:
            columns.append(())
        columns[-1] = (*columns[-1], row)
    return tuple(columns)


def _column_height(column: tuple[_WrittenRow, ...]) -> float:
    return math.fsum(map(_height, column)) + LEGEND_ROWS_APART * (len(column) - 1)


def _words_width(column: tuple[_WrittenRow, ...]) -> float:
    return max(text_width(line, LEGEND_FONT) for row in column for written in row for line in written.lines)


def _height(row: _WrittenRow) -> float:
    return math.fsum(written.height for written in row)


def _row(number: int, row: _WrittenRow, room: Rect, sample: float) -> LegendRow:
    """Draw one row; `room` is where its samples and letters go, and how high its words are."""
    samples, labels, top, shown = list[Sample](), list[TextLabel](), room.y, set[tuple[str, bool, str]]()
    for place, written in enumerate(row):
        entry = written.entry
        y = top + LEGEND_LINE / 2 + (PILL_ROOM / 2 if entry.sign else 0)
        look = (entry.look, entry.dashed, entry.sign)
        if look not in shown:
            samples += _sample(f"legend {number} {place}", entry, room.x, y, sample)
            labels += [TextLabel(entry.sign, room.x + sample / 2, y, PILL_FONT, bold=True)] if entry.sign else []
        shown.add(look)
        labels += _words(written, room.right, y)
        top += written.height
    return LegendRow(tuple(written.entry.text for written in row), tuple(samples), tuple(labels))


def _words(written: _WrittenEntry, left: float, y: float) -> Iterator[TextLabel]:
    """Write the letter and the words of an entry."""
    if written.entry.tag:
        yield TextLabel(written.entry.tag, left - LETTERS_WIDTH, y, LEGEND_FONT, "start", bold=True)
    for number, line in enumerate(written.lines):
        yield TextLabel(line, left, y + LEGEND_LINE * number, LEGEND_FONT, "start")


def _sample(id: str, entry: LegendEntry, x: float, y: float, width: float) -> Iterator[Sample]:
    match entry.look:
        case "plus" | "times" | "max" | "cat" as symbol:
            yield JoinSign(id, "", symbol, x + width / 2, y, 5, 1.0, entry.text)
        case "mark":
            pill = pill_width(entry.sign)
            frame = Rect(x + (width - pill) / 2, y - SMALL_PILL / 2, pill, SMALL_PILL)
            yield Box(id, "", "mark", frame, 0, (), entry.text)
        case "norm" | "activation" | "dropout" as kind:
            yield Box(id, "", kind, Rect(x + width / 2 - SLAB / 2, y - 5, SLAB, 10), 0, (), entry.text)
        case "map" | "copied" | "stage" | "nested" | "end" | "conv map" | "down map" | "up map" | "head map" as kind:
            kinds: tuple[BoxKind, ...] = ("copied", "map") if kind == "copied" else (kind,)
            across, depth = LAID_SAMPLE if kind == "copied" else 16, min(entry.depth, 3)
            frame = Rect(x + (width - across * len(kinds)) / 2, y - 4, across - 2 if entry.bars else across, 8)
            bars = bars_in(frame.width) if entry.bars else 0
            for place, one in enumerate(kinds):
                moved = frame.moved(across * place, depth / 2)
                yield Box(f"{id} {one}", "", one, moved, depth, (), entry.text, bars=bars)
        case "follows":
            yield Outline("", Rect(x + width / 2 - 8, y - 4, 16, 8), "follows")
        case "changed" | "new" | "removed" as status:
            ring = Rect(x + 1, y - 4, MARKED_BOX - 2, 8)
            yield Outline("", ring, status)
            yield Halo(((x + MARKED_BOX + MARKS_APART, y), (x + width, y)), status, HALO)
        case kind:
            ends = ((x, y), (x + width, y))
            yield draw_arrow(kind, ends, source="legend", target="legend", note=entry.text, dashed=entry.dashed)
