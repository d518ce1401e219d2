"""Bytes of feature maps."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.networks import U, sample_u
from tests.random_networks import us
from unetgen.analyses import legal_sizes, memory
from unetgen.ir import Network, trace
from unetgen.source.diagnostics import InternalError


def small(u: U) -> Network:
    network = sample_u(u)
    size = legal_sizes(network).alike().above(8)
    return trace(network, (size or 0,) * u.dims)


@given(us().filter(lambda u: not legal_sizes(sample_u(u)).alike().empty))
def test_the_peak_lies_between_the_widest_node_and_all_maps(u: U) -> None:
    network = small(u)
    maps = {v.id: 4 * v.shape.elements for node in network.nodes for v in (*node.inputs, node.output)}
    widest = max(sum(maps[id] for id in {v.id for v in (*n.inputs, n.output)}) for n in network.nodes)
    assert widest <= memory(network).peak <= memory(network).all == sum(maps.values())


def test_a_skip_is_alive_until_it_is_joined() -> None:
    network = sample_u(U(depth=1, dims=1, convs=1, filters=1, up="resize"), (8,))
    # Bottleneck convolution: the skip (1x8) is kept while 1x4 becomes 2x4; later, the join: 1x8, 1x8 and 2x8.
    assert memory(network).peak == 4 * (8 + 8 + 16)
    assert memory(network).all == 4 * sum(node.output.shape.elements for node in network.nodes) + 4 * 8


def test_a_network_without_sizes_is_our_mistake() -> None:
    with pytest.raises(InternalError, match="trace it first"):
        memory(sample_u())
