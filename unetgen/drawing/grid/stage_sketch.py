"""Network -> sketch with one box per stage: the layout that suits its wiring, as tight as the page asks.

A plain U becomes a V ([Down the V]), UNet++ its pyramid ([The pyramid]), UNet 3+ a V whose decoder hears every level.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from unetgen.drawing.grid.pyramid import place_pyramid, pyramid_ways
from unetgen.drawing.grid.stage_faces import draw_face
from unetgen.drawing.grid.stage_plan import StagePlaces, StagePlan, Ways, entries_of, kind_of, plan_of
from unetgen.drawing.grid.v import place_v, rail_ways, signals_of, v_ways
from unetgen.drawing.kit.distances import PYRAMID_SPACINGS, RAIL_SPACINGS, V_SPACINGS, StageSpacing
from unetgen.drawing.kit.layouts import assemble, draw_join, first_that_fits
from unetgen.drawing.kit.letters import Tagged, letters_of
from unetgen.drawing.kit.signs import Threaded, thread
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.options import USUAL, DrawOptions
from unetgen.drawing.model.picture import Sketch
from unetgen.drawing.model.shapes import Point
from unetgen.drawing.read.contraction import read_stages
from unetgen.drawing.read.stages import StageGraph
from unetgen.ir import Network

Layout = tuple[
    Callable[[StagePlan, StageSpacing], StagePlaces], tuple[StageSpacing, ...], Callable[[StagePlaces], Ways]
]
"""How stages are placed, from roomy to tight, and how links run between them."""


def draw_stages(network: Network, widest: float, options: DrawOptions = USUAL) -> Sketch:
    """Lay out a network of any wiring, one box per stage, as roomy as `widest` allows."""
    graph = read_stages(network, ops=options.detail == "ops")
    plan, (place, spacings, ways_of) = plan_of(graph, options), _layout(graph)
    places = first_that_fits((place(plan, spacing) for spacing in spacings), widest)
    return _sketch(places, ways_of(places))


def _layout(graph: StageGraph) -> Layout:
    if graph.is_nested:
        return place_pyramid, PYRAMID_SPACINGS, pyramid_ways
    if graph.is_full_scale:
        return place_v, RAIL_SPACINGS, rail_ways
    return place_v, V_SPACINGS, v_ways


def _sketch(places: StagePlaces, ways: Ways) -> Sketch:
    plan, graph = places.plan, places.plan.graph
    dashed = _past(places)
    threads = {link: _thread(link, ways[link], graph, link in dashed) for link in graph.links}
    drawn = [
        draw_face(plan.faces[stage.id], places.front(stage.id), kind)
        for stage in graph.stages
        if (kind := kind_of(stage, graph)) is not None
    ]
    sketch = assemble(
        boxes=(box for box, _ in drawn),
        joins=(
            draw_join(one.id, one.path, one.symbol, one.shape, places.front(one.id), one.nodes)
            for one in graph.stages
            if one.symbol
        ),
        threads=(*threads.values(),),
        signals=signals_of(threads, places),
        labels=(label for _, labels in drawn for label in labels),
        entries=entries_of(plan, dashed),
    )
    rooms = (*(box.hull for box in sketch.boxes), *(join.hull for join in sketch.joins))
    letters = letters_of(_tagged(plan.tags, threads), sketch.arrows, rooms)
    return replace(sketch, labels=(*sketch.labels, *letters))


def _tagged(tags: Mapping[Link, str], threads: Mapping[Link, Threaded]) -> tuple[Tagged, ...]:
    """Say which ways have letters; those that leave a box as one have one."""
    found: dict[tuple[str, Link, Point], Tagged] = {}
    for link, tag in tags.items():
        points = threads[link].arrows[0].points
        found.setdefault((tag, replace(link, target="", text=""), points[0]), (tag, link.kind, points))
    return tuple(found.values())


def _past(places: StagePlaces) -> frozenset[Link]:
    """Find the skips that pass other stages, which are thin and dashed, and the outputs brought to full size."""
    graph = places.plan.graph
    return frozenset(link for link in graph.links if link.dashed or (graph.is_nested and places.passed(link)))


def _thread(link: Link, points: tuple[Point, ...], graph: StageGraph, dashed: bool) -> Threaded:
    note = f"{graph[link.source].path} to {graph[link.target].path}: {link.text}"
    return thread(replace(link, dashed=dashed), points, source=link.source, target=link.target, note=note)
