"""Who takes what: the nodes of a region that stand on a shortcut, not on the way along a row; who takes a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from unetgen.drawing.read.links import is_fit
from unetgen.drawing.read.scopes import around
from unetgen.ir import Network, Node, Region, Value, ops

MEETINGS: Final = (ops.Add, ops.Concat, ops.Maximum, ops.Multiply)
"""The ops in which ways meet."""


def branches(region: Region) -> frozenset[str]:
    """Name the nodes between a fork and a meeting that are not on the main way to it.

    That is the longest way but for what is declared a shortcut; of ways of one length, the one in no scope of its own.
    Example: one convolution beside a shortcut of a convolution, a norm and a crop is the main way.
    """
    givers = {node.output.id: node for node in region.nodes}
    far = _distances(region)
    taken = Counter(value.id for node in region.nodes for value in _passed(node))
    taken[region.output.id] += 1
    found: set[str] = set()
    for join in region.nodes:
        if isinstance(join.op, MEETINGS):
            ways = [(far.get(value.id, 0), tuple(_way(value, givers, taken))) for value in join.inputs]
            main = max(ways, key=lambda way: (not _is_shortcut(way[1], join), way[0], not _is_apart(way[1], join)))
            found.update(node.path for way in ways if way is not main for node in way[1])
    return frozenset(found)


def _distances(region: Region) -> dict[int, int]:
    """Count the nodes on the longest way to each value from what the region takes, but for fits."""
    far: dict[int, int] = {}
    for node in region.nodes:
        far[node.output.id] = (not is_fit(node)) + max(far.get(value.id, 0) for value in _passed(node))
    return far


def _passed(node: Node) -> tuple[Value, ...]:
    """List what a node passes on: a fit takes its second input for its size alone."""
    return node.inputs[:1] if is_fit(node) else node.inputs


def _way(value: Value, givers: dict[int, Node], taken: Counter[int]) -> Iterator[Node]:
    """Walk back from a value to where its way forks off, or to where other ways have met."""
    while value.id in givers and taken[value.id] == 1:
        node = givers[value.id]
        if isinstance(node.op, MEETINGS):
            return
        yield node
        value = node.inputs[0]


def _is_apart(way: tuple[Node, ...], join: Node) -> bool:
    return any(around(node) != around(join) for node in way)


def _is_shortcut(way: tuple[Node, ...], join: Node) -> bool:
    return any(node.within("shortcut") != join.within("shortcut") for node in way)


def takers_of(network: Network) -> dict[int, set[str]]:
    """Name the regions that take each value; an output of the network is taken from outside."""
    takers: dict[int, set[str]] = {}
    for region in network.regions:
        for node in region.nodes:
            for value in node.inputs:
                takers.setdefault(value.id, set()).add(region.path)
    for value in network.outputs:
        takers.setdefault(value.id, set()).add("")
    return takers
