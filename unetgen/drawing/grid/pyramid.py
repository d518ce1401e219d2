"""Stages of a nested U -> places.

# NOTE: [The grid]
The column of a stage is the longest way to it, a step across levels counting one and a step along a level two. So
UNet++ becomes its pyramid: x = (i + 2j)·dx, y = i·dy. Heads stand above the top row, over their stages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from unetgen.drawing.grid.settings import Setting, Spacing
from unetgen.drawing.grid.stage_faces import Face
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.shapes import even_up
from unetgen.drawing.read.stages import Stage, StageGraph

PYRAMIDS: Final = tuple(Spacing(0, gap) for gap in (60, 48, 38, 30, 24))
"""From roomy to tight: what lies between two boxes of a row."""
LOWEST: Final = 16
"""How high the lowest arc rises over its row."""
HIGHER: Final = 13
"""By how much an arc rises higher for every stage more that it passes."""
ROW: Final = 46
"""From level to level, besides what boxes and arcs need."""
HEADS_ABOVE: Final = 16
"""From the arcs over the top row to the heads above it."""


def place_pyramid(graph: StageGraph, faces: Mapping[str, Face], tags: Mapping[Link, str], spacing: Spacing) -> Setting:
    """Give every stage a place, see [The grid]."""
    columns = _columns(graph)
    step = even_up((max(face.width + face.depth for face in faces.values()) + spacing.gap) / 2)
    passes = arcs_of(graph, columns)
    ys = _levels(graph, faces, passes)
    frames = {}
    for stage in graph.stages:
        face = faces[stage.id]
        frame = face.at(columns[stage.id] * step, ys[stage.level])
        frames[stage.id] = replace(frame, y=_above(graph, faces, passes) - face.height) if stage.is_head else frame
    return Setting(graph, faces, frames, tags)


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


def _longest_way(stage: Stage, graph: StageGraph, columns: Mapping[str, int]) -> int:
    steps = (
        columns[link.source] + (2 if graph[link.source].level == stage.level else 1)
        for link in graph.entering(stage.id)
        if link.source in columns
    )
    return max(steps, default=0)


def _column_above(stage: Stage, graph: StageGraph, columns: Mapping[str, int]) -> int:
    """Set a head over its map; what takes the outputs of heads, beyond these."""
    sources = [link.source for link in graph.entering(stage.id)]
    beyond = 2 if any(graph[source].is_head for source in sources) else 0
    return max(columns[source] for source in sources) + beyond


def arcs_of(graph: StageGraph, columns: Mapping[str, float]) -> dict[Link, int]:
    """Find the links that run along a level past other stages, and how many each passes."""
    arcs = {}
    for link in graph.links:
        source, target = graph[link.source], graph[link.target]
        # Heads stand above the rows.
        if source.level != target.level or source.is_head != target.is_head:
            continue
        passed = [
            stage
            for stage in graph.stages
            if stage.level == source.level
            and stage.is_head == source.is_head
            and columns[link.source] < columns[stage.id] < columns[link.target]
        ]
        if passed:
            arcs[link] = len(passed)
    return arcs


def _levels(graph: StageGraph, faces: Mapping[str, Face], passes: Mapping[Link, int]) -> dict[int, float]:
    """Give the y of every level's middle line."""
    ys, bottom = dict[int, float](), 0.0
    for level in sorted({stage.level for stage in graph.stages}):
        here = [faces[stage.id] for stage in graph.stages if stage.level == level and not stage.is_head]
        height = max(face.height for face in here)
        arcs = _rise(graph, passes, level)
        ys[level] = bottom + (ROW + arcs + max(face.depth for face in here) if ys else 0) + height / 2
        bottom = ys[level] + height / 2
    return ys


def _rise(graph: StageGraph, passes: Mapping[Link, int], level: int) -> float:
    """Say how high the arcs over a level rise."""
    here = (count for link, count in passes.items() if graph[link.source].level == level)
    return max((LOWEST + HIGHER * count for count in here), default=0)


def _above(graph: StageGraph, faces: Mapping[str, Face], passes: Mapping[Link, int]) -> float:
    """Give the y of the lower border of the heads above the top row."""
    depth = max(face.depth for face in faces.values())
    return -(max(_rise(graph, passes, 0), HEADS_ABOVE) + depth + HEADS_ABOVE)
