"""What is drawn: a sketch of the network at places of a layout's own choosing, and the picture, which is a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from typing import ClassVar, Self

from unetgen.drawing.model.facts import Facts
from unetgen.drawing.model.shapes import Arrow, Box, Halo, JoinSign, Outline, Point, Rect, SampleLook, TextLabel
from unetgen.drawing.model.theme import Theme
from unetgen.drawing.model.thumbnails import Thumbnail


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """Everything that is drawn of a network, in points (1/72 inch), x to the right, y down."""

    boxes: tuple[Box, ...]
    outlines: tuple[Outline, ...]
    joins: tuple[JoinSign, ...]
    arrows: tuple[Arrow, ...]
    labels: tuple[TextLabel, ...]
    halos: tuple[Halo, ...] = ()

    @property
    def things(self) -> tuple[Box | JoinSign, ...]:
        """What facts are known of."""
        return (*self.boxes, *self.joins)

    @property
    def rooms(self) -> tuple[Rect, ...]:
        """The room of every box, join, label and piece of an arrow."""
        lines = (room for arrow in self.arrows for room in segments(arrow))
        return (*(thing.hull for thing in (*self.things, *self.labels)), *lines)

    def moved(self, dx: float, dy: float) -> Self:
        """Give all of it at another place."""

        def way(points: tuple[Point, ...]) -> tuple[Point, ...]:
            return tuple((x + dx, y + dy) for x, y in points)

        return replace(
            self,
            boxes=tuple(replace(box, frame=box.frame.moved(dx, dy)) for box in self.boxes),
            outlines=tuple(replace(outline, frame=outline.frame.moved(dx, dy)) for outline in self.outlines),
            joins=tuple(replace(join, x=join.x + dx, y=join.y + dy) for join in self.joins),
            arrows=tuple(replace(arrow, points=way(arrow.points)) for arrow in self.arrows),
            labels=tuple(label.moved(dx, dy) for label in self.labels),
            halos=tuple(replace(halo, points=way(halo.points)) for halo in self.halos),
        )


def segments(line: Arrow | Halo) -> Iterator[Rect]:
    """Give the room of each straight piece of an arrow or its halo, as wide as its pen."""
    half = line.pen / 2
    for (x0, y0), (x1, y1) in pairwise(line.points):
        yield Rect(min(x0, x1) - half, min(y0, y1) - half, abs(x1 - x0) + line.pen, abs(y1 - y0) + line.pen)


def bounds(rooms: Iterable[Rect]) -> Rect:
    """Give the smallest rectangle around all."""
    every = tuple(rooms)
    x, y = min(room.x for room in every), min(room.y for room in every)
    return Rect(x, y, max(room.right for room in every) - x, max(room.bottom for room in every) - y)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What the legend explains: a look, its meaning, the letter that tells it from its like, its sign.

    Args:
        row: What it has in common with the signs, and the signals to them, that stand in one row with it.
    """

    look: SampleLook
    text: str
    dashed: bool = False
    tag: str = ""
    depth: float = 0.0
    sign: str = ""
    row: str = ""
    bars: bool = False

    @property
    def shared(self) -> tuple[str, str]:
        """What it has in common with all that stand in one row: a look, or signs that differ in a number or letter."""
        return ("mark", self.row) if self.row else (self.look, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch(Shapes):
    """The drawn network before it is put on a page, at a place of its own choosing, and what has to be explained.

    The pieces of an arrow with signs on it stand in their order. `gave_way` says what did so that there is room.
    """

    entries: tuple[LegendEntry, ...]
    gave_way: tuple[str, ...] = ()


Sample = Box | JoinSign | Arrow | Outline | Halo


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One row of the legend: a sample of what is drawn, and its meanings, broken into lines where they are long."""

    meanings: tuple[str, ...]
    sample: tuple[Sample, ...]
    labels: tuple[TextLabel, ...]

    @property
    def text(self) -> str:
        """All that it says."""
        return "; ".join(self.meanings)


@dataclass(frozen=True, slots=True)
class Legend:
    """The panel that explains the arrows and boxes in use; without rows, there is none."""

    frame: Rect
    rows: tuple[LegendRow, ...]
    radius: ClassVar[float] = 8
    """How round the corners of the panel are."""


AnyShape = Sample | Legend | TextLabel
"""What is painted; a legend is its panel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Shapes):
    """A picture as pure geometry: the drawn network on a page of some size, with words and a legend around it."""

    title: str
    description: str
    width: float
    height: float
    theme: Theme
    legend: Legend
    thumbnails: tuple[Thumbnail, ...] = ()
    scale: float = 1.0
    """How large the picture is on paper: points for a point of its own."""
    facts: Callable[[], Facts] | None = field(default=None, compare=False, repr=False)
    """Gives what is known of the boxes and joins: it takes longer than drawing, and few formats show it."""

    @property
    def paper(self) -> tuple[float, float]:
        """How wide and how high it is on paper, in points."""
        return self.width * self.scale, self.height * self.scale

    @property
    def smallest_letters(self) -> float:
        """How high the smallest letters are on paper, in points; 0 where nothing is written."""
        return min((label.size for label in self.every_label), default=0) * self.scale

    @property
    def has_boxes_on_top(self) -> bool:
        """Whether lines may run under boxes, which then hide them."""
        return any(box.kind in ("stage", "nested", "end") for box in self.boxes)

    @property
    def shapes(self) -> Iterator[AnyShape]:
        """Everything in the order in which it is painted, each over what comes before it."""
        lines, boxes = chain(self.halos, self.arrows), chain(self.boxes, self.outlines)
        yield from chain(lines, boxes) if self.has_boxes_on_top else chain(boxes, lines)
        yield from self.joins
        if self.legend.rows:
            yield self.legend
        for row in self.legend.rows:
            yield from row.sample
        yield from self.every_label

    @property
    def every_label(self) -> Iterator[TextLabel]:
        """All texts, those of the legend included."""
        yield from self.labels
        for row in self.legend.rows:
            yield from row.labels
