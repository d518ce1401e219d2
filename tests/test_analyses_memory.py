"""Bytes of feature maps; `test_memory.py` holds them to what torch does."""

from __future__ import annotations

import json
from statistics import median

import pytest
from hypothesis import given

from tests.conftest import TESTS
from tests.networks import U, sample_u
from tests.random_networks import us
from unetgen.analyses import legal_sizes, memory
from unetgen.api import lower
from unetgen.ir import Network, ops, trace
from unetgen.source.diagnostics import InternalError


def small(u: U) -> Network:
    network = sample_u(u)
    size = legal_sizes(network).alike().above(8)
    return trace(network, (size or 0,) * u.dims)


@given(us().filter(lambda u: not legal_sizes(sample_u(u)).alike().empty))
def test_a_convolution_has_all_its_maps_at_once(u: U) -> None:
    network = small(u)
    convs = [node for node in network.nodes if isinstance(node.op, ops.Conv | ops.ConvTransposed)]
    widest = max(4 * sum(v.shape.elements for v in (node.inputs[0], node.output)) for node in convs)
    assert widest <= memory(network).peak


def test_whoever_calls_holds_what_it_passes() -> None:
    network = sample_u(U(depth=1, dims=1, convs=1, filters=1, up="resize"), (8,))
    # On the way up the input (1x8), the skip (1x8) and the bottom's map (2x4) wait while one of 2x8 makes one of 1x8.
    assert memory(network).peak == 4 * (8 + 8 + 8 + 16 + 8)


def test_training_keeps_what_gradients_are_computed_from() -> None:
    network = sample_u(U(depth=1, dims=1, convs=1, filters=1, up="resize"), (8,))
    # What convolutions take (the input, 1x4 from the pool, 2x8 resized, 2x8 joined, 1x8 for the head), what activations
    # give (the skip and the bottom's map; the last one's goes to the head), and the places of 4 maxima, 8 bytes each.
    assert memory(network).kept == 4 * ((8 + 4 + 16 + 16 + 8) + (8 + 8)) + 8 * 4


def test_maps_take_little_more_than_any_module_needs() -> None:
    """The file says what it would take to drop every map after its last use, whoever holds it, in place nowhere."""
    least: dict[str, int] = json.loads((TESTS / "golden/reports/least-memory.json").read_text())
    held = {name: memory(lower(name)).peak for name in least}
    assert median(held[name] / least[name] for name in least) <= 1.15
    assert held["unet-2015"] <= 180 * 2**20


def test_a_network_without_sizes_is_our_mistake() -> None:
    with pytest.raises(InternalError, match="trace it first"):
        memory(sample_u())
