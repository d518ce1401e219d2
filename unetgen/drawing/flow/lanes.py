"""Lanes over and under each row of a chart, and the rows under each other, see [A row and its lanes]."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from unetgen.drawing.flow.chart import Chart
from unetgen.drawing.flow.levels import Levels
from unetgen.drawing.flow.places import CORNER, FRAME_SIDE, Arc, Branch, FlowPlaces, FlowSpacing, along
from unetgen.drawing.model.shapes import Rect
from unetgen.drawing.read.shape_words import ShapeWords

ARC: Final = 9
"""From what an arc goes over to the arc, and from one arc to the next."""
BRANCH_TO_ROW: Final = 8
"""From what a branch goes over to its boxes."""
FRAME_LABEL: Final = 13
"""What `× 4` takes under a frame."""
LEVELS_APART: Final = 14
"""The length of an arrow between two levels, without the labels beside it."""


def place(
    chart: Chart,
    levels: Levels,
    spacing: FlowSpacing,
    words: ShapeWords,
    *,
    starts: frozenset[str] = frozenset(),
) -> FlowPlaces:
    """Give everything a place.

    Args:
        levels: The level of every step of the main way; none where all are on one.
        words: How channels and sizes are written.
        starts: The steps with which rows begin, where levels are rows that follow each other.
    """
    places = along(chart, levels, spacing, words, starts=starts)
    _set_down(places, _stack(places))
    return places


def _stack(places: FlowPlaces) -> dict[int, tuple[float, float]]:
    """Give every arc and every branch its lane, and each level how far it reaches over and under its row."""
    heights: dict[int, tuple[float, float]] = {}
    for level in sorted({*places.levels.values()} or {0}):
        row = [id for id in places.way if places.level(id) == level]
        taken: dict[bool, list[tuple[float, float, float]]] = {False: [], True: []}
        for id in row:
            frame, face = places.frames[id], places.faces[id]
            taken[False].append((frame.x, frame.right, face.over))
            taken[True].append((frame.x, frame.right, face.under))
        for one in sorted(_level_of(places, level), key=lambda one: _span_key(one, places)):
            _put(one, places, taken[one.is_below])
            _frame_runs(places, row, taken)
        _frame_runs(places, row, taken)
        reach = [max(height for _, _, height in taken[below]) for below in (False, True)]
        heights[level] = reach[0], reach[1]
    return heights


def _level_of(places: FlowPlaces, level: int) -> Iterator[Arc | Branch]:
    yield from (branch for branch in places.branches if places.level(branch.ends) == level)
    yield from (arc for arc in places.arcs if places.level(arc.target) == level)


def _span_key(one: Arc | Branch, places: FlowPlaces) -> tuple[bool, bool, float, bool]:
    """Sort what goes over a row: what stays in a run, then by length; arcs to a branch after it.

    Under a row, what leaves a branch is as near as that: the next branch stands lower.
    """
    first, last = _span(one, places)
    is_run = places.chart[one.ends if isinstance(one, Branch) else one.target].times > 1
    beside = isinstance(one, Arc) and not {one.source, one.target} <= {*places.way}
    if one.is_below and isinstance(one, Arc):
        own = next((branch for branch in places.branches if one.source in branch.ids), None)
        first, last = _span(own or one, places)
        return not is_run, False, last - first, True
    return not is_run, beside, last - first, False


def _span(one: Arc | Branch, places: FlowPlaces) -> tuple[float, float]:
    if isinstance(one, Branch):
        start = places.frames[one.starts].right - CORNER if one.starts else 0
        return start, places.frames[one.ends].cx
    return places.frames[one.source].cx, places.frames[one.target].cx


def _put(one: Arc | Branch, places: FlowPlaces, taken: list[tuple[float, float, float]]) -> None:
    """Set an arc or a branch over (or under) all that it passes."""
    first, last = _span(one, places)
    over = max((height for left, right, height in taken if left < last and first < right), default=0)
    side = 1 if one.is_below else -1
    if isinstance(one, Arc):
        places.lanes[one] = side * (over + ARC)
        taken.append((first, last, over + ARC))
        return
    faces = [places.faces[id] for id in one.ids]
    near = max(face.over if one.is_below else face.under for face in faces)
    far = max(face.under if one.is_below else face.over for face in faces)
    middle = over + BRANCH_TO_ROW + near
    places.lanes[one.ids[0]] = side * middle
    for id in one.ids:
        frame = places.frames[id]
        places.frames[id] = frame.moved(0, side * middle - frame.cy)
    taken.append((first, last, middle + far))


def _frame_runs(places: FlowPlaces, row: list[str], taken: Mapping[bool, list[tuple[float, float, float]]]) -> None:
    """Draw a frame around each run of which all arcs have their lanes."""
    for first in (id for id in row if places.chart[id].times > 1):
        ids = _run_of(first, places)
        arcs = [arc for arc in places.arcs if arc.target in ids and not arc.is_below]
        if ids[0] != first or first in places.runs or any(arc not in places.lanes for arc in arcs):
            continue
        frames = [places.frames[id] for id in ids]
        tops = (*(-places.faces[id].over for id in ids), *(places.lanes[arc] for arc in arcs))
        top, bottom = min(tops) - FRAME_SIDE, max(places.faces[id].under for id in ids) + FRAME_SIDE
        left = frames[0].x - max(2, places.faces[ids[0]].spread) - FRAME_SIDE
        right = frames[-1].right + places.faces[ids[-1]].spread + FRAME_SIDE
        places.runs[first] = Rect(left, top, right - left, bottom - top)
        taken[False].append((left, right, -top))
        taken[True].append((left, right, bottom + FRAME_LABEL))


def _run_of(first: str, places: FlowPlaces) -> tuple[str, ...]:
    """List the steps around one that come equally often in a row."""
    times = places.chart[first].times
    start = end = places.way.index(first)
    while places.chart[places.way[start - 1]].times == times:
        start -= 1
    while places.chart[places.way[end + 1]].times == times:
        end += 1
    return places.way[start : end + 1]


def _set_down(places: FlowPlaces, heights: Mapping[int, tuple[float, float]]) -> None:
    """Set the rows of levels under each other, with what goes over them."""
    y, before = 0.0, 0.0
    for level, (over, under) in sorted(heights.items()):
        if level:
            places.between |= {id: y + before + LEVELS_APART / 2 for id in places.starts if places.level(id) == level}
            y += round(before + LEVELS_APART + over)
        before = under
        for id in (id for id in places.way if places.level(id) == level) if y else ():
            places.frames[id] = places.frames[id].moved(0, y)
        for one in _level_of(places, level) if y else ():
            key = one.ids[0] if isinstance(one, Branch) else one
            places.lanes[key] += y
            for id in one.ids if isinstance(one, Branch) else ():
                places.frames[id] = places.frames[id].moved(0, y)
        for first, room in [*places.runs.items()] if y else ():
            if places.level(first) == level:
                places.runs[first] = room.moved(0, y)
