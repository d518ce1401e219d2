"""Stages at their places: what layouts give, and ways and pictures take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from unetgen.drawing.grid.stage_plan import StagePlan
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

    def passed(self, link: Link) -> list[Stage]:
        """List the stages between the ends of a link along a row."""
        row = self._row(self.plan.graph[link.source])
        start, end = self.frames[link.source].x, self.frames[link.target].x
        is_level = any(stage.id == link.target for stage in row)
        return [stage for stage in row if is_level and start < self.frames[stage.id].x < end]

    def _row(self, stage: Stage) -> list[Stage]:
        along = self.along(stage.level)
        # The heads of a nested U stand above its rows.
        return [other for other in along if other.is_head == stage.is_head] if self.plan.graph.is_nested else along
