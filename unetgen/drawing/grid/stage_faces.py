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
from unetgen.drawing.read.shape_words import NUMBERS, ShapeWords
from unetgen.drawing.read.stages import StageGraph, StageItem
from unetgen.drawing.read.words import shape_text

RAISED_FONT: Final = 8
STAGE_JOIN: Final = 14
"""How large a sign in a circle is."""
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
class Letters:
    """How large the letters in a box are, how far lines stand apart, and what lies between them and the border.

    Args:
        name: The size of the name in points, `words` that of everything under it.
        name_line: What the line of the name takes, `words_line` what the others take.
        side: From words to the left and right border, `edge` to the upper and lower one.
        taller: By how much the box of the largest map is taller than that of the smallest: the second cue beside the
            numbers.
        splits: Whether channels and sizes stand in a line each.
    """

    name: float
    words: float
    name_line: float
    words_line: float
    side: float
    edge: float
    taller: float
    splits: bool = False


ROOMY: Final = Letters(name=10, words=8.5, name_line=13, words_line=11, side=9, edge=6, taller=24)
SMALL: Final = Letters(name=8, words=8, name_line=10, words_line=9.5, side=4, edge=4, taller=10)
BOX_LETTERS: Final = (ROOMY, SMALL, replace(SMALL, splits=True, side=2, edge=2))
"""From roomy to small: how much the boxes of stages give way."""


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
    letters: Letters = ROOMY

    @property
    def words_height(self) -> float:
        """How high all lines are, without a picture."""
        return self.letters.name_line + self.letters.words_line * (len(self.lines) + max(map(len, self.ops), default=0))

    def at(self, cx: float, cy: float) -> Rect:
        """Give the front of the box around a point."""
        return Rect(cx - self.width / 2, cy - self.height / 2, self.width, self.height)

    def shaft(self, front: Rect) -> tuple[float, float]:
        """Give the first and the last x at which an arrow may enter or leave the box from above or below."""
        if self.stage.is_sign:
            return front.cx, front.cx
        return front.x + CORNER_TO_ARROW, front.right - CORNER_TO_ARROW


def faces_of(
    graph: StageGraph,
    signs: Mapping[str, str],
    *,
    words: ShapeWords = NUMBERS,
    pictures: bool = False,
    compact: int = 0,
) -> dict[str, StageFace]:
    """Give the face of every stage by its id.

    Args:
        signs: What stands in the box of a stage about what it is made of, by its id.
        words: What is written for channels and sizes.
        pictures: Whether there is a picture of the map under the words.
        compact: How small boxes are: a number in `BOX_LETTERS`.
    """
    letters = BOX_LETTERS[compact]
    sizes_of = {stage.id: math.log2(mean(stage.shape.size)) for stage in graph.stages}
    faces = {
        stage.id: _face(
            stage, graph, letters, signs.get(stage.id, ""), words, _taller(sizes_of[stage.id], sizes_of.values())
        )
        for stage in graph.stages
    }
    return {id: _with_picture(face) for id, face in faces.items()} if pictures else faces


def solid(face: StageFace) -> StageFace:
    """Give the face of an image, too, the depth of a cuboid; signals, inputs and outputs stay flat."""
    has_depth = not face.stage.is_sign and face.stage.look != "end" and len(face.stage.shape.size) > 1
    return replace(face, depth=STAGE_DEPTH) if has_depth else face


def _with_picture(face: StageFace) -> StageFace:
    """Make room for a picture; where maps are seen, a box need not be taller for a larger one."""
    if face.stage.is_sign:
        return face
    width, height = picture_size(face.stage.shape.size)
    room = even_up(height + WORDS_TO_PICTURE)
    width = max(face.width, even_up(width + 2 * face.letters.side))
    return replace(face, width=width, height=even_up(face.words_height + 2 * face.letters.edge) + room, picture=room)


def _taller(size: float, sizes: Collection[float]) -> float:
    """Say how much a box is taller than the lowest, with the logarithm of its size, as a share of what it may be."""
    least, most = min(sizes), max(sizes)
    return (size - least) / max(MOST_HALVINGS, most - least)


