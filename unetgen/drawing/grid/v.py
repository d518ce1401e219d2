"""Stages of a plain U -> places.

# NOTE: [Down the V]
The boxes of a level stand a step inwards of those of the level above, so that they overlap and the arrow between them
is vertical. Boxes of one level alone must keep apart: the bottom grows until every skip has room for what is on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, product

from unetgen.drawing.grid.stage_faces import StageFace
from unetgen.drawing.grid.stage_plan import GridPlan, StagePlaces, Ways
from unetgen.drawing.kit import distances
from unetgen.drawing.kit.distances import StageSpacing
from unetgen.drawing.kit.layouts import Span, lacking, to_upright
from unetgen.drawing.kit.signs import Threaded, draw_signal, room_along, signals_to
from unetgen.drawing.model.figure import Link, Signal, Strand
from unetgen.drawing.model.shapes import Arrow, Point, Rect, even_up
from unetgen.drawing.read.stages import StageGraph, StageItem


@dataclass(frozen=True, slots=True)
class StageStrip:
    """Stages side by side: their faces and the fronts of their boxes, and which of them arrows enter and leave.

    These arrows are those from and to other levels.
    """

    level: int
    faces: tuple[StageFace, ...]
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


def place_v(plan: GridPlan, spacing: StageSpacing) -> StagePlaces:
    """Give every stage a place, see [Down the V]."""
    plan = replace(plan, graph=_with_ends_above(plan.graph)) if spacing.ends_above else plan
    xs = {id: front for row in _strips(plan, spacing) for id, front in row.places.items()}
    xs |= _asides(plan, max(front.right for front in xs.values()), spacing.aside) | _beyond(plan, xs)
    flat = StagePlaces(plan, xs)
    apart = spacing.levels * distances.STAGE_LEVELS_APART
    ys = flat.levels(apart, partial(_room_over, flat), partial(_room_under, flat))
    levels = {stage.id: stage.level for stage in plan.graph.stages}
    return StagePlaces(plan, {id: front.moved(0, ys[levels[id]] - front.height / 2) for id, front in xs.items()})


def _with_ends_above(graph: StageGraph) -> StageGraph:
    """Set the input and a lone output on a level of their own, where other stages stand beside them."""

    def above(stage: StageItem) -> StageItem:
        beside = sum(other.strand == stage.strand for other in graph.stages) > 1
        is_end = stage.is_input or (len(graph.heads) == 1 and stage.is_head and len([*graph.entering(stage.id)]) == 1)
        return replace(stage, strand=Strand(stage.strand.side, -1)) if is_end and beside and not stage.level else stage

    return StageGraph(tuple(map(above, graph.stages)), graph.links)


def _is_aside(stage: StageItem, graph: StageGraph) -> bool:
    """Whether a stage is one of several heads, which stand in a column of their own."""
    return stage.is_head and len(graph.heads) > 1


# --- along the rows ---------------------------------------------------------------------------------------------------


def _strips(plan: GridPlan, spacing: StageSpacing) -> list[StageStrip]:
    chains: dict[Strand, list[StageItem]] = {}
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


def _strip(stages: list[StageItem], plan: GridPlan, spacing: StageSpacing) -> StageStrip:
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


def _apart(before: StageItem, stage: StageItem, plan: GridPlan, spacing: StageSpacing) -> float:
    links = [link for link in plan.graph.leaving(before.id) if link.target == stage.id]
    letter = distances.LETTER_ROOM if any(link in plan.tags for link in links) else 0
    gap = distances.JOIN_TO_BOX if before.is_sign or stage.is_sign else spacing.gap - distances.LETTER_ROOM / 2
    return max(gap + letter, *map(room_along, links))


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
            lower = row.moved(lower.reach[1] + distances.STAGE_COLUMNS_APART - row.reach[0])
        else:
            dx = lower.fronts[lower.leave].right + spacing.step - row.fronts[row.leave].right
            lower = row.moved(to_upright(row, lower, dx))
        rights.append(lower)
    return rights


def _needed(left: StageStrip, right: StageStrip, plan: GridPlan) -> float:
    """Give the room between two rows of a level."""
    ids, others = [*left.places], [*right.places]
    crossing = [link for id in ids for link in plan.graph.leaving(id) if link.target in others]
    past = distances.LETTER_ROOM if any(link.target != others[0] or link.source != ids[-1] for link in crossing) else 0
    rooms = (max(distances.SHORTEST_STAGE_SKIP, room_along(link) + distances.LETTER_ROOM) + past for link in crossing)
    return max(rooms, default=distances.SHORTEST_STAGE_SKIP / 2)


def _asides(plan: GridPlan, right: float, apart: float) -> dict[str, Rect]:
    """Set heads in a column beyond all stages, and what takes them all beyond these."""
    graph = plan.graph
    heads = [stage for stage in graph.stages if _is_aside(stage, graph)]
    taking = [stage for stage in heads if any(graph[link.source].is_head for link in graph.entering(stage.id))]
    placed, x = dict[str, Rect](), right + apart
    for column in ([stage for stage in heads if stage not in taking], taking):
        width = max((_width(stage, plan) for stage in column), default=0)
        taken: dict[int, float] = {}
        for stage in column:
            own = _width(stage, plan)
            start = taken.get(stage.level, x + max(0, width - own) / 2)
            placed[stage.id] = Rect(start, 0, own, plan.faces[stage.id].height)
            taken[stage.level] = start + own + apart
        x = max(taken.values(), default=x)
    return placed


def _beyond(plan: GridPlan, xs: Mapping[str, Rect]) -> dict[str, Rect]:
    """Move a lone output to the right of all that stands lower, where outputs of lower levels rise to it."""
    graph = plan.graph
    moved = dict[str, Rect]()
    for head in (stage for stage in graph.heads if not _is_aside(stage, graph)):
        if any(_rises(link, graph) for link in graph.entering(head.id)):
            lower = (stage.id for stage in graph.stages if stage.level > head.level)
            right = max(xs[id].raised(plan.faces[id].depth).right for id in lower)
            moved[head.id] = xs[head.id].moved(max(0, right - xs[head.id].x), 0)
    return moved


def _width(stage: StageItem, plan: GridPlan) -> float:
    """Give the width of a box; what takes many outputs has room for all of their ways."""
    ends = sum(1 for _ in plan.graph.entering(stage.id)) if stage.is_head else 0
    return max(plan.faces[stage.id].width, even_up(distances.RAIL_TO_RAIL * ends + distances.CORNER_TO_ARROW))


# --- from level to level ----------------------------------------------------------------------------------------------


def _room_over(places: StagePlaces, level: int) -> float:
    """Give what the arcs over a level take."""
    arcs = len(_arcs(places, level))
    return distances.ARC_TO_ARC * arcs + distances.ROW_TO_ARC if arcs else 0


def _room_under(places: StagePlaces, level: int) -> float:
    """Give what the signals under a level take."""
    here = {stage.id for stage in places.along(level)}
    links = (link for link in places.plan.graph.links if link.target in here)
    return distances.STAGE_SIGNAL_ROOM if any(badge.signals for link in links for badge in link.badges) else 0


def _arcs(places: StagePlaces, level: int) -> list[Link]:
    """List the links of a level that pass other stages on their way, the shortest first."""
    here = {stage.id for stage in places.along(level)}
    inside = [link for link in places.plan.graph.links if link.source in here and link.target in here]
    passing = [link for link in inside if places.passed(link)]
    return sorted(passing, key=lambda link: places.frames[link.target].x - places.frames[link.source].x)


# --- ways between the stages: along a row or over what stands in it, vertical from row to row, on rails ---------------


def v_ways(places: StagePlaces) -> Ways:
    """Give the corners of all ways in a V, from border to border; in a U of full scale, most are rails."""
    graph = places.plan.graph
    return {link: (_rail if _is_rail(link, graph) else _way)(link, places) for link in graph.links}


def _way(link: Link, places: StagePlaces) -> tuple[Point, ...]:
    source, target = places.plan.graph[link.source], places.plan.graph[link.target]
    if source.level != target.level:
        return _between_levels(link, places)
    if places.passed(link):
        return _over(link, places)
    start, end = places.hull(link.source), places.front(link.target)
    y = places.front(link.source).cy
    return ((start.right, y), (end.x, y))


def _between_levels(link: Link, places: StagePlaces) -> tuple[Point, ...]:
    source, target = places.hull(link.source), places.hull(link.target)
    down = places.front(link.source).y < places.front(link.target).y
    y0, y1 = (source.bottom, target.y) if down else (source.y, target.bottom)
    if _rises(link, places.plan.graph):
        return _output_rail(link, places)
    shafts = [places.shaft(id) for id in (link.source, link.target)]
    first, last = max(shaft[0] for shaft in shafts), min(shaft[1] for shaft in shafts)
    if first <= last:
        x = round((first + last) / 2)
        return ((x, y0), (x, y1))
    middle = (y0 + y1) / 2
    start, end = places.front(link.source).cx, places.front(link.target).cx
    return ((start, y0), (start, middle), (end, middle), (end, y1))


def _rises(link: Link, graph: StageGraph) -> bool:
    """Say whether a link leads an output of a lower level to where all outputs meet."""
    return link.kind == "head" and graph[link.source].level > 0


def _output_rail(link: Link, places: StagePlaces) -> tuple[Point, ...]:
    """Lead an output of a lower level to where all outputs meet: the lower, the further out."""
    source, target = places.hull(link.source), places.front(link.target)
    entering = places.plan.graph.entering(link.target)
    rails = [one for one in entering if places.front(one.source).y > target.bottom]
    rails.sort(key=lambda one: places.front(one.source).y)
    x = round(target.x + target.width * (rails.index(link) + 1) / (len(rails) + 1))
    y = places.front(link.source).cy
    return ((source.right, y), (x, y), (x, target.bottom))


def _over(link: Link, places: StagePlaces) -> tuple[Point, ...]:
    """Lead a way over what stands in the row."""
    graph = places.plan.graph
    level = graph[link.source].level
    top = min(places.hull(stage.id).y for stage in places.along(level))
    y = top - distances.ROW_TO_ARC - distances.ARC_TO_ARC * _arcs(places, level).index(link)
    target, middle = places.hull(link.target), places.front(link.target).cx
    end = middle if graph[link.target].is_sign else max(middle - distances.ARC_TO_MIDDLE, target.x + 4)
    start, cy = places.hull(link.source), places.front(link.source).cy
    if link.kind == "skip":
        x = places.front(places.passed(link)[0].id).x - distances.ARC_TO_PASSED
        return ((start.right, cy), (x, cy), (x, y), (end, y), (end, target.y))
    x = places.front(link.source).cx + (0 if graph[link.source].is_sign else distances.ARC_TO_MIDDLE)
    return ((x, start.y), (x, y), (end, y), (end, target.y))


# --- a U of full scale ------------------------------------------------------------------------------------------------


def _is_rail(link: Link, graph: StageGraph) -> bool:
    """Say whether a link leads to a stage of such a U's decoder from another level."""
    source, target = graph[link.source], graph[link.target]
    is_far = graph.is_full_scale and target.strand.side == "right" and source.level != target.level
    return is_far and not source.is_head and not target.is_head


