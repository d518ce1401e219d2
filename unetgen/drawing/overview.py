"""The overview: a rounded box per stage, for networks that are no plain U.

The column of a stage is the longest way to it, a step across levels counting one and a step along a level two. A U
becomes a V in this way, and nested networks become their grid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from unetgen.drawing.pens import draw_arrow
from unetgen.drawing.shapes import Arrow, ArrowKind, Box, Label, Point, Rect, even_up
from unetgen.drawing.sketch import Entry, Sketch
from unetgen.drawing.text import text_width
from unetgen.drawing.wording import chain_text, shape_text
from unetgen.ir import Network, Node, Region, Shape
from unetgen.ir.ops import CropLike, PadLike, ResizeLike

__all__ = ["overview"]

FONT: Final = 9
PADDING: Final = 8
HEIGHT: Final = 34
ROW: Final = 96
"""From level to level, besides what arcs need."""
ARC: Final = 9
"""From one arc above a row to the next."""
STAGES: Final = ("stem", "encoder", "bottleneck", "decoder", "head")


@dataclass(frozen=True, slots=True)
class _Stage:
    path: str
    level: int
    shape: Shape


@dataclass(frozen=True, slots=True)
class _Link:
    source: str
    target: str
    kind: ArrowKind
    text: str


@dataclass(frozen=True, slots=True)
class _Way:
    """How a value comes from a stage: through which nodes, and of which kind they are."""

    source: str
    kind: ArrowKind
    nodes: tuple[Node, ...]


def overview(network: Network) -> Sketch:
    """Lay out a network of any wiring, one box per stage."""
    stages, links = _read(network)
    columns = _columns(stages, links)
    step = even_up(max(_width(stage) for stage in stages) / 2 + 18)
    arcs = [link for link in links if _is_arc(link, stages, columns)]
    tops = _tops(stages, links, columns, arcs)
    boxes = {stage.path: _box(stage, columns[stage.path] * step, tops[stage.level]) for stage in stages}
    arrows = tuple(_arrow(link, boxes, _track(link, arcs, columns, stages)) for link in links)
    labels = tuple(label for stage in stages for label in _words(stage, boxes[stage.path].frame))
    entries = dict.fromkeys(_entry(link, arcs) for link in links)
    return Sketch(tuple(boxes.values()), (), (), arrows, labels, (*entries, Entry("stage", "stage, its output")))


def _entry(link: _Link, arcs: list[_Link]) -> Entry:
    if link in arcs:
        return Entry(link.kind, f"{link.text}, past other stages", dashed=True)
    return Entry(link.kind, link.text)


def _read(network: Network) -> tuple[list[_Stage], list[_Link]]:
    stages, links = [_Stage("input", 0, network.input.shape)], list[_Link]()
    ways: dict[int, tuple[_Way, ...]] = {network.input.id: (_Way("input", "conv", ()),)}
    for region in network.regions:
        if region.role not in STAGES:
            _follow(region, ways)
            continue
        stages.append(_Stage(region.path, region.level, region.output.shape))
        links.extend(_links(region, ways, {stage.path: stage.level for stage in stages}))
        for node in region.nodes:
            ways[node.output.id] = (_Way(region.path, "skip", ()),)
    return stages, links


def _links(region: Region, ways: dict[int, tuple[_Way, ...]], levels: dict[str, int]) -> Iterable[_Link]:
    taken = dict.fromkeys(way for value in region.inputs for way in ways[value.id])
    for way in taken:
        kind = _kind(way, region, levels)
        yield _Link(way.source, region.path, kind, chain_text(way.nodes) or _NAMES[kind])


def _kind(way: _Way, region: Region, levels: dict[str, int]) -> ArrowKind:
    if region.role in ("head", "stem"):
        return "head" if region.role == "head" else "flow"
    if way.kind == "skip" and levels[way.source] != region.level:
        return "down" if levels[way.source] < region.level else "up"
    return way.kind


_NAMES: Final[dict[ArrowKind, str]] = {
    "conv": "convolutions", "head": "head", "down": "down", "up": "up", "skip": "skip", "shortcut": "shortcut",
    "flow": "stem",
}  # fmt: skip


def _follow(region: Region, ways: dict[int, tuple[_Way, ...]]) -> None:
    """Carry every way through a region that is no stage."""
    for node in region.nodes:
        # A relative op takes its second input for its size alone.
        given = node.inputs[:1] if isinstance(node.op, CropLike | PadLike | ResizeLike) else node.inputs
        arriving = dict.fromkeys(way for value in given for way in ways[value.id])
        ways[node.output.id] = tuple(_longer(way, node, region) for way in arriving)


def _longer(way: _Way, node: Node, region: Region) -> _Way:
    if region.role == "down":
        return _Way(way.source, "down", (*way.nodes, node))
    if region.role == "up":
        return _Way(way.source, "up", (*way.nodes, node))
    return way


def _columns(stages: list[_Stage], links: list[_Link]) -> dict[str, int]:
    levels = {stage.path: stage.level for stage in stages}
    columns: dict[str, int] = {}
    for stage in stages:
        steps = [
            columns[link.source] + (2 if levels[link.source] == stage.level else 1)
            for link in links
            if link.target == stage.path
        ]
        columns[stage.path] = max(steps, default=0)
    return _without_collisions(stages, columns)


def _without_collisions(stages: list[_Stage], columns: dict[str, int]) -> dict[str, int]:
    """Keep stages of one level two columns apart, in the order in which they run."""
    last: dict[int, int] = {}
    for stage in stages:
        columns[stage.path] = max(columns[stage.path], last.get(stage.level, -2) + 2)
        last[stage.level] = columns[stage.path]
    return columns


def _is_arc(link: _Link, stages: list[_Stage], columns: dict[str, int]) -> bool:
    """Say whether a link runs along a level past other stages."""
    levels = {stage.path: stage.level for stage in stages}
    left, right = columns[link.source], columns[link.target]
    level = levels[link.source]
    return level == levels[link.target] and any(
        stage.level == level and left < columns[stage.path] < right for stage in stages
    )


def _tops(stages: list[_Stage], links: list[_Link], columns: dict[str, int], arcs: list[_Link]) -> dict[int, float]:
    tops, y = {}, 0.0
    for level in sorted({stage.level for stage in stages}):
        tracks = [_track(link, arcs, columns, stages) for link in arcs if _level(link, stages) == level]
        y += ARC * max((track for track in tracks if track), default=0)
        tops[level] = y
        y += ROW
    return tops


def _level(link: _Link, stages: list[_Stage]) -> int:
    return next(stage.level for stage in stages if stage.path == link.source)


def _track(link: _Link, arcs: list[_Link], columns: dict[str, int], stages: list[_Stage]) -> int | None:
    """Number the arcs of a level, wider ones higher; None for what is no arc."""
    if link not in arcs:
        return None
    same = [arc for arc in arcs if _level(arc, stages) == _level(link, stages)]
    same.sort(key=lambda arc: (columns[arc.target] - columns[arc.source], columns[arc.source]))
    return same.index(link) + 1


def _width(stage: _Stage) -> float:
    return max(text_width(stage.path, FONT, bold=True), text_width(shape_text(stage.shape), FONT)) + 2 * PADDING


def _box(stage: _Stage, x: float, y: float) -> Box:
    width = even_up(_width(stage))
    note = f"{stage.path}: {shape_text(stage.shape)}"
    frame = Rect(x - width / 2, y, width, HEIGHT)
    return Box(stage.path, stage.path, "stage", frame, 0, tuple(stage.shape.as_list()), note)


def _words(stage: _Stage, frame: Rect) -> tuple[Label, Label]:
    return (
        Label(stage.path, frame.cx, frame.y + 11, FONT, bold=True),
        Label(shape_text(stage.shape), frame.cx, frame.y + 24, FONT, ink="muted"),
    )


def _arrow(link: _Link, boxes: dict[str, Box], track: int | None) -> Arrow:
    source, target = boxes[link.source].frame, boxes[link.target].frame
    points = _points(source, target, track)
    dashed = track is not None
    return draw_arrow(link.kind, points, source=link.source, target=link.target, note=link.text, dashed=dashed)


def _points(source: Rect, target: Rect, track: int | None) -> tuple[Point, ...]:
    if track is not None:
        high = source.y - 8 - ARC * track
        start, end = source.cx + 2 * track, target.cx - 2 * track
        return ((start, source.y), (start, high), (end, high), (end, target.y))
    if source.y == target.y:
        return ((source.right, source.cy), (target.x, target.cy))
    if source.y < target.y:
        return ((source.cx, source.bottom), (target.cx, target.y))
    return ((source.cx, source.y), (target.cx, target.bottom))
