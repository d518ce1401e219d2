"""What a picture shows, before it has a place: feature maps, meetings, and the links between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from unetgen.drawing.model.deeds import Deed, Said, join
from unetgen.drawing.model.shapes import ArrowKind, MapKind, Symbol
from unetgen.ir import Node, Shape

Side = Literal["left", "bottom", "right"]
"""The encoder's side of a U, its bottom, the decoder's side."""


@dataclass(frozen=True, slots=True)
class Strand:
    """The row that an item stands in: one level of one side."""

    side: Side
    level: int


@dataclass(frozen=True, slots=True)
class Part:
    """A box: a whole feature map, one of the maps that a concatenation lays side by side, or a slab.

    A slab is what an op makes of the part before it that changes neither channels nor sizes.

    Args:
        value: The id of what it shows: of a unit, after its norm and its activation.
        text: What the op of a slab does, in the legend's words; empty for maps.
        nodes: What it stands for.
        laid: The concatenation that lays it beside others, and its place among them.
    """

    path: str
    shape: Shape
    value: int
    look: MapKind = "map"
    text: str = ""
    nodes: tuple[Node, ...] = field(default=(), compare=False, repr=False)
    laid: tuple[Node, int] | None = field(default=None, compare=False, repr=False)


Zoom = Literal["sign", "folded", "units", "steps", "ops"]
"""How closely a region is looked at: as one sign, as one behind the unit that leads to its level, a box for each unit,
a box for each op with signs for groups that have a name of their own, a box for each op."""


@dataclass(frozen=True, slots=True)
class Map:
    """A feature map; `path` is that of the node that gives it, `input` for the network's input.

    `aside` is whether it is an output beside the way up, and `caption` what is written beside it.
    """

    id: str
    path: str
    shape: Shape
    parts: tuple[Part, ...]
    strand: Strand
    aside: bool = False
    caption: tuple[str, ...] = ()

    @property
    def nodes(self) -> tuple[Node, ...]:
        """What all its parts stand for."""
        return tuple(node for part in self.parts for node in part.nodes)

    def comes_last(self, part: int) -> bool:
        """Say whether memory holds a part, of two that lie side by side, after the other one."""
        laid = self.parts[part].laid
        return len(self.parts) == 2 and laid is not None and laid[1] == 1


@dataclass(frozen=True, slots=True)
class Meeting:
    """A sign in a circle: maps meet without lying side by side."""

    id: str
    path: str
    shape: Shape
    symbol: Symbol
    strand: Strand
    nodes: tuple[Node, ...] = field(default=(), compare=False, repr=False)


Item = Map | Meeting


@dataclass(frozen=True, slots=True)
class Signal:
    """What a gate listens to: the map that comes up, or the coarser item that it is made from."""

    heard: Literal["up", "below"]
    source: str

    @property
    def from_where(self) -> str:
        """Where it comes from, in the legend's words."""
        return {"up": "the upsampled map", "below": "the coarser map below"}[self.heard]

    @property
    def meaning(self) -> str:
        """What it is, in the legend's words."""
        return f"gating signal, from {self.from_where}"


@dataclass(frozen=True, slots=True)
class Badge:
    """A sign on a link: a part of the network that has a name of its own and is not drawn map by map.

    Args:
        id: Unique in the figure: the path of what it stands for.
        text: What stands in it.
        meaning: What it stands for, in the legend's words; signs of several levels may share them.
        shape: That of the map behind it.
        nodes: What it stands for; the last one gives that map.
        alike: Its meaning for all that differ in the number of groups of their norms alone, see `Said`.
        shortcut: What it does on shortcuts, where that is said apart.
        runs_again: Whether it stands for further runs of the unit before it.
        family: What its text has in common with other signs that stand in one row of the legend.
        row: What stands for it in the legend: `dense ×n` for signs that differ in their numbers alone.
    """

    id: str
    text: str
    meaning: str
    shape: Shape
    signals: tuple[Signal, ...] = ()
    nodes: tuple[Node, ...] = field(default=(), compare=False, repr=False)
    alike: str = ""
    shortcut: Said = Said("", "")
    runs_again: bool = False
    family: str = ""
    row: str = ""

    @property
    def said(self) -> Said:
        return Said(self.meaning, self.alike)


@dataclass(frozen=True, slots=True)
class Link:
    """What leads from one item to another.

    Args:
        part: Which part of the target it ends at.
        leaves: Which part of the source it begins at.
        does: What it does; several things where it is drawn for several ways.
        words: What is written on it, in one or two pieces.
        crop: The size of the part of the source that goes on, where some of it is cut off.
        badges: The signs on it, in the order of the way.
        nodes: What it does; of a skip or a shortcut, with the meeting that it leads to.
    """

    source: str
    target: str
    part: int
    kind: ArrowKind
    does: tuple[Deed, ...] = ()
    words: tuple[str, ...] = ()
    dashed: bool = False
    crop: tuple[int, ...] | None = None
    badges: tuple[Badge, ...] = ()
    leaves: int = 0
    nodes: tuple[Node, ...] = field(default=(), compare=False, repr=False)

    @property
    def said(self) -> Said:
        """What it does, in the legend's words."""
        return join(" + ", dict.fromkeys(deed.said(self.kind) for deed in self.does))

    @property
    def text(self) -> str:
        return self.said.text


@dataclass(frozen=True, slots=True)
class Figure:
    """All of it, in the order in which the network runs."""

    items: tuple[Item, ...]
    links: tuple[Link, ...]
