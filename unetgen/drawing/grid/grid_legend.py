"""What the legend of a picture with one box per stage explains, and letters for arrows that look alike and are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count
from string import ascii_lowercase
from typing import Final

from unetgen.drawing.grid.settings import Setting
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.shapes import ArrowKind, BoxKind
from unetgen.drawing.model.sketch import Entry
from unetgen.drawing.read.contraction import MEETS
from unetgen.drawing.read.meanings import HEARD
from unetgen.drawing.read.stages import Stage, StageGraph
from unetgen.drawing.read.wording import one_text, without_groups, without_numbers
from unetgen.source.diagnostics import InternalError

THINGS: Final = {1: "signal", 2: "image", 3: "volume"}


def tag_links(graph: StageGraph) -> dict[Link, str]:
    """Give a letter to every link whose like has several meanings, the most frequent meaning excepted."""
    meant = {link: _meaning(link, graph) for link in graph.links if link.kind != "flow"}
    looks: dict[tuple[str, bool], Counter[str]] = {}
    for link, meaning in meant.items():
        looks.setdefault((link.kind, link.dashed), Counter())[meaning] += 1
    letters = _letters()
    named = {
        (look, meaning): next(letters)
        for look, meanings in looks.items()
        for meaning in meanings
        if meaning != meanings.most_common(1)[0][0]
    }
    tags = {link: named.get(((link.kind, link.dashed), meaning), "") for link, meaning in meant.items()}
    return {link: tag for link, tag in tags.items() if tag}


def _letters() -> Iterator[str]:
    yield from ascii_lowercase
    for number in count(1):
        yield f"a{number}"


def _meaning(link: Link, graph: StageGraph) -> str:
    """Give a text that is the same for links that differ in what their levels tell anyway."""
    if graph.is_full_scale and link.kind in ("down", "up"):
        # How far a rail leads says by how much it pools or resizes.
        return without_numbers(link.text)
    return without_groups(link.text)


def list_entries(setting: Setting, past: frozenset[Link], sentences: tuple[str, ...]) -> Iterator[Entry]:
    """List what the legend explains.

    Args:
        past: The links that are dashed, as they pass other stages.
        sentences: What stages are made of.
    """
    graph = setting.graph
    yield from _arrows(setting, past)
    yield from dict.fromkeys(Entry("mark", b.meaning, sign=b.text) for link in graph.links for b in link.badges)
    heard = (signal.heard for link in graph.links for badge in link.badges for signal in badge.signals)
    yield from dict.fromkeys(Entry("signal", HEARD[kind], dashed=True) for kind in heard)
    for look in dict.fromkeys(stage.look for stage in graph.stages):
        match look:
            case "plus" | "times" | "max":
                yield Entry(look, MEETS[look])
            case _:
                pass
    yield from _boxes(setting, sentences)


def _arrows(setting: Setting, past: frozenset[Link]) -> Iterator[Entry]:
    looks: dict[tuple[ArrowKind, bool, str], list[Link]] = {}
    for link in setting.graph.links:
        looks.setdefault((link.kind, link in past, setting.tags.get(link, "")), []).append(link)
    arcs = [look for look, links in looks.items() if look[1] and look[0] == "skip"]
    are_said = len(arcs) > 1 and all((kind, False, tag) in looks for kind, _, tag in arcs)
    for (kind, is_past, tag), links in looks.items():
        is_arc = (kind, is_past, tag) in arcs
        for text in () if is_arc and are_said else one_text(tuple(dict.fromkeys(link.text for link in links))):
            yield Entry(kind, f"{text}, past other stages" if is_arc else text, is_past, tag)
    if are_said:
        yield Entry("skip", "the same, past other stages", dashed=True)


def _boxes(setting: Setting, sentences: tuple[str, ...]) -> Iterator[Entry]:
    graph = setting.graph
    depth = max(face.depth for face in setting.faces.values())
    kinds = dict.fromkeys(kind_of(stage, graph) for stage in graph.stages if not stage.is_sign)
    name = "stage of the plain U" if "nested" in kinds else "stage"
    for kind in kinds:
        match kind:
            case "stage" if len(sentences) == 1:
                yield Entry("stage", f"{name}: {sentences[0]}", depth=depth)
            case "stage" if not sentences:
                yield Entry("stage", name, depth=depth)
            case "stage":
                yield from (Entry("stage", f"{name} {text}", depth=depth) for text in sentences)
            case "nested":
                yield Entry("nested", "stage that nesting adds", depth=depth)
            case "map":
                yield Entry("map", "feature map between stages", depth=depth)
            case "end":
                yield Entry("end", f"input {THINGS[len(graph.stages[0].shape.size)]}, output")


def kind_of(stage: Stage, graph: StageGraph) -> BoxKind:
    """Tell stages of a plain U from those that only a nested network has."""
    match stage.look:
        case "plus" | "times" | "max":
            raise InternalError(f"{stage.id} is a sign, which has no box")
        case "stage" if stage.cell is not None and stage.cell[1] > 0:
            row = (cell[1] for other in graph.stages if (cell := other.cell) is not None and cell[0] == stage.cell[0])
            return "stage" if stage.cell[1] == max(row) else "nested"
        case look:
            return look
