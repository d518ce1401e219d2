"""The sizes of every map along one axis, for many input sizes at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import assert_never

from unetgen.ir import Network, Node, Op, SizeError, ops


@dataclass(slots=True)
class AxisWalk:
    """What happens along one axis to a row of input sizes.

    `sizes` holds, by value id, one size per input size; where maps do not meet, the size with which tracing goes on.
    `meets` says, per input size, whether they all met. `blocked` is the first node that has nothing left to compute
    for one of the input sizes; the walk ends there.
    """

    sizes: dict[int, Sequence[int]]
    meets: list[bool]
    blocked: Node | None = None

    def visit(self, node: Node, axis: int) -> None:
        """Compute one node's sizes."""
        columns = [self.sizes[value.id] for value in node.inputs]
        if isinstance(node.op, ops.Norm | ops.Activation | ops.Dropout):
            self.sizes[node.output.id] = columns[0]
            return
        # Deep in a network many input sizes share one size: each is computed once.
        rows = list(zip(*columns, strict=True))
        table = _Table(node.op, axis)
        given = {row: table.size(row) for row in set(rows)}
        if table.blocked:
            self.blocked = node
            return
        self.sizes[node.output.id] = [given[row] for row in rows]
        if table.apart:
            self.meets = [met and row not in table.apart for met, row in zip(self.meets, rows, strict=True)]


@dataclass(slots=True)
class _Table:
    """One op on one axis: which inputs it refuses for good, and which only do not fit each other."""

    op: Op
    axis: int
    blocked: bool = False
    apart: set[tuple[int, ...]] = field(default_factory=set)

    def size(self, row: tuple[int, ...]) -> int:
        try:
            return self.op.size(self.axis, *row)
        except SizeError as error:
            if error.resume is None:
                self.blocked = True
                return 0
            self.apart.add(row)
            return error.resume


def walk(network: Network, axis: int, sizes: Sequence[int]) -> AxisWalk:
    """Give the size of every map along `axis` for each input size."""
    state = AxisWalk({network.input.id: sizes}, [True] * len(sizes))
    for node in network.nodes:
        state.visit(node, axis)
        if state.blocked:
            break
    return state


def rates(network: Network, axis: int) -> dict[int, Fraction]:
    """Give, by value id, by how much a map grows along `axis` per pixel of input: 1/4 after two halvings."""
    found = {network.input.id: Fraction(1)}
    for node in network.nodes:
        found[node.output.id] = _rate(node.op, axis, tuple(found[value.id] for value in node.inputs))
    return found


def _rate(op: Op, axis: int, taken: tuple[Fraction, ...]) -> Fraction:
    match op:
        case ops.Conv() | ops.Pool() | ops.Blur():
            return taken[0] / op.stride[axis]
        case ops.ConvTransposed():
            return taken[0] * op.stride[axis]
        case ops.Resize() | ops.PixelShuffle():
            return taken[0] * op.factor[axis]
        case ops.GlobalPool():
            return Fraction(0)
        case ops.ResizeLike() | ops.CropLike() | ops.PadLike():
            return taken[1]
        case (
            ops.Norm() | ops.Activation() | ops.Dropout() | ops.Pad() | ops.Concat() | ops.Add() | ops.Maximum()
            | ops.Multiply()
        ):  # fmt: skip
            return taken[0]
        case _:
            assert_never(op)
