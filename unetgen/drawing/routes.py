"""Ways between the boxes of a grid: straight, bowed over what stands between, or along rails that all levels share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from unetgen.drawing.curves import bow
from unetgen.drawing.shapes import Point, Rect
from unetgen.drawing.stages import StageGraph, StageLink

__all__ = ["Arc", "Routes", "arcs_of", "route"]

LOWEST: Final = 16
"""How high the lowest arc rises over its row."""
HIGHER: Final = 13
"""By how much an arc rises higher for every stage more that it passes."""
RAIL: Final = 6
"""From the middle of a box to the rail of its map on the way down, and from its lower border to that on the way up."""
APART: Final = 6
"""From one arc to the next at the border of a box."""
EDGE: Final = 5
"""From the corner of a box to the first arrow at its border."""


@dataclass(frozen=True, slots=True)
class Arc:
    """How many stages a link passes along its level, and how high it rises."""

    passes: int

    @property
    def height(self) -> float:
        return LOWEST + HIGHER * self.passes


@dataclass(frozen=True, slots=True)
class Routes:
    """What the ways depend on: the stages and links, where the boxes are, which links are arcs."""

    graph: StageGraph
    frames: Mapping[str, Rect]
    arcs: Mapping[StageLink, Arc]


def arcs_of(graph: StageGraph, columns: Mapping[str, int]) -> dict[StageLink, Arc]:
    """Find the links that run along a level past other stages."""
    arcs = {}
    for link in graph.links:
        source, target = graph[link.source], graph[link.target]
        # Heads of a nested network stand above its rows.
        if source.level != target.level or (graph.is_nested and source.is_output != target.is_output):
            continue
        left, right = columns[link.source], columns[link.target]
        between = [
            stage
            for stage in graph.stages
            if stage.level == source.level
            and (stage.is_output == source.is_output or not graph.is_nested)
            and left < columns[stage.path] < right
        ]
        if between:
            arcs[link] = Arc(len(between))
    return arcs


def route(link: StageLink, routes: Routes) -> tuple[Point, ...]:
    """Give the corners of a way, from border to border."""
    source, target = routes.frames[link.source], routes.frames[link.target]
    if link in routes.arcs:
        return _arc(link, source, target, routes)
    if link.resampled:
        return _rail(link, source, target, routes)
    if link.kind == "head" and source.y > target.bottom:
        rises = source.cx == target.cx
        return (
            ((source.cx, source.y), (target.cx, target.bottom)) if rises else _output_rail(link, source, target, routes)
        )
    if source.cy == target.cy:
        return ((source.right, source.cy), (target.x, target.cy))
    lean = min(source.width, target.width) / 4
    if source.y < target.y:
        return ((source.cx + lean, source.bottom), (target.cx - lean, target.y))
    return ((source.cx + lean, source.y), (target.cx - lean, target.bottom))


def _arc(link: StageLink, source: Rect, target: Rect, routes: Routes) -> tuple[Point, ...]:
    """Bow over a row; wide arcs begin and end nearer to the middle of their boxes, so that they do not cross there."""
    leaving = sorted((arc.passes for other, arc in routes.arcs.items() if other.source == link.source), reverse=True)
    arriving = sorted((arc.passes for other, arc in routes.arcs.items() if other.target == link.target), reverse=True)
    passes = routes.arcs[link].passes
    apart = min(APART, (min(source.width, target.width) / 2 - 2 * EDGE) / max(len(leaving), len(arriving)))
    start = source.cx + EDGE + apart * leaving.index(passes)
    end = target.cx - EDGE - apart * arriving.index(passes)
    return bow((start, source.y), (end, target.y), routes.arcs[link].height - LOWEST / 4)


def _output_rail(link: StageLink, source: Rect, target: Rect, routes: Routes) -> tuple[Point, ...]:
    """Lead an output of a lower level to where all outputs meet."""
    same = [other for other in routes.graph.links if other.target == link.target and other.kind == link.kind]
    x = target.x + target.width * (same.index(link) + 1) / (len(same) + 1)
    return ((source.right, source.cy), (x, source.cy), (x, target.bottom))


def _rail(link: StageLink, source: Rect, target: Rect, routes: Routes) -> tuple[Point, ...]:
    """Run along the source's level and turn to the target: from above on the way down, from below on the way up."""
    rails = [other for other in routes.graph.links if other.resampled and other.target == link.target]
    same = [other for other in rails if other.kind == link.kind]
    place = same.index(link) + 1
    x = target.x + target.width * place / (len(same) + 1)
    if link.kind == "down":
        y = source.cy + RAIL
        return ((source.right, y), (x, y), (x, target.y))
    y = source.bottom - RAIL
    return ((source.right, y), (x, y), (x, target.bottom))
