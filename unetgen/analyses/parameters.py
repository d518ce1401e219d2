"""How many numbers the network learns, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from unetgen.ir import Network, Node, Region

__all__ = ["ParameterReport", "parameters"]


@dataclass(frozen=True, slots=True)
class ParameterReport:
    """Learned parameters in total, by region path and by node path."""

    total: int
    by_region: Mapping[str, int]
    by_node: Mapping[str, int]

    def of(self, region_path: str) -> int:
        """Count the parameters of one region; KeyError if there is none of that path."""
        return self.by_region[region_path]


def parameters(network: Network) -> ParameterReport:
    """Count the learned parameters, as `sum(p.numel() for p in module.parameters())` does.

    Running statistics are buffers and count as zero. Weights that several nodes share count once, at the node that
    owns them.
    """
    by_region = {region.path: _region_parameters(region) for region in network.regions}
    by_node = {node.path: _node_parameters(node) for node in network.nodes}
    return ParameterReport(sum(by_region.values()), by_region, by_node)


def _region_parameters(region: Region) -> int:
    return sum(map(_node_parameters, region.nodes))


def _node_parameters(node: Node) -> int:
    return sum(weight.elements for weight in node.weights() if weight.learned)
