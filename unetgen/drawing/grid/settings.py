"""Stages at their places: what layouts give, and routes and pictures take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from unetgen.drawing.grid.stage_faces import Face
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.shapes import Rect
from unetgen.drawing.read.stages import Stage, StageGraph

EDGE: Final = 10
"""From the corner of a box to the first arrow at its border."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """How tightly stages are set.

    Args:
        step: How far the boxes of a level stand inwards of those of the level above.
        gap: The least length of an arrow along a row.
        ends_above: Whether input and output stand above the first and the last stage, not beside them.
        columns: Whether every stage of the decoder has columns of its own.
    """

    step: float
    gap: float
    ends_above: bool = False
    columns: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A graph whose stages have places: the fronts of their boxes by id, and the letters on its links."""

    graph: StageGraph
    faces: Mapping[str, Face]
    frames: Mapping[str, Rect]
    tags: Mapping[Link, str]

    def front(self, id: str) -> Rect:
        return self.frames[id]

    def hull(self, id: str) -> Rect:
        """Give the front with the faces of the cuboid."""
        front, depth = self.frames[id], self.faces[id].depth
        return Rect(front.x, front.y - depth, front.width + depth, front.height + depth)

    @property
    def width(self) -> float:
        """How far it is from the first box to the last."""
        hulls = [self.hull(id) for id in self.frames]
        return max(hull.right for hull in hulls) - min(hull.x for hull in hulls)

    def along(self, level: int) -> list[Stage]:
        """List the stages of a level from left to right."""
        return sorted(
            (stage for stage in self.graph.stages if stage.level == level), key=lambda stage: self.frames[stage.id].x
        )
