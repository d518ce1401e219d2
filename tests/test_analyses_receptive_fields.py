"""Receptive fields of all maps at once: the same as one by one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.drawing_samples import SAMPLES, sample
from tests.networks import U, sample_u
from tests.random_networks import us
from tests.receptive_field import receptive_field
from unetgen.analyses import legal_sizes
from unetgen.analyses.receptive_fields import receptive_fields
from unetgen.api import lower
from unetgen.ir import Network, trace
from unetgen.source.diagnostics import InternalError


def helper_test_fields(network: Network, *, every: int = 1) -> None:
    values = [network.input, *(node.output for node in network.nodes)][::-every]
    fields = receptive_fields(network, values)
    assert fields == {value: receptive_field(network, value) for value in values}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_walk_finds_what_single_questions_find(name: str) -> None:
    helper_test_fields(sample(name), every=11)


@pytest.mark.parametrize("name", ["unet-2015", "u2netp", "unet3plus", "pytorch-3dunet-residual-se", "attention-unet"])
def test_networks_of_all_topologies_are_walked(name: str) -> None:
    helper_test_fields(lower(name), every=40)


@settings(max_examples=40)
@given(us())
def test_any_network_is_walked(u: U) -> None:
    network = sample_u(u)
    above = [n for _, n in legal_sizes(network).nearest((24,) * network.dims) if n is not None]
    if len(above) == network.dims:
        helper_test_fields(trace(network, tuple(above)))


def test_a_network_without_sizes_is_refused() -> None:
    network = sample_u(U())
    with pytest.raises(InternalError, match="without sizes"):
        receptive_fields(network, [network.input])
