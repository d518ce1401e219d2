"""Stages of a plain U -> places.

# NOTE: [Down the V]
The boxes of a level stand a step inwards of those of the level above, so that they overlap and the arrow between them
is vertical. Boxes of one level alone must keep apart: the bottom grows until every skip has room for what is on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate

from unetgen.drawing.grid.stage_faces import Face
from unetgen.drawing.grid.stage_places import StagePlaces
from unetgen.drawing.grid.stage_plan import StagePlan
from unetgen.drawing.kit.distances import (
    ARC_TO_ARC,
    CORNER_TO_ARROW,
    HEADS_ASIDE,
    JOIN_TO_BOX,
    LETTER_ROOM,
    RAIL_TO_RAIL,
    ROW_TO_ARC,
    SHORTEST_STAGE_SKIP,
    STAGE_COLUMNS_APART,
    STAGE_LEVELS_APART,
    STAGE_SIGNAL_ROOM,
    StageSpacing,
)
from unetgen.drawing.kit.layouts import Span, lacking, to_upright
from unetgen.drawing.kit.signs import room_along
from unetgen.drawing.model.figure import Link, Strand
from unetgen.drawing.model.shapes import Rect, even_up
from unetgen.drawing.read.stages import Stage, StageGraph


@dataclass(frozen=True, slots=True)
class StageStrip:
    """Stages side by side: their faces and the fronts of their boxes, and which of them arrows enter and leave.

    These arrows are those from and to other levels.
    """

    level: int
    faces: tuple[Face, ...]
    fronts: tuple[Rect, ...]
    enter: int
    leave: int

    @property
    def reach(self) -> Span:
        return self.fronts[0].x, self.fronts[-1].right

    @property
    def way_in(self) -> Span:
        return self.faces[self.enter].shaft(self.fronts[self.enter])

    @property
    def way_out(self) -> Span:
        return self.faces[self.leave].shaft(self.fronts[self.leave])

    @property
    def places(self) -> dict[str, Rect]:
        return {face.stage.id: front for face, front in zip(self.faces, self.fronts, strict=True)}

    def moved(self, dx: float) -> StageStrip:
        return replace(self, fronts=tuple(front.moved(dx, 0) for front in self.fronts))

    def stretched(self, by: float) -> StageStrip:
        """Give a row whose way through is longer: more room behind what is entered, or a wider box."""
        (*before, entered), after = self.fronts[: self.enter + 1], self.fronts[self.enter + 1 :]
        if self.enter == self.leave:
            entered = replace(entered, width=entered.width + by)
        return replace(self, fronts=(*before, entered, *(front.moved(by, 0) for front in after)))


def place_v(plan: StagePlan, spacing: StageSpacing) -> StagePlaces:
    """Give every stage a place, see [Down the V]."""
    plan = replace(plan, graph=_with_ends_above(plan.graph)) if spacing.ends_above else plan
    xs = {id: front for row in _strips(plan, spacing) for id, front in row.places.items()}
    xs |= _asides(plan, max(front.right for front in xs.values()))
    flat = StagePlaces(plan, xs)
    ys = flat.levels(STAGE_LEVELS_APART, partial(_over, flat), partial(_under, flat))
    levels = {stage.id: stage.level for stage in plan.graph.stages}
    return StagePlaces(plan, {id: front.moved(0, ys[levels[id]] - front.height / 2) for id, front in xs.items()})


def _with_ends_above(graph: StageGraph) -> StageGraph:
    """Set the input and a lone output on a level of their own, where other stages stand beside them."""

    def above(stage: Stage) -> Stage:
        beside = sum(other.strand == stage.strand for other in graph.stages) > 1
        is_end = stage.is_input or (len(graph.heads) == 1 and stage.is_head and len([*graph.entering(stage.id)]) == 1)
        return replace(stage, strand=Strand(stage.strand.side, -1)) if is_end and beside and not stage.level else stage

    return StageGraph(tuple(map(above, graph.stages)), graph.links)


def _is_aside(stage: Stage, graph: StageGraph) -> bool:
    """Whether a stage is one of several heads, which stand in a column of their own."""
    return stage.is_head and len(graph.heads) > 1


# --- along the rows ---------------------------------------------------------------------------------------------------


def _strips(plan: StagePlan, spacing: StageSpacing) -> list[StageStrip]:
    chains: dict[Strand, list[Stage]] = {}
    for stage in plan.graph.stages:
        if not _is_aside(stage, plan.graph):
            chains.setdefault(stage.strand, []).append(stage)
    made = {strand: _strip(stages, plan, spacing) for strand, stages in chains.items()}
    downs = [made[strand] for strand in sorted(made, key=lambda s: s.level) if strand.side != "right"]
    lefts = [*accumulate(downs, lambda above, row: _set_under(row, above, spacing.step))]
    rights = _up_from(lefts[-1], made, spacing)
    facing = ((left, right) for left in lefts for right in rights if left.level == right.level)
    extra = even_up(lacking((left, _needed(left, right, plan), right) for left, right in facing))
    if extra > 0:
        if rights[0].level != lefts[-1].level:
            lefts[-1] = lefts[-1].stretched(extra)
        rights = [row.moved(extra) for row in rights]
    return [*lefts, *rights]


def _strip(stages: list[Stage], plan: StagePlan, spacing: StageSpacing) -> StageStrip:
    graph, here = plan.graph, {stage.id for stage in stages}
    x, fronts = 0.0, list[Rect]()
    for before, stage in zip((None, *stages), stages, strict=False):
        x += 0 if before is None else plan.faces[before.id].depth + _apart(before, stage, plan, spacing)
        fronts.append(Rect(x, 0, _width(stage, plan), plan.faces[stage.id].height))
        x = fronts[-1].right
    between = [link for link in graph.links if _climbs(link, graph)]
    entered = {link.target for link in between if link.source not in here}
    left = {link.source for link in between if link.target not in here}
    enter = min((number for number, stage in enumerate(stages) if stage.id in entered), default=0)
    leave = max((number for number, stage in enumerate(stages) if stage.id in left), default=len(stages) - 1)
    return StageStrip(stages[0].level, tuple(plan.faces[stage.id] for stage in stages), tuple(fronts), enter, leave)


def _climbs(link: Link, graph: StageGraph) -> bool:
    """Say whether a link leads from level to level, on its way down or up."""
    source, target = graph[link.source], graph[link.target]
    return source.level != target.level and not _is_aside(target, graph) and not _is_aside(source, graph)


def _apart(before: Stage, stage: Stage, plan: StagePlan, spacing: StageSpacing) -> float:
    links = [link for link in plan.graph.leaving(before.id) if link.target == stage.id]
    letter = LETTER_ROOM if any(link in plan.tags for link in links) else 0
    signs = max((room_along(link) for link in links), default=0)
    return max(signs, (JOIN_TO_BOX if before.is_sign or stage.is_sign else spacing.gap - LETTER_ROOM / 2) + letter)


def _set_under(row: StageStrip, above: StageStrip, step: float) -> StageStrip:
    """Set a row under the row above it, a step to the right, so that an arrow can fall straight."""
    dx = above.fronts[above.leave].x + step - row.fronts[row.enter].x
    return row.moved(to_upright(row, above, dx))


def _up_from(bottom: StageStrip, made: Mapping[Strand, StageStrip], spacing: StageSpacing) -> list[StageStrip]:
    """Set the rows of the decoder over each other, from the lowest one up."""
    rights, lower = list[StageStrip](), bottom
    for strand in sorted((strand for strand in made if strand.side == "right"), key=lambda s: -s.level):
        row = made[strand]
        if row.level == lower.level:
            # There is no bottom, as no map stands there: the row is beside the encoder's, and moves off later.
            lower = row.moved(lower.reach[1] - row.reach[0])
        elif spacing.columns and strand.level >= 0:
            lower = row.moved(lower.reach[1] + STAGE_COLUMNS_APART - row.reach[0])
        else:
            dx = lower.fronts[lower.leave].right + spacing.step - row.fronts[row.leave].right
            lower = row.moved(to_upright(row, lower, dx))
        rights.append(lower)
    return rights


def _needed(left: StageStrip, right: StageStrip, plan: StagePlan) -> float:
    """Give the room between two rows of a level."""
    ids, others = [*left.places], [*right.places]
    crossing = [link for id in ids for link in plan.graph.leaving(id) if link.target in others]
    past = LETTER_ROOM if any(link.target != others[0] or link.source != ids[-1] for link in crossing) else 0
    rooms = (max(SHORTEST_STAGE_SKIP, room_along(link) + LETTER_ROOM) + past for link in crossing)
    return max(rooms, default=SHORTEST_STAGE_SKIP / 2)


def _asides(plan: StagePlan, right: float) -> dict[str, Rect]:
    """Set heads in a column beyond all stages, and what takes them all beyond these."""
    graph = plan.graph
    heads = [stage for stage in graph.stages if _is_aside(stage, graph)]
    taking = [stage for stage in heads if any(graph[link.source].is_head for link in graph.entering(stage.id))]
    placed, x = dict[str, Rect](), right + HEADS_ASIDE
    for column in ([stage for stage in heads if stage not in taking], taking):
        width = max((_width(stage, plan) for stage in column), default=0)
        taken: dict[int, float] = {}
        for stage in column:
            own = _width(stage, plan)
            start = taken.get(stage.level, x + max(0, width - own) / 2)
            placed[stage.id] = Rect(start, 0, own, plan.faces[stage.id].height)
            taken[stage.level] = start + own + HEADS_ASIDE
        x = max(taken.values(), default=x)
    return placed


def _width(stage: Stage, plan: StagePlan) -> float:
    """Give the width of a box; what takes many outputs has room for all of their ways."""
    ends = sum(1 for _ in plan.graph.entering(stage.id)) if stage.is_head else 0
    return max(plan.faces[stage.id].width, even_up(RAIL_TO_RAIL * ends + CORNER_TO_ARROW))


# --- from level to level ----------------------------------------------------------------------------------------------


def _over(places: StagePlaces, level: int) -> float:
    """Give what the arcs over a level take."""
    arcs = len(arc_links(places, level))
    return ARC_TO_ARC * arcs + ROW_TO_ARC if arcs else 0


def _under(places: StagePlaces, level: int) -> float:
    """Give what the signals under a level take."""
    here = {stage.id for stage in places.along(level)}
    links = (link for link in places.plan.graph.links if link.target in here)
    return STAGE_SIGNAL_ROOM if any(badge.signals for link in links for badge in link.badges) else 0


def arc_links(places: StagePlaces, level: int) -> list[Link]:
    """List the links of a level that pass other stages on their way, the shortest first."""
    here = {stage.id for stage in places.along(level)}
    inside = [link for link in places.plan.graph.links if link.source in here and link.target in here]
    passing = [link for link in inside if places.passed(link)]
    return sorted(passing, key=lambda link: places.frames[link.target].x - places.frames[link.source].x)
