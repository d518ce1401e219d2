"""The picture of a network: where everything is, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import ClassVar

from unetgen.drawing.model.facts import Facts
from unetgen.drawing.model.shapes import Arrow, Box, Halo, Join, Label, Outline, Rect
from unetgen.drawing.model.theme import Theme
from unetgen.drawing.model.thumbnails import Thumbnail

Sample = Box | Join | Arrow | Outline | Halo


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One line of the legend: a sample of what is drawn, and its words, broken into lines where they are long."""

    text: str
    sample: tuple[Sample, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """The panel that explains the arrows and boxes in use; without rows, there is none."""

    frame: Rect
    rows: tuple[LegendRow, ...]
    radius: ClassVar[float] = 8
    """How round the corners of the panel are."""


AnyShape = Sample | Legend | Label
"""What is painted; a legend is its panel."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as pure geometry: points (1/72 inch), x to the right, y down."""

    title: str
    description: str
    width: float
    height: float
    theme: Theme
    boxes: tuple[Box, ...]
    outlines: tuple[Outline, ...]
    joins: tuple[Join, ...]
    arrows: tuple[Arrow, ...]
    labels: tuple[Label, ...]
    legend: Legend
    thumbnails: tuple[Thumbnail, ...] = ()
    halos: tuple[Halo, ...] = ()
    facts: Callable[[], Facts] | None = field(default=None, compare=False, repr=False)
    """Gives what is known of the boxes and joins: it takes longer than drawing, and few formats show it."""

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
    def things(self) -> tuple[Box | Join, ...]:
        """What facts are known of."""
        return (*self.boxes, *self.joins)

    @property
    def every_label(self) -> Iterator[Label]:
        """All texts, those of the legend included."""
        yield from self.labels
        for row in self.legend.rows:
            yield from row.labels
