"""Tracing: the same network at an input size, with every value's shape, or what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, replace

from unetgen.ir.network import Network, Node, Region, Value
from unetgen.ir.shape import Shape, SizeError

_TOO_FEW = "a normalisation over one single value has no variance; it needs a map of at least 2 positions"


@dataclass(frozen=True, slots=True)
class SizeProblem:
    """A node that cannot take the maps it would get: on which axis, their sizes there, and why."""

    region: Region
    node: Node
    axis: int
    sizes: tuple[int, ...]
    reason: str


class _Tracer:
    """The shapes found so far, by value id, and the problems met on the way."""

    def __init__(self) -> None:
        self.shapes: dict[int, Shape] = {}
        self.problems: list[SizeProblem] = []

    def visit(self, region: Region, node: Node) -> bool:
        """Compute one node's shape; False when nothing sensible follows."""
        inputs = [self.shapes[value.id] for value in node.inputs]
        sizes: list[int] = []
        for axis in range(len(inputs[0].size)):
            taken = tuple(shape.size[axis] for shape in inputs)
            try:
                sizes.append(node.op.size(axis, *taken))
            except SizeError as error:
                self.problems.append(SizeProblem(region, node, axis, taken, error.reason))
                if error.resume is None:
                    return False
                sizes.append(error.resume)
        self.shapes[node.output.id] = Shape(node.output.shape.channels, tuple(sizes))
        if inputs[0].pixels < node.op.least_pixels(inputs[0].channels):
            # One position means size 1 on every axis, so the first one stands for all.
            self.problems.append(SizeProblem(region, node, 0, (1,), _TOO_FEW))
        return True


def _run(network: Network, size: tuple[int, ...]) -> _Tracer:
    tracer = _Tracer()
    tracer.shapes[network.input.id] = Shape(network.input.shape.channels, size)
    for region in network.regions:
        for node in region.nodes:
            if not tracer.visit(region, node):
                return tracer
    return tracer


def trace_problems(network: Network, size: tuple[int, ...]) -> tuple[SizeProblem, ...]:
    """List what stands in the way of an input size, in the order of the forward pass; nothing when it is legal."""
    return tuple(_run(network, size).problems)


def trace(network: Network, size: tuple[int, ...]) -> Network:
    """Give the same network with the shapes it has for an input of `size`.

    Args:
        network: Any network, traced before or not.
        size: One size per spatial axis, in pixels.

    Raises:
        SizeError: The size is not legal; `trace_problems` lists every reason.
    """
    tracer = _run(network, size)
    if tracer.problems:
        raise SizeError(tracer.problems[0].reason)

    def typed(value: Value) -> Value:
        return Value(value.id, tracer.shapes[value.id])

    def node(n: Node) -> Node:
        return replace(n, inputs=tuple(map(typed, n.inputs)), output=typed(n.output))

    def region(r: Region) -> Region:
        return replace(r, inputs=tuple(map(typed, r.inputs)), output=typed(r.output), nodes=tuple(map(node, r.nodes)))

    return replace(
        network,
        input=typed(network.input),
        outputs=tuple(map(typed, network.outputs)),
        regions=tuple(map(region, network.regions)),
    )