def _rail(link: Link, places: StagePlaces) -> tuple[Point, ...]:
    """Run along the source's level and turn to the target: from above on the way down, from below on the way up.

    The farther a source is, the further to the right it comes in: so no rail crosses another one to the same target.
    """
    graph, level = places.plan.graph, places.plan.graph[link.target].level
    source, target = places.hull(link.source), places.front(link.target)
    is_down = graph[link.source].level < level
    rails = (one for one in graph.entering(link.target) if _is_rail(one, graph))
    same = [one for one in rails if (graph[one.source].level < level) == is_down]
    same.sort(key=lambda one: abs(graph[one.source].level - level))
    inner = target.width - 2 * distances.CORNER_TO_ARROW
    x = round(target.x + distances.CORNER_TO_ARROW + inner * (same.index(link) + 0.5) / len(same), 2)
    if not is_down and graph[link.source].strand.side == "left":
        # The decoder's stage of that level stands in the way.
        below, out = source.bottom + distances.RAIL_UNDER_STAGE, source.right - distances.RAIL_UNDER_STAGE
        return ((out, source.bottom), (out, below), (x, below), (x, target.bottom))
    y = (
        places.front(link.source).cy + distances.RAIL_OFF_MIDDLE
        if is_down
        else source.bottom - distances.RAIL_OFF_MIDDLE
    )
    return ((source.right, y), (x, y), (x, places.hull(link.target).y if is_down else target.bottom))


