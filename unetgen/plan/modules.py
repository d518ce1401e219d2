"""Which ops are modules, with a name and a place in `print(model)`, and which are expressions in a `forward`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unetgen.ir import Network, Node, ops

Combination = ops.CropLike | ops.PadLike | ops.ResizeLike | ops.Concat | ops.Add | ops.Maximum | ops.Multiply
"""The ops that are expressions: they only cut, join or combine maps."""


def is_module(op: ops.Op) -> bool:
    """Say whether an op is a module with a name of its own; else it is an expression in `forward`."""
    return not isinstance(op, Combination)


_WASTE: Final = 100
"""How many times smaller than the largest map the border must be that a view of a cropped map would keep."""


def crops_are_views(network: Network) -> bool:
    """Say whether crops may keep the whole map: each is joined with another at once, and cuts off next to nothing."""
    nodes = tuple(network.nodes)
    crops = [node for node in nodes if isinstance(node.op, ops.CropLike)]
    largest = max(node.output.shape.elements for node in nodes)
    joined = all(isinstance(taker.op, ops.Concat) for node in crops for taker in _takers(node, nodes))
    waste = max((node.inputs[0].shape.elements - node.output.shape.elements for node in crops), default=0)
    return joined and waste * _WASTE <= largest


def _takers(node: Node, nodes: tuple[Node, ...]) -> Iterator[Node]:
    return (other for other in nodes if node.output in other.inputs)


def named_inputs(op: ops.Op) -> tuple[int, ...]:
    """List which inputs are read more than once, or for their size alone, and so need a name."""
    return (1,) if isinstance(op, ops.CropLike | ops.PadLike | ops.ResizeLike) else ()


def explicit_pads(op: ops.Op) -> ops.Pads | None:
    """Give the pads of a convolution that torch's own cannot add; None if it can add all."""
    if not isinstance(op, ops.Conv):
        return None
    uneven = any(before != after for before, after in op.pads)
    return op.pads if uneven and not has_same_pads(op) else None


def has_same_pads(op: ops.Conv) -> bool:
    """Say whether the pads are those of torch's `padding="same"`: the larger half after, at stride 1."""
    totals = (dilation * (kernel - 1) for dilation, kernel in zip(op.dilation, op.kernel, strict=True))
    return set(op.stride) == {1} and op.pads == tuple((total // 2, total - total // 2) for total in totals)
