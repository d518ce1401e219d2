"""Chart -> places: the longest way on one row, what leaves it above or below, all in points.

# NOTE: [A row and its lanes]
The main way stands on one row. What leaves it and comes back (a shortcut, a branch with boxes of its own) has a lane
over the row: the shorter, the lower, so that lanes lie in each other. What comes from elsewhere stands under the row.

# NOTE: [A small U]
Where the way goes down to smaller maps and up again, each level has a row. A row begins under the last box of the
one above, a step to the right, so that the arrow falls straight; on the way up it begins over the last box below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from unetgen.drawing.flow.boxes import ARROWS_APART, Face, face_of
from unetgen.drawing.flow.chart import Chart, Step
from unetgen.drawing.flow.levels import Levels
from unetgen.drawing.flow.runs import main_way
from unetgen.drawing.model.shapes import Rect, even_up
from unetgen.drawing.read.shape_words import ShapeWords

CORNER: Final = 7
"""From the corner of a box to an arrow at its upper or lower border."""
FRAME_SIDE: Final = 6
"""From the steps of a run to the frame around them, and from that to what stands beside it."""
LABELS_APART: Final = 4
SHORTEST_SKIP: Final = 24


@dataclass(frozen=True, slots=True)
class FlowSpacing:
    """How tightly steps are set.

    Args:
        gap: The length of an arrow along a row.
        step: How far a level begins to the right of the one above.
        words: The width at which words in a box go on in a new line.
    """

    gap: int
    step: int
    words: int = 200


FLOW_SPACINGS: Final = (
    FlowSpacing(22, 36),
    FlowSpacing(18, 24),
    FlowSpacing(15, 14),
    FlowSpacing(15, 14, 90),
    FlowSpacing(12, 12, 60),
    FlowSpacing(10, 10, 50),
)
"""From roomy to tight."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Steps beside the main way, one after the other.

    Args:
        starts: What the first one takes from; empty where it comes from elsewhere.
        ends: What takes from the last one.
        is_below: Whether it stands under the row.
    """

    ids: tuple[str, ...]
    starts: str
    ends: str
    is_below: bool


@dataclass(frozen=True, slots=True)
class Arc:
    """An arrow that goes over something, or under it."""

    source: str
    target: str
    is_below: bool


@dataclass(slots=True)
class FlowPlaces:
    """Everything at its place; it is filled step by step while it is laid out.

    Args:
        frames: The room of every box and sign by its id.
        lanes: The y of every arc, and of every branch by its first step.
        arrivals: Where on the border of its target an arrow ends that comes from above or below: x, by both ids.
        stems: Where on the border of its source an arc begins, by its id and whether that is below.
        runs: What the frame of each run encloses, by the first step in it.
        starts: The steps with which rows begin, where there are several that are no levels.
        between: The y between such a row and the one before, by the step with which it begins.
    """

    chart: Chart
    way: tuple[str, ...]
    levels: Levels
    words: ShapeWords
    faces: Mapping[str, Face]
    branches: tuple[Branch, ...]
    arcs: tuple[Arc, ...]
    frames: dict[str, Rect] = field(default_factory=dict)
    lanes: dict[Arc | str, float] = field(default_factory=dict)
    arrivals: dict[tuple[str, str], float] = field(default_factory=dict)
    stems: dict[tuple[str, bool], float] = field(default_factory=dict)
    runs: dict[str, Rect] = field(default_factory=dict)
    starts: frozenset[str] = frozenset()
    between: dict[str, float] = field(default_factory=dict)

    @property
    def width(self) -> float:
        """How wide it is, arcs included."""
        rooms = (*self.frames.values(), *self.runs.values())
        return max(room.right for room in rooms) - min(room.x for room in rooms)

    @property
    def height(self) -> float:
        """How high it is."""
        rooms = [*self.frames.values(), *self.runs.values()]
        ys = [*self.lanes.values(), *(room.y for room in rooms), *(room.bottom for room in rooms)]
        return max(ys) - min(ys) + 24

    def level(self, id: str) -> int:
        """Give the level of a step; branches stand on that of what they end at."""
        return self.levels.get(id, 0)

    @property
    def joined(self) -> set[tuple[str, str]]:
        """The pairs of steps that follow each other on the main way or on a branch."""
        return {*pairwise(self.way), *(pair for branch in self.branches for pair in pairwise(branch.ids))}

    def touched(self, id: str) -> tuple[bool, bool]:
        """Say whether arrows touch the upper and the lower border of a step."""
        place = self.way.index(id) if id in self.way else 0
        beside = self.way[max(0, place - 1) : place + 2] if id in self.way and not self.starts else ()
        near = [self.level(other) - self.level(id) for other in beside]
        is_way = id in self.way
        ends = [(not branch.is_below) for branch in self.branches if id in (branch.starts, branch.ends)]
        ends += [not arc.is_below for arc in self.arcs if id in (arc.source, arc.target)]
        return any(ends) or (is_way and -1 in near and bool(self.chart[id].does)), not all(ends) or (
            is_way and 1 in near
        )

    def lower(self, id: str) -> Iterator[Step]:
        """List the steps on a lower level that an arrow leads to from a step."""
        followers = (other for one, other in pairwise(self.way) if one == id)
        return (self.chart[other] for other in followers if self.level(other) > self.level(id) and not self.starts)

    def is_skip(self, source: str, target: str) -> bool:
        """Say whether an arrow crosses a small U on its level: from the last box going down to the first going up."""
        one, other = self.way.index(source), self.way.index(target)
        between = [self.level(id) for id in self.way[one + 1 : other]]
        return bool(between) and all(level > self.level(source) for level in between)


def along(
    chart: Chart,
    levels: Levels,
    spacing: FlowSpacing,
    words: ShapeWords,
    *,
    starts: frozenset[str] = frozenset(),
) -> FlowPlaces:
    """Give everything a place along its row, see [A row and its lanes] and [A small U]; lanes and rows come later.

    Args:
        levels: The level of every step of the main way; none where all are on one.
        words: How channels and sizes are written.
        starts: The steps with which rows begin, where levels are rows that follow each other.
    """
    way = main_way(chart)
    branches = tuple(_branches(chart, way))
    places = FlowPlaces(chart, way, levels, words, {}, branches, (), starts=starts)
    places.arcs = tuple(_arcs(places))
    places.faces = {step.id: _face(step, places, spacing.words) for step in chart.steps}
    _along(places, spacing)
    _beside(places, spacing)
    _ports(places)
    return places


def _face(step: Step, places: FlowPlaces, widest: float) -> Face:
    before = places.chart[step.sources[0]] if step.sources else None
    arrows = max(len([*_above(step.id, places, below)]) for below in (False, True))
    return face_of(step, before, arrows, widest, places.words)


def _above(id: str, places: FlowPlaces, is_below: bool) -> Iterator[tuple[str, str]]:
    """List the arrows that touch the upper (or lower) border of a step: those that end there, then one that begins."""
    yield from ((b.ids[-1], id) for b in places.branches if b.ends == id and b.is_below == is_below)
    yield from ((arc.source, id) for arc in places.arcs if arc.target == id and arc.is_below == is_below)
    if _has_stem(id, places, is_below):
        yield id, ""


def _has_stem(id: str, places: FlowPlaces, is_below: bool) -> bool:
    starts = any(branch.starts == id and branch.is_below == is_below for branch in places.branches)
    return starts or any(arc.source == id and arc.is_below == is_below for arc in places.arcs)


# --- what stands beside the main way ----------------------------------------------------------------------------------


def _branches(chart: Chart, way: tuple[str, ...]) -> Iterator[Branch]:
    chains: list[list[str]] = []
    for step in (step for step in chart.steps if step.id not in way):
        chain = next((chain for chain in chains if chain[-1] in step.sources), None)
        if chain is None:
            chains.append([step.id])
        else:
            chain.append(step.id)
    below: set[str] = set()
    for chain in chains:
        starts = next(iter(chart[chain[0]].sources), "")
        ends = next(taker.id for taker in chart.takers(chain[-1]))
        if not starts or starts in below:
            below.update(chain)
        yield Branch(tuple(chain), starts, ends, chain[0] in below)


def _arcs(places: FlowPlaces) -> Iterator[Arc]:
    led = places.joined | {(branch.starts, branch.ids[0]) for branch in places.branches}
    led |= {(branch.ids[-1], branch.ends) for branch in places.branches}
    below = {id for branch in places.branches if branch.is_below for id in branch.ids}
    for step in places.chart.steps:
        for source in step.sources:
            is_skip = {source, step.id} <= {*places.way} and places.is_skip(source, step.id)
            if (source, step.id) not in led and not is_skip:
                yield Arc(source, step.id, source in below or step.id in below)


# --- along the row ----------------------------------------------------------------------------------------------------


def _along(places: FlowPlaces, spacing: FlowSpacing) -> None:
    """Set the main way from left to right, with room for the branches over it."""
    way, faces = places.way, places.faces
    for before, id in zip((None, *way), way, strict=False):
        face = faces[id]
        x = 0.0 if before is None else _next(before, id, places, spacing)
        for branch in (branch for branch in places.branches if branch.ends == id):
            x = max(x, _after(branch, places, spacing) - face.width / 2)
        places.frames[id] = Rect(round(x), -face.height / 2, face.width, face.height)
    if places.levels and not places.starts:
        _widen(places)


def _next(before: str, id: str, places: FlowPlaces, spacing: FlowSpacing) -> float:
    """Give the x of a step behind another one: beside it on a level, else under it or over it."""
    frame, face = places.frames[before], places.faces[id]
    down = places.level(id) - places.level(before)
    if id in places.starts:
        return 0
    if down > 0:
        return frame.right + spacing.step - face.width if face.width > frame.width else frame.x + spacing.step
    if down < 0:
        return frame.x + CORNER - face.width / 2 if places.chart[id].symbol else frame.cx - face.width / 2
    spread = places.faces[before].spread + face.spread + LABELS_APART - spacing.gap
    return frame.right + spacing.gap + max(0, spread) + _framed(before, id, places)


def _framed(before: str, id: str, places: FlowPlaces) -> float:
    """Give what the borders of frames around runs take between two steps."""
    times = [places.chart[one].times for one in (before, id)]
    return 2 * FRAME_SIDE if times[0] != times[1] else 0


def _after(branch: Branch, places: FlowPlaces, spacing: FlowSpacing) -> float:
    """Give the first x at which an arrow may leave a branch for the row."""
    start = places.frames[branch.starts].right - CORNER if branch.starts in places.frames else 0
    return start + _length(branch, places, spacing) + (2 if branch.starts else 1) * spacing.gap


def _length(branch: Branch, places: FlowPlaces, spacing: FlowSpacing) -> float:
    return sum(places.faces[id].width for id in branch.ids) + spacing.gap * (len(branch.ids) - 1)


def _widen(places: FlowPlaces) -> None:
    """Move the way up of a small U to the right until every skip has room; the bottom grows."""
    lowest = max(places.levels.values())
    last = max(place for place, id in enumerate(places.way) if places.level(id) == lowest)
    lacking = 0.0
    for place, id in enumerate(places.way[last + 1 :], start=last + 1):
        if places.level(id) != places.level(places.way[place - 1]):
            left = max(
                places.frames[other].right for other in places.way[:last] if places.level(other) == places.level(id)
            )
            lacking = max(lacking, left + SHORTEST_SKIP - places.frames[id].x)
    if lacking <= 0:
        return
    by = even_up(lacking)
    if places.level(places.way[last - 1]) != lowest:
        # The bottom is one box, which stays under the way down.
        bottom = places.frames[places.way[last]]
        places.frames[places.way[last]] = replace(bottom, width=bottom.width + by)
        last += 1
    for id in places.way[last:]:
        places.frames[id] = places.frames[id].moved(by, 0)


def _beside(places: FlowPlaces, spacing: FlowSpacing) -> None:
    """Set the steps of branches: in the middle between their ends; at the left where they come from elsewhere."""
    for branch in places.branches:
        length = _length(branch, places, spacing)
        x = 0.0
        if branch.starts:
            first, last = places.frames[branch.starts].right - CORNER, places.frames[branch.ends].cx
            x = round((first + last - length) / 2)
        for id in branch.ids:
            face = places.faces[id]
            places.frames[id] = Rect(x, 0, face.width, face.height)
            x += face.width + spacing.gap


def _ports(places: FlowPlaces) -> None:
    """Say where arrows touch the upper and the lower borders: from the left the lowest that ends, then what begins."""
    for step in places.chart.steps:
        frame = places.frames[step.id]
        for is_below in (False, True):
            touching = sorted(_above(step.id, places, is_below), key=lambda pair: _rank(pair, places))
            for number, (source, target) in enumerate(touching):
                x = frame.cx + ARROWS_APART * (number - (len(touching) - 1) / 2)
                if step.symbol is None:
                    x = frame.x + CORNER if target else frame.right - CORNER
                if target:
                    places.arrivals[source, target] = x
                else:
                    places.stems[source, is_below] = x


def _rank(pair: tuple[str, str], places: FlowPlaces) -> tuple[bool, float]:
    """Sort arrows at a border: those that end, the nearest source first; then what begins there."""
    source, target = pair
    branch = next((branch for branch in places.branches if branch.ids[-1] == source), None)
    start = branch.starts if branch and branch.starts in places.frames else source
    return not target, -places.frames[start].x
