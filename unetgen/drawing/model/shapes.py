"""What a drawing is made of: boxes, outlines, joins, arrows and labels, in points, x to the right and y down.

These are values without a will, which know no format they will be written in. Boxes, joins and arrows keep the nodes
of the network that they were drawn from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal

from unetgen.drawing.model.text import text_width
from unetgen.ir import Node

Point = tuple[float, float]
MadeKind = Literal["conv map", "down map", "up map", "head map"]
"""A feature map in the colour of the arrow that makes it."""
MapKind = Literal["map", "copied", "norm", "activation", "dropout", "stage", "nested", "end", "mark", MadeKind]
"""A feature map, one that was copied from another place, what a norm, an activation or a dropout makes of the map that
it stands against, a whole stage, one that nesting adds, an input or output, a sign on an arrow."""
OpKind = Literal["op", "norm op", "activation op", "dropout op", "end op"]
"""An op with its name in it, by what it does; what goes into a part that is drawn op by op, or comes out of it."""
BoxKind = Literal[MapKind, OpKind]
ArrowKind = Literal["conv", "head", "down", "up", "skip", "shortcut", "flow", "signal"]
Symbol = Literal["plus", "times", "max", "cat"]
Status = Literal["changed", "new", "removed"]
"""What became of a part from one network to another."""
OutlineLook = Literal["crop", "follows", "repeat"] | Status
Ink = Literal["ink", "muted"] | ArrowKind
"""The colour of a text: one of the two text colours, or that of the arrow it speaks of."""
Anchor = Literal["start", "middle", "end"]
Stroke = Literal["solid", "dashed", "dotted"]
SampleLook = ArrowKind | MapKind | Symbol | Status | Literal["follows"]
"""What the legend explains."""

LINE_HEIGHT: Final = 1.04
"""The height that a line of text fills, in font sizes."""
BEFORE_ANCHOR: Final[dict[Anchor, float]] = {"start": 0, "middle": 0.5, "end": 1}  # shares of a text
CORNERS: Final[dict[BoxKind, float]] = {"stage": 6, "nested": 6, "end": 6, "mark": 6, "end op": 6}
HEAD_SLIMNESS: Final = 0.35
MITRE: Final = math.hypot(1, HEAD_SLIMNESS) / (2 * HEAD_SLIMNESS)
"""How far a head is stroked past its tip, in pen widths."""
BAR: Final = 2
"""How wide a bar is."""
RING: Final = 2.5
"""The pen of an outline that marks a part."""
CUES: Final[dict[OutlineLook, Stroke]] = {
    "crop": "dashed", "repeat": "dashed", "changed": "dashed", "removed": "dotted", "new": "solid", "follows": "solid",
}  # fmt: skip
"""What tells marks apart without their colours."""
SIGN_REACH: Final[dict[Symbol, float]] = {"plus": 0.62, "times": 0.45, "max": 0.45, "cat": 0.5}
SIGNS: Final[dict[Symbol, tuple[tuple[Point, Point], ...]]] = {
    "plus": (((-1, 0), (1, 0)), ((0, -1), (0, 1))),
    "times": (((-1, 1), (1, -1)), ((-1, -1), (1, 1))),
    "max": (((-1, 1), (0, -1)), ((0, -1), (1, 1))),
    "cat": tuple(pairwise(((0.7, -0.75), (0, -1), (-0.7, -0.7), (-1, 0), (-0.7, 0.7), (0, 1), (0.7, 0.75)))),
}
"""The lines of signs, which reach from -1 to 1."""


def even_up(points: float) -> float:
    """Round up to an even number of points.

    Graphviz 2.43 rounds the size of a node to whole points, on both sides alike, which would move its borders.

    Example:
        >>> even_up(6.0), even_up(6.1)
        (6.0, 8.0)
    """
    return 2 * -(-points // 2)


@dataclass(frozen=True, slots=True)
class Rect:
    """An upright rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def cx(self) -> float:
        return self.x + self.width / 2

    @property
    def cy(self) -> float:
        return self.y + self.height / 2

    def overlaps(self, other: Rect, *, room: float = 0.0) -> bool:
        """Say whether the insides meet, or come closer than `room`."""
        return (
            self.x < other.right + room
            and other.x < self.right + room
            and self.y < other.bottom + room
            and other.y < self.bottom + room
        )

    def inset(self, by: float) -> Rect:
        """Give the rectangle with every side moved inwards."""
        return Rect(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def moved(self, dx: float, dy: float) -> Rect:
        """Give the rectangle at another place."""
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    def raised(self, depth: float) -> Rect:
        """Give the room of a cuboid whose front this is: its faces stand out up and to the right."""
        return Rect(self.x, self.y - depth, self.width + depth, self.height + depth)


@dataclass(frozen=True, slots=True)
class Box:
    """A feature map (or a stage).

    Args:
        id: Unique in the drawing.
        path: The network's own name for what is shown: a node, a region, or `input`.
        frame: The front face.
        depth: How far the top and right faces of a cuboid stand out, up and to the right; 0 is flat.
        shape: Channels and sizes, as traced.
        note: One line that says what this is, for readers who point at it or cannot see it.
        covered: Whether another box stands against the right face and hides it.
        bars: Into how many upright bars the front is cut, as maps with one axis are; 0 leaves it whole.
        value: The id of the one value of the network that is shown; None for signs, and what the last node gives.
        nodes: What it stands for.
        laid: The concatenation that lays it beside others, and its place among them.
    """

    id: str
    path: str
    kind: BoxKind
    frame: Rect
    depth: float
    shape: tuple[int, ...]
    note: str
    covered: bool = False
    bars: int = 0
    value: int | None = None
    nodes: tuple[Node, ...] = field(default=(), compare=False, repr=False)
    laid: tuple[Node, int] | None = field(default=None, compare=False, repr=False)

    @property
    def radius(self) -> float:
        """How round the corners are; at most as round as the box is high. A cuboid has sharp ones."""
        return 0 if self.depth else min(CORNERS.get(self.kind, 0), self.frame.width / 2, self.frame.height / 2)

    @property
    def fronts(self) -> tuple[Rect, ...]:
        """What the front face is made of: itself, or its bars."""
        if not self.bars:
            return (self.frame,)
        face = self.frame.inset(1)
        pitch = (face.width - BAR) / max(1, self.bars - 1)
        return tuple(Rect(face.x + n * pitch, self.frame.y, BAR, self.frame.height) for n in range(self.bars))

    @property
    def hull(self) -> Rect:
        """The front face with the faces of the cuboid."""
        return self.frame.raised(self.depth)

    @property
    def top_face(self) -> tuple[Point, ...]:
        """The four corners of the upper face; none when the box is flat."""
        face, depth = self.frame, self.depth
        if not depth:
            return ()
        up = face.y - depth
        return ((face.x, face.y), (face.x + depth, up), (face.right + depth, up), (face.right, face.y))

    @property
    def right_face(self) -> tuple[Point, ...]:
        """The four corners of the right face; none when the box is flat or the face is hidden."""
        face, depth = self.frame, self.depth
        if not depth or self.covered:
            return ()
        out = face.right + depth
        return ((face.right, face.y), (out, face.y - depth), (out, face.bottom - depth), (face.right, face.bottom))


@dataclass(frozen=True, slots=True)
class Outline:
    """A frame inside the box `of`, or around the join: the part that goes on (`crop`), or a mark of what became of it.

    One around several boxes, of which `of` is the first, says that they come several times in a row (`repeat`).

    `radius` is how round its corners are; that of half its width makes a circle. `on_picture` is whether the box shows
    a picture.
    """

    of: str
    frame: Rect
    look: OutlineLook = "crop"
    radius: float = 0
    on_picture: bool = False

    @property
    def pen(self) -> float:
        """How wide the line is."""
        return 1.0 if self.look in ("crop", "repeat") else RING

    @property
    def stroke(self) -> Stroke:
        """How the line is broken."""
        return CUES[self.look]

    @property
    def is_round(self) -> bool:
        """Whether it is a circle."""
        return bool(self.radius) and 2 * self.radius >= max(self.frame.width, self.frame.height)


@dataclass(frozen=True, slots=True)
class JoinSign:
    """A small circle with a sign, where maps meet; the last of its nodes is where they do."""

    id: str
    path: str
    symbol: Symbol
    x: float
    y: float
    radius: float
    pen: float
    note: str
    nodes: tuple[Node, ...] = field(default=(), compare=False, repr=False)

    @property
    def strokes(self) -> tuple[tuple[Point, Point], ...]:
        """The lines of the sign."""
        x, y, reach, lines = self.x, self.y, self.radius * SIGN_REACH[self.symbol], SIGNS[self.symbol]
        return tuple(((x + a * reach, y + b * reach), (x + c * reach, y + d * reach)) for (a, b), (c, d) in lines)

    @property
    def hull(self) -> Rect:
        return Rect(self.x - self.radius, self.y - self.radius, 2 * self.radius, 2 * self.radius)


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow along straight pieces, from the first point to its tip at the last.

    Args:
        source: The id of the box or join that it leaves.
        target: The id of the box or join that it enters.
        pen: How wide the line is.
        head: How long the head is; 0 for a line without one, which ends at a sign: the arrow goes on behind it.
        hollow: Whether the head is only outlined.
        nodes: What it does; nothing where that is all done by the signs on it.
    """

    source: str
    target: str
    kind: ArrowKind
    points: tuple[Point, ...]
    pen: float
    head: float
    dashed: bool
    hollow: bool
    note: str
    nodes: tuple[Node, ...] = field(default=(), compare=False, repr=False)

    @property
    def shaft(self) -> tuple[Point, ...]:
        """The line without the head."""
        return (*self.points[:-1], self.neck)

    @property
    def neck(self) -> Point:
        """Where the line ends and the head begins."""
        (x, y), (dx, dy) = self.points[-1], self._direction
        return (x - self.head * dx, y - self.head * dy)

    @property
    def end(self) -> Point:
        """Where all of it ends, the mitre of the head included."""
        (x, y), (dx, dy), mitre = self.points[-1], self._direction, MITRE * self.pen if self.head else 0
        return (x + mitre * dx, y + mitre * dy)

    @property
    def barbs(self) -> tuple[Point, Point]:
        """The two hind corners of the head, 0.35 of its length to either side, as Graphviz draws them."""
        (x, y), (dx, dy), half = self.neck, self._direction, HEAD_SLIMNESS * self.head
        return ((x - half * dy, y + half * dx), (x + half * dy, y - half * dx))

    @property
    def _direction(self) -> Point:
        return _direction(*self.points[-2:])


def _direction(start: Point, end: Point) -> Point:
    length = math.dist(start, end)
    return ((end[0] - start[0]) / length, (end[1] - start[1]) / length)


@dataclass(frozen=True, slots=True)
class Halo:
    """A wide pale line under an arrow, as of a highlighter: a mark of what became of it."""

    points: tuple[Point, ...]
    status: Status
    pen: float

    @property
    def stroke(self) -> Stroke:
        """How the line is broken."""
        return CUES[self.status]


@dataclass(frozen=True, slots=True)
class TextLabel:
    """One line of text; `x` is where its `anchor` is, `y` its middle."""

    text: str
    x: float
    y: float
    size: float
    anchor: Anchor = "middle"
    ink: Ink = "ink"
    bold: bool = False

    @property
    def width(self) -> float:
        return text_width(self.text, self.size, bold=self.bold)

    @property
    def hull(self) -> Rect:
        """The room the words take, in the widest font that may stand in."""
        width = self.width
        left = self.x - BEFORE_ANCHOR[self.anchor] * width
        return Rect(left, self.y - LINE_HEIGHT / 2 * self.size, width, LINE_HEIGHT * self.size)

    def moved(self, dx: float, dy: float) -> TextLabel:
        """Give the label at another place."""
        # Spelled out: `replace` takes three times as long, and a picture that has to fit moves a thousand labels.
        return TextLabel(self.text, self.x + dx, self.y + dy, self.size, self.anchor, self.ink, self.bold)


# --- how each kind of arrow is drawn: the width of its line, the length and look of its head --------------------------


TIP_ROOM: Final = 1.25
"""How far before a border a tip stops, in pen widths: a mitred head is stroked past its tip by about so much."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Line width and head length in points."""

    width: float
    head: float
    hollow: bool = False


PENS: Final[dict[ArrowKind, Pen]] = {
    "conv": Pen(1.3, 6),
    # The second cue beside colour: a hollow head.
    "head": Pen(1.3, 7, hollow=True),
    "down": Pen(1.3, 6),
    "up": Pen(1.3, 6),
    "skip": Pen(2.2, 8),
    "shortcut": Pen(1.2, 5),
    "flow": Pen(1.0, 4.5),
    "signal": Pen(1.1, 5),
}


HALO: Final = 7.0
"""How wide the halo of a marked arrow is."""
THIN: Final = Pen(1.3, 6)
"""A skip among many."""


def draw_arrow(
    kind: ArrowKind,
    points: tuple[Point, ...],
    *,
    source: str,
    target: str,
    note: str,
    dashed: bool = False,
    has_head: bool = True,
) -> Arrow:
    """Draw an arrow from border to border, or a line where it has no head; the tip stops as far before as it must."""
    pen = THIN if kind == "skip" and dashed else PENS[kind]
    if not has_head:
        return Arrow(source, target, kind, points, pen.width, 0, dashed, False, note)
    (x, y), (dx, dy), room = points[-1], _direction(*points[-2:]), TIP_ROOM * pen.width
    ending = (*points[:-1], (x - room * dx, y - room * dy))
    hollow = pen.hollow or (kind == "conv" and dashed)  # most are too short for dashes
    return Arrow(source, target, kind, ending, pen.width, pen.head, dashed, hollow, note)
