"""Ways between the stages of a V: level along a row, or over what stands in it; vertical from row to row; on rails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from unetgen.drawing.grid.stage_places import StagePlaces, Ways
from unetgen.drawing.grid.v_places import arc_links
from unetgen.drawing.kit.distances import (
    ARC_TO_ARC,
    ARC_TO_MIDDLE,
    ARC_TO_PASSED,
    CORNER_TO_ARROW,
    RAIL_OFF_MIDDLE,
    RAIL_UNDER_STAGE,
    ROW_TO_ARC,
    SIGNAL_UNDER_STAGES,
    STAGE_SIGNAL_TO_ARROW,
)
from unetgen.drawing.kit.signs import Threaded, draw_signal, signals_to
from unetgen.drawing.model.figure import Link, Signal
from unetgen.drawing.model.shapes import Arrow, Point


def v_ways(places: StagePlaces) -> Ways:
    """Give the corners of all ways in a V, from border to border."""
    return {link: _way(link, places) for link in places.plan.graph.links}


def _way(link: Link, places: StagePlaces) -> tuple[Point, ...]:
    source, target = places.plan.graph[link.source], places.plan.graph[link.target]
    if source.level != target.level:
        return _between_levels(link, places)
    if places.passed(link):
        return _over(link, places)
    start, end = places.hull(link.source), places.front(link.target)
    y = places.front(link.source).cy
    return ((start.right, y), (end.x, y))


def _between_levels(link: Link, places: StagePlaces) -> tuple[Point, ...]:
    source, target = places.hull(link.source), places.hull(link.target)
    down = places.front(link.source).y < places.front(link.target).y
    y0, y1 = (source.bottom, target.y) if down else (source.y, target.bottom)
    if link.kind == "head" and places.plan.graph[link.source].level > 0:
        return _output_rail(link, places)
    shafts = [places.shaft(id) for id in (link.source, link.target)]
    first, last = max(shaft[0] for shaft in shafts), min(shaft[1] for shaft in shafts)
    if first <= last:
        x = round((first + last) / 2)
        return ((x, y0), (x, y1))
    middle = (y0 + y1) / 2
    start, end = places.front(link.source).cx, places.front(link.target).cx
    return ((start, y0), (start, middle), (end, middle), (end, y1))


def _output_rail(link: Link, places: StagePlaces) -> tuple[Point, ...]:
    """Lead an output of a lower level to where all outputs meet: the lower, the further out."""
    source, target = places.hull(link.source), places.front(link.target)
    entering = places.plan.graph.entering(link.target)
    rails = [one for one in entering if places.front(one.source).y > target.bottom]
    rails.sort(key=lambda one: places.front(one.source).y)
    x = round(target.x + target.width * (rails.index(link) + 1) / (len(rails) + 1))
    y = places.front(link.source).cy
    return ((source.right, y), (x, y), (x, target.bottom))


def _over(link: Link, places: StagePlaces) -> tuple[Point, ...]:
    """Lead a way over what stands in the row."""
    graph = places.plan.graph
    level = graph[link.source].level
    top = min(places.hull(stage.id).y for stage in places.along(level))
    y = top - ROW_TO_ARC - ARC_TO_ARC * arc_links(places, level).index(link)
    target, middle = places.hull(link.target), places.front(link.target).cx
    end = middle if graph[link.target].is_sign else max(middle - ARC_TO_MIDDLE, target.x + 4)
    start, cy = places.hull(link.source), places.front(link.source).cy
    if link.kind == "skip":
        x = places.front(places.passed(link)[0].id).x - ARC_TO_PASSED
        return ((start.right, cy), (x, cy), (x, y), (end, y), (end, target.y))
    x = places.front(link.source).cx + (0 if graph[link.source].is_sign else ARC_TO_MIDDLE)
    return ((x, start.y), (x, y), (end, y), (end, target.y))


# --- a U of full scale ------------------------------------------------------------------------------------------------


def rail_ways(places: StagePlaces) -> Ways:
    """Give the corners of all ways in a U of full scale, from border to border."""
    links = places.plan.graph.links
    return {link: _rail(link, places) if _is_rail(link, places) else _way(link, places) for link in links}


def _is_rail(link: Link, places: StagePlaces) -> bool:
    """Say whether a link leads to a stage of the decoder from another level."""
    source, target = places.plan.graph[link.source], places.plan.graph[link.target]
    is_far = target.strand.side == "right" and source.level != target.level
    return is_far and not source.is_head and not target.is_head


def _rail(link: Link, places: StagePlaces) -> tuple[Point, ...]:
    """Run along the source's level and turn to the target: from above on the way down, from below on the way up.

    The farther a source is, the further to the right it comes in: so no rail crosses another one to the same target.
    """
    graph, level = places.plan.graph, places.plan.graph[link.target].level
    source, target = places.hull(link.source), places.front(link.target)
    is_down = graph[link.source].level < level
    same = [
        one
        for one in graph.entering(link.target)
        if _is_rail(one, places) and (graph[one.source].level < level) == is_down
    ]
    same.sort(key=lambda one: abs(graph[one.source].level - level))
    inner = target.width - 2 * CORNER_TO_ARROW
    x = round(target.x + CORNER_TO_ARROW + inner * (same.index(link) + 0.5) / len(same), 2)
    if not is_down and graph[link.source].strand.side == "left":
        # The decoder's stage of that level stands in the way.
        below, out = source.bottom + RAIL_UNDER_STAGE, source.right - RAIL_UNDER_STAGE
        return ((out, source.bottom), (out, below), (x, below), (x, target.bottom))
    y = places.front(link.source).cy + RAIL_OFF_MIDDLE if is_down else source.bottom - RAIL_OFF_MIDDLE
    return ((source.right, y), (x, y), (x, places.hull(link.target).y if is_down else target.bottom))


# --- signals ----------------------------------------------------------------------------------------------------------


def signals_of(threads: Mapping[Link, Threaded], places: StagePlaces) -> Iterator[Arrow]:
    """Lead signals to the signs that listen."""
    graph = places.plan.graph
    for link, threaded in threads.items():
        row = graph[link.target].strand
        ups = [one for one in graph.links if one.kind == "up" and graph[one.target].strand == row]
        for (signal, pill), up in product(signals_to(link, threaded), ups[:1]):
            y = max(places.front(stage.id).bottom for stage in places.along(row.level)) + SIGNAL_UNDER_STAGES
            source, start = _start(signal, up, threads[up].arrows[-1].points[-1][0], y, places)
            yield draw_signal(signal, pill, start, y, source=source, path=graph[up.source].path)


def _start(signal: Signal, up: Link, x: float, y: float, places: StagePlaces) -> tuple[str, Point]:
    """Say where a signal begins: at the coarser stage where there is room beside the arrow up, else on that arrow."""
    hull, beside = places.hull(up.source), x - STAGE_SIGNAL_TO_ARROW
    if signal.heard == "below" and beside >= hull.x + 2 and not places.plan.graph[up.source].is_sign:
        return up.source, (beside, hull.y)
    return up.target, (x, y)
