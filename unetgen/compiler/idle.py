"""Leaving out what changes nothing: a resize of a map to the size that it already has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from unetgen.analyses import idle_resizes, legal_sizes
from unetgen.ir import Network, Value


def without_idle_resizes(network: Network) -> Network:
    """Leave out the resizes that no legal input needs.

    A part writes a resize because a network of another spec needs one there: the outputs of a UNet++ are brought to
    the size of the main one, which all maps of the top row have where the convolutions are padded.

    Returns:
        A network with the same legal sizes; the given one where the resizes alone decide what is legal.
    """
    if not (idle := idle_resizes(network)):
        return network
    found = _without(network, idle)
    return found if legal_sizes(found) == legal_sizes(network) else network


def _without(network: Network, idle: Collection[int]) -> Network:
    """Take out the nodes that give the values of `idle`, and the regions that hold no other.

    Example: in `b = resize(a)`, `c = conv(b)` with `b` in `idle`, what is left is `c = conv(a)`.
    """
    stands: dict[int, Value] = {}
    for node in network.nodes:
        if node.output.id in idle:
            first = node.inputs[0]
            stands[node.output.id] = stands.get(first.id, first)

    def taken(*values: Value) -> tuple[Value, ...]:
        return tuple(stands.get(value.id, value) for value in values)

    regions = []
    for region in network.regions:
        nodes = tuple(replace(node, inputs=taken(*node.inputs)) for node in region.nodes if node.output.id not in idle)
        if nodes or region.output.id not in idle:
            (output,) = taken(region.output)
            regions.append(replace(region, inputs=taken(*region.inputs), output=output, nodes=nodes))
    return replace(network, outputs=taken(*network.outputs), regions=tuple(regions))
