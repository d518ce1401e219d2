"""How much of the input one value of a map sees, for many maps in one walk.

# NOTE: [One period is enough]
Where every op moves with its input, a step of one period along a map moves all that is upstream by whole positions, so
the fields of one period are those of the whole map. A period is as long as it takes for the coarsest map upstream.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from unetgen.ir import Network, Node, Value, ops
from unetgen.source.diagnostics import InternalError

Interval = tuple[int, int]
"""First and last position along one axis; positions outside of a map stand for what its padding would hold."""
Positions = dict[int, set[int]]
"""Positions by the id of a value."""


@dataclass(frozen=True, slots=True)
class AxisField:
    """The extent in pixels along one axis of what one output value sees; it depends on where the value lies.

    After upsampling, neighbours see through different pooling windows: in the network of 2015 some values see 188
    pixels and the others 204.
    """

    minimum: int
    maximum: int


def receptive_fields(network: Network, values: Iterable[Value]) -> Mapping[Value, tuple[AxisField, ...] | None]:
    """Give, for each map and per axis, the extent of the input that its values see.

    It is the theoretical field: as if the input went on beyond its borders, and from the first to the last pixel that
    has any influence. That a normalisation may look at the whole map is not counted.

    Returns:
        One range per axis by map; None if a global pooling lets it see the whole input, whatever its size.

    Raises:
        InternalError: The network was never traced.
    """
    if not network.input.shape.size:
        raise InternalError("receptive fields were asked of a network without sizes; trace it first")
    asked = tuple(dict.fromkeys(values))
    blind = _global(network)
    local = tuple(value for value in asked if value.id not in blind)
    axes = [_axis(network, local, axis) for axis in range(network.dims)]
    return {value: None if value.id in blind else tuple(axis[value.id] for axis in axes) for value in asked}


def _global(network: Network) -> set[int]:
    """List the maps that a global pooling lets see everything."""
    found: set[int] = set()
    for node in network.nodes:
        if isinstance(node.op, ops.GlobalPool) or any(taken.id in found for taken in read(node)):
            found.add(node.output.id)
    return found


def _axis(network: Network, asked: tuple[Value, ...], axis: int) -> dict[int, AxisField]:
    periods = _periods(network, axis)
    starts = {
        value.id: range(min(value.shape.size[axis], periods.get(value.id) or value.shape.size[axis])) for value in asked
    }
    firsts, lasts = (_ends(network, starts, axis, end) for end in (0, 1))
    return {value.id: _extents(firsts[value.id], lasts[value.id], starts[value.id]) for value in asked}


def _extents(firsts: Mapping[int, int], lasts: Mapping[int, int], positions: range) -> AxisField:
    extents = [lasts[at] - firsts[at] + 1 for at in positions]
    return AxisField(min(extents), max(extents))


def _ends(network: Network, starts: Mapping[int, range], axis: int, end: int) -> dict[int, dict[int, int]]:
    """Give the first (0) or last (1) pixel that positions see, for every map on the way and every position needed."""
    nodes = tuple(network.nodes)
    needed: Positions = {id: set(positions) for id, positions in starts.items()}
    for node in reversed(nodes):
        for at in needed.get(node.output.id, ()):
            for taken in read(node):
                needed.setdefault(taken.id, set()).add(reach(node, taken, axis, (at, at))[end])
    furthest = (min, max)[end]
    seen = {network.input.id: {at: at for at in needed.get(network.input.id, ())}}
    for node in nodes:
        seen[node.output.id] = {
            at: furthest(seen[taken.id][reach(node, taken, axis, (at, at))[end]] for taken in read(node))
            for at in needed.get(node.output.id, ())
        }
    return seen


@dataclass(frozen=True, slots=True)
class _Pace:
    """How many pixels of the input one step along a map is, and the same for every map upstream.

    Example: below two poolings by 2, a step is 4 pixels, and those upstream are of 1, 2 and 4.
    """

    own: Fraction
    upstream: frozenset[Fraction]

    @property
    def period(self) -> int:
        return math.lcm(*((self.own / other).denominator for other in self.upstream))


def _periods(network: Network, axis: int) -> dict[int, int]:
    """Give the length of a period of each map, see [One period is enough]; those that have none are left out."""
    one = Fraction(1)
    paces: dict[int, _Pace | None] = {network.input.id: _Pace(one, frozenset({one}))}
    for node in network.nodes:
        paces[node.output.id] = _pace(node, [paces[taken.id] for taken in read(node)], axis)
    return {id: pace.period for id, pace in paces.items() if pace is not None}


def _pace(node: Node, taken: list[_Pace | None], axis: int) -> _Pace | None:
    step, known = _step(node, axis), [pace for pace in taken if pace is not None]
    if step is None or len(known) < len(taken) or len({pace.own for pace in known}) > 1:
        return None
    own = known[0].own * step
    return _Pace(own, frozenset({own}).union(*(pace.upstream for pace in known)))


def _step(node: Node, axis: int) -> Fraction | None:
    """Give the positions of the input that one step along the output is; None for an op that does not move with it."""
    match node.op:
        case ops.Conv() | ops.Pool() | ops.Blur() as op:
            return Fraction(op.stride[axis])
        case ops.ConvTransposed() as op:
            return Fraction(1, op.stride[axis])
        case ops.PixelShuffle() as op:
            return Fraction(1, op.factor[axis])
        case ops.Resize() as op:
            return None if op.align_corners else Fraction(1, op.factor[axis])
        case ops.ResizeLike():
            return None
        case ops.Multiply():
            return Fraction(1) if all(taken.shape.size == node.output.shape.size for taken in node.inputs) else None
        case _:
            return Fraction(1)


def read(node: Node) -> tuple[Value, ...]:
    """List the inputs whose values matter; of a map that others are fitted to, only the size does."""
    return node.inputs[:1] if isinstance(node.op, ops.CropLike | ops.PadLike | ops.ResizeLike) else node.inputs


def reach(node: Node, taken: Value, axis: int, interval: Interval) -> Interval:  # noqa: C901 - one case per op
    """Give the positions of one input that an interval of the output needs."""
    first, last = interval
    sizes = [value.shape.size[axis] for value in (taken, node.output)]
    match node.op:
        case ops.Conv() as op:
            return _window(interval, op.stride[axis], op.pads[axis][0], op.dilation[axis] * (op.kernel[axis] - 1))
        case ops.Pool() as op:
            return _window(interval, op.stride[axis], op.padding[axis], op.kernel[axis] - 1)
        case ops.Blur() as op:
            return _window(interval, op.stride[axis], (op.kernel - 1) // 2, op.kernel - 1)
        case ops.ConvTransposed() as op:
            stride, padding, kernel = op.stride[axis], op.padding[axis], op.kernel[axis]
            return -(-(first + padding - kernel + 1) // stride), (last + padding) // stride
        case (ops.Resize() | ops.ResizeLike()) as op:
            return _sampled(interval, sizes, op.mode, align=op.align_corners)
        case ops.PixelShuffle() as op:
            return first // op.factor[axis], last // op.factor[axis]
        case ops.Pad() as op:
            return first - op.pads[axis][0], last - op.pads[axis][0]
        case ops.CropLike():
            before = (sizes[0] - sizes[1]) // 2
            return first + before, last + before
        case ops.PadLike() as op:
            before = (sizes[1] - sizes[0]) // 2 if op.place == "centre" else 0
            return first - before, last - before
        case ops.Multiply() if sizes[0] == 1:
            return 0, 0
        case (
            ops.Norm() | ops.Activation() | ops.Dropout() | ops.Concat() | ops.Add() | ops.Maximum() | ops.Multiply()
            | ops.GlobalPool()
        ):  # fmt: skip
            return interval
        case _:
            assert_never(node.op)


def _window(interval: Interval, stride: int, before: int, further: int) -> Interval:
    first, last = interval
    return first * stride - before, last * stride - before + further


def _sampled(interval: Interval, sizes: Sequence[int], mode: ops.ResizeMode, *, align: bool) -> Interval:
    """Give the positions between which interpolation looks, as torch computes them, in whole numbers."""
    taken, given = sizes
    first, last = interval
    if mode == "nearest":
        return first * taken // given, last * taken // given
    if align:
        above, below = taken - 1, max(given - 1, 1)
        return first * above // below, -(-last * above // below)
    return ((2 * first + 1) * taken - given) // (2 * given), -(-((2 * last + 1) * taken - given) // (2 * given))
