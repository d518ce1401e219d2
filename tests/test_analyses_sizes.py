"""The legal sizes that are computed against those that tracing accepts."""

from __future__ import annotations

from importlib import import_module
from itertools import product
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.networks import U, conv, paper_u, sample_u
from tests.random_networks import graphs, us
from unetgen.analyses import AxisSizes, legal_sizes, periods
from unetgen.analyses.axis_walk import rates
from unetgen.api import valid_sizes
from unetgen.ir import Builder, Network, Op, SizeError, trace, trace_problems
from unetgen.ir.ops import Add, Concat, CropLike, GlobalPool, Multiply, Norm, Pool, Resize

DEEP = U(depth=8, dims=1, kernel=7, dilation=2, same=False, fit="crop_skip")
INSTANCE = Norm("instance", 1e-5, affine=True)
BATCH = Norm("batch", 1e-5, True)


def traces(network: Network, size: tuple[int, ...]) -> bool:
    return not trace_problems(network, size)


def chain(*ops: Op, dims: int = 1) -> Network:
    """Build ops one after the other."""
    b = Builder()
    x = image = b.input(4)
    with b.region("encoder.0", role="encoder", level=0, kind="chain", inputs=(image,)):
        for i, op in enumerate(ops):
            x = b(f"op{i}", op, x)
        b.close(x)
    return Network("chain", dims, image, (x,), tuple(b.regions))


def meeting(join: Op, *ops: Op) -> Network:
    """Let the input meet, on one axis, what a chain of ops makes of it."""
    b = Builder()
    x = image = b.input(1)
    with b.region("encoder.0", role="encoder", level=0, kind="meeting", inputs=(image,)):
        for i, op in enumerate(ops):
            x = b(f"op{i}", op, x)
        x = b.close(b("join", join, image, x))
    return Network("meeting", 1, image, (x,), tuple(b.regions))


@given(graphs(dims=1))
def test_the_sizes_of_any_graph_are_those_that_trace(network: Network) -> None:
    sizes = legal_sizes(network)
    assert [n for n in range(1, 200) if sizes.allows((n,))] == [n for n in range(1, 200) if traces(network, (n,))]


@given(graphs(dims=1), st.integers(200, 5000))
def test_the_pattern_of_any_graph_goes_on(network: Network, n: int) -> None:
    assert legal_sizes(network).allows((n,)) == traces(network, (n,))


@given(graphs(dims=2, nodes=5))
def test_the_sizes_of_any_two_axes_are_those_that_trace(network: Network) -> None:
    sizes = legal_sizes(network)
    grid = list(product(range(1, 14), repeat=2))
    assert [size for size in grid if sizes.allows(size)] == [size for size in grid if traces(network, size)]


@given(us(dims=1), st.integers(1, 2000))
def test_the_sizes_of_any_u_are_those_that_trace(u: U, n: int) -> None:
    network = sample_u(u)
    assert legal_sizes(network).allows((n,)) == traces(network, (n,))


@given(graphs(dims=1) | us(dims=1).map(sample_u))
def test_what_is_said_of_the_output_is_the_size_that_tracing_gives(network: Network) -> None:
    sizes = legal_sizes(network)
    found = {n: trace(network, (n,)).output.shape.size[0] - n for n in range(1, 120) if sizes.allows((n,))}
    if not sizes.kept:
        # Where maps of two resolutions meet, both may have one size by chance.
        assert sizes.axes[0].strays or rates(network, 0)[network.output.id] != 1 or 0 not in found.values()
        return
    (kept,) = sizes.kept
    assert {n for n, apart in found.items() if apart == 0} == {n for n in found if kept.sizes.allows(n)}
    assert all(kept.least <= apart <= kept.most for apart in found.values() if apart)
    assert bool(sizes.describe_output()) == bool(kept.least or kept.most)


@pytest.mark.parametrize(
    ("u", "words"),
    [
        (U(depth=2, join="none"), "that of the input for multiples of 4 from 4, else 1 to 3 smaller"),
        (U(depth=2, down="ceil_pool", join="none"), "that of the input for multiples of 4 from 4, else 1 to 3 larger"),
        (U(depth=2, fit="pad_up"), ""),
        (U(depth=2, same=False, fit="crop_skip"), ""),
        (U(depth=2), ""),
    ],
)
def test_which_sizes_the_output_keeps_in_words(u: U, words: str) -> None:
    assert legal_sizes(sample_u(u)).describe_output() == words


