"""What differs between two networks, node by node: under one name another op, other inputs or another shape."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from unetgen.ir import Network, Node, Shape, Value, ops

INPUT: Final = ""
"""What stands for the network's input among the paths of its nodes, of which none is empty."""

K = TypeVar("K", bound=Hashable)
L = TypeVar("L", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Differences(Generic[K]):
    """Names, such as the paths of nodes, sorted by what became of what they stand for; what is the same stands nowhere.

    Args:
        changed: What both networks have, and not alike.
        follows: What both have alike, but on maps of other channels or sizes, as something before it changed.
        removed: What the first one has alone.
        new: What the second one has alone.
    """

    changed: frozenset[K]
    removed: frozenset[K]
    new: frozenset[K]
    follows: frozenset[K] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.changed or self.removed or self.new or self.follows)

    def __or__(self, other: Differences[L]) -> Differences[K | L]:
        """Put what differs of two kinds together."""
        return Differences(
            self.changed | other.changed,
            self.removed | other.removed,
            self.new | other.new,
            self.follows | other.follows,
        )


@dataclass(frozen=True, slots=True)
class _Taken:
    """A map that a node takes: who gives it, and its shape."""

    giver: str
    shape: Shape

    @property
    def said(self) -> object:
        """What it is, whatever its shape."""
        return self.giver


@dataclass(frozen=True, slots=True)
class _Record:
    """All that makes a node what it is: two networks with the same records by the same paths are the same.

    `ends` says whether the node gives what its region gives, and `returned` at which places the network returns it.
    """

    op: ops.Op
    shares: str | None
    inputs: tuple[_Taken, ...]
    output: Shape
    ends: bool
    returned: tuple[int, ...]
    is_main: bool

    @property
    def said(self) -> object:
        """What it is, whatever the shapes of its maps."""
        givers = tuple(taken.giver for taken in self.inputs)
        return self.op, self.shares, givers, self.ends, self.returned, self.is_main


_Compared = _Record | _Taken | Shape


def differences(before: Network, after: Network) -> Differences[str]:
    """Compare two traced networks by the paths of their nodes; `INPUT` stands for the input's shape.

    Where a map comes from another region, it is that region which counts, not how the node that ends it is called:
    what follows a stage is not another op because the stage ends with another one.
    """
    return _compared(dict(_records(before)), dict(_records(after)))


def part_differences(before: Network, after: Network) -> Differences[tuple[str, int]]:
    """Compare the maps that concatenations lay side by side, each by the path of the node and its place there."""
    return _compared(dict(_parts(before)), dict(_parts(after)))


def _compared(one: Mapping[K, _Compared], other: Mapping[K, _Compared]) -> Differences[K]:
    unlike = {name: record for name, record in one.items() if name in other and other[name] != record}
    follows = frozenset(name for name, record in unlike.items() if _said(record) == _said(other[name]))
    alone = frozenset(one.keys() - other.keys()), frozenset(other.keys() - one.keys())
    return Differences(frozenset(unlike) - follows, *alone, follows)


def _said(compared: _Compared) -> object:
    """Give what somebody chose: the shape of the input, and all else but the shapes that follow."""
    return compared if isinstance(compared, Shape) else compared.said


def _parts(network: Network) -> Iterator[tuple[tuple[str, int], _Taken]]:
    known = _givers(network)
    for node in network.nodes:
        if isinstance(node.op, ops.Concat):
            yield from (((node.path, n), _Taken(known[value], value.shape)) for n, value in enumerate(node.inputs))


def _records(network: Network) -> Iterator[tuple[str, _Record | Shape]]:
    known = _givers(network)
    yield INPUT, network.input.shape
    for region in network.regions:
        for node in region.nodes:
            yield node.path, _record(node, network, known, ends=node.output == region.output)


def _record(node: Node, network: Network, known: Mapping[Value, str], *, ends: bool) -> _Record:
    inputs = tuple(_Taken(known[value], value.shape) for value in node.inputs)
    returned = tuple(place for place, value in enumerate(network.outputs) if value == node.output)
    is_main = node.output == network.output
    return _Record(node.op, node.shares, inputs, node.output.shape, ends, returned, is_main)


def _givers(network: Network) -> dict[Value, str]:
    """Name who gives each map: the region that ends with it, else the node."""
    named = {network.input: INPUT}
    for region in network.regions:
        named |= {node.output: region.path if node.output == region.output else node.path for node in region.nodes}
    return named