def _face(
    stage: StageItem, graph: StageGraph, letters: Letters, sign: str, words: ShapeWords, taller: float
) -> StageFace:
    if stage.is_sign:
        return StageFace(stage, "", "", (), (), STAGE_JOIN, STAGE_JOIN, 0)
    name, raised = _name(stage, graph)
    channels = f"{stage.shape.channels} channel{'' if stage.shape.channels == 1 else 's'}"
    shape = words.shape(stage.shape) if words.shows_sizes else channels
    lines = (*_split(shape, letters), *filter(None, (sign,)), *stage.finished)
    own = text_width(name, letters.name, bold=True) + text_width(raised, RAISED_FONT)
    ops = _columns(tuple(part for line in stage.lines for part in wrap(line, WIDEST_LINE, letters.words)))
    width = max(own, _width(ops, letters), *(text_width(line, letters.words) for line in lines)) + 2 * letters.side
    depth = STAGE_DEPTH if len(stage.shape.size) == 3 and stage.look != "end" else 0
    face = StageFace(stage, name, raised, lines, ops, even_up(width), 0, depth, letters=letters)
    more = 0 if stage.look == "end" else taller * letters.taller
    return replace(face, height=even_up(face.words_height + 2 * letters.edge + more))


def _split(shape: str, letters: Letters) -> tuple[str, ...]:
    """Break a shape after its channels, where these are to stand in a line of their own.

    Example:
        >>> _split("64 × 32×32×8", BOX_LETTERS[2]), _split("64 × 32×32×8", ROOMY)
        (('64 ×', '32×32×8'), ('64 × 32×32×8',))
    """
    channels, times, size = shape.partition(" × ")
    return (f"{channels}{times}".rstrip(), size) if letters.splits and size else (shape,)


def _columns(lines: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Set lines in as few columns as keep a box from being far too high."""
    if not lines:
        return ()
    count = math.ceil(len(lines) / MOST_OPS_IN_COLUMN)
    length = math.ceil(len(lines) / count)
    return tuple(lines[start : start + length] for start in range(0, len(lines), length))


def _width(columns: tuple[tuple[str, ...], ...], letters: Letters) -> float:
    widths = (_column_width(column, letters) for column in columns)
    return math.fsum(widths) + OP_COLUMNS_APART * (len(columns) - 1)


def _column_width(lines: tuple[str, ...], letters: Letters) -> float:
    return max(text_width(line, letters.words) for line in lines)


def _name(stage: StageItem, graph: StageGraph) -> tuple[str, str]:
    """Give what a stage is called, and what stands raised beside it."""
    if stage.cell is not None:
        return "X", f"{stage.cell[0]},{stage.cell[1]}"
    if stage.is_head and len(graph.heads) == 1:
        return "Output", ""
    sources = [graph[link.source] for link in graph.entering(stage.id)]
    if graph.is_nested and stage.is_head and not any(source.is_head for source in sources):
        cells = (source.cell for source in sources)
        return f"L{next((cell[1] for cell in cells if cell is not None), 0)}", ""
    return stage.name or stage.path, ""


def draw_face(face: StageFace, frame: Rect, kind: BoxKind) -> tuple[Box, tuple[TextLabel, ...]]:
    """Draw a box with its words."""
    stage = face.stage
    made = "" if stage.made is None else stage.made.said.text
    note = "; ".join(filter(None, (f"{stage.path}: {shape_text(stage.shape)}", made, *stage.finished)))
    shape = tuple(stage.shape.as_list())
    box = Box(stage.id, stage.path, kind, frame, face.depth, shape, note, value=stage.value, nodes=stage.nodes)
    return box, tuple(_words(face, frame))


def _words(face: StageFace, frame: Rect) -> Iterator[TextLabel]:
    letters = face.letters
    y = frame.cy - (face.picture + face.words_height) / 2 + letters.name_line / 2
    middle = frame.cx - text_width(face.raised, RAISED_FONT) / 2
    yield TextLabel(face.name, middle, y, letters.name, bold=True)
    if face.raised:
        beside = text_width(face.name, letters.name, bold=True) / 2 + 0.5
        yield TextLabel(face.raised, middle + beside, y - 3, RAISED_FONT, "start")
    y += (letters.name_line + letters.words_line) / 2
    for number, line in enumerate(face.lines):
        yield TextLabel(line, frame.cx, y + letters.words_line * number, letters.words, ink="muted")
    x = frame.cx - _width(face.ops, letters) / 2
    for column in face.ops:
        width = _column_width(column, letters)
        for number, line in enumerate(column, start=len(face.lines)):
            yield TextLabel(line, x + width / 2, y + letters.words_line * number, letters.words)
        x += width + OP_COLUMNS_APART
