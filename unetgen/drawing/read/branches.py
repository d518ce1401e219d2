"""Region -> the nodes that stand on a shortcut, not on the way that runs along a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from unetgen.drawing.read.scopes import around
from unetgen.ir import Node, Region, Value, ops

MEETINGS: Final = (ops.Add, ops.Concat, ops.Maximum, ops.Multiply)
"""The ops in which ways meet."""


def branches(region: Region) -> frozenset[str]:
    """Name the nodes between a fork and a meeting that are not on the longest way to it.

    Of ways of one length, the shortcut is the one in a scope of its own.
    """
    givers = {node.output.id: node for node in region.nodes}
    far = _distances(region)
    taken = Counter(value.id for node in region.nodes for value in node.inputs)
    taken[region.output.id] += 1
    found: set[str] = set()
    for join in region.nodes:
        if isinstance(join.op, MEETINGS):
            ways = [(far.get(value.id, 0), tuple(_way(value, givers, taken))) for value in join.inputs]
            main = max(ways, key=lambda way: (way[0], not _is_apart(way[1], join)))
            found.update(node.path for way in ways if way is not main for node in way[1])
    return frozenset(found)


def _distances(region: Region) -> dict[int, int]:
    """Count the nodes on the longest way to each value from what the region takes."""
    far: dict[int, int] = {}
    for node in region.nodes:
        far[node.output.id] = 1 + max(far.get(value.id, 0) for value in node.inputs)
    return far


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
