"""The guard of emitted modules: it accepts what is legal, and names what is legal near what is not."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.export import Dim

from tests.networks import U, sample_u
from tests.random_networks import graphs, us
from tests.torch_samples import every_output, smallest
from unetgen.analyses import AxisSizes, LegalSizes, legal_sizes
from unetgen.api import lower, parse
from unetgen.backends.torch_module import load_module
from unetgen.backends.torch_source import emit_source
from unetgen.backends.torch_source.guard import guard_lines
from unetgen.ir import Builder, Network, trace
from unetgen.ir.ops import Conv, Norm, PadLike
from unetgen.language.zoo import zoo_names
from unetgen.reports import render_summary, summarize_network

networks = st.integers(1, 3).flatmap(graphs).map(every_output) | us().map(sample_u)
LEGAL = "legal sizes: multiples of 32 from 32"
WANTED = "expected floats, batch x 1 x height x width, found"


@given(networks, st.integers(1, 40))
@settings(suppress_health_check=list(HealthCheck))
def test_the_guard_accepts_what_is_legal(network: Network, n: int) -> None:
    if (traced := smallest(network)) is None:
        return
    legal, size = legal_sizes(traced), (n,) * traced.dims
    said = refusal(traced, size)
    assert (said is None) == legal.allows(size)
    if said is not None:
        assert f"legal sizes: {legal.describe()}" in said
        first = next((axis for axis in legal.axes if not axis.allows(n)), None)
        assert first is None or nearest_in(said) == neighbours(first, n)


@given(networks)
@settings(suppress_health_check=list(HealthCheck))
def test_one_image_trains_wherever_the_guard_lets_it(network: Network) -> None:
    if (traced := smallest(network)) is not None:
        assert_one_image_is_understood(traced)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")
@pytest.mark.parametrize("name", zoo_names())
def test_one_image_of_any_size_trains_or_is_refused_in_our_words(name: str) -> None:
    assert_one_image_is_understood(lower(name))


def assert_one_image_is_understood(network: Network) -> None:
    """Train on one image of the smallest legal sizes and those around what is too small: it runs, or we say why."""
    legal, module = legal_sizes(network), load_module(emit_source(network)).to("meta")
    for size in sizes_to_try(legal):
        x = torch.empty(1, network.input.shape.channels, *size, device="meta")
        module.eval()(x)
        module.train()
        if legal.allows_alone(size):
            module(x)
            continue
        with pytest.raises(ValueError) as error:
            module(x)
        assert str(error.value) == f"a norm needs more than one position; in training {legal.describe_training()}"
        module(torch.cat([x, x]))


def sizes_to_try(legal: LegalSizes) -> list[tuple[int, ...]]:
    """Legal sizes: those nearest to one pixel, to each corner, and to one pixel more on its first or on all axes."""
    ones = (1,) * len(legal.axes)
    corners = [ones, *legal.too_small, *(legal.too_small_alone or ())]
    more = [(first + 1, *rest) for first, *rest in corners] + [tuple(n + 1 for n in size) for size in corners]
    near = (legal.nearest(size) for size in (*corners, *more))
    above = (tuple(n for _, n in pairs if n is not None) for pairs in near)
    return sorted(size for size in {*above, *corners} if len(size) == len(ones) and legal.allows(size))


def neighbours(axis: AxisSizes, n: int) -> set[int]:
    """Give the legal sizes around one that is not: those below and above, or the two smallest.

    Where every size from one on is legal, or just a few are, the words say it already.
    """
    if not axis.offsets or (axis.period == 1 and not axis.strays):
        return set()
    low = axis.below(n) or axis.above(n) or 0
    return {low, axis.above(max(low, n) + 1) or 0}


@st.composite
def sizes_of_axes(draw: st.DrawFn) -> AxisSizes:
    """Any set of sizes that repeats, with single ones before it or without."""
    first, period = draw(st.integers(1, 40)), draw(st.integers(1, 16))
    pattern = draw(st.sets(st.integers(first, first + period - 1), min_size=1))
    return AxisSizes.of([*draw(st.sets(st.integers(1, first))), *pattern], first=first, period=period)


@given(st.lists(sizes_of_axes(), min_size=1, max_size=3), st.lists(st.integers(1, 90), min_size=3, max_size=3))
def test_any_set_of_sizes_has_an_exact_guard(axes: list[AxisSizes], size: list[int]) -> None:
    legal, shape = LegalSizes(tuple(axes)), tuple(size[: len(axes)])
    names: dict[str, Callable[[Tensor], None]] = {"Tensor": Tensor, "torch": torch}  # type: ignore[dict-item]  # exec's
    exec("\n".join(guard_lines(legal, 1)), names)
    try:
        names["check_input"](torch.empty(1, 1, *shape, device="meta"))
    except ValueError as error:
        first = next(place for place, axis in enumerate(axes) if not axis.allows(shape[place]))
        assert f" {shape[first]} is not legal; legal sizes: {legal.describe()}" in str(error)
        assert nearest_in(str(error)) == neighbours(axes[first], shape[first])
    else:
        assert legal.allows(shape)


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
    assert said is None or said == f"length {n} is not legal; legal sizes: 1 or 2 or 3 or 4 or 5 or 6 or 7"


def refusal(network: Network, size: tuple[int, ...]) -> str | None:
    """What the guard of the emitted module says of an input in eval mode; None where it accepts it."""
    guard = vars(sys.modules[type(load_module(emit_source(network))).__module__])["check_input"]
    training = (False,) if legal_sizes(network).describe_training() else ()
    try:
        guard(nn.Parameter().data.new_empty(1, network.input.shape.channels, *size), *training)
    except ValueError as error:
        return str(error)
    return None


def nearest_in(said: str) -> set[int]:
    return {int(n) for n in re.findall(r"\d+", said.partition("nearest")[2])}


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((1, 1, 64, 100), f"size 100 is not legal; {LEGAL}; nearest 96 and 128"),
        ((1, 1, 7, 64), f"size 7 is not legal; {LEGAL}; nearest 32 and 64"),
        ((1, 64, 64), f"{WANTED} [1, 64, 64] of torch.float32"),
        ((1, 3, 64, 64), f"{WANTED} [1, 3, 64, 64] of torch.float32"),
    ],
)
def test_an_illegal_input_is_told_what_is_legal(shape: tuple[int, ...], message: str) -> None:
    assert said_by(FIVE, torch.empty(shape)) == message


FIVE = sample_u(U(depth=5, filters=1, convs=1), (64, 64))


def said_by(network: Network, x: Tensor) -> str:
    with pytest.raises(ValueError) as error:
        load_module(emit_source(network))(x)
    return str(error.value)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int64, torch.bool, torch.complex64])
def test_numbers_that_are_no_floats_are_named(dtype: torch.dtype) -> None:
    assert said_by(FIVE, torch.zeros(1, 1, 64, 64, dtype=dtype)) == f"{WANTED} [1, 1, 64, 64] of {dtype}"


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_any_floats_are_taken_under_autocast(dtype: torch.dtype) -> None:
    module = load_module(emit_source(FIVE)).eval()
    with torch.autocast("cpu", torch.bfloat16):
        assert module(torch.zeros(1, 1, 64, 64, dtype=dtype)).dtype == torch.bfloat16


@pytest.mark.parametrize("axes", ["64, 61", "60, 64"])
def test_axes_of_different_rules_are_named(axes: str) -> None:
    spec = "depth: 2\nfilters: 1\ndownsample: {max_pool: {factor: [4, 2]}}\n"
    size = tuple(map(int, axes.split(", ")))
    word, n = ("height", 60) if size[0] == 60 else ("width", 61)
    network = lower(parse(spec))
    said = said_by(network, torch.empty(1, 1, *size))
    assert said.startswith(f"{word} {n} is not legal; legal sizes: {legal_sizes(network).describe()}; nearest ")


@pytest.mark.parametrize("name", zoo_names())
def test_guard_docstring_and_summary_say_the_same(name: str) -> None:
    network = lower(name)
    legal, source = legal_sizes(network), emit_source(network)
    head, guard = " ".join(source.partition("import torch")[0].split()), source[source.index("def check_input(") :]
    table = render_summary(summarize_network(network))
    assert f"Legal sizes: {legal.describe()}." in head
    assert f"legal sizes  {legal.describe()}" in table
    training = legal.describe_training()
    said = (f"In training {training}." in head, f"in training  {training}" in table, f"in training {training}" in guard)
    assert set(said) == {bool(training)}
    output = legal.describe_output()
    assert {f"Output size: {output}." in head, f"output size  {output}" in table} == {bool(output)}
    assert len(guard.splitlines()) <= 14 + (2 if legal.too_small else 0) + (3 if training else 0)


def test_the_usual_guard_has_twelve_lines() -> None:
    source = emit_source(lower("unet-2015"))
    assert len(source[source.index("def check_input(") :].splitlines()) == 12


ALONE = "a norm needs more than one position; in training at batch 1: not 4×4"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_compiled_or_scripted_module_refuses_one_small_image_in_training_alone() -> None:
    module = load_module(emit_source(sample_u(U(depth=2, norm=Norm("batch", 1e-5, True)), (8, 8))))
    small = torch.zeros(1, 1, 4, 4)
    for training in (True, False):
        torch._dynamo.reset()
        module.train(training)
        compiled = torch.compile(module, backend="aot_eager", fullgraph=True, dynamic=True)
        scripted = torch.jit.script(module)
        two = torch.zeros(2, 1, 4, 4)
        assert compiled(two).shape == scripted(two).shape == (2, 2, 4, 4)
        if not training:
            assert compiled(small).shape == scripted(small).shape == (1, 2, 4, 4)
            continue
        with pytest.raises(torch._dynamo.exc.Unsupported, match=ALONE):
            compiled(small)
        with pytest.raises(torch.jit.Error, match=ALONE):
            scripted(small)


@pytest.mark.parametrize("training", [True, False])
def test_a_batch_that_may_change_is_exported_in_both_modes(training: bool) -> None:
    module = load_module(emit_source(sample_u(U(depth=2, norm=Norm("batch", 1e-5, True)), (8, 8)))).train(training)
    free = {0: Dim("batch"), 2: 4 * Dim("k", min=2), 3: 4 * Dim("l", min=2)}
    program = torch.export.export(module, (torch.zeros(2, 1, 16, 16),), dynamic_shapes={"x": free})
    assert program.module()(torch.zeros(3, 1, 8, 12)).shape == (3, 2, 8, 12)


@pytest.mark.parametrize("dynamic", [None, True])
def test_a_compiled_module_keeps_the_sentence(dynamic: bool | None) -> None:
    torch._dynamo.reset()
    compiled = torch.compile(load_module(emit_source(FIVE)), backend="aot_eager", fullgraph=True, dynamic=dynamic)
    compiled(torch.zeros(1, 1, 64, 64))
    # A whole graph has no place for an exception: torch wraps ours into one of its own.
    with pytest.raises(torch._dynamo.exc.Unsupported, match=f"size 100 is not legal; {LEGAL}; nearest 96 and 128"):
        compiled(torch.zeros(1, 1, 64, 100))
    # Of a size that may change it says the symbol.
    with pytest.raises(torch._dynamo.exc.Unsupported, match=rf"{WANTED} \[1, 1, \w+, \w+\] of torch.uint8"):
        compiled(torch.zeros(1, 1, 64, 64, dtype=torch.uint8))