def test_axes_that_keep_other_sizes_are_told_apart() -> None:
    pool = Pool("max", (2, 1), (2, 1), (0, 0), ceil=True)
    sizes = legal_sizes(chain(pool, Resize((2, 1), "nearest"), dims=2))
    assert sizes.describe_output() == "axis 0: that of the input for multiples of 2 from 2, else 1 larger"


@given(us(), st.integers(1, 400))
def test_nearest_sizes_are_legal_and_nothing_lies_between(u: U, n: int) -> None:
    network = sample_u(u)
    sizes = legal_sizes(network)
    lower, upper = sizes.nearest((n,) * u.dims)[0]
    assert lower is None or traces(network, (lower,) * u.dims)
    assert upper is None or traces(network, (upper,) * u.dims)
    between = range((lower or 0) + 1, upper or n + 1)
    assert not any(traces(network, (m,) * u.dims) for m in between if m != n or lower != n)


@given(us(), st.integers(1, 500), st.integers(1, 7))
def test_valid_sizes_trace_and_come_nearest_first(u: U, near: int, count: int) -> None:
    network = sample_u(u)
    found = valid_sizes(network, near, count=count)
    assert all(traces(network, (n,) * u.dims) for n in found)
    assert list(found) == sorted(found, key=lambda n: (abs(n - near), n))
    assert not found or len(set(found)) == count


@given(st.integers(1, 40_000))
def test_a_deep_network_with_a_wide_reach_is_exact_too(n: int) -> None:
    network = sample_u(DEEP)
    assert legal_sizes(network).allows((n,)) == traces(network, (n,))


def test_the_first_legal_size_of_a_deep_network_is_the_first_that_traces() -> None:
    network, (axis,) = sample_u(DEEP), legal_sizes(sample_u(DEEP)).axes
    assert axis == AxisSizes(18408, 256, (0,))
    assert not any(traces(network, (n,)) for n in range(axis.minimum - 512, axis.minimum))


def test_sizes_near_570_for_the_network_of_2015() -> None:
    assert valid_sizes(paper_u(), near=570) == (572, 556, 588, 540, 604)


@pytest.mark.parametrize(
    ("u", "words"),
    [
        (U(depth=4, same=False, fit="crop_skip"), "188 + 16·k"),
        (U(depth=5), "multiples of 32 from 32"),
        (U(depth=3, fit="pad_up"), "any size from 8"),
        (U(depth=2, norm=INSTANCE), "multiples of 4 from 4, but not 4×4"),
        (U(depth=2, norm=INSTANCE, fit="pad_up"), "any size from 4, and larger than 7×7 on some axis"),
        (U(depth=2, norm=INSTANCE, dims=1), "multiples of 4 from 8"),
    ],
)
def test_sizes_in_words(u: U, words: str) -> None:
    assert legal_sizes(sample_u(u)).describe() == words


def test_axes_that_differ_are_told_apart() -> None:
    pool = Pool("max", (2, 4), (2, 4), (0, 0))
    network = chain(pool, Resize((2, 4), "nearest"), dims=2)
    assert legal_sizes(network).describe() == "axis 0: any size from 2; axis 1: any size from 4"
    assert legal_sizes(network).axes[1] == AxisSizes(4, 1, (0,))


def test_a_network_may_accept_nothing() -> None:
    sizes = legal_sizes(meeting(Concat(), conv(1, 1)))
    assert sizes.describe() == "no size at all"
    assert sizes.alike().empty
    assert sizes.nearest((50,)) == ((None, None),)


def test_a_constant_map_that_is_too_small_accepts_nothing() -> None:
    assert legal_sizes(chain(GlobalPool(), conv(1, 1))).axes[0].empty
    assert legal_sizes(chain(GlobalPool(), INSTANCE, dims=2)).axes[1].empty


def test_maps_of_two_rates_meet_at_single_sizes() -> None:
    # Twice the rounded-up third of n is n at 2 and at 4 only.
    network = meeting(Add(), conv(1, 1, 1, stride=3), Resize((2,), "nearest"))
    assert legal_sizes(network).axes[0] == AxisSizes(0, 1, (), (2, 4))
    assert legal_sizes(network).describe() == "2 or 4"


