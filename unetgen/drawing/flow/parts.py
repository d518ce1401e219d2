"""Network -> a part of it: a region, or a block inside of one, with what goes in and what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from unetgen.drawing.read.contraction import stage_name
from unetgen.ir import Network, Node, Region, Value, ops

SIZED_ALIKE = (ops.CropLike, ops.PadLike, ops.ResizeLike)
"""Ops that take their second input for its size alone."""


@dataclass(frozen=True, slots=True)
class Part:
    """Nodes that are drawn by themselves.

    Args:
        path: What the network calls it.
        name: What people call it, such as `Encoder 2`.
        takes: What goes in from elsewhere, in the order in which it is needed, each with what it is called.
        gives: What comes out.
    """

    path: str
    name: str
    nodes: tuple[Node, ...]
    takes: tuple[tuple[Value, str], ...]
    gives: Value

    @property
    def paths(self) -> frozenset[str]:
        """The paths of its ops."""
        return frozenset(node.path for node in self.nodes)


def part_of(network: Network, path: str) -> Part | None:
    """Find a region, or a block inside of one, by its path; None where there is none, or nothing happens in it.

    A block is all that stands under a path, and has one result: `encoder.2.block1`, or `skip.1.gate`.
    """
    for region in network.regions:
        if region.path == path:
            return _part(network, region, path, region.nodes)
    for region in (region for region in network.regions if path.startswith(f"{region.path}.")):
        inside = tuple(node for node in region.nodes if node.path == path or node.path.startswith(f"{path}."))
        if inside:
            return _part(network, region, path, inside)
    return None


def part_in(network: Network, region: Region, nodes: tuple[Node, ...]) -> Part | None:
    """Give some nodes of a region as a part; None where they have no one result."""
    return _part(network, region, region.path, nodes)


def part_paths(network: Network) -> Iterator[str]:
    """List the regions in which something happens."""
    return (region.path for region in network.regions if region.nodes)


def _part(network: Network, region: Region, path: str, nodes: tuple[Node, ...]) -> Part | None:
    given = _given(network, nodes)
    if len(given) != 1:
        return None
    taken = tuple(_taken(nodes))
    named = {value: _giver(network, region, value) if len(taken) > 1 else "in" for value in taken}
    inner = path.removeprefix(f"{region.path}.") if path != region.path else ""
    name = stage_name(region) or region.path
    return Part(path, f"{name}: {inner}" if inner else name, nodes, tuple(named.items()), given[0])


def _given(network: Network, nodes: tuple[Node, ...]) -> tuple[Value, ...]:
    """List what is taken of nodes by others, or handed out by the network."""
    inside = {node.path for node in nodes}
    taken = {value.id for node in network.nodes if node.path not in inside for value in node.inputs}
    taken |= {value.id for value in network.outputs}
    return tuple(node.output for node in nodes if node.output.id in taken)


def _taken(nodes: tuple[Node, ...]) -> Iterator[Value]:
    made = {node.output.id for node in nodes}
    passed = (value for node in nodes for value in passed_on(node))
    yield from dict.fromkeys(value for value in passed if value.id not in made)


def passed_on(node: Node) -> tuple[Value, ...]:
    """List what a node takes for more than its size."""
    return node.inputs[:1] if isinstance(node.op, SIZED_ALIKE) else node.inputs


def _giver(network: Network, region: Region, value: Value) -> str:
    """Say what gives a value to a region: a stage by its name."""
    for other in network.regions:
        if any(node.output == value for node in other.nodes):
            return "in" if other.path == region.path else stage_name(other)
    return "Input"
