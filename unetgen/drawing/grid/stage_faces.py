"""The face of a stage: what is written in its box, and how large the box is."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from unetgen.drawing.kit.distances import CORNER_TO_ARROW
from unetgen.drawing.kit.sizes import mean
from unetgen.drawing.model.shapes import Box, BoxKind, Rect, TextLabel, even_up
from unetgen.drawing.model.text import text_width, wrap
from unetgen.drawing.model.thumbnails import picture_size
from unetgen.drawing.read.stages import StageGraph, StageItem
from unetgen.drawing.read.words import shape_text

NAME_FONT: Final = 10
WORDS_FONT: Final = 8.5
NAME_LINE: Final = 13
WORDS_LINE: Final = 11
RAISED_FONT: Final = 7
WORDS_TO_SIDE: Final = 9
"""Between the words and the left and right border."""
WORDS_TO_EDGE: Final = 6
"""Between the words and the upper and lower border."""
STAGE_JOIN: Final = 14
"""How large a sign in a circle is."""
TALLER_STAGE: Final = 24
"""By how much the box of the largest map is taller than that of the smallest: the second cue beside the numbers."""
MOST_HALVINGS: Final = 5
"""Over so many halvings or more; fewer make less of a difference."""
STAGE_DEPTH: Final = 5
MOST_OPS_IN_COLUMN: Final = 10
"""So many ops stand in one column."""
OP_COLUMNS_APART: Final = 12
WIDEST_LINE: Final = 150
WORDS_TO_PICTURE: Final = 4
"""Between the words and the picture under them."""


@dataclass(frozen=True, slots=True)
class StageFace:
    """What is written in a box, line by line, and how large the box is.

    Args:
        name: What the stage is called, with what stands raised beside it.
        lines: The lines under it: the shape, what it is made of, what becomes of it.
        ops: What it does, one by one, in columns.
        depth: How far a cuboid stands out.
        picture: What a picture takes below the words.
    """

    stage: StageItem
    name: str
    raised: str
    lines: tuple[str, ...]
    ops: tuple[tuple[str, ...], ...]
    width: float
    height: float
    depth: float
    picture: float = 0

    @property
    def words_height(self) -> float:
        """How high all lines are, without a picture."""
        return NAME_LINE + WORDS_LINE * (len(self.lines) + max(map(len, self.ops), default=0))

    def at(self, cx: float, cy: float) -> Rect:
        """Give the front of the box around a point."""
        return Rect(cx - self.width / 2, cy - self.height / 2, self.width, self.height)

    def shaft(self, front: Rect) -> tuple[float, float]:
        """Give the first and the last x at which an arrow may enter or leave the box from above or below."""
        if self.stage.is_sign:
            return front.cx, front.cx
        return front.x + CORNER_TO_ARROW, front.right - CORNER_TO_ARROW


def faces_of(
    graph: StageGraph, signs: Mapping[str, str], *, sizes: bool, pictures: bool = False
) -> dict[str, StageFace]:
    """Give the face of every stage by its id.

    Args:
        signs: What stands in the box of a stage about what it is made of, by its id.
        sizes: Whether the sizes of maps are written.
        pictures: Whether there is a picture of the map under the words.
    """
    sizes_of = {stage.id: math.log2(mean(stage.shape.size)) for stage in graph.stages}
    faces = {
        stage.id: _face(stage, graph, signs.get(stage.id, ""), sizes, _taller(sizes_of[stage.id], sizes_of.values()))
        for stage in graph.stages
    }
    return {id: _with_picture(face) for id, face in faces.items()} if pictures else faces


def _with_picture(face: StageFace) -> StageFace:
    """Make room for a picture; where maps are seen, a box need not be taller for a larger one."""
    if face.stage.is_sign:
        return face
    width, height = picture_size(face.stage.shape.size)
    room = even_up(height + WORDS_TO_PICTURE)
    width = max(face.width, even_up(width + 2 * WORDS_TO_SIDE))
    return replace(face, width=width, height=even_up(face.words_height + 2 * WORDS_TO_EDGE) + room, picture=room)


def _taller(size: float, sizes: Collection[float]) -> float:
    """Say by how much a box is taller, with the logarithm of its size."""
    least, most = min(sizes), max(sizes)
    return TALLER_STAGE * (size - least) / max(MOST_HALVINGS, most - least)


def _face(stage: StageItem, graph: StageGraph, sign: str, sizes: bool, taller: float) -> StageFace:
    if stage.is_sign:
        return StageFace(stage, "", "", (), (), STAGE_JOIN, STAGE_JOIN, 0)
    name, raised = _name(stage, graph)
    shape = shape_text(stage.shape) if sizes else f"{stage.shape.channels} channels"
    lines = (shape, *filter(None, (sign,)), *stage.finished)
    own = text_width(name, NAME_FONT, bold=True) + 2 * text_width(raised, RAISED_FONT)
    ops = _columns(tuple(part for line in stage.lines for part in wrap(line, WIDEST_LINE, WORDS_FONT)))
    width = max(own, _width(ops), *(text_width(line, WORDS_FONT) for line in lines)) + 2 * WORDS_TO_SIDE
    depth = STAGE_DEPTH if len(stage.shape.size) == 3 and stage.look != "end" else 0
    face = StageFace(stage, name, raised, lines, ops, even_up(width), 0, depth)
    return replace(face, height=even_up(face.words_height + 2 * WORDS_TO_EDGE + (0 if stage.look == "end" else taller)))


def _columns(lines: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Set lines in as few columns as keep a box from being far too high."""
    if not lines:
        return ()
    count = math.ceil(len(lines) / MOST_OPS_IN_COLUMN)
    length = math.ceil(len(lines) / count)
    return tuple(lines[start : start + length] for start in range(0, len(lines), length))


