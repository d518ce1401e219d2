"""Chart -> sketch: every box, sign, arrow and label at its place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from unetgen.drawing.flow.boxes import CELL_EDGE, FONT, LINE, end_lines
from unetgen.drawing.flow.chart import Chart, Step
from unetgen.drawing.flow.lanes import place
from unetgen.drawing.flow.levels import in_levels
from unetgen.drawing.flow.places import CORNER, FLOW_SPACINGS, FlowPlaces, FlowSpacing
from unetgen.drawing.flow.runs import folded
from unetgen.drawing.flow.wraps import in_rows
from unetgen.drawing.kit.layouts import first_fitting
from unetgen.drawing.model.picture import LegendEntry, Sketch
from unetgen.drawing.model.shapes import (
    Arrow,
    ArrowKind,
    Box,
    JoinSign,
    Outline,
    Point,
    Rect,
    TextLabel,
    draw_arrow,
)
from unetgen.drawing.read.shape_words import NUMBERS, ShapeWords
from unetgen.drawing.read.words import MEETS, shape_text

PASSED: Final = "passed on as it is"
FRAME_RADIUS: Final = 4
TURN: Final = 10
"""From a step to the corner of an arrow that leads to the next row."""
LABEL_OFF: Final = 6
"""From a border to the middle of a label over or under it."""


def draw_chart(chart: Chart, width: float, words: ShapeWords = NUMBERS, *, prefix: str = "") -> Sketch:
    """Lay a chart out, as roomy as a width allows.

    Args:
        width: How wide it may be, in points.
        words: How channels and sizes are written.
        prefix: What its ids begin with.
    """
    return _Sketching(_places(folded(chart), width, words), prefix).sketch()


def _places(chart: Chart, width: float, words: ShapeWords) -> FlowPlaces:
    """Place a chart on one row, or as a small U; in several rows where that is too wide."""
    shown, levels = in_levels(chart) or (chart, {})

    def at(spacing: FlowSpacing) -> FlowPlaces:
        return place(shown, levels, spacing, words)

    tightest = at(first_fitting([*FLOW_SPACINGS], lambda spacing: at(spacing).width <= width))
    if tightest.width <= width or levels:
        return tightest
    for spacing in FLOW_SPACINGS[1:]:
        rows = in_rows(at(spacing), width, spacing.gap)
        if rows is not None:
            return place(rows[0], rows[1], spacing, words, starts=rows[2])
    return tightest


class _Sketching:
    """A chart at its places, and how it is written."""

    def __init__(self, places: FlowPlaces, prefix: str) -> None:
        self.places = places
        self.prefix = prefix

    def sketch(self) -> Sketch:
        steps = self.places.chart.steps
        arrows = tuple(self._arrows())
        return Sketch(
            boxes=tuple(box for step in steps for box in self._boxes(step)),
            outlines=tuple(self._outlines()),
            joins=tuple(join for step in steps for join in self._joins(step)),
            arrows=arrows,
            labels=(*(label for step in steps for label in self._labels(step)), *self._times()),
            entries=tuple(dict.fromkeys(self._entries(arrows))),
        )

    # --- boxes and signs ----------------------------------------------------------------------------------------------

    def _boxes(self, step: Step) -> Iterator[Box]:
        if step.symbol is not None:
            return
        for number, (cell, room) in enumerate(zip(step.cells, self._rooms(step), strict=True)):
            nodes = (*(step.led if not number else ()), *cell.nodes)
            note = f"{cell.path}: {cell.text}, {shape_text(cell.shape)}"
            shape = tuple(cell.shape.as_list())
            id = self._id(step.id if step.is_end else cell.path)
            yield Box(id, cell.path, cell.kind, room, 0, shape, note, value=cell.value, nodes=nodes)

    def _rooms(self, step: Step) -> Iterator[Rect]:
        """Give the room of each op of a box, one under the other."""
        frame, face = self.places.frames[step.id], self.places.faces[step.id]
        y = frame.y
        for lines in face.lines or ((),):
            high = CELL_EDGE + LINE * len(lines) if lines else frame.height
            yield Rect(frame.x, y, frame.width, high)
            y += high

    def _joins(self, step: Step) -> Iterator[JoinSign]:
        frame = self.places.frames[step.id]
        if step.symbol is not None:
            note, nodes = f"{step.path}: {shape_text(step.shape)}", (*step.led, *step.nodes)
            yield JoinSign(
                self._id(step.id), step.path, step.symbol, frame.cx, frame.cy, frame.width / 2, 1.0, note, nodes
            )

    def _outlines(self) -> Iterator[Outline]:
        for first, room in self.places.runs.items():
            step = self.places.chart[first]
            yield Outline(self._first(step), room, "repeat", FRAME_RADIUS)

    def _id(self, path: str) -> str:
        return f"{self.prefix}{path}"

    def _first(self, step: Step) -> str:
        return self._id(step.id if step.symbol else step.cells[0].path)

    # --- arrows -------------------------------------------------------------------------------------------------------

    def _arrows(self) -> Iterator[Arrow]:
        chart, places = self.places.chart, self.places
        arcs = {(arc.source, arc.target): arc for arc in places.arcs}
        starts = {(branch.starts, branch.ids[0]): branch for branch in places.branches if branch.starts}
        ends = {(branch.ids[-1], branch.ends): branch for branch in places.branches}
        for step in chart.steps:
            for source in step.sources:
                pair, before = (source, step.id), chart[source]
                if pair in arcs:
                    points = self._over(before, step, places.lanes[arcs[pair]], arcs[pair].is_below)
                    yield self._arrow("shortcut", before, step, points, PASSED)
                elif pair in starts:
                    yield self._arrow("shortcut", before, step, self._out(before, step, starts[pair].is_below))
                elif pair in ends:
                    yield self._arrow("shortcut", before, step, self._back(before, step, ends[pair].is_below))
                else:
                    yield self._straight(before, step)

    def _arrow(self, kind: ArrowKind, before: Step, step: Step, points: tuple[Point, ...], text: str = "") -> Arrow:
        note = ": ".join(filter(None, (f"{before.path} to {step.path}", text)))
        source, target = self._touched(before, points[0]), self._touched(step, points[-1])
        corners = tuple(point for point, other in zip(points, (None, *points), strict=False) if point != other)
        return draw_arrow(kind, corners, source=source, target=target, note=note)

    def _touched(self, step: Step, point: Point) -> str:
        """Name the line of a box at whose border an arrow begins or ends, or the sign."""
        if step.symbol is not None or step.is_end:
            return self._id(step.id)
        rooms = tuple(self._rooms(step))
        number = sum(point[1] >= room.bottom for room in rooms[:-1])
        return self._id(step.cells[number].path)

    def _straight(self, before: Step, step: Step) -> Arrow:
        """Lead from a step to the next: along the row, to another level, or across a small U."""
        one, other = self.places.frames[before.id], self.places.frames[step.id]
        if step.id in self.places.starts:
            y, right, left = self.places.between[step.id], one.right + TURN, other.x - TURN
            corners = ((right, one.cy), (right, y), (left, y), (left, other.cy))
            return self._arrow("flow", before, step, ((one.right, one.cy), *corners, (other.x, other.cy)))
        levels = self.places.level(before.id), self.places.level(step.id)
        if levels[0] == levels[1]:
            is_skip = (before.id, step.id) not in self.places.joined
            points = ((one.right, one.cy), (other.x, other.cy))
            return self._arrow("skip" if is_skip else "flow", before, step, points, "copy" if is_skip else "")
        x = other.cx if step.symbol else min(max(other.x, one.x) + CORNER, one.right - CORNER)
        down = levels[0] < levels[1]
        ends = ((x, one.bottom), (x, other.y)) if down else ((x, one.y), (x, other.bottom))
        return self._arrow("down" if down else "up", before, step, ends, step.does)

    def _over(self, before: Step, step: Step, y: float, is_below: bool) -> tuple[Point, ...]:
        x0, x1 = self.places.stems[before.id, is_below], self.places.arrivals[before.id, step.id]
        return (x0, self._border(before, x0, is_below)), (x0, y), (x1, y), (x1, self._border(step, x1, is_below))

    def _out(self, before: Step, step: Step, is_below: bool) -> tuple[Point, ...]:
        x, frame = self.places.stems[before.id, is_below], self.places.frames[step.id]
        return (x, self._border(before, x, is_below)), (x, frame.cy), (frame.x, frame.cy)

    def _back(self, before: Step, step: Step, is_below: bool) -> tuple[Point, ...]:
        frame, x = self.places.frames[before.id], self.places.arrivals[before.id, step.id]
        return (frame.right, frame.cy), (x, frame.cy), (x, self._border(step, x, is_below))

    def _border(self, step: Step, x: float, is_below: bool) -> float:
        """Give the y at which an upright arrow touches a box, or the circle of a sign."""
        frame, side = self.places.frames[step.id], 1 if is_below else -1
        high = frame.height / 2
        return frame.cy + side * (math.sqrt(max(0, high**2 - (x - frame.cx) ** 2)) if step.symbol else high)

    # --- words --------------------------------------------------------------------------------------------------------

    def _labels(self, step: Step) -> Iterator[TextLabel]:
        frame, face = self.places.frames[step.id], self.places.faces[step.id]
        if step.is_end:
            ends = end_lines(step, self.places.words)
            for number, (line, bold) in enumerate(ends):
                y = frame.cy + (number - (len(ends) - 1) / 2) * LINE
                yield TextLabel(line, frame.cx, y, FONT, bold=bold)
            return
        for cell, lines, room in zip(
            step.cells, face.lines, tuple(self._rooms(step)) if face.lines else (), strict=True
        ):
            for number, line in enumerate(lines):
                y = room.cy + (number - (len(lines) - 1) / 2) * LINE
                yield TextLabel(line, frame.cx, y, FONT, bold=cell.kind == "op")
        if face.channels:
            yield self._channels(step, face.channels)
        if face.size and step.symbol is None:
            yield self._size(step, face.size)

    def _channels(self, step: Step, text: str) -> TextLabel:
        """Write channels over a box; of a sign, on a side on which no arrow is."""
        frame, (above, below) = self.places.frames[step.id], self.places.touched(step.id)
        if step.symbol is None and above:
            # An arrow from the level above comes down at the left, one to a lane rises at the right.
            falls = any(self.places.level(one) < self.places.level(step.id) for one in step.sources)
            rises = (step.id, False) in self.places.stems
            if falls and rises:
                return TextLabel(text, frame.cx, frame.y - LABEL_OFF, FONT)
            x, anchor = (frame.right - 1, "end") if falls else (frame.x + 1, "start")
            return TextLabel(text, x, frame.y - LABEL_OFF, FONT, "end" if anchor == "end" else "start")
        if not above or step.symbol is None:
            return TextLabel(text, frame.cx, frame.y - LABEL_OFF, FONT)
        if not below:
            return TextLabel(text, frame.cx, frame.bottom + LABEL_OFF, FONT)
        return TextLabel(text, frame.right, frame.y, FONT, "start")

    def _size(self, step: Step, text: str) -> TextLabel:
        """Write a size under a box, on the side on which no arrow leaves it for a lower level."""
        frame = self.places.frames[step.id]
        down = [self._straight(step, other).points[0][0] for other in self.places.lower(step.id)]
        if down and down[0] < frame.cx:
            return TextLabel(text, frame.right, frame.bottom + LABEL_OFF, FONT, "end", "muted")
        return TextLabel(text, frame.x, frame.bottom + LABEL_OFF, FONT, "start", "muted")

    def _times(self) -> Iterator[TextLabel]:
        """Say how often a run comes in a row, and of an arrow from within it that there is one from each."""
        for first, room in self.places.runs.items():
            text = f"× {self.places.chart[first].times}"
            yield TextLabel(text, room.x + 1, room.bottom + LABEL_OFF, FONT, "start", bold=True)
        for arc in self.places.arcs:
            times = self.places.chart[arc.source].times
            if times > 1 and self.places.chart[arc.target].times == 1:
                ends = self.places.stems[arc.source, arc.is_below], self.places.arrivals[arc.source, arc.target]
                y = self.places.lanes[arc] - LABEL_OFF
                yield TextLabel(f"each of {times}", sum(ends) / 2, y, FONT, "middle", "shortcut")

    # --- what has to be explained -------------------------------------------------------------------------------------

    def _entries(self, arrows: tuple[Arrow, ...]) -> Iterator[LegendEntry]:
        chart = self.places.chart
        if any(arrow.kind == "shortcut" for arrow in arrows):
            yield LegendEntry("shortcut", PASSED)
        if any(arrow.kind == "skip" for arrow in arrows):
            yield LegendEntry("skip", "copy, concatenated")
        for step in chart.steps:
            if step.symbol is not None:
                yield LegendEntry(step.symbol, MEETS[step.symbol])
        for before, step in pairwise(chart[id] for id in self.places.way):
            if step.does:
                falls = self.places.level(before.id) < self.places.level(step.id)
                yield LegendEntry("down" if falls else "up", step.does)
