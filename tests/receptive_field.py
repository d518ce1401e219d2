"""How much of the input one value sees, asked of one map: every position of it walks back by itself."""

from __future__ import annotations

from collections.abc import Sequence

from unetgen.analyses.receptive_fields import AxisField, Interval, reach, read
from unetgen.ir import Network, Node, Value, ops
from unetgen.source.diagnostics import InternalError


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
    if any(isinstance(node.op, ops.GlobalPool) for node in seen):
        return None
    return tuple(_axis_field(seen, network.input, asked, axis) for axis in range(network.dims))


def _ancestors(network: Network, value: Value) -> list[Node]:
    """List the nodes that a value depends on, last first."""
    wanted = {value.id}
    found = []
    for node in reversed(list(network.nodes)):
        if node.output.id in wanted:
            wanted.update(taken.id for taken in read(node))
            found.append(node)
    return found


def _axis_field(seen: list[Node], image: Value, asked: Value, axis: int) -> AxisField:
    positions = [(i, i) for i in range(asked.shape.size[axis])]
    # What each position of the asked map needs of every map on the way, from the output back to the input.
    needed: dict[int, list[Interval]] = {asked.id: positions}
    for node in seen:
        for taken in read(node):
            reached = [reach(node, taken, axis, interval) for interval in needed[node.output.id]]
            needed[taken.id] = _hull(needed[taken.id], reached) if taken.id in needed else reached
    extents = [last - first + 1 for first, last in needed[image.id]]
    return AxisField(min(extents), max(extents))


def _hull(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    return [(min(a, c), max(b, d)) for (a, b), (c, d) in zip(one, other, strict=True)]