def test_a_crop_to_a_slower_map_has_twice_the_period() -> None:
    sizes = legal_sizes(meeting(CropLike(), Pool("max", (2,), (2,), (0,)))).axes[0]
    assert sizes == AxisSizes(3, 4, (0, 1))
    assert sizes.describe() == "3 + 4·k or 4 + 4·k"


def test_a_map_of_one_position_is_broadcast_by_chance() -> None:
    assert legal_sizes(meeting(Multiply(), conv(1, 1))).axes[0] == AxisSizes(0, 1, (), (3,))


def test_an_instance_norm_needs_one_axis_with_two_positions() -> None:
    network = sample_u(U(depth=2, norm=INSTANCE))
    sizes = legal_sizes(network)
    assert sizes.too_small == ((4, 4),)
    assert [sizes.allows(size) for size in ((4, 4), (4, 8), (8, 4))] == [False, True, True]
    assert sizes.nearest((5, 5)) == ((None, 8), (None, 8))
    assert valid_sizes(network, 1, count=2) == (8, 12)


@pytest.mark.parametrize(
    ("u", "words"),
    [
        (U(depth=2, norm=BATCH), "at batch 1: not 4×4"),
        (U(depth=2, norm=BATCH, fit="pad_up"), "at batch 1: larger than 7×7 on some axis"),
        (U(depth=2, norm=BATCH, dims=1), "at batch 1: not 4"),
        (U(depth=2, norm=BATCH, dims=1, fit="pad_up"), "at batch 1: larger than 7"),
        (U(depth=2, norm=BATCH, same=False, fit="crop_skip"), ""),
        (U(depth=2), ""),
    ],
)
def test_what_one_image_in_training_takes_in_words(u: U, words: str) -> None:
    assert legal_sizes(sample_u(u)).describe_training() == words


def test_behind_a_global_pool_no_single_image_trains() -> None:
    sizes = legal_sizes(chain(GlobalPool(), BATCH, dims=2))
    assert sizes.describe_training() == "at batch 1: no size at all"
    assert sizes.allows((9, 9)) and not sizes.allows_alone((9, 9))


def test_what_is_too_small_anyway_is_not_said_of_training() -> None:
    network = chain(Pool("max", (4, 4), (4, 4), (0, 0)), INSTANCE, BATCH, dims=2)
    assert legal_sizes(network).too_small == ((7, 7),)
    assert legal_sizes(network).too_small_alone == ()


@pytest.mark.parametrize("u", [U(depth=8), U(depth=8, dims=3, fit="pad_up", convs=4, norm=INSTANCE), DEEP])
def test_few_sizes_decide_about_all(u: U, monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("unetgen.analyses.legal_sizes")  # the package has a function of this name
    walks = Mock(wraps=module.walk)
    monkeypatch.setattr(module, "walk", walks)
    network = sample_u(u)
    legal_sizes(network)
    # The sizes of one period, and a bisection; axes that are alike are studied once.
    assert sum(len(sizes) for _, _, sizes in (call.args for call in walks.call_args_list)) < 2 * periods(network)[0]


def test_a_network_that_shrinks_without_end_is_refused_at_once() -> None:
    network = chain(*[Pool("max", (10,), (10,), (0,))] * 20)
    assert periods(network) == (10**20,)
    with pytest.raises(SizeError, match="repeat only after 100,000,000,000,000,000,000 pixels"):
        legal_sizes(network)


@given(st.sets(st.integers(0, 11), min_size=1), st.integers(0, 30), st.integers(1, 100))
def test_a_set_of_sizes_is_described_by_its_smallest_period(residues: set[int], first: int, n: int) -> None:
    members = {m for m in range(first, first + 12) if m % 12 in residues}
    sizes = AxisSizes.of(members, first=first, period=12)
    assert sizes.allows(n) == (n >= first and n % 12 in residues)
    assert sizes.offsets[0] == 0 and 12 % sizes.period == 0
    assert not any(residues == {(m + d) % 12 for m in residues} for d in range(1, sizes.period))


@given(st.sets(st.integers(1, 40)), st.sets(st.integers(41, 52)), st.integers(0, 80))
def test_sizes_beyond_a_number_are_the_larger_ones(early: set[int], later: set[int], least: int) -> None:
    sizes = AxisSizes.of(early | later, first=41, period=12)
    beyond = sizes.beyond(least)
    assert all(beyond.allows(n) == (n > least and sizes.allows(n)) for n in range(200))
