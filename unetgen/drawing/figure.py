"""What a picture shows, before it has a place: feature maps, meetings, and the links between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from unetgen.drawing.shapes import ArrowKind, Symbol
from unetgen.ir import Shape

__all__ = ["Figure", "Item", "Link", "Map", "Meeting", "Part", "Side", "Strand"]

Side = Literal["left", "bottom", "right"]
"""The encoder's side of a U, its bottom, the decoder's side."""


@dataclass(frozen=True, slots=True)
class Strand:
    """The row that an item stands in: one level of one side."""

    side: Side
    level: int


@dataclass(frozen=True, slots=True)
class Part:
    """A box: a whole feature map, or one of the maps that a concatenation lays side by side."""

    path: str
    shape: Shape
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """A feature map; `path` is that of the node that gives it, `input` for the network's input."""

    id: str
    path: str
    shape: Shape
    parts: tuple[Part, ...]
    strand: Strand


@dataclass(frozen=True, slots=True)
class Meeting:
    """A sign in a circle: maps meet without lying side by side."""

    id: str
    path: str
    shape: Shape
    symbol: Symbol
    strand: Strand


Item = Map | Meeting


@dataclass(frozen=True, slots=True)
class Link:
    """What leads from one item to another.

    Args:
        part: Which part of the target it ends at.
        text: What it does, in the legend's words.
        words: What is written on it, in one or two pieces.
        crop: The size of the part of the source that goes on, where some of it is cut off.
    """

    source: str
    target: str
    part: int
    kind: ArrowKind
    text: str
    words: tuple[str, ...] = ()
    dashed: bool = False
    crop: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """All of it, in the order in which the network runs."""

    items: tuple[Item, ...]
    links: tuple[Link, ...]
