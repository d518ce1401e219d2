"""Stages of a nested U -> places, and ways between them.

# NOTE: [The pyramid]
The column of a stage is the longest way to it, a step across levels counting one and a step along a level two. So
UNet++ becomes its pyramid: x = (i + 2j)·dx, y = i·dy. Heads stand above the top row, over their stages.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from operator import mul
from typing import Final

from unetgen.drawing.grid.stage_plan import GridPlan, StagePlaces, Ways
from unetgen.drawing.kit import distances
from unetgen.drawing.kit.distances import StageSpacing
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.shapes import Point, even_up
from unetgen.drawing.read.stages import StageGraph, StageItem

BOW_PIECES: Final = 28
"""A bow is drawn as so many straight pieces, so that every writer draws it and every test can measure it."""
STEEPNESS: Final = 0.12
"""How far the controls of a bow lean inwards, of its width: little, so that it leaves and arrives steeply."""


def place_pyramid(plan: GridPlan, spacing: StageSpacing) -> StagePlaces:
    """Give every stage a place, see [The pyramid]."""
    graph, faces = plan.graph, plan.faces
    columns = _columns(graph)
    step = even_up((max(face.width + face.depth for face in faces.values()) + spacing.gap) / 2)
    flat = StagePlaces(plan, {stage.id: faces[stage.id].at(columns[stage.id] * step, 0) for stage in graph.stages})
    ys = flat.levels(spacing.levels * distances.PYRAMID_LEVELS_APART, partial(_rise, flat), lambda _: 0)
    deepest = max(face.depth for face in faces.values())
    above = -max(_rise(flat, 0), distances.HEADS_ABOVE) - deepest - distances.HEADS_ABOVE
    frames = {
        stage.id: replace(frame, y=above - frame.height) if stage.is_head else frame.moved(0, ys[stage.level])
        for stage, frame in zip(graph.stages, flat.frames.values(), strict=True)
    }
    return StagePlaces(plan, frames)


def _columns(graph: StageGraph) -> dict[str, int]:
    """Give the column of every stage; stages of one level stand two columns apart, in the order in which they run."""
    columns: dict[str, int] = {}
    last: dict[int, int] = {}
    for stage in graph.stages:
        if not stage.is_head:
            columns[stage.id] = max(_longest_way(stage, graph, columns), last.get(stage.level, -2) + 2)
            last[stage.level] = columns[stage.id]
    for stage in graph.stages:
        if stage.is_head:
            columns[stage.id] = _column_above(stage, graph, columns)
    return columns


def _longest_way(stage: StageItem, graph: StageGraph, columns: Mapping[str, int]) -> int:
    steps = (
        columns[link.source] + (2 if graph[link.source].level == stage.level else 1)
        for link in graph.entering(stage.id)
        if link.source in columns
    )
    return max(steps, default=0)


def _column_above(stage: StageItem, graph: StageGraph, columns: Mapping[str, int]) -> int:
    """Set a head over its map; what takes the outputs of heads, beyond these."""
    sources = [link.source for link in graph.entering(stage.id)]
    beyond = 2 if any(graph[source].is_head for source in sources) else 0
    return max(columns[source] for source in sources) + beyond


def _rise(places: StagePlaces, level: int) -> float:
    """Say how high the bows over a level rise."""
    graph = places.plan.graph
    passed = (len(places.passed(link)) for link in graph.links if graph[link.source].level == level)
    return max((distances.LOWEST_BOW + distances.HIGHER_BOW * count for count in passed if count), default=0)


# --- ways -------------------------------------------------------------------------------------------------------------


def pyramid_ways(places: StagePlaces) -> Ways:
    """Give the corners of all ways, from border to border."""
    passes = {link: len(passed) for link in places.plan.graph.links if (passed := places.passed(link))}
    return {link: _way(link, places, passes) for link in places.plan.graph.links}


def _way(link: Link, places: StagePlaces, passes: Mapping[Link, int]) -> tuple[Point, ...]:
    if link in passes:
        return _bow_over(link, places, passes)
    source, target = places.hull(link.source), places.front(link.target)
    front = places.front(link.source)
    if link.kind == "head" and source.y > target.bottom:
        if not _is_under(link, places):
            y = _entry_from_left(link, places)
            return ((front.cx, source.y), (front.cx, y), (target.x, y))
        # With other boxes beside it, a head may stand a little off its map's middle.
        return ((target.cx, source.y), (target.cx, target.bottom))
    if front.cy == target.cy:
        return ((source.right, front.cy), (target.x, target.cy))
    lean = min(front.width, target.width) / 4
    if front.y < target.y:
        return ((front.cx + lean, source.bottom), (target.cx - lean, places.hull(link.target).y))
    return ((front.cx + lean, source.y), (target.cx - lean, target.bottom))


def _is_under(link: Link, places: StagePlaces) -> bool:
    """Say whether a head stands over the stage that a link comes from, which what takes several outputs need not."""
    source, target = places.front(link.source), places.front(link.target)
    return source.x <= target.cx <= source.right


def _entry_from_left(link: Link, places: StagePlaces) -> float:
    """Give the y at which an output of a stage further left enters what takes several: the further left, the higher."""
    target = places.front(link.target)
    entering = (one for one in places.plan.graph.entering(link.target) if not _is_under(one, places))
    sources = sorted({places.front(one.source).x for one in entering})
    return target.y + target.height * (sources.index(places.front(link.source).x) + 1) / (len(sources) + 1)


def _bow_over(link: Link, places: StagePlaces, passes: Mapping[Link, int]) -> tuple[Point, ...]:
    """Bow over a row; wide bows begin and end nearer to the middle of their boxes, so that they do not cross there."""
    source, target = places.hull(link.source), places.hull(link.target)
    leaving = sorted((count for other, count in passes.items() if other.source == link.source), reverse=True)
    arriving = sorted((count for other, count in passes.items() if other.target == link.target), reverse=True)
    own = passes[link]
    room = min(source.width, target.width) / 2 - 2 * distances.BOW_TO_MIDDLE
    apart = min(distances.BOW_TO_BOW, room / max(len(leaving), len(arriving)))
    start = source.cx + distances.BOW_TO_MIDDLE + apart * leaving.index(own)
    end = target.cx - distances.BOW_TO_MIDDLE - apart * arriving.index(own)
    return _bow((start, source.y), (end, target.y), distances.LOWEST_BOW * 3 / 4 + distances.HIGHER_BOW * own)


def _bow(start: Point, end: Point, height: float) -> tuple[Point, ...]:
    """Lead a curve from one point over the higher of the two by `height` to the other: a cubic Bézier."""
    lean = STEEPNESS * (end[0] - start[0])
    top = min(start[1], end[1]) - height * 4 / 3
    controls = (start, (start[0] + lean, top), (end[0] - lean, top), end)
    return tuple(_at(controls, piece / BOW_PIECES) for piece in range(BOW_PIECES + 1))


def _at(controls: tuple[Point, ...], t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    # NOTE: not `sum`, which has compensated its rounding since Python 3.12: pictures would differ in a last digit.
    x, y = (math.fsum(map(mul, weights, axis)) for axis in zip(*controls, strict=True))
    return (round(x, 2), round(y, 2))
