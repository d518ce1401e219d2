"""Chart -> the main way through it, and the same with steps that come several times in a row drawn once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from unetgen.drawing.flow.chart import Cell, Chart, Step

LEAST_RUNS: Final = 3
"""So often a run comes in a row before it is drawn once."""
LEAST_HEARD: Final = 5
"""The same where what follows takes from each of them, not from the last alone."""
LONGEST_RUN: Final = 8
"""So many steps there are in a run at most."""


def main_way(chart: Chart) -> tuple[str, ...]:
    """Give the ids of the longest way to what comes out, which does not take what is declared a shortcut."""
    far: dict[str, int] = {}
    before: dict[str, str] = {}
    for step in chart.steps:
        if step.sources:
            ranks = {id: (step.on_shortcut or not chart[id].on_shortcut, far[id]) for id in step.sources}
            before[step.id] = max(step.sources, key=lambda id: ranks[id])
        far[step.id] = far[before[step.id]] + 1 if step.sources else 0
    way = [chart.steps[-1].id]
    while way[-1] in before:
        way.append(before[way[-1]])
    return tuple(reversed(way))


@dataclass(frozen=True, slots=True)
class _Run:
    """Steps of the main way that come several times in a row: where the first begins, how many there are, how often."""

    start: int
    length: int
    times: int

    @property
    def rank(self) -> tuple[int, int]:
        """The more it covers, the better; of those that cover as much, the shorter."""
        return self.length * self.times, -self.length


def folded(chart: Chart) -> Chart:
    """Draw steps that come several times in a row once."""
    while (run := _longest(chart, main_way(chart))) is not None:
        chart = _without_copies(chart, main_way(chart), run)
    return chart


def _longest(chart: Chart, way: tuple[str, ...]) -> _Run | None:
    found = [
        _Run(start, length, times)
        for start in range(1, len(way) - 1)
        for length in range(1, LONGEST_RUN + 1)
        if (times := _times(chart, way, start, length)) >= LEAST_RUNS
    ]
    return max(found, key=lambda run: (run.rank, -run.start), default=None)


def _times(chart: Chart, way: tuple[str, ...], start: int, length: int) -> int:
    """Count how often the steps from `start` on come in a row, each taking from its like."""
    first, times = _wiring(chart, way, start, length), 1
    while first is not None and _wiring(chart, way, start + times * length, length) == first:
        times += 1
    while times >= LEAST_RUNS and not _leaves_alike(chart, way, _Run(start, length, times)):
        times -= 1
    is_heard = times > 1 and any(_taken_outside(chart, way, _Run(start, length, times), 0))
    return times if times >= LEAST_HEARD or not is_heard else 1


def _wiring(chart: Chart, way: tuple[str, ...], start: int, length: int) -> list[object] | None:
    """Say what steps do, and from how far back on the way they take; None where they take from elsewhere."""
    steps = [chart[id] for id in way[start : start + length]]
    if start + length >= len(way) or any(step.times > 1 or not set(step.sources) <= set(way) for step in steps):
        return None
    return [
        (step.signature, [start + place - way.index(id) for id in step.sources]) for place, step in enumerate(steps)
    ]


def _leaves_alike(chart: Chart, way: tuple[str, ...], run: _Run) -> bool:
    """Say whether what is taken of the steps by others is the same for all runs, but for what follows the last one."""
    taken = [_taken_outside(chart, way, run, number) for number in range(run.times)]
    alike = all(one == taken[0] for one in taken[:-1])
    return alike and all(one <= after for one, after in zip(taken[0], taken[-1], strict=True))


def _taken_outside(chart: Chart, way: tuple[str, ...], run: _Run, number: int) -> list[set[str]]:
    """Name for each step of one of the runs what takes from it outside of all of them."""
    inside = set(way[run.start : run.start + run.length * run.times])
    first = run.start + number * run.length
    return [{step.id for step in chart.takers(id)} - inside for id in way[first : first + run.length]]


def _without_copies(chart: Chart, way: tuple[str, ...], run: _Run) -> Chart:
    names: dict[str, str] = {}
    kept: dict[str, Step] = {}
    for place in range(run.length):
        ids = [way[run.start + place + n * run.length] for n in range(run.times)]
        names |= dict.fromkeys(ids, ids[0])
        kept[ids[0]] = _together([chart[id] for id in ids])
    steps = (kept.get(step.id, step) for step in chart.steps if names.get(step.id, step.id) == step.id)
    return Chart(tuple(_renamed(step, names) for step in steps))


def _renamed(step: Step, names: dict[str, str]) -> Step:
    sources = dict.fromkeys(names.get(id, id) for id in step.sources)
    return replace(step, sources=tuple(sources))


def _together(copies: Sequence[Step]) -> Step:
    """Let one step stand for all its copies."""
    first = copies[0]
    cells = tuple(_lines(cells) for cells in zip(*(step.cells for step in copies), strict=True))
    nodes = tuple(node for step in copies for node in step.nodes)
    shapes = tuple(dict.fromkeys((first.shape, copies[-1].shape)))
    return replace(first, cells=cells, nodes=nodes, shapes=shapes, times=len(copies))


def _lines(cells: Sequence[Cell]) -> Cell:
    return replace(cells[0], nodes=tuple(node for cell in cells for node in cell.nodes))
