"""What the module of a network holds in memory is what `summary` says of it, for the zoo and for any spec."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.memory_checks import holds_what_is_said, keeps_what_is_said
from tests.spec_strategies import Drawn, legal_specs
from unetgen.analyses import legal_sizes
from unetgen.api import lower
from unetgen.ir import Network, trace
from unetgen.language.zoo import zoo_names

# torch says so of every even kernel with `padding="same"`; the copy that it speaks of is counted.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")

FEW = settings(
    max_examples=40, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)  # fmt: skip
MANY = settings(max_examples=int(os.environ.get("UNETGEN_EXAMPLES", "5000")), suppress_health_check=list(HealthCheck))
LARGE = {1: 500, 2: 200, 3: 60}
"""Pixels along each axis, by number of axes: nothing is computed on them, and training mode refuses single pixels."""


@pytest.mark.parametrize("name", zoo_names())
def test_a_module_of_the_zoo_holds_what_is_said(name: str) -> None:
    network = lower(name)
    holds_what_is_said(network)
    keeps_what_is_said(network)


@FEW
@given(legal_specs())
def test_a_module_of_any_spec_holds_what_is_said(drawn: Drawn) -> None:
    any_module_holds_what_is_said(drawn.network)


@pytest.mark.deep
@MANY
@given(legal_specs())
def test_the_modules_of_many_specs_hold_what_is_said(drawn: Drawn) -> None:
    any_module_holds_what_is_said(drawn.network)


def any_module_holds_what_is_said(network: Network) -> None:
    holds_what_is_said(network)
    size = legal_sizes(network).alike().above(LARGE[network.dims])
    if size is not None:
        keeps_what_is_said(trace(network, (size,) * network.dims))
