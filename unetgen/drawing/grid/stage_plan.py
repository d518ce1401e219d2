"""What is drawn of a network stage by stage, before it has a place: faces, letters, the lines of the legend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from unetgen.drawing.grid.stage_faces import StageFace, faces_of, solid
from unetgen.drawing.kit.layouts import stack
from unetgen.drawing.kit.signs import sign_entries, tag
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.options import DrawOptions
from unetgen.drawing.model.picture import LegendEntry, bounds
from unetgen.drawing.model.shapes import ArrowKind, BoxKind, Point, Rect
from unetgen.drawing.read.contraction import PASSED
from unetgen.drawing.read.shape_words import NUMBERS, ShapeWords
from unetgen.drawing.read.stage_words import name_stages
from unetgen.drawing.read.stages import StageGraph, StageItem
from unetgen.drawing.read.words import MEETS, one_text, without_numbers


@dataclass(frozen=True, slots=True)
class GridPlan:
    """Stages and links.

    Args:
        faces: What stands in the box of every stage, by its id.
        tags: The letters on some links.
        sentences: What stages are made of, in the legend's words.
    """

    graph: StageGraph
    faces: Mapping[str, StageFace]
    tags: Mapping[Link, str]
    sentences: tuple[str, ...]


def plan_of(graph: StageGraph, options: DrawOptions, words: ShapeWords = NUMBERS) -> GridPlan:
    """Work out everything about stages that needs no coordinates; `words` are written for channels and sizes."""
    made = {stage.id: stage.made for stage in graph.stages if stage.made is not None}
    # Where ops are listed, boxes say themselves what stages are made of.
    signs, sentences = name_stages(made) if made and options.detail != "ops" else ({}, ())
    compact = options.within.compact if options.within else 0
    faces = faces_of(graph, signs, words=words, pictures=bool(options.shown), compact=compact)
    if options.look == "solid":
        faces = {id: solid(face) for id, face in faces.items()}
    said = {link: ((link.kind, link.dashed), _meaning(link, graph)) for link in graph.links if link.kind != "flow"}
    return GridPlan(graph, faces, tag(said), sentences)


def _meaning(link: Link, graph: StageGraph) -> str:
    """Give a text that is the same for links that need no letters to be told apart.

    Example: norms of 8 and of 16 groups; in UNet 3+ also max pools of 2×2 and of 4×4, as one leads farther.
    """
    if graph.is_full_scale and link.kind in ("down", "up"):
        return without_numbers(link.text)
    return link.said.alike


def entries_of(plan: GridPlan, past: frozenset[Link]) -> Iterator[LegendEntry]:
    """List what the legend explains; `past` are the links that are dashed, as they pass other stages."""
    yield from _arrows(plan, past)
    yield from sign_entries(plan.graph.links)
    yield from (LegendEntry(stage.symbol, MEETS[stage.symbol]) for stage in plan.graph.stages if stage.symbol)
    yield from _boxes(plan)


def _arrows(plan: GridPlan, past: frozenset[Link]) -> Iterator[LegendEntry]:
    looks: dict[tuple[ArrowKind, bool, str], list[Link]] = {}
    # An arrow that does nothing needs no words.
    told = (link for link in plan.graph.links if link.kind != "flow" or link.text != PASSED)
    for link in told:
        looks.setdefault((link.kind, link in past, plan.tags.get(link, "")), []).append(link)
    arcs = [look for look, links in looks.items() if look[1] and look[0] == "skip"]
    are_said = len(arcs) > 1 and all((kind, False, letter) in looks for kind, _, letter in arcs)
    for (kind, is_past, letter), links in looks.items():
        is_arc = (kind, is_past, letter) in arcs
        for text in () if is_arc and are_said else one_text(tuple(dict.fromkeys(link.text for link in links))):
            yield LegendEntry(kind, f"{text}, past other stages" if is_arc else text, is_past, letter)
    if are_said:
        yield LegendEntry("skip", "the same, past other stages", dashed=True)


def _boxes(plan: GridPlan) -> Iterator[LegendEntry]:
    kinds = dict.fromkeys(kind_of(stage, plan.graph) for stage in plan.graph.stages)
    depth = max(face.depth for face in plan.faces.values())
    name = "stage of the plain U" if "nested" in kinds else "stage"
    for kind in kinds:
        match kind:
            case "stage" if len(plan.sentences) == 1:
                yield LegendEntry("stage", f"{name}: {plan.sentences[0]}", depth=depth)
            case "stage":
                yield from (
                    LegendEntry("stage", f"{name} {text}".rstrip(), depth=depth) for text in plan.sentences or ("",)
                )
            case "nested":
                yield LegendEntry("nested", "stage that nesting adds", depth=depth)
            case "map":
                yield LegendEntry("map", "feature map between stages", depth=depth)


def kind_of(stage: StageItem, graph: StageGraph) -> BoxKind | None:
    """Tell stages of a plain U from those that only a nested network has; a sign in a circle has no box."""
    match stage.look:
        case "plus" | "times" | "max" | "cat":
            return None
        case "stage" if stage.cell is not None and stage.cell[1] > 0:
            row = (cell[1] for other in graph.stages if (cell := other.cell) is not None and cell[0] == stage.cell[0])
            return "stage" if stage.cell[1] == max(row) else "nested"
        case look:
            return look


# --- stages at their places: what layouts give, and ways and pictures take --------------------------------------------


Ways = dict[Link, tuple[Point, ...]]
"""The corners of every link, from border to border."""


@dataclass(frozen=True, slots=True)
class StagePlaces:
    """The stages of a plan, and the fronts of their boxes by id."""

    plan: GridPlan
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

    @property
    def height(self) -> float:
        """How far it is from the uppermost box to the lowest."""
        return bounds(map(self.hull, self.frames)).height

    def along(self, level: int) -> list[StageItem]:
        """List the stages of a level from left to right."""
        here = (stage for stage in self.plan.graph.stages if stage.level == level)
        return sorted(here, key=lambda stage: self.frames[stage.id].x)

    def row(self, level: int, *, heads: bool = False) -> list[StageItem]:
        """List the stages that stand in the row of a level; the heads of a nested U stand above its rows."""
        along = self.along(level)
        return [stage for stage in along if stage.is_head == heads] if self.plan.graph.is_nested else along

    def passed(self, link: Link) -> list[StageItem]:
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
