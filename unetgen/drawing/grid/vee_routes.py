"""Ways between the boxes of a plain U: level along a row, or over what stands in it; vertical from row to row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unetgen.drawing.grid.settings import EDGE, Setting
from unetgen.drawing.grid.vee import ARC, OVER, arc_links, ways_past
from unetgen.drawing.kit.pills import Threaded
from unetgen.drawing.model.figure import Link, Signal
from unetgen.drawing.model.pens import draw_arrow
from unetgen.drawing.model.shapes import Arrow, Box, Point
from unetgen.drawing.read.meanings import HEARD

ARC_END: Final = 10
"""From the middle of a box to where a way over the row comes down."""
BEFORE: Final = 9
"""From where such a way rises to the box that it passes."""
UNDER: Final = 9
"""From a row to the signals under it."""
BESIDE: Final = 8
"""From an arrow that leads up to a signal beside it."""


def route_vee(link: Link, setting: Setting) -> tuple[Point, ...]:
    """Give the corners of a way, from border to border."""
    source, target = setting.graph[link.source], setting.graph[link.target]
    if source.level != target.level:
        return _between_levels(link, setting)
    if ways_past(link, setting):
        return _over(link, setting)
    start, end = setting.hull(link.source), setting.front(link.target)
    y = setting.front(link.source).cy
    return ((start.right, y), (end.x, y))


def _between_levels(link: Link, setting: Setting) -> tuple[Point, ...]:
    source, target = setting.hull(link.source), setting.hull(link.target)
    down = setting.front(link.source).y < setting.front(link.target).y
    y0, y1 = (source.bottom, target.y) if down else (source.y, target.bottom)
    if link.kind == "head" and setting.graph[link.source].level > 0:
        return _output_rail(link, setting)
    shafts = [_shaft(id, setting) for id in (link.source, link.target)]
    first, last = max(shaft[0] for shaft in shafts), min(shaft[1] for shaft in shafts)
    if first <= last:
        x = round((first + last) / 2)
        return ((x, y0), (x, y1))
    middle = (y0 + y1) / 2
    start, end = setting.front(link.source).cx, setting.front(link.target).cx
    return ((start, y0), (start, middle), (end, middle), (end, y1))


def _shaft(id: str, setting: Setting) -> tuple[float, float]:
    """Give the first and the last x at which an arrow may enter or leave a box from above or below."""
    front, face = setting.front(id), setting.faces[id]
    return (front.cx, front.cx) if face.stage.is_sign else (front.x + EDGE, front.right - EDGE)


def _output_rail(link: Link, setting: Setting) -> tuple[Point, ...]:
    """Lead an output of a lower level to where all outputs meet: the lower, the further out."""
    source, target = setting.hull(link.source), setting.front(link.target)
    rails = [one for one in setting.graph.entering(link.target) if setting.front(one.source).y > target.bottom]
    rails.sort(key=lambda one: setting.front(one.source).y)
    x = round(target.x + target.width * (rails.index(link) + 1) / (len(rails) + 1))
    y = setting.front(link.source).cy
    return ((source.right, y), (x, y), (x, target.bottom))


def _over(link: Link, setting: Setting) -> tuple[Point, ...]:
    """Lead a way over what stands in the row."""
    level = setting.graph[link.source].level
    top = min(setting.hull(stage.id).y for stage in setting.along(level))
    y = top - OVER - ARC * arc_links(setting, level).index(link)
    target, middle = setting.hull(link.target), setting.front(link.target).cx
    end = middle if setting.graph[link.target].is_sign else max(middle - ARC_END, target.x + 4)
    start, cy = setting.hull(link.source), setting.front(link.source).cy
    if link.kind == "skip":
        x = setting.front(ways_past(link, setting)[0]).x - BEFORE
        return ((start.right, cy), (x, cy), (x, y), (end, y), (end, target.y))
    x = setting.front(link.source).cx + (0 if setting.graph[link.source].is_sign else ARC_END)
    return ((x, start.y), (x, y), (end, y), (end, target.y))


# --- signals ----------------------------------------------------------------------------------------------------------


def signals_of(threaded: dict[Link, Threaded], setting: Setting) -> Iterator[Arrow]:
    """Lead signals to the signs that listen."""
    for link, drawn in threaded.items():
        for badge, pill in zip(link.badges, drawn.pills, strict=True):
            for signal in dict.fromkeys(badge.signals):
                up = _way_up(link, setting)
                if up is not None:
                    yield _signal(signal, pill, up, threaded[up], setting)


def _way_up(link: Link, setting: Setting) -> Link | None:
    """Find the way up into the row that a skip leads to."""
    graph, row = setting.graph, setting.graph[link.target].strand
    ups = (one for one in graph.links if one.kind == "up" and graph[one.target].strand == row)
    return next(ups, None)


def _signal(signal: Signal, pill: Box, up: Link, drawn: Threaded, setting: Setting) -> Arrow:
    points = drawn.arrows[-1].points
    x = points[-1][0]
    row = setting.along(setting.graph[up.target].level)
    y = max(setting.front(stage.id).bottom for stage in row) + UNDER
    source, hull = up.target, setting.hull(up.source)
    start: tuple[Point, ...] = ((x, y),)
    if signal.heard == "below" and x - BESIDE >= hull.x + 2 and not setting.graph[up.source].is_sign:
        source, start = up.source, ((x - BESIDE, hull.y), (x - BESIDE, y))
    note = f"{setting.graph[up.source].path} to {pill.path}: {HEARD[signal.heard]}"
    turned = (*start, (pill.frame.cx, y), (pill.frame.cx, pill.frame.bottom))
    return draw_arrow("signal", tuple(dict.fromkeys(turned)), source=source, target=pill.id, note=note, dashed=True)
