"""A chart whose way goes down to smaller maps and up again -> the same in levels: it is drawn as a small U.

So is one whose maps keep their size, as in a U of dilated convolutions, where copies lie in each other as skips do.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Final

from unetgen.drawing.flow.chart import RESAMPLES, Chart, Step
from unetgen.drawing.flow.runs import main_way
from unetgen.ir import ops

LEAST_NESTED: Final = 2
"""So many copies lie in each other in a U whose maps keep their size."""
Levels = dict[str, int]
"""The level of every step of the main way, by its id."""


def in_levels(chart: Chart) -> tuple[Chart, Levels] | None:
    """Give the level of every step of a chart that is a small U, in which ops between two sizes are arrows."""
    way = [chart[id] for id in main_way(chart)]
    crossing = [step for step in way if _is_way(step)]
    falls = [way.index(step) for step in crossing if isinstance(step.nodes[0].op, ops.Pool)]
    rises = [way.index(step) for step in crossing if not isinstance(step.nodes[0].op, ops.Pool)]
    if not falls or not rises or falls[0] > rises[-1]:
        levels = _nested(chart, way)
        is_u = max(levels.values()) >= LEAST_NESTED and _is_u(chart, levels)
        return (_without_resampling(chart, levels), levels) if is_u else None
    if any(len(chart.takers(step.id)) != 1 for step in crossing):
        return None
    made = _with_arrows(chart, {step.id for step in crossing})
    levels = _levels([made[id] for id in main_way(made)])
    arrows = all(bool(step.does) == bool(change) for step, change in _changes(made, levels))
    return (made, levels) if arrows and _is_u(made, levels) else None


def _without_resampling(chart: Chart, levels: Levels) -> Chart:
    """Say on arrows between levels that they do nothing."""
    between = {step.id for step, change in _changes(chart, levels) if change}
    return Chart(tuple(replace(step, does="no resampling") if step.id in between else step for step in chart.steps))


def _nested(chart: Chart, way: list[Step]) -> Levels:
    """Count for every step how many copies lead past it to a concatenation."""
    places = {step.id: place for place, step in enumerate(way)}
    copies = [
        (places[id], places[step.id])
        for step in way
        if step.symbol == "cat"
        for id in step.sources
        if id in places and places[id] < places[step.id] - 1
    ]
    return {id: sum(first < place < last for first, last in copies) for id, place in places.items()}


def _is_way(step: Step) -> bool:
    return bool(step.nodes) and len(step.nodes) == 1 and isinstance(step.nodes[0].op, RESAMPLES)


def _with_arrows(chart: Chart, crossing: set[str]) -> Chart:
    steps = list[Step]()
    for step in (step for step in chart.steps if step.id not in crossing):
        led = [chart[id] for id in step.sources if id in crossing]
        sources = tuple(chart[id].sources[0] if id in crossing else id for id in step.sources)
        words = ", ".join(cell.text for one in led for cell in one.cells)
        nodes = tuple(node for one in led for node in one.nodes)
        steps.append(replace(step, sources=sources, does=words, led=nodes))
    return Chart(tuple(steps))


def _levels(way: list[Step]) -> Levels:
    sizes = sorted({step.shape.size for step in way}, key=math.prod, reverse=True)
    return {step.id: sizes.index(step.shape.size) for step in way}


def _changes(chart: Chart, levels: Levels) -> list[tuple[Step, int]]:
    """List the steps of the way behind the first, and by how many levels each is lower than the one before it."""
    return [(chart[after], levels[after] - levels[before]) for before, after in pairwise(main_way(chart))]


def _is_u(chart: Chart, levels: Levels) -> bool:
    """Say whether the way goes down level by level and then up, and every other arrow stays on its level."""
    way = main_way(chart)
    turned = [change for _, change in _changes(chart, levels) if change]
    is_v = all(abs(change) == 1 for change in turned) and turned == sorted(turned, reverse=True)
    beside = {(id, step.id) for step in chart.steps for id in step.sources} - {*pairwise(way)}
    return is_v and all(levels.get(one, 0) == levels.get(other, -1) for one, other in beside)
