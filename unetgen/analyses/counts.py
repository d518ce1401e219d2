"""What is counted of a network node by node, and added up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from unetgen.ir import Network, Node


@dataclass(frozen=True, slots=True)
class Count:
    """A count in total, by region path and by node path."""

    total: int
    by_region: Mapping[str, int]
    by_node: Mapping[str, int]


def count_nodes(network: Network, of: Callable[[Node], int]) -> Count:
    """Count what each node has `of` something."""
    by_region = {region.path: sum(map(of, region.nodes)) for region in network.regions}
    return Count(sum(by_region.values()), by_region, {node.path: of(node) for node in network.nodes})
