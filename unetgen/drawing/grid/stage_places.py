"""Stages at their places: what layouts give, and ways and pictures take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from unetgen.drawing.grid.stage_plan import StagePlan
from unetgen.drawing.kit.layouts import stack
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.shapes import Point, Rect
from unetgen.drawing.model.sketch import bounds
from unetgen.drawing.read.stages import Stage

Ways = dict[Link, tuple[Point, ...]]
"""The corners of every link, from border to border."""


@dataclass(frozen=True, slots=True)
class StagePlaces:
    """The stages of a plan, and the fronts of their boxes by id."""

    plan: StagePlan
    frames: Mapping[str, Rect]

    def front(self, id: str) -> Rect:
        return self.frames[id]

    def hull(self, id: str) -> Rect:
        """Give the front with the faces of the cuboid."""
        return self.frames[id].raised(self.plan.faces[id].depth)

    def shaft(self, id: str) -> tuple[float, float]:
        """Give the first and the last x at which an arrow may enter or leave a box from above or below."""
        return self.plan.faces[id].shaft(self.frames[id])

    @property
    def width(self) -> float:
        """How far it is from the first box to the last."""
        return bounds(map(self.hull, self.frames)).width

    def along(self, level: int) -> list[Stage]:
        """List the stages of a level from left to right."""
        here = (stage for stage in self.plan.graph.stages if stage.level == level)
        return sorted(here, key=lambda stage: self.frames[stage.id].x)

    def row(self, level: int, *, heads: bool = False) -> list[Stage]:
        """List the stages that stand in the row of a level; the heads of a nested U stand above its rows."""
        along = self.along(level)
        return [stage for stage in along if stage.is_head == heads] if self.plan.graph.is_nested else along

    def passed(self, link: Link) -> list[Stage]:
        """List the stages between the ends of a link along a row."""
        source = self.plan.graph[link.source]
        row = self.row(source.level, heads=source.is_head)
        start, end = self.frames[link.source].x, self.frames[link.target].x
        is_level = any(stage.id == link.target for stage in row)
        return [stage for stage in row if is_level and start < self.frames[stage.id].x < end]

    def levels(self, apart: float, over: Callable[[int], float], under: Callable[[int], float]) -> dict[int, float]:
        """Give the y of every level's middle line; the boxes of the first begin at 0.

        Args:
            apart: From the boxes of a level to those of the next.
            over: What there is over a level besides, and `under` what is under it.
        """
        levels = sorted({stage.level for stage in self.plan.graph.stages})
        faces = [[self.plan.faces[stage.id] for stage in self.row(level)] for level in levels]
        halves = [max(face.height for face in here) / 2 for here in faces]
        ups = (half + max(face.depth for face in here) for half, here in zip(halves, faces, strict=True))
        reaches = [
            [(up + over(level), half + under(level))] for level, up, half in zip(levels, ups, halves, strict=True)
        ]
        ys = stack(reaches, [apart] * (len(levels) - 1))
        return {level: halves[0] + y for level, y in zip(levels, ys, strict=True)}