def _width(columns: tuple[tuple[str, ...], ...]) -> float:
    return math.fsum(map(_column_width, columns)) + OP_COLUMNS_APART * (len(columns) - 1)


def _column_width(lines: tuple[str, ...]) -> float:
    return max(text_width(line, WORDS_FONT) for line in lines)


def _name(stage: StageItem, graph: StageGraph) -> tuple[str, str]:
    """Give what a stage is called, and what stands raised beside it."""
    if stage.cell is not None:
        return "X", f"{stage.cell[0]},{stage.cell[1]}"
    if stage.is_head and len(graph.heads) == 1:
        return "output", ""
    sources = [graph[link.source] for link in graph.entering(stage.id)]
    if graph.is_nested and stage.is_head and not any(source.is_head for source in sources):
        cells = (source.cell for source in sources)
        return f"L{next((cell[1] for cell in cells if cell is not None), 0)}", ""
    return stage.path, ""


def draw_face(face: StageFace, frame: Rect, kind: BoxKind) -> tuple[Box, tuple[TextLabel, ...]]:
    """Draw a box with its words."""
    stage = face.stage
    made = "" if stage.made is None else stage.made.said.text
    note = "; ".join(filter(None, (f"{stage.path}: {shape_text(stage.shape)}", made, *stage.finished)))
    shape = tuple(stage.shape.as_list())
    box = Box(stage.id, stage.path, kind, frame, face.depth, shape, note, value=stage.value, nodes=stage.nodes)
    return box, tuple(_words(face, frame))


def _words(face: StageFace, frame: Rect) -> Iterator[TextLabel]:
    y = frame.cy - (face.picture + face.words_height) / 2 + NAME_LINE / 2
    yield TextLabel(face.name, frame.cx, y, NAME_FONT, bold=True)
    if face.raised:
        beside = text_width(face.name, NAME_FONT, bold=True) / 2 + 0.5
        yield TextLabel(face.raised, frame.cx + beside, y - 3, RAISED_FONT, "start")
    y += (NAME_LINE + WORDS_LINE) / 2
    for number, line in enumerate(face.lines):
        yield TextLabel(line, frame.cx, y + WORDS_LINE * number, WORDS_FONT, ink="muted")
    x = frame.cx - _width(face.ops) / 2
    for column in face.ops:
        width = _column_width(column)
        for number, line in enumerate(column, start=len(face.lines)):
            yield TextLabel(line, x + width / 2, y + WORDS_LINE * number, WORDS_FONT)
        x += width + OP_COLUMNS_APART
