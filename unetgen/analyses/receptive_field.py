"""How much of the input one value of the output sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from unetgen.ir import Network, Node, Value
from unetgen.ir.ops import (
    Activation,
    Add,
    Blur,
    Concat,
    Conv,
    ConvTransposed,
    CropLike,
    Dropout,
    GlobalPool,
    Maximum,
    Multiply,
    Norm,
    Pad,
    PadLike,
    PixelShuffle,
    Pool,
    Resize,
    ResizeLike,
    ResizeMode,
)
from unetgen.source.diagnostics import InternalError

_Interval = tuple[int, int]
"""First and last position along one axis; positions outside of a map stand for what its padding would hold."""


@dataclass(frozen=True, slots=True)
class AxisField:
    """The extent in pixels along one axis of what one output value sees; it depends on where the value lies.

    After upsampling, neighbours see through different pooling windows: in the network of 2015 some values see 188
    pixels and the others 204.
    """

    minimum: int
    maximum: int


def receptive_field(network: Network, value: Value | None = None) -> tuple[AxisField, ...] | None:
    """Give, per axis, the extent of the input that values of the main output (or of another map) see.

    It is the theoretical field: as if the input went on beyond its borders, and from the first to the last pixel that
    has any influence. That a normalisation may look at the whole map is not counted.

    Args:
        network: A traced network.
        value: The map to ask about; the main output unless given.

    Returns:
        One range per axis; None if a global pooling lets the map see the whole input, whatever its size.

    Raises:
        InternalError: The network was never traced.
    """
    if not network.input.shape.size:
        raise InternalError("the receptive field was asked of a network without sizes; trace it first")
    asked = value or network.output
    seen = _ancestors(network, asked)
    if any(isinstance(node.op, GlobalPool) for node in seen):
        return None
    return tuple(_axis_field(seen, network.input, asked, axis) for axis in range(network.dims))


def _ancestors(network: Network, value: Value) -> list[Node]:
    """List the nodes that a value depends on, last first."""
    wanted = {value.id}
    found = []
    for node in reversed(list(network.nodes)):
        if node.output.id in wanted:
            wanted.update(taken.id for taken in _read(node))
            found.append(node)
    return found


def _read(node: Node) -> tuple[Value, ...]:
    """List the inputs whose values matter; of a map that others are fitted to, only the size does."""
    return node.inputs[:1] if isinstance(node.op, CropLike | PadLike | ResizeLike) else node.inputs


def _axis_field(seen: list[Node], image: Value, asked: Value, axis: int) -> AxisField:
    positions = [(i, i) for i in range(asked.shape.size[axis])]
    # What each position of the asked map needs of every map on the way, from the output back to the input.
    needed: dict[int, list[_Interval]] = {asked.id: positions}
    for node in seen:
        for taken in _read(node):
            reach = [_reach(node, taken, axis, interval) for interval in needed[node.output.id]]
            needed[taken.id] = _hull(needed[taken.id], reach) if taken.id in needed else reach
    extents = [last - first + 1 for first, last in needed[image.id]]
    return AxisField(min(extents), max(extents))


def _hull(one: Sequence[_Interval], other: Sequence[_Interval]) -> list[_Interval]:
    return [(min(a, c), max(b, d)) for (a, b), (c, d) in zip(one, other, strict=True)]


def _reach(node: Node, taken: Value, axis: int, interval: _Interval) -> _Interval:  # noqa: C901 - one case per op
    """Give the positions of one input that an interval of the output needs."""
    first, last = interval
    sizes = [value.shape.size[axis] for value in (taken, node.output)]
    match node.op:
        case Conv() as op:
            reach = op.dilation[axis] * (op.kernel[axis] - 1)
            return _window(interval, op.stride[axis], op.pads[axis][0], reach)
        case Pool() as op:
            return _window(interval, op.stride[axis], op.padding[axis], op.kernel[axis] - 1)
        case Blur() as op:
            return _window(interval, op.stride[axis], (op.kernel - 1) // 2, op.kernel - 1)
        case ConvTransposed() as op:
            stride, padding, kernel = op.stride[axis], op.padding[axis], op.kernel[axis]
            return -(-(first + padding - kernel + 1) // stride), (last + padding) // stride
        case (Resize() | ResizeLike()) as op:
            return _sampled(interval, sizes, op.mode, align=op.align_corners)
        case PixelShuffle() as op:
            return first // op.factor[axis], last // op.factor[axis]
        case Pad() as op:
            return first - op.pads[axis][0], last - op.pads[axis][0]
        case CropLike():
            before = (sizes[0] - sizes[1]) // 2
            return first + before, last + before
        case PadLike() as op:
            before = (sizes[1] - sizes[0]) // 2 if op.place == "centre" else 0
            return first - before, last - before
        case Multiply() if sizes[0] == 1:
            return 0, 0
        case Norm() | Activation() | Dropout() | Concat() | Add() | Maximum() | Multiply() | GlobalPool():
            return interval
        case _:
            assert_never(node.op)


def _window(interval: _Interval, stride: int, before: int, reach: int) -> _Interval:
    first, last = interval
    return first * stride - before, last * stride - before + reach


def _sampled(interval: _Interval, sizes: Sequence[int], mode: ResizeMode, *, align: bool) -> _Interval:
    """Give the positions between which interpolation looks, as torch computes them, in whole numbers."""
    taken, given = sizes
    first, last = interval
    if mode == "nearest":
        return first * taken // given, last * taken // given
    if align:
        above, below = taken - 1, max(given - 1, 1)
        return first * above // below, -(-last * above // below)
    return ((2 * first + 1) * taken - given) // (2 * given), -(-((2 * last + 1) * taken - given) // (2 * given))
