"""Network -> sketch with one box per stage: the layout that suits its wiring, as tight as the page asks.

A plain U becomes a V ([Down the V]), UNet++ its pyramid ([The grid]), UNet 3+ a V whose decoder hears every level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from unetgen.drawing.grid.grid_legend import kind_of, list_entries, tag_links
from unetgen.drawing.grid.pyramid import PYRAMIDS, arcs_of, place_pyramid
from unetgen.drawing.grid.routes import Ways, pyramid_ways, rail_ways, vee_ways
from unetgen.drawing.grid.settings import Setting, Spacing
from unetgen.drawing.grid.stage_faces import Face, draw_face, faces_of, join_of
from unetgen.drawing.grid.vee import RAILS, VEES, place_vee
from unetgen.drawing.grid.vee_routes import signals_of
from unetgen.drawing.kit.letters import Tagged, letters_of
from unetgen.drawing.kit.pills import Threaded, thread
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.options import USUAL, DrawOptions
from unetgen.drawing.model.shapes import Box, Join, Label, Point
from unetgen.drawing.model.sketch import Sketch
from unetgen.drawing.read.contraction import read_stages
from unetgen.drawing.read.making import name_stages
from unetgen.drawing.read.stages import Stage, StageGraph
from unetgen.ir import Network

WIDEST: Final = 900
"""Up to this width in points, from the first box to the last, a picture is as roomy as can be."""
MARGINS: Final = 44

Place = Callable[[StageGraph, Mapping[str, Face], Mapping[Link, str], Spacing], Setting]


@dataclass(frozen=True, slots=True)
class _Layout:
    """How stages are placed, from roomy to tight, and how links run between them."""

    place: Place
    spacings: tuple[Spacing, ...]
    ways: Callable[[Setting], Ways]


def draw_grid(network: Network, options: DrawOptions = USUAL) -> Sketch:
    """Lay out a network of any wiring, one box per stage."""
    graph = read_stages(network, ops=options.detail == "ops")
    made = {stage.id: stage.made for stage in graph.stages if stage.made is not None}
    # Where ops are listed, boxes say themselves what stages are made of.
    signs, sentences = name_stages(made) if made and options.detail != "ops" else ({}, ())
    faces = faces_of(graph, signs, sizes=options.sizes, pictures=bool(options.shown))
    tags = tag_links(graph)
    widest = WIDEST if options.max_width is None else options.max_width - MARGINS
    layout = _layout(graph)
    setting = layout.place(graph, faces, tags, layout.spacings[0])
    for spacing in layout.spacings[1:]:
        if setting.width <= widest:
            break
        setting = layout.place(graph, faces, tags, spacing)
    return _sketch(setting, layout.ways(setting), sentences)


def _layout(graph: StageGraph) -> _Layout:
    if graph.is_nested:
        return _Layout(place_pyramid, PYRAMIDS, pyramid_ways)
    if graph.is_full_scale:
        return _Layout(place_vee, RAILS, rail_ways)
    return _Layout(place_vee, VEES, vee_ways)


def _sketch(setting: Setting, ways: Ways, sentences: tuple[str, ...]) -> Sketch:
    graph = setting.graph
    dashed = _past(setting)
    threaded = {link: _thread(link, ways[link], setting, link in dashed) for link in graph.links}
    arrows = (
        *(arrow for drawn in threaded.values() for arrow in drawn.arrows),
        *signals_of(threaded, setting),
    )
    faces = [(stage, *_drawn(stage, setting)) for stage in graph.stages if not stage.is_sign]
    pills = tuple(pill for drawn in threaded.values() for pill in drawn.pills)
    boxes = (*(box for _, box, _ in faces), *pills)
    joins = tuple(_joins(setting))
    tagged = _tagged(setting, threaded)
    rooms = (*(box.hull for box in boxes), *(join.hull for join in joins))
    return Sketch(
        boxes=boxes,
        outlines=(),
        joins=joins,
        arrows=arrows,
        labels=(
            *(label for _, _, labels in faces for label in labels),
            *(label for drawn in threaded.values() for label in drawn.labels),
            *letters_of(tagged, arrows, rooms),
        ),
        entries=tuple(list_entries(setting, dashed, sentences)),
    )


def _tagged(setting: Setting, threaded: Mapping[Link, Threaded]) -> tuple[Tagged, ...]:
    """Say which ways have letters; those that leave a box as one have one."""
    found: dict[tuple[str, Link, Point], Tagged] = {}
    for link, tag in setting.tags.items():
        points = threaded[link].arrows[0].points
        found.setdefault((tag, replace(link, target="", text=""), points[0]), (tag, link.kind, points))
    return tuple(found.values())


def _past(setting: Setting) -> frozenset[Link]:
    """Find the skips that pass other stages, which are thin and dashed, and the outputs brought to full size."""
    fused = (link for link in setting.graph.links if link.dashed)
    if not setting.graph.is_nested:
        return frozenset(fused)
    arcs = arcs_of(setting.graph, {id: frame.x for id, frame in setting.frames.items()})
    return frozenset((*arcs, *fused))


def _thread(link: Link, points: tuple[Point, ...], setting: Setting, dashed: bool) -> Threaded:
    source, target = setting.graph[link.source], setting.graph[link.target]
    note = f"{source.path} to {target.path}: {link.text}"
    return thread(replace(link, dashed=dashed), points, source=link.source, target=link.target, note=note)


def _drawn(stage: Stage, setting: Setting) -> tuple[Box, tuple[Label, ...]]:
    return draw_face(setting.faces[stage.id], setting.front(stage.id), kind_of(stage, setting.graph))


def _joins(setting: Setting) -> Iterator[Join]:
    for stage in setting.graph.stages:
        match stage.look:
            case "plus" | "times" | "max" as symbol:
                yield join_of(stage, symbol, setting.front(stage.id))
