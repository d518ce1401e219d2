"""Every op has one owner among the things drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.drawing_samples import SAMPLES, sample
from tests.spec_strategies import Drawn, legal_specs
from unetgen.drawing import DETAILS, Detail, draw_network
from unetgen.drawing.read.drawn_facts import facts_of
from unetgen.ir import Network
from unetgen.language.zoo import zoo_names
from unetgen.source.diagnostics import InternalError


def holds(network: Network, detail: Detail) -> None:
    """Hold the law that something drawn stands for every op."""
    owned = {node.path for thing in draw_network(network, detail=detail).things for node in thing.nodes}
    assert owned == {node.path for node in network.nodes}


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", [*SAMPLES, *zoo_names()])
def test_something_drawn_stands_for_every_op(name: str, detail: Detail) -> None:
    holds(sample(name), detail)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=60)
@given(legal_specs(), st.sampled_from(DETAILS))
def test_something_drawn_stands_for_every_op_of_whatever_the_language_says(drawn: Drawn, detail: Detail) -> None:
    holds(drawn.network, detail)


def test_a_picture_in_which_nothing_stands_for_an_op_is_refused() -> None:
    network = sample("depth 1")
    things = tuple(
        replace(thing, nodes=tuple(node for node in thing.nodes if node.name != "norm2"))
        for thing in draw_network(network).things
    )
    with pytest.raises(InternalError, match=r"nothing that is drawn stands for encoder\.0\.norm2"):
        facts_of(network, things)
