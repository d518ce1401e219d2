"""What the module of a network holds in memory is what `summary` says of it, for the zoo and for any spec."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.memory_checks import holds_what_is_said, keeps_what_is_said, releases_what_it_deletes
from tests.networks import U, sample_u
from tests.spec_strategies import Drawn, legal_specs
from tests.torch_samples import conv
from unetgen.analyses import legal_sizes
from unetgen.api import lower
from unetgen.backends.torch_source import emit_source
from unetgen.ir import Builder, Network, trace
from unetgen.ir.ops import Add
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
    releases_what_it_deletes(network)


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
    releases_what_it_deletes(network)
    size = legal_sizes(network).alike().above(LARGE[network.dims])
    if size is not None:
        keeps_what_is_said(trace(network, (size,) * network.dims))


# What is let go


def test_a_map_is_let_go_where_that_is_worth_a_line() -> None:
    """Level 3 has 1/64 of the pixels of the input, level 4 has 1/256."""
    source = emit_source(sample_u(U(depth=5), (32, 32)))
    assert [line.strip() for line in source.split("\n") if "del " in line] == [
        "del skip3", "del skip2", "del skip1", "del skip0",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "copied"), [("fc-densenet57", False), ("unet-2015", True)])
def test_a_crop_copies_where_a_view_would_hold_more(name: str, copied: bool) -> None:
    """One row and one column of 225 are not worth a copy; a border of 176 pixels of 568 is."""
    assert ("middle.clone()" in emit_source(lower(name))) == copied


def test_what_heads_give_is_not_let_go() -> None:
    b = Builder()
    image = b.input(4)
    maps = []
    for level in range(3):
        with b.region(f"heads.{level}", role="head", level=0, kind="conv", inputs=(image,)):
            maps.append(b.close(b("conv", conv(2), image)))
    with b.region("fuse", role="head", level=0, kind="conv", inputs=tuple(maps)):
        x = b.close(b("conv", conv(2), b("sum", Add(), *maps)))
    with b.region("stage", role="decoder", level=0, kind="plain", inputs=(x,)):
        b.close(b("sum", Add(), x, b("conv", conv(2), x)))
    network = Network("heads", 2, image, (b.regions[-1].output,), tuple(b.regions))
    assert "del " not in emit_source(trace(network, (8, 8)))
