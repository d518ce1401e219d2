"""What is drawn of a network stage by stage, before it has a place: faces, letters, the lines of the legend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unetgen.drawing.grid.stage_faces import Face, faces_of
from unetgen.drawing.kit.letters import sign_entries, tag
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.options import DrawOptions
from unetgen.drawing.model.shapes import ArrowKind, BoxKind
from unetgen.drawing.model.sketch import Entry
from unetgen.drawing.read.composition import name_stages
from unetgen.drawing.read.contraction import MEETS
from unetgen.drawing.read.stages import Stage, StageGraph
from unetgen.drawing.read.words import THINGS, one_text, without_groups, without_numbers


@dataclass(frozen=True, slots=True)
class StagePlan:
    """Stages and links.

    Args:
        faces: What stands in the box of every stage, by its id.
        tags: The letters on some links.
        sentences: What stages are made of, in the legend's words.
    """

    graph: StageGraph
    faces: Mapping[str, Face]
    tags: Mapping[Link, str]
    sentences: tuple[str, ...]


def plan_of(graph: StageGraph, options: DrawOptions) -> StagePlan:
    """Work out everything about stages that needs no coordinates."""
    made = {stage.id: stage.made for stage in graph.stages if stage.made is not None}
    # Where ops are listed, boxes say themselves what stages are made of.
    signs, sentences = name_stages(made) if made and options.detail != "ops" else ({}, ())
    faces = faces_of(graph, signs, sizes=options.sizes, pictures=bool(options.shown))
    said = {link: ((link.kind, link.dashed), _meaning(link, graph)) for link in graph.links if link.kind != "flow"}
    return StagePlan(graph, faces, tag(said), sentences)


def _meaning(link: Link, graph: StageGraph) -> str:
    """Give a text that is the same for links that differ in what their levels tell anyway."""
    if graph.is_full_scale and link.kind in ("down", "up"):
        # How far a rail leads says by how much it pools or resizes.
        return without_numbers(link.text)
    return without_groups(link.text)


def entries_of(plan: StagePlan, past: frozenset[Link]) -> Iterator[Entry]:
    """List what the legend explains; `past` are the links that are dashed, as they pass other stages."""
    yield from _arrows(plan, past)
    yield from sign_entries(plan.graph.links)
    yield from (Entry(stage.symbol, MEETS[stage.symbol]) for stage in plan.graph.stages if stage.symbol)
    yield from _boxes(plan)


def _arrows(plan: StagePlan, past: frozenset[Link]) -> Iterator[Entry]:
    looks: dict[tuple[ArrowKind, bool, str], list[Link]] = {}
    for link in plan.graph.links:
        looks.setdefault((link.kind, link in past, plan.tags.get(link, "")), []).append(link)
    arcs = [look for look, links in looks.items() if look[1] and look[0] == "skip"]
    are_said = len(arcs) > 1 and all((kind, False, letter) in looks for kind, _, letter in arcs)
    for (kind, is_past, letter), links in looks.items():
        is_arc = (kind, is_past, letter) in arcs
        for text in () if is_arc and are_said else one_text(tuple(dict.fromkeys(link.text for link in links))):
            yield Entry(kind, f"{text}, past other stages" if is_arc else text, is_past, letter)
    if are_said:
        yield Entry("skip", "the same, past other stages", dashed=True)


def _boxes(plan: StagePlan) -> Iterator[Entry]:
    kinds = dict.fromkeys(kind_of(stage, plan.graph) for stage in plan.graph.stages)
    depth = max(face.depth for face in plan.faces.values())
    name = "stage of the plain U" if "nested" in kinds else "stage"
    for kind in kinds:
        match kind:
            case "stage" if len(plan.sentences) == 1:
                yield Entry("stage", f"{name}: {plan.sentences[0]}", depth=depth)
            case "stage":
                yield from (Entry("stage", f"{name} {text}".rstrip(), depth=depth) for text in plan.sentences or ("",))
            case "nested":
                yield Entry("nested", "stage that nesting adds", depth=depth)
            case "map":
                yield Entry("map", "feature map between stages", depth=depth)
            case "end":
                yield Entry("end", f"input {THINGS[len(plan.graph.stages[0].shape.size)]}, output")


def kind_of(stage: Stage, graph: StageGraph) -> BoxKind | None:
    """Tell stages of a plain U from those that only a nested network has; a sign in a circle has no box."""
    match stage.look:
        case "plus" | "times" | "max":
            return None
        case "stage" if stage.cell is not None and stage.cell[1] > 0:
            row = (cell[1] for other in graph.stages if (cell := other.cell) is not None and cell[0] == stage.cell[0])
            return "stage" if stage.cell[1] == max(row) else "nested"
        case look:
            return look
