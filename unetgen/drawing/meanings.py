"""What a link between two maps means: its kind, its words in the legend, and what is written on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from unetgen.drawing.figure import Item, Link, Meeting
from unetgen.drawing.shapes import ArrowKind, Symbol
from unetgen.drawing.wording import chain_text, size_text
from unetgen.ir import Node
from unetgen.ir.ops import Conv, CropLike, PadLike, ResizeLike

__all__ = ["Arrival", "Way", "link_of"]


@dataclass(frozen=True, slots=True)
class Way:
    """How a value is reached: from which item, through which nodes."""

    source: str
    nodes: tuple[Node, ...] = ()

    def through(self, node: Node) -> Way:
        """Go on through one more node."""
        return Way(self.source, (*self.nodes, node))


@dataclass(frozen=True, slots=True)
class Arrival:
    """A way's end at an item.

    Args:
        part: Which part of the item it ends at.
        in_stage: Whether it ends inside a stage.
        in_head: Whether that stage is the head.
        others: The other ways that meet there.
        is_main: Whether it is the way that runs along the row, rather than one that joins it.
    """

    way: Way
    target: Item
    part: int
    in_stage: bool
    in_head: bool
    others: tuple[Way, ...] = ()
    is_main: bool = True


def link_of(arrival: Arrival, source: Item, after: tuple[Node, ...]) -> Link:
    """Say what an arrival means; `after` are the nodes between the item it ends at and the box that follows."""
    kind = _kind(arrival, source)
    link = Link(source.id, arrival.target.id, arrival.part, kind, "")
    nodes = arrival.way.nodes
    match kind:
        case "conv" | "head" | "down" | "up":
            return _with(link, chain_text(node for node in nodes if _fit(node) is None))
        case "flow":
            return link
        case "shortcut":
            dashed = any(isinstance(node.op, Conv) for node in nodes)
            return _with(link, _shortcut_text(arrival, after), dashed=dashed, crop=_crop(nodes))
        case "skip":
            return _with(link, _skip_text(arrival, after), words=tuple(_skip_words(arrival)), crop=_crop(nodes))
        case _:
            assert_never(kind)


def _with(
    link: Link,
    text: str,
    *,
    words: tuple[str, ...] = (),
    dashed: bool = False,
    crop: tuple[int, ...] | None = None,
) -> Link:
    return Link(link.source, link.target, link.part, link.kind, text, words, dashed, crop)


def _kind(arrival: Arrival, source: Item) -> ArrowKind:
    before, here = source.strand, arrival.target.strand
    if arrival.in_stage and not arrival.is_main:
        return "shortcut"
    if before.level != here.level:
        return "down" if before.level < here.level else "up"
    if before.side != here.side:
        return "skip"
    if isinstance(source, Meeting):
        return "flow"
    return "head" if arrival.in_head else "conv"


@dataclass(frozen=True, slots=True)
class _Fit:
    """A change of size so that maps can meet."""

    verb: Literal["crop", "pad", "resize"]
    before: tuple[int, ...]
    size: tuple[int, ...]

    @property
    def done(self) -> str:
        return {"crop": "cropped", "pad": "padded", "resize": "resized"}[self.verb]

    @property
    def sizes(self) -> str:
        return f"{size_text(self.before)} → {size_text(self.size)}"


def _fit(node: Node) -> _Fit | None:
    before, size = node.inputs[0].shape.size, node.output.shape.size
    match node.op:
        case CropLike():
            return _Fit("crop", before, size)
        case PadLike():
            return _Fit("pad", before, size)
        case ResizeLike():
            return _Fit("resize", before, size)
        case _:
            return None


def _fits(nodes: tuple[Node, ...]) -> Iterator[_Fit]:
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
    verb = "copy" if not isinstance(arrival.target, Meeting) else _MEETING[arrival.target.symbol].verb
    fits = [fit.verb for fit in own]
    first = " and ".join((*fits, verb) if isinstance(arrival.target, Meeting) else (verb, *fits))
    yield "; ".join((first, *(f"up {fit.done}" for fit in others)))
    if own or others:
        yield ", ".join(fit.sizes for fit in (*own, *others))


def _other_fits(arrival: Arrival) -> list[_Fit]:
    return [fit for way in arrival.others for fit in _fits(way.nodes)]


def _skip_text(arrival: Arrival, after: tuple[Node, ...]) -> str:
    own = [fit.verb for fit in _fits(arrival.way.nodes)]
    fitted = dict.fromkeys(f"upsampled map {fit.done} to fit" for fit in _other_fits(arrival))
    if not isinstance(arrival.target, Meeting):
        return "; ".join((" and ".join(("copy", *own)), *fitted))
    meets = _MEETING[arrival.target.symbol].meets
    verbs = (" and ".join(own),) if own else ()
    return "; ".join((", ".join(("skip", *verbs, *_then(meets, after))), *fitted))


def _shortcut_text(arrival: Arrival, after: tuple[Node, ...]) -> str:
    target, nodes = arrival.target, arrival.way.nodes
    through = chain_text(node for node in nodes if _fit(node) is None)
    done = dict.fromkeys(fit.done for fit in _fits(nodes))
    if not isinstance(target, Meeting):
        return ", ".join(filter(None, ("copy", through, *done)))
    name = _MEETING[target.symbol].branch
    text = ", ".join(filter(None, (name, through, *done)))
    return f"{text}; {', '.join(_then('sum', after))}" if after and target.symbol == "plus" else text


def _then(first: str, after: tuple[Node, ...]) -> tuple[str, ...]:
    return (first, chain_text(after)) if after else (first,)


@dataclass(frozen=True, slots=True)
class _Words:
    verb: str
    meets: str
    branch: str


_MEETING: dict[Symbol, _Words] = {
    "plus": _Words("add", "element-wise sum", "residual shortcut"),
    "times": _Words("multiply", "element-wise product", "weights"),
    "max": _Words("maximum", "element-wise maximum", "branch"),
}
