"""The summary as a table that a person likes to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Final

from unetgen.analyses import Count
from unetgen.analyses.op_names import axes_text
from unetgen.reports.costs import Cost
from unetgen.reports.summary import RegionSummary, Summary

_GAP = "  "
_LEAST_WHAT = 20
"""Characters below which the words are not squeezed any further."""
_COLUMNS: Final = 4
"""Columns that always stand there: path, words, shape, and the first number."""
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class _TableRow:
    """One line of the table before it is set: a cell per column, and how it is to stand out."""

    cells: tuple[str, ...]
    weight: str = ""


def render_summary(summary: Summary, *, width: int | None = None, colour: bool = False) -> str:
    """Set the summary as text: a title, one row per region from the input to the output, totals, legal sizes.

    Args:
        summary: What to show.
        width: Characters per line; long words wrap inside their column, and where that is not enough the last columns
            are left out, whose totals stand below the table. None sets no limit.
        colour: Whether to use terminal escapes for bold and dim.
    """
    columns = [cost for cost in summary.costs if isinstance(cost.found, Count)]
    rows = [_header(columns), *(_row(stage, columns) for stage in summary.stages), _total(summary)]
    lines = _set(rows, width)
    rule = "─" * max(len(line) for _, line in lines)
    table = [_styled(line, weight, colour) for weight, line in lines]
    title = _styled(_title(summary), _BOLD, colour)
    parts = [title, "", table[0], rule, *table[1:-1], rule, table[-1], "", *_facts(summary, width)]
    return "\n".join(parts) + "\n"


def _title(summary: Summary) -> str:
    return f"{summary.name} ({summary.reference})" if summary.reference else summary.name


def _header(columns: Sequence[Cost]) -> _TableRow:
    return _TableRow(("", "what", "output", *(cost.name for cost in columns)), _BOLD)


def _row(stage: RegionSummary, columns: Sequence[Cost]) -> _TableRow:
    # What costs nothing stays in the background, so that the eye finds the stages.
    weight = "" if any(stage.counts.values()) else _DIM
    counts = (cost.cell(stage.counts[cost.key]) for cost in columns)
    return _TableRow((stage.path, stage.what, axes_text(stage.output_shape), *counts), weight)


def _total(summary: Summary) -> _TableRow:
    totals = (cost.cell(cost.found.total) for cost in summary.costs if isinstance(cost.found, Count))
    return _TableRow(("total", "", axes_text(summary.output_shape), *totals), _BOLD)


def _set(rows: list[_TableRow], width: int | None) -> list[tuple[str, str]]:
    """Set rows into lines of equal columns: words to the left, shapes and numbers to the right."""
    widths = [max(len(row.cells[column]) for row in rows) for column in range(len(rows[0].cells))]
    if width is not None:
        least = min(widths[1], _LEAST_WHAT)
        while _beside_what(widths) + least > width and len(widths) > _COLUMNS:
            widths.pop()
        rows = [replace(row, cells=row.cells[: len(widths)]) for row in rows]
        widths[1] = max(least, min(widths[1], width - _beside_what(widths)))
    return [(row.weight, line) for row in rows for line in _lines(row, widths)]


def _beside_what(widths: list[int]) -> int:
    """Count the characters of a line that are not the words of its stage."""
    return sum(widths) - widths[1] + len(_GAP) * (len(widths) - 1)


def _lines(row: _TableRow, widths: list[int]) -> list[str]:
    path, what, *numbers = row.cells
    first, *more = wrap(what, widths[1]) or [""]
    right = (number.rjust(width) for number, width in zip(numbers, widths[2:], strict=True))
    line = _GAP.join((path.ljust(widths[0]), first.ljust(widths[1]), *right))
    return [line, *(f"{' ' * widths[0]}{_GAP}{rest}" for rest in more)]


def _facts(summary: Summary, width: int | None) -> list[str]:
    facts = (
        ("input", axes_text(summary.input_shape)),
        ("output", ", ".join(map(axes_text, summary.output_shapes))),
        *((cost.name, cost.text) for cost in summary.costs),
        ("legal sizes", _sizes(summary)),
        *((("output size", output),) if (output := summary.sizes.describe_output()) else ()),
        *((("in training", training),) if (training := summary.sizes.describe_training()) else ()),
    )
    return [line for name, text in facts for line in _fact(name, text, width)]


def _sizes(summary: Summary) -> str:
    """Say which sizes are legal, with those around the nominal one where all sides are alike."""
    words, alike = summary.sizes.describe(), summary.sizes.alike()
    side, *others = summary.input_shape[1:]
    if set(others) - {side} or alike.period == 1:
        return words
    near = ", ".join(map(str, sorted(alike.around(side, 3))))
    return f"{words} (near {side}: {near})"


def _fact(name: str, text: str, width: int | None) -> list[str]:
    first, *more = [text] if width is None else wrap(text, max(_LEAST_WHAT, width - 13))
    return [f"{name:<13}{first}", *(f"{'':<13}{rest}" for rest in more)]


def _styled(line: str, weight: str, colour: bool) -> str:
    return f"{weight}{line}{_PLAIN}" if colour and weight else line
