"""What differs between two networks, node by node: under one name another op, other inputs or another shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unetgen.ir import Network, Node, Shape, Value
from unetgen.ir.ops import Op

INPUT = "input"
"""What the network's input is called among its nodes."""


@dataclass(frozen=True, slots=True)
class Differences:
    """The paths of nodes, sorted by what became of them; those that are the same stand nowhere.

    Args:
        changed: What both networks have, and not alike.
        removed: What the first one has alone.
        new: What the second one has alone.
    """

    changed: frozenset[str]
    removed: frozenset[str]
    new: frozenset[str]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.changed or self.removed or self.new)


@dataclass(frozen=True, slots=True)
class Taken:
    """A map that a node takes: who gives it, and its shape."""

    giver: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class _Record:
    """All that makes a node what it is: two networks with the same records by the same paths are the same.

    `ends` says whether the node gives what its region gives, and `returned` at which places the network returns it.
    """

    op: Op
    shares: str | None
    inputs: tuple[Taken, ...]
    output: Shape
    ends: bool
    returned: tuple[int, ...]
    is_main: bool


def differences(before: Network, after: Network) -> Differences:
    """Compare two traced networks by the paths of their nodes; `input` stands for the input's shape.

    Where a map comes from another region, it is that region which counts, not how the node that ends it is called:
    what follows a stage is not another op because the stage ends with another one.
    """
    one, other = dict(_records(before)), dict(_records(after))
    changed = frozenset(path for path, record in one.items() if path in other and other[path] != record)
    return Differences(changed, frozenset(one.keys() - other.keys()), frozenset(other.keys() - one.keys()))


def _records(network: Network) -> Iterator[tuple[str, _Record | Shape]]:
    known = givers(network)
    yield INPUT, network.input.shape
    for region in network.regions:
        for node in region.nodes:
            yield node.path, _record(node, network, known, ends=node.output == region.output)


def _record(node: Node, network: Network, known: Mapping[Value, str], *, ends: bool) -> _Record:
    inputs = tuple(Taken(known[value], value.shape) for value in node.inputs)
    returned = tuple(place for place, value in enumerate(network.outputs) if value == node.output)
    is_main = node.output == network.output
    return _Record(node.op, node.shares, inputs, node.output.shape, ends, returned, is_main)


def givers(network: Network) -> dict[Value, str]:
    """Name who gives each map: the region that ends with it, else the node."""
    named = {network.input: INPUT}
    for region in network.regions:
        named |= {node.output: region.path if node.output == region.output else node.path for node in region.nodes}
    return named
