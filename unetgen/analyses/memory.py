"""How many bytes the feature maps of one forward pass take."""

from __future__ import annotations

from dataclasses import dataclass

from unetgen.ir import Network
from unetgen.source.diagnostics import InternalError

_BYTES = 4
"""Of one float32."""


@dataclass(frozen=True, slots=True)
class MemoryReport:
    """Bytes of the feature maps for batch 1 in float32.

    Args:
        peak: The most that is alive at once when every map is dropped after its last use, as in inference.
        all: The input and every map together, roughly what training keeps for the backward pass.
    """

    peak: int
    all: int


def memory(network: Network) -> MemoryReport:
    """Add up feature maps at the size the network is traced for.

    Each op is taken to write a new map: in-place activations and fused kernels need less, the scratch space of
    convolution algorithms comes on top. Weights are not counted.

    Raises:
        InternalError: The network was never traced, so no map has a size.
    """
    if not network.input.shape.size:
        raise InternalError("memory was asked of a network without sizes; trace it first")
    last_use = {value.id: i for i, node in enumerate(network.nodes) for value in node.inputs}
    kept = {value.id for value in network.outputs}
    alive = {network.input.id: network.input.shape.elements}
    everything = peak = alive[network.input.id]
    for i, node in enumerate(network.nodes):
        alive[node.output.id] = node.output.shape.elements
        everything += node.output.shape.elements
        peak = max(peak, sum(alive.values()))
        alive = {id: n for id, n in alive.items() if id in kept or last_use.get(id, i) > i}
    return MemoryReport(peak * _BYTES, everything * _BYTES)
