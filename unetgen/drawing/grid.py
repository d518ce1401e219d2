"""Stages -> sketch: a rounded box per stage, on a grid.

# NOTE: [The grid]
The column of a stage is the longest way to it, a step across levels counting one and a step along a level two. A U
becomes a V in this way, UNet++ its pyramid (x = (i + 2j)·dx, y = i·dy), and UNet 3+ a V in which every decoder stage
hears every level. Heads of a nested network stand above its top row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from unetgen.drawing.options import USUAL, DrawOptions
from unetgen.drawing.pens import draw_arrow
from unetgen.drawing.routes import Arc, Routes, arcs_of, route
from unetgen.drawing.shapes import Box, BoxKind, Label, Rect, even_up
from unetgen.drawing.sketch import Entry, Sketch
from unetgen.drawing.stages import Stage, StageGraph, StageLink, read_stages
from unetgen.drawing.text import text_width
from unetgen.drawing.wording import one_text, shape_text
from unetgen.ir import Network

__all__ = ["draw_grid"]

NAME: Final = 10
WORDS: Final = 8.5
LINE: Final = 11
RAISED: Final = 7
PADDING: Final = 9
HEIGHT: Final = 36
HEAD_HEIGHT: Final = 26
ROW: Final = 86
"""From level to level, besides what arcs need."""
HEADS_ABOVE: Final = 40
"""From the arcs over the top row to the heads above it."""


def draw_grid(network: Network, options: DrawOptions = USUAL) -> Sketch:
    """Lay out a network of any wiring, one box per stage, see [The grid]."""
    graph = read_stages(network, ops=options.detail == "ops", sizes=options.sizes)
    columns = _columns(graph)
    arcs = arcs_of(graph, columns)
    frames = _frames(graph, columns, arcs)
    routes = Routes(graph, frames, arcs)
    boxes = tuple(_box(stage, frames[stage.path], graph) for stage in graph.stages)
    return Sketch(
        boxes=boxes,
        outlines=(),
        joins=(),
        arrows=tuple(
            draw_arrow(link.kind, route(link, routes), source=link.source, target=link.target, note=link.text,
                       dashed=link in arcs)
            for link in graph.links
        ),
        labels=tuple(label for stage in graph.stages for label in _words(stage, frames[stage.path], graph)),
        entries=tuple(_entries(graph, arcs)),
    )  # fmt: skip


def _columns(graph: StageGraph) -> dict[str, int]:
    """Give the column of every stage; stages of one level stay two columns apart, in the order in which they run."""
    columns: dict[str, int] = {}
    last: dict[int, int] = {}
    for stage in graph.stages:
        if not _is_apart(stage, graph):
            columns[stage.path] = max(_longest_way(stage, graph, columns), last.get(stage.level, -2) + 2)
            last[stage.level] = columns[stage.path]
    outmost = max(columns.values())
    for stage in graph.stages:
        if _is_apart(stage, graph):
            columns[stage.path] = _column_apart(stage, graph, columns, outmost)
    return columns


def _longest_way(stage: Stage, graph: StageGraph, columns: Mapping[str, int]) -> int:
    steps = (
        columns[link.source] + (2 if graph[link.source].level == stage.level else 1)
        for link in graph.links
        if link.target == stage.path and link.source in columns
    )
    return max(steps, default=0)


def _column_apart(stage: Stage, graph: StageGraph, columns: Mapping[str, int], outmost: int) -> int:
    """Set a head over its map, or beyond all rails; what takes the outputs of heads, beyond these."""
    sources = [link.source for link in graph.links if link.target == stage.path]
    if any(graph[source].is_output for source in sources):
        return max(columns[source] for source in sources) + 2
    return outmost + 2 if not graph.is_nested else max(columns[source] for source in sources)


def _is_apart(stage: Stage, graph: StageGraph) -> bool:
    """Whether a stage is a head that its map's column or the end of a row does not suit."""
    return stage.is_output and (graph.is_nested or len([s for s in graph.stages if s.is_output]) > 1)


def _is_above(stage: Stage, graph: StageGraph) -> bool:
    """Whether a stage stands above the top row: a head of a nested network."""
    return graph.is_nested and stage.is_output


