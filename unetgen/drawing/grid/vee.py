"""Stages of a plain U -> places.

# NOTE: [Down the V]
The boxes of a level stand a step inwards of those of the level above, so that they overlap and the arrow between them
is vertical. Boxes of one level alone must keep apart: the bottom grows until every skip has room for what is on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from unetgen.drawing.grid.settings import EDGE, Setting, Spacing
from unetgen.drawing.grid.stage_faces import Face
from unetgen.drawing.kit.pills import room_along
from unetgen.drawing.model.figure import Link, Strand
from unetgen.drawing.model.shapes import Rect, even_up
from unetgen.drawing.read.stages import Stage, StageGraph

STEPS: Final = ((56, 36), (44, 36), (36, 32), (28, 28), (22, 26), (16, 24), (10, 22), (4, 20), (0, 18))
VEES: Final = (*(Spacing(step, gap) for step, gap in STEPS), Spacing(0, 18, ends_above=True))
"""From roomy to tight."""
RAILS: Final = tuple(replace(spacing, columns=True) for spacing in VEES)
"""The same where rails from all levels rise and fall to every stage of the decoder."""
BETWEEN: Final = 12
"""From the columns of one stage to those of the next."""
AT_SIGN: Final = 13
"""From a sign in a circle to the box beside it."""
SHORTEST: Final = 28
"""The least length of a skip."""
LETTER: Final = 12
ASIDE: Final = 34
"""From the last stages to the heads beside them, and from these to what takes them all."""
LEVEL: Final = 36
"""From the boxes of a level to those of the next."""
ARC: Final = 8
"""What a way over a row needs."""
OVER: Final = 15
"""From a row to the lowest way over it, which must have room for a head."""
SIGNAL: Final = 10
RAIL: Final = 10
"""From one way to the next that ends at the same box from below."""


@dataclass(frozen=True, slots=True)
class _Row:
    """Stages side by side: the fronts of their boxes, and which of them arrows from other levels enter and leave."""

    level: int
    ids: tuple[str, ...]
    fronts: tuple[Rect, ...]
    signs: frozenset[str]
    enter: int
    leave: int

    @property
    def x(self) -> float:
        return self.fronts[0].x

    @property
    def right(self) -> float:
        return self.fronts[-1].right

    def shaft(self, number: int) -> tuple[float, float]:
        """Give the first and the last x at which an arrow may enter or leave a box from above or below."""
        front = self.fronts[number]
        return (front.cx, front.cx) if self.ids[number] in self.signs else (front.x + EDGE, front.right - EDGE)

    def moved(self, dx: float) -> _Row:
        return replace(self, fronts=tuple(front.moved(dx, 0) for front in self.fronts))

    def stretched(self, by: float) -> _Row:
        """Give a row whose way through is longer: more room behind what is entered, or a wider box."""
        if self.enter < self.leave:
            apart = (front.moved(by, 0) for front in self.fronts[self.enter + 1 :])
            return replace(self, fronts=(*self.fronts[: self.enter + 1], *apart))
        before, (front, *after) = self.fronts[: self.enter], self.fronts[self.enter :]
        wider = replace(front, width=front.width + by)
        return replace(self, fronts=(*before, wider, *(one.moved(by, 0) for one in after)))


def place_vee(graph: StageGraph, faces: Mapping[str, Face], tags: Mapping[Link, str], spacing: Spacing) -> Setting:
    """Give every stage a place, see [Down the V]."""
    graph = _with_ends_above(graph) if spacing.ends_above else graph
    rows = _rows(graph, faces, tags, spacing)
    xs = {id: front for row in rows for id, front in zip(row.ids, row.fronts, strict=True)}
    xs |= _asides(graph, faces, max(front.right for front in xs.values()))
    ys = _levels(Setting(graph, faces, xs, tags))
    levels = {stage.id: stage.level for stage in graph.stages}
    frames = {id: replace(front, y=ys[levels[id]] - front.height / 2) for id, front in xs.items()}
    return Setting(graph, faces, frames, tags)


def _with_ends_above(graph: StageGraph) -> StageGraph:
    """Set the input and a lone output on a level of their own, where other stages stand beside them."""

    def above(stage: Stage) -> Stage:
        beside = sum(other.strand == stage.strand for other in graph.stages) > 1
        is_end = stage.id == "input" or (
            len(graph.heads) == 1 and stage.is_head and len([*graph.entering(stage.id)]) == 1
        )
        return replace(stage, strand=Strand(stage.strand.side, -1)) if is_end and beside and not stage.level else stage

    return StageGraph(tuple(map(above, graph.stages)), graph.links)


def _is_aside(stage: Stage, graph: StageGraph) -> bool:
    """Whether a stage is one of several heads, which stand in a column of their own."""
    return stage.is_head and len(graph.heads) > 1


# --- along the rows ---------------------------------------------------------------------------------------------------


def _rows(graph: StageGraph, faces: Mapping[str, Face], tags: Mapping[Link, str], spacing: Spacing) -> list[_Row]:
    chains: dict[Strand, list[Stage]] = {}
    for stage in graph.stages:
        if not _is_aside(stage, graph):
            chains.setdefault(stage.strand, []).append(stage)
    made = {strand: _row(stages, graph, faces, tags, spacing) for strand, stages in chains.items()}
    lefts = [made[strand] for strand in sorted(made, key=lambda s: s.level) if strand.side != "right"]
    placed = [lefts[0]]
    for row in lefts[1:]:
        placed.append(_under(row, placed[-1], spacing.step))
    rights = _up_from(placed[-1], made, spacing)
    extra = even_up(max((_missing(one, other, graph) for one, other in _facing(placed, rights)), default=0))
    if extra > 0:
        if rights[0].level != placed[-1].level:
            placed[-1] = placed[-1].stretched(extra)
        rights = [row.moved(extra) for row in rights]
    return [*placed, *rights]


def _row(
    stages: list[Stage], graph: StageGraph, faces: Mapping[str, Face], tags: Mapping[Link, str], spacing: Spacing
) -> _Row:
    here = {stage.id for stage in stages}
    x, fronts = 0.0, list[Rect]()
    for before, stage in pairwise((None, *stages)):
        assert stage is not None, "the first of a pair alone is none"
        x += 0 if before is None else faces[before.id].depth + _apart(before, stage, graph, tags, spacing)
        width = _width(stage, graph, faces)
        fronts.append(Rect(x, 0, width, faces[stage.id].height))
        x += width
    entered = [n for n, stage in enumerate(stages) if any(link.source not in here and _climbs(link, graph)
                                                         for link in graph.entering(stage.id))]  # fmt: skip
    left = [n for n, stage in enumerate(stages) if any(link.target not in here and _climbs(link, graph)
                                                      for link in graph.leaving(stage.id))]  # fmt: skip
    signs = frozenset(stage.id for stage in stages if stage.is_sign)
    ids = tuple(stage.id for stage in stages)
    return _Row(stages[0].level, ids, tuple(fronts), signs, min(entered, default=0), max(left, default=len(stages) - 1))


def _climbs(link: Link, graph: StageGraph) -> bool:
    """Say whether a link leads from level to level, on its way down or up."""
    source, target = graph[link.source], graph[link.target]
    return source.level != target.level and not _is_aside(target, graph) and not _is_aside(source, graph)


def _apart(before: Stage, stage: Stage, graph: StageGraph, tags: Mapping[Link, str], spacing: Spacing) -> float:
    links = [link for link in graph.leaving(before.id) if link.target == stage.id]
    letter = LETTER if any(link in tags for link in links) else 0
    signs = max((room_along(link) for link in links), default=0)
    return max(signs, (AT_SIGN if before.is_sign or stage.is_sign else spacing.gap - LETTER / 2) + letter)


def _under(row: _Row, above: _Row, step: float) -> _Row:
    """Set a row under the row above it, a step to the right, so that an arrow can fall straight."""
    dx = above.fronts[above.leave].x + step - row.fronts[row.enter].x
    return row.moved(_meeting(dx, row.shaft(row.enter), above.shaft(above.leave)))


def _up_from(bottom: _Row, made: Mapping[Strand, _Row], spacing: Spacing) -> list[_Row]:
    """Set the rows of the decoder over each other, from the lowest one up."""
    rights, lower = list[_Row](), bottom
    for strand in sorted((strand for strand in made if strand.side == "right"), key=lambda s: -s.level):
        row = made[strand]
        if row.level == lower.level:
            # There is no bottom, as no map stands there: the row is beside the encoder's, and moves off later.
            lower = row.moved(lower.right - row.x)
        elif spacing.columns and strand.level >= 0:
            lower = row.moved(lower.right + BETWEEN - row.x)
        else:
            dx = lower.fronts[lower.leave].right + spacing.step - row.fronts[row.leave].right
            lower = row.moved(_meeting(dx, row.shaft(row.enter), lower.shaft(lower.leave)))
        rights.append(lower)
    return rights


def _meeting(dx: float, moving: tuple[float, float], fixed: tuple[float, float]) -> float:
    """Correct a move so that what moves comes to stand over, or under, what is fixed."""
    if moving[1] + dx < fixed[0]:
        dx = fixed[0] - moving[1]
    elif moving[0] + dx > fixed[1]:
        dx = fixed[1] - moving[0]
    return round(dx)


def _facing(lefts: list[_Row], rights: list[_Row]) -> list[tuple[_Row, _Row]]:
    """Pair the rows of the same level."""
    return [(left, right) for left in lefts for right in rights if left.level == right.level]


def _missing(left: _Row, right: _Row, graph: StageGraph) -> float:
    """Give by how much two rows of a level stand too close."""
    crossing = [link for id in left.ids for link in graph.leaving(id) if link.target in right.ids]
    past = LETTER if any(link.target != right.ids[0] or link.source != left.ids[-1] for link in crossing) else 0
    room = max((max(SHORTEST, room_along(link) + LETTER) + past for link in crossing), default=SHORTEST / 2)
    return left.right + room - right.x


def _asides(graph: StageGraph, faces: Mapping[str, Face], right: float) -> dict[str, Rect]:
    """Set heads in a column beyond all stages, and what takes them all beyond these."""
    heads = [stage for stage in graph.stages if _is_aside(stage, graph)]
    taking = [stage for stage in heads if any(graph[link.source].is_head for link in graph.entering(stage.id))]
    placed, x = dict[str, Rect](), right + ASIDE
    for column in ([stage for stage in heads if stage not in taking], taking):
        width = max((_width(stage, graph, faces) for stage in column), default=0)
        taken: dict[int, float] = {}
        for stage in column:
            own = _width(stage, graph, faces)
            start = taken.get(stage.level, x + max(0, width - own) / 2)
            placed[stage.id] = Rect(start, 0, own, faces[stage.id].height)
            taken[stage.level] = start + own + ASIDE
        x = max(taken.values(), default=x)
    return placed


def _width(stage: Stage, graph: StageGraph, faces: Mapping[str, Face]) -> float:
    """Give the width of a box; what takes many outputs has room for all of their ways."""
    ends = sum(1 for _ in graph.entering(stage.id)) if stage.is_head else 0
    return max(faces[stage.id].width, even_up(RAIL * ends + EDGE))


# --- from level to level ----------------------------------------------------------------------------------------------


def _levels(setting: Setting) -> dict[int, float]:
    """Give the y of every level's middle line."""
    graph = setting.graph
    ys, bottom = dict[int, float](), 0.0
    signals: float = 0
    for level in sorted({stage.level for stage in graph.stages}):
        stages = setting.along(level)
        height = max(setting.faces[stage.id].height for stage in stages)
        depth = max(setting.faces[stage.id].depth for stage in stages)
        arcs = len(arc_links(setting, level))
        room = LEVEL + depth + signals + (ARC * arcs + OVER if arcs else 0)
        ys[level] = bottom + (room if ys else 0) + height / 2
        bottom = ys[level] + height / 2
        here = {stage.id for stage in stages}
        heard = any(badge.signals for link in graph.links if link.target in here for badge in link.badges)
        signals = SIGNAL if heard else 0
    return ys


def arc_links(setting: Setting, level: int) -> list[Link]:
    """List the links of a level that pass other stages on their way, the shortest first."""
    here = {stage.id for stage in setting.along(level)}
    inside = [link for link in setting.graph.links if link.source in here and link.target in here]
    passing = [link for link in inside if ways_past(link, setting)]
    return sorted(passing, key=lambda link: setting.frames[link.target].x - setting.frames[link.source].x)


def ways_past(link: Link, setting: Setting) -> list[str]:
    """List the stages between the ends of a link along a level."""
    start, end = setting.frames[link.source].x, setting.frames[link.target].x
    along = setting.along(setting.graph[link.source].level)
    return [stage.id for stage in along if start < setting.frames[stage.id].x < end]
