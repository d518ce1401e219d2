"""The guard of emitted modules: it accepts what is legal, and names what is legal near what is not."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from tests.networks import U, sample_u
from tests.random_networks import graphs, us
from tests.torch_samples import every_output, smallest
from unetgen.analyses import legal_sizes
from unetgen.backends.torch_module import load_module
from unetgen.backends.torch_source import emit_source
from unetgen.ir import Builder, Network, trace
from unetgen.ir.ops import Conv, PadLike

networks = st.integers(1, 3).flatmap(graphs).map(every_output) | us().map(sample_u)
MULTIPLES = "32, 64, 96, ... (multiples of 32)"


@given(networks, st.integers(1, 40))
@settings(suppress_health_check=list(HealthCheck))
def test_the_guard_accepts_what_is_legal(network: Network, n: int) -> None:
    if (traced := smallest(network)) is None:
        return
    legal, size = legal_sizes(traced), (n,) * traced.dims
    said = refusal(traced, size)
    assert (said is None) == legal.allows(size)
    first = next((axis for axis in legal.axes if not axis.allows(n)), None)
    assert said is None or first is None or nearest_in(said) == {first.below(n), first.above(n)} - {None}


@pytest.mark.parametrize("n", [1, 7, 8, 30])
def test_the_guard_names_sizes_that_follow_no_pattern(n: int) -> None:
    # A map of n pixels is padded to one of about n / 2 + 3, which is the larger one up to 7 pixels alone.
    b = Builder()
    image = b.input(2)
    with b.region("encoder.0", role="encoder", level=0, kind="plain", inputs=(image,)):
        small = b("conv", Conv(2, (1,), (2,), ((3, 3),), "zeros", (1,), 1, True), image)
        x = b.close(b("fit", PadLike("zeros"), image, small))
    network = trace(Network("few", 1, image, (x,), tuple(b.regions)), (5,))
    axis, said = legal_sizes(network).axes[0], refusal(network, (n,))
    assert not axis.offsets
    assert (said is None) == axis.allows(n) == (n <= 7)
    assert said is None or nearest_in(said) == {7}


def refusal(network: Network, size: tuple[int, ...]) -> str | None:
    """What the guard of the emitted module says of an input; None where it accepts it."""
    guard = vars(sys.modules[type(load_module(emit_source(network))).__module__])["check_input"]
    try:
        guard(nn.Parameter().data.new_empty(1, network.input.shape.channels, *size))
    except ValueError as error:
        return str(error)
    return None


def nearest_in(said: str) -> set[int]:
    return {int(n) for n in re.findall(r"\d+", said.partition("nearest")[2])} or {
        int(n) for n in re.findall(r"the smallest is (\d+)", said)
    }


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((1, 1, 64, 100), f"width 100 is not legal: sizes are {MULTIPLES}; nearest are 96 and 128"),
        ((1, 1, 7, 64), f"height 7 is not legal: sizes are {MULTIPLES}; nearest is 32"),
        ((1, 64, 64), "expected batch x 1 x height x width, found [1, 64, 64]"),
        ((1, 3, 64, 64), "expected batch x 1 x height x width, found [1, 3, 64, 64]"),
    ],
)
def test_an_illegal_input_is_told_what_is_legal(shape: tuple[int, ...], message: str) -> None:
    module = load_module(emit_source(sample_u(U(depth=5, filters=1, convs=1), (64, 64))))
    with pytest.raises(ValueError) as error:
        module(nn.Parameter().data.new_empty(shape))
    assert str(error.value) == message