def _frames(graph: StageGraph, columns: Mapping[str, int], arcs: Mapping[StageLink, Arc]) -> dict[str, Rect]:
    widest = max(_width(stage, graph) for stage in graph.stages)
    # Rails to a stage must clear the stages of other levels beside it.
    step = even_up(widest + 14 if any(link.resampled for link in graph.links) else widest / 2 + 34)
    tops, y = dict[int, float](), 0.0
    rooms = dict[int, float]()
    for stage in graph.stages:
        own = HEIGHT if _is_above(stage, graph) else _height(stage)
        rooms[stage.level] = max(rooms.get(stage.level, HEIGHT), own)
    for level in sorted({stage.level for stage in graph.stages}):
        y += max((arc.height for link, arc in arcs.items() if graph[link.source].level == level), default=0)
        tops[level] = y
        y += ROW + rooms[level] - HEIGHT
    frames = {}
    for stage in graph.stages:
        width, height = _width(stage, graph), _height(stage)
        over, room = _is_above(stage, graph), rooms.get(stage.level, HEIGHT)
        top = -HEADS_ABOVE + HEAD_HEIGHT - height if over else tops[stage.level] + (room - height) / 2
        frames[stage.path] = Rect(columns[stage.path] * step - width / 2, top, width, height)
    return frames


def _height(stage: Stage) -> float:
    return (HEAD_HEIGHT if stage.is_output else HEIGHT) + even_up(LINE * len(stage.ops))


def _width(stage: Stage, graph: StageGraph) -> float:
    name, raised = _name(stage, graph)
    own = text_width(name, NAME, bold=True) + 2 * text_width(raised, RAISED)
    lines = (own, *(text_width(line, WORDS) for line in _lines(stage)))
    return even_up(max(lines) + 2 * PADDING)


def _name(stage: Stage, graph: StageGraph) -> tuple[str, str]:
    """Give what a stage is called, and what stands raised beside it."""
    if stage.cell is not None:
        return "X", f"{stage.cell[0]},{stage.cell[1]}"
    if stage.is_output and sum(other.is_output for other in graph.stages) == 1:
        return "output", ""
    if _is_above(stage, graph) and stage.path != "fuse":
        sources = (graph[link.source].cell for link in graph.links if link.target == stage.path)
        column = next((cell[1] for cell in sources if cell is not None), 0)
        return f"L{column}", ""
    return stage.path, ""


def _lines(stage: Stage) -> tuple[str, ...]:
    return (stage.words, *stage.ops)


def _words(stage: Stage, frame: Rect, graph: StageGraph) -> Iterator[Label]:
    name, raised = _name(stage, graph)
    y = frame.y + (11 if not stage.is_output else 7)
    cx = frame.cx - text_width(raised, RAISED) / 2
    yield Label(name, cx, y, NAME, bold=True)
    if raised:
        yield Label(raised, cx + text_width(name, NAME, bold=True) / 2 + 0.5, y - 3, RAISED, "start")
    y = frame.y + (26 if not stage.is_output else 19.5)
    for number, line in enumerate(_lines(stage)):
        yield Label(line, frame.cx, y + LINE * number, WORDS, ink="ink" if number else "muted")


def _box(stage: Stage, frame: Rect, graph: StageGraph) -> Box:
    note = "; ".join(filter(None, (f"{stage.path}: {shape_text(stage.shape)}", stage.made_of, stage.finished)))
    return Box(stage.path, stage.path, _kind(stage, graph), frame, 0, tuple(stage.shape.as_list()), note)


def _kind(stage: Stage, graph: StageGraph) -> BoxKind:
    """Tell stages of a plain U from those that only a nested network has, and from input and outputs."""
    if stage.is_output or stage.role == "input":
        return "end"
    if stage.cell is None or stage.cell[1] == 0:
        return "stage"
    last = max(cell[1] for s in graph.stages if (cell := s.cell) is not None and cell[0] == stage.cell[0])
    return "stage" if stage.cell[1] == last else "nested"


def _entries(graph: StageGraph, arcs: Mapping[StageLink, Arc]) -> Iterator[Entry]:
    looks: dict[tuple[object, bool], list[StageLink]] = {}
    for link in graph.links:
        looks.setdefault((link.kind, link in arcs), []).append(link)
    for (_, is_arc), links in looks.items():
        for text in one_text(tuple(dict.fromkeys(link.text for link in links))):
            yield Entry(links[0].kind, f"{text}, past other stages" if is_arc else text, is_arc)
    kinds = {_kind(stage, graph): stage for stage in graph.stages}
    stages = [stage for stage in graph.stages if stage.role in ("encoder", "bottleneck", "decoder")]
    made = one_text(tuple(dict.fromkeys(stage.made_of for stage in stages)))
    of = f": {made[0]}" if len(made) == 1 else ""
    if "stage" in kinds:
        yield Entry("stage", f"stage{' of the plain U in it' if 'nested' in kinds else ''}{of}")
    if "nested" in kinds:
        yield Entry("nested", "stage that nesting adds")
    if "end" in kinds:
        yield Entry("end", "input, output")
