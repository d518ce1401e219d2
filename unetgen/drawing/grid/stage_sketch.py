"""Network -> sketch with one box per stage: the layout that suits its wiring, as tight as the page asks.

A plain U becomes a V ([Down the V]), UNet++ its pyramid ([The pyramid]), UNet 3+ a V whose decoder hears every level.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise, product
from typing import Final

from unetgen.drawing.grid.pyramid import place_pyramid, pyramid_ways
from unetgen.drawing.grid.stage_faces import draw_face
from unetgen.drawing.grid.stage_plan import GridPlan, StagePlaces, Ways, entries_of, kind_of, plan_of
from unetgen.drawing.grid.v import place_v, signals_of, v_ways
from unetgen.drawing.kit.distances import PYRAMID_SPACINGS, RAIL_SPACINGS, V_SPACINGS, StageSpacing, closer
from unetgen.drawing.kit.layouts import assemble, draw_join, first_that_fits
from unetgen.drawing.kit.signs import LETTER_FONT, Threaded, draw_letter, thread
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.options import USUAL, DrawOptions
from unetgen.drawing.model.paper import Room
from unetgen.drawing.model.picture import Sketch
from unetgen.drawing.model.shapes import Arrow, ArrowKind, Point, Rect, TextLabel
from unetgen.drawing.model.text import text_width
from unetgen.drawing.read.shape_words import NUMBERS, ShapeWords
from unetgen.drawing.read.stages import StageGraph

Tagged = tuple[str, ArrowKind, tuple[Point, ...]]
"""A letter, the kind of the arrow that it stands beside, and the way of that arrow."""
Spacings = tuple[tuple[StageSpacing, ...], ...]
"""Kinds of layouts, each from roomy to tight."""
Layout = tuple[Callable[[GridPlan, StageSpacing], StagePlaces], Spacings, Callable[[StagePlaces], Ways]]
"""How stages are placed, and how links run between them."""

LETTER_OFFS: Final = (3, 6)
"""From a letter to the arrow that it stands beside: the nearer, the better."""
LETTERS_NEAR: Final = (9, 16, 24)
"""How far from the end of an arrow letters are tried, in points."""
LETTER_SHARES: Final = tuple(0.5 + side * step / 20 for step in range(10) for side in (1, -1))
"""The same as shares of its length."""
AROUND_LETTER: Final = 1.0


def draw_stages(graph: StageGraph, room: Room, options: DrawOptions = USUAL, words: ShapeWords = NUMBERS) -> Sketch:
    """Lay out a network of any wiring, one box per stage, as roomy as may be.

    Args:
        words: What is written for channels and sizes.
    """
    plan, (how, kinds, ways_of) = plan_of(graph, options, words), _layout(graph)
    place = cache(partial(how, plan))
    spacings = next((kind for kind in kinds if place(kind[-1]).width <= room.width), kinds[-1])
    places = first_that_fits(place, spacings, closer, room)
    return _sketch(places, ways_of(places))


def _layout(graph: StageGraph) -> Layout:
    if graph.is_nested:
        return place_pyramid, PYRAMID_SPACINGS, pyramid_ways
    if graph.is_full_scale:
        return place_v, RAIL_SPACINGS, v_ways
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
        found.setdefault((tag, replace(link, target="", does=()), points[0]), (tag, link.kind, points))
    return tuple(found.values())


def _past(places: StagePlaces) -> frozenset[Link]:
    """Find the skips that pass other stages, which are thin and dashed, and the outputs brought to full size."""
    graph = places.plan.graph
    return frozenset(link for link in graph.links if link.dashed or (graph.is_nested and places.passed(link)))


def _thread(link: Link, points: tuple[Point, ...], graph: StageGraph, dashed: bool) -> Threaded:
    note = f"{graph[link.source].path} to {graph[link.target].path}: {link.text}"
    return thread(replace(link, dashed=dashed), points, source=link.source, target=link.target, note=note)


# --- letters beside arrows, where nothing else is ---------------------------------------------------------------------


def _runs_into(piece: tuple[Point, Point], room: Rect) -> bool:
    """Say whether a straight piece of a line enters a rectangle: its middle stays inside."""
    (x0, y0), (x1, y1) = piece
    first, last = 0.0, 1.0
    for start, step, low, high in ((x0, x1 - x0, room.x, room.right), (y0, y1 - y0, room.y, room.bottom)):
        if not step:
            if not low < start < high:
                return False
            continue
        near, far = sorted(((low - start) / step, (high - start) / step))
        first, last = max(first, near), min(last, far)
    return first < last


def letters_of(tagged: tuple[Tagged, ...], arrows: tuple[Arrow, ...], taken: tuple[Rect, ...]) -> Iterator[TextLabel]:
    """Write letters, each at the first place beside its arrow that is free, or else at the first."""
    rooms = list(taken)
    pieces = [piece for arrow in arrows for piece in pairwise(arrow.points)]
    heads = [_head(arrow) for arrow in arrows if arrow.head]
    for tag, kind, points in tagged:
        places = [draw_letter(tag, x, y, kind) for x, y in _places(tag, kind, points)]
        label = next((label for label in places if _is_free(label.hull, rooms, heads, pieces)), places[0])
        rooms.append(label.hull)
        yield label


def _head(arrow: Arrow) -> Rect:
    xs, ys = zip(arrow.points[-1], *arrow.barbs, strict=True)
    return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _is_free(hull: Rect, rooms: list[Rect], heads: list[Rect], pieces: list[tuple[Point, Point]]) -> bool:
    wide = hull.inset(-AROUND_LETTER)
    if any(wide.overlaps(room) for room in (*rooms, *heads)):
        return False
    return not any(_runs_into(piece, wide) for piece in pieces)


def _places(tag: str, kind: ArrowKind, points: tuple[Point, ...]) -> Iterator[Point]:
    """Give the places to try: near the upper or left end first, then along the way, on either side."""
    lengths = [math.dist(*piece) for piece in pairwise(points)]
    total = math.fsum(lengths)
    first = points[-1] if kind == "up" else points[0]
    near = [at if first == points[0] else total - at for at in LETTERS_NEAR if at < total]
    for off, at in product(LETTER_OFFS, (*near, *(share * total for share in LETTER_SHARES))):
        (x, y), (dx, dy) = _along(points, lengths, at)
        half_width, half_height = text_width(tag, LETTER_FONT, bold=True) / 2, LETTER_FONT / 2
        reach = off + abs(dy) * half_width + abs(dx) * half_height
        # To the left of a way down, to the right of a way up, above a way along: the side that is outside of a U.
        sign = -1 if dx == 0 or (dy > 0 and kind == "down") else 1
        for side in (sign, -sign):
            yield (x + side * dy * reach, y - side * dx * reach)


def _along(points: tuple[Point, ...], lengths: list[float], at: float) -> tuple[Point, Point]:
    """Give the point so far along a way, and the direction there."""
    for piece, length in zip(pairwise(points), lengths, strict=True):
        if at <= length and length:
            (x0, y0), (x1, y1) = piece
            dx, dy = (x1 - x0) / length, (y1 - y0) / length
            return (x0 + at * dx, y0 + at * dy), (dx, dy)
        at -= length
    return points[-1], (1.0, 0.0)
