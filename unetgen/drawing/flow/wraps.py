"""A chart that is too wide for one row -> the same in several.

# NOTE: [Where a row ends]
A row ends where nothing but one map goes on, as behind a residual block. That map begins the next row as a box of its
own, from which shortcuts leave as they would have left the step that gave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from unetgen.drawing.flow.boxes import FONT, SIDE
from unetgen.drawing.flow.chart import Cell, Chart, Step
from unetgen.drawing.flow.levels import Levels
from unetgen.drawing.flow.places import FlowPlaces
from unetgen.drawing.flow.runs import main_way
from unetgen.drawing.model.text import text_width


def in_rows(places: FlowPlaces, width: float, gap: float) -> tuple[Chart, Levels, frozenset[str]] | None:
    """Break a chart that has one row into several, see [Where a row ends]; None where one is too wide all the same.

    Args:
        places: The chart on one row.
        width: How wide a row may be, in points.
        gap: The length of an arrow.

    Returns:
        The chart, the row of each step, and the steps with which rows begin.
    """
    cuts = list[int]()
    candidates = [*_ends(places), len(places.way) - 1]
    while (start := cuts[-1] if cuts else -1) < len(places.way) - 1:
        fitting = [end for end in candidates if end > start and _width(places, start, end, gap) <= width]
        if not fitting:
            return None
        cuts.append(fitting[-1])
    return _broken(places.chart, [places.way[cut] for cut in cuts[:-1]])


def _ends(places: FlowPlaces) -> Iterator[int]:
    """List the steps of the way, by their places, behind which a row may end."""
    chart, way = places.chart, places.way
    ranks: dict[str, float] = {id: rank for rank, id in enumerate(way)}
    for branch in places.branches:
        ranks |= dict.fromkeys(branch.ids, ranks[branch.ends] - 0.5)
    for place, id in enumerate(way[1:-2], start=1):
        passing = {one for step in chart.steps for one in step.sources if ranks[one] <= place < ranks[step.id]}
        is_in_run = chart[id].times > 1 and chart[id].times == chart[way[place + 1]].times
        if passing == {id} and not is_in_run:
            yield place


def _width(places: FlowPlaces, start: int, end: int, gap: float) -> float:
    """Give the width of the row behind one step, up to another one."""
    first, last = places.frames[places.way[start + 1]], places.frames[places.way[end]]
    before = (
        text_width(places.words.shape(places.chart[places.way[start]].shape), FONT) + 2 * SIDE + gap
        if start >= 0
        else 0
    )
    return before + last.right - first.x + 4 * gap


def _broken(chart: Chart, cuts: Sequence[str]) -> tuple[Chart, Levels, frozenset[str]]:
    names = {id: f"{id} again" for id in cuts}
    steps = list[Step]()
    seen: dict[str, str] = {}
    for step in chart.steps:
        # What follows a map on the next row takes it from there.
        sources = tuple(seen.get(id, id) for id in step.sources)
        steps.append(replace(step, sources=sources))
        if step.id in names:
            steps.append(_again(names[step.id], step))
            seen[step.id] = names[step.id]
    made = Chart(tuple(steps))
    row, rows = 0, Levels()
    for id in main_way(made):
        row += id in names.values()
        rows[id] = row
    return made, rows, frozenset(names.values())


def _again(id: str, step: Step) -> Step:
    """Give the box of a map that begins a row."""
    value = step.cells[-1].value if step.cells else step.nodes[-1].output.id
    cell = Cell(step.path, "", "end op", value, step.shape)
    return Step(id, step.path, (cell,), (step.id,), (step.shape,), is_end=True)
