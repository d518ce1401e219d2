"""What a picture with one box per stage shows, before it has a place: stages, meetings, and the links between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from unetgen.drawing.model.figure import Link, Strand
from unetgen.drawing.model.shapes import BoxKind, Symbol
from unetgen.drawing.read.composition import Composition
from unetgen.ir import Node, Role, Shape

Cell = tuple[int, int]
"""Row and column in a nested network."""


@dataclass(frozen=True, slots=True)
class StageItem:
    """A box or a sign in a circle: a stage, a map that no stage makes, the input, a head, a meeting.

    Args:
        id: Unique in the picture; links name it.
        path: The network's own name: a region, a node, or `input`.
        look: The kind of its box, or its sign.
        name: What people call it, such as `Encoder 1`; empty for what is between stages.
        made: What a stage is made of.
        lines: What it does, one by one, where that is asked for.
        cell: Its row and column in a nested network.
        finished: What becomes of it at the very end, if it is an output.
        value: The id of the value that it stands for.
        nodes: What makes it.
    """

    id: str
    path: str
    look: BoxKind | Symbol
    strand: Strand
    shape: Shape
    role: Role | None = None
    name: str = ""
    made: Composition | None = None
    lines: tuple[str, ...] = ()
    cell: Cell | None = None
    finished: tuple[str, ...] = ()
    value: int | None = None
    nodes: tuple[Node, ...] = field(default=(), compare=False, repr=False)

    @property
    def symbol(self) -> Symbol | None:
        """Its sign in a circle, if it is a meeting."""
        match self.look:
            case "plus" | "times" | "max" | "cat" as symbol:
                return symbol
        return None

    @property
    def is_sign(self) -> bool:
        """Whether it is a meeting, drawn as a sign in a circle."""
        return self.symbol is not None

    @property
    def is_input(self) -> bool:
        """Whether it is what goes into the network."""
        return self.role is None and not self.is_sign

    @property
    def is_head(self) -> bool:
        """Whether it gives an output."""
        return self.role == "head"

    @property
    def level(self) -> int:
        return self.strand.level


@dataclass(frozen=True)
class StageGraph:
    """All stages in the order in which they run, and all links.

    It has no slots: what it finds by id, it keeps.
    """

    stages: tuple[StageItem, ...]
    links: tuple[Link, ...]

    @cached_property
    def is_nested(self) -> bool:
        """Whether rows have more than a first and a last stage."""
        return any(stage.cell is not None for stage in self.stages)

    @cached_property
    def is_full_scale(self) -> bool:
        """Whether stages of the encoder lead to stages of the decoder on other levels, as each does in UNet 3+.

        In a nested network they do too, but that is another picture. A head is no stage.
        """
        return not self.is_nested and leads_across(
            {stage.id: stage.strand for stage in self.stages if not stage.is_head}, self.links
        )

    @cached_property
    def heads(self) -> tuple[StageItem, ...]:
        return tuple(stage for stage in self.stages if stage.is_head)

    @cached_property
    def _by_id(self) -> dict[str, StageItem]:
        return {stage.id: stage for stage in self.stages}

    def __getitem__(self, id: str) -> StageItem:
        return self._by_id[id]

    def entering(self, id: str) -> Iterator[Link]:
        """List the links that end at a stage."""
        return (link for link in self.links if link.target == id)

    def leaving(self, id: str) -> Iterator[Link]:
        """List the links that begin at a stage."""
        return (link for link in self.links if link.source == id)


def leads_across(strands: Mapping[str, Strand], links: Iterable[Link]) -> bool:
    """Say whether a link leads from the encoder to another level of the decoder, as some do in every grid.

    Args:
        strands: Where things stand, by their ids; links that begin or end at others are passed over.
    """
    ends = ((strands.get(link.source), strands.get(link.target)) for link in links)
    return any(
        one is not None and to is not None and one.side == "left" and to.side == "right" and one.level != to.level
        for one, to in ends
    )