# --- signals ----------------------------------------------------------------------------------------------------------


def signals_of(threads: Mapping[Link, Threaded], places: StagePlaces) -> Iterator[Arrow]:
    """Lead signals to the signs that listen."""
    graph = places.plan.graph
    for link, threaded in threads.items():
        row = graph[link.target].strand
        ups = [one for one in graph.links if one.kind == "up" and graph[one.target].strand == row]
        for (signal, pill), up in product(signals_to(link, threaded), ups[:1]):
            y = max(places.front(stage.id).bottom for stage in places.along(row.level)) + distances.SIGNAL_UNDER_STAGES
            source, start = _start(signal, up, threads[up].arrows[-1].points[-1][0], y, places)
            yield draw_signal(signal, pill, start, y, source=source, path=graph[up.source].path)


def _start(signal: Signal, up: Link, x: float, y: float, places: StagePlaces) -> tuple[str, Point]:
    """Say where a signal begins: at the coarser stage where there is room beside the arrow up, else on that arrow."""
    hull, beside = places.hull(up.source), x - distances.STAGE_SIGNAL_TO_ARROW
    if signal.heard == "below" and beside >= hull.x + 2 and not places.plan.graph[up.source].is_sign:
        return up.source, (beside, hull.y)
    return up.target, (x, y)
