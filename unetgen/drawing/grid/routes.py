"""Ways between the boxes of a grid: straight, bowed over what stands between, or along rails that levels share."""

from __future__ import annotations

from typing import Final

from unetgen.drawing.grid.pyramid import HIGHER, LOWEST, arcs_of
from unetgen.drawing.grid.settings import EDGE, Setting
from unetgen.drawing.grid.vee_routes import route_vee
from unetgen.drawing.model.curves import bow
from unetgen.drawing.model.figure import Link
from unetgen.drawing.model.shapes import Point

Ways = dict[Link, tuple[Point, ...]]

RAIL: Final = 6
"""From the middle of a box to the rail of its map on the way down, and from its lower border to that on the way up."""
UNDER: Final = 7
"""From a box to a rail that runs under it, and from its right border to where that leaves it."""
APART: Final = 8
"""From one arc to the next at the border of a box."""
ARC_EDGE: Final = 5
"""From the middle of a box to the first arc at its upper border."""


def vee_ways(setting: Setting) -> Ways:
    """Give the corners of all ways in a V, from border to border."""
    return {link: route_vee(link, setting) for link in setting.graph.links}


# --- a nested U -------------------------------------------------------------------------------------------------------


def pyramid_ways(setting: Setting) -> Ways:
    """Give the corners of all ways in a pyramid, from border to border."""
    passes = arcs_of(setting.graph, {id: frame.x for id, frame in setting.frames.items()})
    return {link: _pyramid_way(link, setting, passes) for link in setting.graph.links}


def _pyramid_way(link: Link, setting: Setting, passes: dict[Link, int]) -> tuple[Point, ...]:
    if link in passes:
        return _arc(link, setting, passes)
    source, target = setting.hull(link.source), setting.front(link.target)
    front = setting.front(link.source)
    if link.kind == "head" and source.y > target.bottom:
        # With other boxes beside it, a head may stand a little off its map's middle.
        return ((target.cx, source.y), (target.cx, target.bottom))
    if front.cy == target.cy:
        return ((source.right, front.cy), (target.x, target.cy))
    lean = min(front.width, target.width) / 4
    if front.y < target.y:
        return ((front.cx + lean, source.bottom), (target.cx - lean, setting.hull(link.target).y))
    return ((front.cx + lean, source.y), (target.cx - lean, target.bottom))


def _arc(link: Link, setting: Setting, passes: dict[Link, int]) -> tuple[Point, ...]:
    """Bow over a row; wide arcs begin and end nearer to the middle of their boxes, so that they do not cross there."""
    source, target = setting.hull(link.source), setting.hull(link.target)
    leaving = sorted((count for other, count in passes.items() if other.source == link.source), reverse=True)
    arriving = sorted((count for other, count in passes.items() if other.target == link.target), reverse=True)
    own = passes[link]
    room = min(source.width, target.width) / 2 - 2 * ARC_EDGE
    apart = min(APART, room / max(len(leaving), len(arriving)))
    start = source.cx + ARC_EDGE + apart * leaving.index(own)
    end = target.cx - ARC_EDGE - apart * arriving.index(own)
    return bow((start, source.y), (end, target.y), LOWEST * 3 / 4 + HIGHER * own)


# --- a U of full scale ------------------------------------------------------------------------------------------------


def _is_rail(link: Link, setting: Setting) -> bool:
    """Say whether a link leads to a stage of the decoder from another level."""
    source, target = setting.graph[link.source], setting.graph[link.target]
    is_far = target.strand.side == "right" and source.level != target.level
    return is_far and not source.is_head and not target.is_head


def rail_ways(setting: Setting) -> Ways:
    """Give the corners of all ways in a U of full scale, from border to border."""
    return {link: _rail_way(link, setting) for link in setting.graph.links}


def _rail_way(link: Link, setting: Setting) -> tuple[Point, ...]:
    """Run along the source's level and turn to the target: from above on the way down, from below on the way up.

    The farther a source is, the further to the right it comes in: so no rail crosses another one to the same target.
    """
    if not _is_rail(link, setting):
        return route_vee(link, setting)
    graph, level = setting.graph, setting.graph[link.target].level
    source, target = setting.hull(link.source), setting.front(link.target)
    is_down = graph[link.source].level < level
    same = [
        one
        for one in graph.entering(link.target)
        if _is_rail(one, setting) and (graph[one.source].level < level) == is_down
    ]
    same.sort(key=lambda one: abs(graph[one.source].level - level))
    inner = target.width - 2 * EDGE
    x = round(target.x + EDGE + inner * (same.index(link) + 0.5) / len(same), 2)
    if not is_down and graph[link.source].strand.side == "left":
        # The decoder's stage of that level stands in the way.
        below, out = source.bottom + UNDER, source.right - UNDER
        return ((out, source.bottom), (out, below), (x, below), (x, target.bottom))
    y = setting.front(link.source).cy + RAIL if is_down else source.bottom - RAIL
    return ((source.right, y), (x, y), (x, setting.hull(link.target).y if is_down else target.bottom))
