"""What a link between two maps means: its kind, its words in the legend, and what is written on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from unetgen.analyses.op_names import SUM
from unetgen.drawing.model.deeds import FITTED, Beside, Deed, FitVerb, Said
from unetgen.drawing.model.figure import Badge, Item, Link, Map, Meeting, Strand
from unetgen.drawing.model.shapes import ArrowKind, Symbol
from unetgen.drawing.read.words import MEETS, said, size_text
from unetgen.ir import Node, Region, ops


@dataclass(frozen=True, slots=True)
class Way:
    """How a value is reached: from which item, through which nodes and signs, and the node that gave it its shape.

    `leaves` is the part of the item that it begins at, `finishing` what becomes of an output on the way, `led` what
    stands before its first sign.
    """

    source: str
    nodes: tuple[Node, ...] = ()
    badges: tuple[Badge, ...] = ()
    giver: Node | None = None
    strand: Strand | None = None
    leaves: int = 0
    finishing: tuple[Node, ...] = ()
    led: tuple[Node, ...] = ()

    def through(self, nodes: tuple[Node, ...], badge: Badge | None, output: Node, strand: Strand) -> Way:
        """Go on through more nodes, or a sign in their place."""
        badges = self.badges if badge is None else (*self.badges, badge)
        giver = self.giver if folds(output) and self.giver else output
        led = self.led if badge is None or self.badges else self.nodes
        return Way(self.source, (*self.nodes, *nodes), badges, giver, strand, self.leaves, self.finishing, led)

    @property
    def makes(self) -> tuple[Node, ...]:
        """What a map at its end stands for: all nodes on it, and those of a sign that gives the map its shape."""
        signed = (badge.nodes for badge in self.badges if badge.nodes[-1] is self.giver)
        return (*self.nodes, *(node for nodes in signed for node in nodes), *self.finishing)

    @property
    def is_empty(self) -> bool:
        """Whether nothing happens on it."""
        return not self.nodes and not self.badges


@dataclass(frozen=True, slots=True)
class Arrival:
    """A way's end at an item.

    Args:
        part: Which part of the item it ends at.
        in_stage: Whether it ends inside a stage.
        in_head: Whether that stage is the head.
        others: The other ways that meet there.
        is_main: Whether it is the way that runs along the row, rather than one that joins it.
        meeting: The node in which it meets the others.
    """

    way: Way
    target: Item
    part: int
    in_stage: bool
    in_head: bool
    others: tuple[Way, ...] = ()
    is_main: bool = True
    meeting: Node | None = None


def link_of(arrival: Arrival, source: Item, after: tuple[Node, ...]) -> Link:
    """Say what an arrival means; `after` are the nodes between the item it ends at and the box that follows."""
    kind = _kind(arrival, source)
    way = arrival.way
    nodes, does = way.nodes, way.makes if isinstance(arrival.target, Map) else way.nodes
    if kind in ("skip", "shortcut") and arrival.meeting is not None:
        does = (*does, arrival.meeting)
    link = Link(source.id, arrival.target.id, arrival.part, kind, badges=way.badges, leaves=way.leaves, nodes=does)
    match kind:
        case "head" if source.strand.level != arrival.target.strand.level:
            return replace(link, does=(Deed("output, brought to full size"),), dashed=True)
        case "conv" | "head" | "down" | "up":
            # A resize to the size of the skip may be all the upsampling there is, and no upsampling may be needed.
            through = _through(nodes) or _named(nodes)
            return replace(link, does=(Deed(_without_ops(link), through),))
        case "flow" | "signal":
            return link
        case "shortcut":
            dashed = any(isinstance(node.op, ops.Conv) for node in nodes)
            return replace(link, does=(_shortcut(arrival, after),), dashed=dashed, crop=_crop(nodes))
        case "skip":
            return replace(link, does=(_skip(arrival, after),), words=tuple(_skip_words(arrival)), crop=_crop(nodes))
        case _:
            assert_never(kind)


def _without_ops(link: Link) -> str:
    """Say what a link between levels does that leads through no op of its own.

    Example: in front of a block that halves its map itself, all of the way down is inside of the sign for the block.
    """
    return f"way {link.kind} inside of the block" if link.badges else "no resampling"


def _kind(arrival: Arrival, source: Item) -> ArrowKind:
    before, here = source.strand, arrival.target.strand
    if arrival.in_stage and not arrival.is_main:
        return "head" if arrival.in_head and before.level != here.level else "shortcut"
    if before.level != here.level:
        return "down" if before.level < here.level else "up"
    if before.side != here.side:
        return "skip"
    if not arrival.way.nodes or isinstance(source, Meeting):
        return "flow"
    return "head" if arrival.in_head else "conv"


def folds(node: Node) -> bool:
    """Say whether a node goes without a box: it changes neither channels nor sizes."""
    return isinstance(node.op, ops.Norm | ops.Activation | ops.Dropout)


def finishes(region: Region) -> bool:
    """Say whether a region makes an output of what a head gives."""
    return region.role == "head" and region.use in ("resize", "output")


def is_fit(node: Node) -> bool:
    """Say whether a node only makes a map as large as another."""
    return _fit(node) is not None


def computes(node: Node) -> bool:
    """Say whether a node makes a new map, rather than passing one on."""
    return not folds(node) and not is_fit(node)


def _through(nodes: tuple[Node, ...]) -> tuple[Said, ...]:
    """Name what a map goes through, but for fits."""
    return _named(node for node in nodes if not is_fit(node))


def _named(nodes: Iterable[Node]) -> tuple[Said, ...]:
    """Name ops in a row as one step of a way; give no step where there are no ops."""
    named = said(nodes)
    return (named,) if named else ()


@dataclass(frozen=True, slots=True)
class _SizeChange:
    """A change of size so that maps can meet."""

    verb: FitVerb
    before: tuple[int, ...]
    size: tuple[int, ...]

    @property
    def sizes(self) -> str:
        return f"{size_text(self.before)} → {size_text(self.size)}"


def _fit(node: Node) -> _SizeChange | None:
    before, size = node.inputs[0].shape.size, node.output.shape.size
    match node.op:
        case ops.CropLike():
            return _SizeChange("crop", before, size)
        case ops.PadLike():
            return _SizeChange("pad", before, size)
        case ops.ResizeLike():
            return _SizeChange("resize", before, size)
        case _:
            return None


def _fits(nodes: tuple[Node, ...]) -> Iterator[_SizeChange]:
    """List the fits that change anything at the size the network is drawn for."""
    for node in nodes:
        fit = _fit(node)
        if fit is not None and fit.before != fit.size:
            yield fit


def _crop(nodes: tuple[Node, ...]) -> tuple[int, ...] | None:
    return next((fit.size for fit in _fits(nodes) if fit.verb == "crop"), None)


def _skip_words(arrival: Arrival) -> Iterator[str]:
    """Give the pieces of what is written on a skip: what happens, and the sizes before and after."""
    own, others = list(_fits(arrival.way.nodes)), _other_fits(arrival)
    verb = MEETS[arrival.target.symbol] if isinstance(arrival.target, Meeting) else _copy(arrival)
    fits = [fit.verb for fit in own]
    first = " and ".join((*fits, verb) if isinstance(arrival.target, Meeting) else (verb, *fits))
    yield "; ".join((first, *(f"up {FITTED[fit.verb]}" for fit in others)))
    if own or others:
        yield ", ".join(fit.sizes for fit in (*own, *others))


def _copy(arrival: Arrival) -> str:
    return "skip" if arrival.way.badges or any(map(computes, arrival.way.nodes)) else "copy"


def _other_fits(arrival: Arrival) -> list[_SizeChange]:
    """List what was done to the maps that a skip meets; a way of fits alone is an upsampling, and no repair of one."""
    ways = (way.nodes for way in arrival.others if not all(map(is_fit, way.nodes)))
    return [fit for nodes in ways for fit in _fits(nodes)]


def _skip(arrival: Arrival, after: tuple[Node, ...]) -> Deed:
    own, others = (tuple(fit.verb for fit in fits) for fits in (_fits(arrival.way.nodes), _other_fits(arrival)))
    through = _through(arrival.way.nodes)
    if not isinstance(arrival.target, Meeting):
        beside: Beside = "after" if arrival.target.comes_last(arrival.part) else ""
        return Deed(_copy(arrival), through, own, beside=beside, others=others)
    return Deed("skip", through, own, MEETS[arrival.target.symbol], said(after), others=others)


def _shortcut(arrival: Arrival, after: tuple[Node, ...]) -> Deed:
    target, nodes = arrival.target, arrival.way.nodes
    through, fits = _through(nodes), tuple(fit.verb for fit in _fits(nodes))
    if not isinstance(target, Meeting):
        return Deed("copy", through, fits)
    is_told = bool(after) and target.symbol == "plus"
    meets, then = (SUM, said(after)) if is_told else ("", Said("", ""))
    return Deed(_BRANCHES[target.symbol], through, fits, meets, then)


_BRANCHES: dict[Symbol, str] = {
    "plus": "residual shortcut", "times": "map that is weighted", "max": "branch", "cat": "copy",
}  # fmt: skip
"""What a way to a meeting inside of a stage is called."""
