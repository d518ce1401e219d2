"""How much of the input the values of many maps see, found in one walk.

# NOTE: [One period is enough]
Where every op moves with its input, a step of one period along a map moves all that is upstream by whole positions, so
the fields of one period are those of the whole map. A period is as long as it takes for the coarsest map upstream.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from unetgen.analyses.receptive_field import AxisField, _reach, _read
from unetgen.ir import Network, Node, Value
from unetgen.ir.ops import Blur, Conv, ConvTransposed, GlobalPool, Multiply, PixelShuffle, Pool, Resize, ResizeLike
from unetgen.source.diagnostics import InternalError

__all__ = ["receptive_fields"]

Positions = dict[int, set[int]]
"""Positions by the id of a value."""


def receptive_fields(network: Network, values: Iterable[Value]) -> Mapping[Value, tuple[AxisField, ...] | None]:
    """Give for many maps what `receptive_field` gives for one.

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
        if isinstance(node.op, GlobalPool) or any(taken.id in found for taken in _read(node)):
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
            for taken in _read(node):
                needed.setdefault(taken.id, set()).add(_reach(node, taken, axis, (at, at))[end])
    furthest = (min, max)[end]
    seen = {network.input.id: {at: at for at in needed.get(network.input.id, ())}}
    for node in nodes:
        seen[node.output.id] = {
            at: furthest(seen[taken.id][_reach(node, taken, axis, (at, at))[end]] for taken in _read(node))
            for at in needed.get(node.output.id, ())
        }
    return seen


@dataclass(frozen=True, slots=True)
class _Pace:
    """How many pixels of the input one step along a map is, and the same for every map upstream."""

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
        paces[node.output.id] = _pace(node, [paces[taken.id] for taken in _read(node)], axis)
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
        case Conv() | Pool() | Blur() as op:
            return Fraction(op.stride[axis])
        case ConvTransposed() as op:
            return Fraction(1, op.stride[axis])
        case PixelShuffle() as op:
            return Fraction(1, op.factor[axis])
        case Resize() as op:
            return None if op.align_corners else Fraction(1, op.factor[axis])
        case ResizeLike():
            return None
        case Multiply():
            return Fraction(1) if all(taken.shape.size == node.output.shape.size for taken in node.inputs) else None
        case _:
            return Fraction(1)
