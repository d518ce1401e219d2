"""How many numbers the network learns, and where."""

from __future__ import annotations

from unetgen.analyses.counts import Count, count_nodes
from unetgen.ir import Network, Node


def parameters(network: Network) -> Count:
    """Count the learned parameters, as `sum(p.numel() for p in module.parameters())` does.

    Running statistics are buffers and count as zero. Weights that several nodes share count once, at the node that
    owns them.
    """
    return count_nodes(network, _node_parameters)


def _node_parameters(node: Node) -> int:
    return sum(weight.elements for weight in node.weights() if weight.learned)
