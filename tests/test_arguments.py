"""Arguments of the network's class: other channels of input and output, and the main output alone."""

from __future__ import annotations

import inspect
import re

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from torch import Tensor, nn

import unetgen
from tests.spec_strategies import Drawn, legal_specs, write_yaml
from unetgen.analyses import parameters
from unetgen.backends.torch_module import load_module
from unetgen.compiler.pipeline import compile_like, compile_spec
from unetgen.language.spec import Spec
from unetgen.language.zoo import zoo_names

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")

SMALL = "depth: 2\nfilters: 4\n"
CHANNELS = ("in_channels", "out_channels")


def class_of(spec: Spec) -> type[nn.Module]:
    return type(module_of(spec))


def module_of(spec: Spec, **arguments: int) -> nn.Module:
    """Make the network of a spec, without weights."""
    with torch.device("meta"):
        module = load_module(unetgen.emit(spec))
        return type(module)(**arguments) if arguments else module


def takes(spec: Spec) -> set[str]:
    return set(inspect.signature(class_of(spec)).parameters)


def assert_is_the_spec(spec: Spec, **channels: int) -> None:
    """Hold the class, given other channels, to what the spec with these channels compiles to."""
    free = {name: channels[name] for name in CHANNELS if name in takes(spec)}
    network = compile_spec(spec)[1]
    own = dict(zip(CHANNELS, (network.input.shape.channels, network.output.shape.channels), strict=True))
    wanted = compile_like(spec, network, *(free.get(name, own[name]) for name in CHANNELS))
    if not free or wanted is None:
        return
    with torch.device("meta"):
        expected = load_module(unetgen.emit(wanted))
    found = module_of(spec, **free)
    shapes = {key: value.shape for key, value in found.state_dict().items()}
    if list(shapes) == list(expected.state_dict()):  # a projection is not left out where channels happen to be equal
        assert shapes == {key: value.shape for key, value in expected.state_dict().items()}
        assert sum(p.numel() for p in found.parameters() if p.requires_grad) == parameters(wanted).total
    x = torch.empty(2, *wanted.input.shape.as_list(), device="meta")
    given, made = found.eval()(x), expected.eval()(x)
    assert [y.shape for y in given] == [y.shape for y in made]


@pytest.mark.parametrize("name", zoo_names())
def test_a_network_of_the_zoo_takes_other_channels(name: str) -> None:
    assert_is_the_spec(unetgen.load(name), in_channels=16, out_channels=24)


def test_most_of_the_zoo_takes_other_channels() -> None:
    takers = {name for name in zoo_names() if set(CHANNELS) <= takes(unetgen.load(name))}
    # Where an input is repeated to the width of a stage or put into groups of a fixed number, it takes what it takes;
    # so does one that has to be as wide as the output.
    assert set(zoo_names()) - takers == {"pix2pix-unet-256", "pytorch-3dunet", "pytorch-3dunet-2d", "vnet"}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(legal_specs())
def test_any_network_takes_other_channels(drawn: Drawn) -> None:
    spec = unetgen.parse(write_yaml(drawn.plain))
    assert_is_the_spec(spec, in_channels=12, out_channels=20)


def test_what_is_given_reaches_every_place_that_needs_it() -> None:
    supervised = "supervision: {levels: [1], fuse: true}\n"
    module = module_of(unetgen.parse(f"{SMALL}{supervised}block: residual\n"), in_channels=5, out_channels=7)
    shapes = {key: tuple(value.shape) for key, value in module.state_dict().items()}
    assert {shape[0] for key, shape in shapes.items() if key.startswith(("head", "supervision"))} == {7}
    assert 14 in {shape[1] for shape in shapes.values() if len(shape) > 1}  # the fusion takes both outputs
    assert 5 in {shape[1] for key, shape in shapes.items() if key.startswith("encoder.0") and len(shape) > 1}


@pytest.mark.parametrize(
    ("last", "found"),
    [
        ("upsample: [{transposed_conv: {channels: 3}}, transposed_conv]\ndecoder: {convs: 0}\nskip: none\n", True),
        ("decoder: [{filters: 3}, {}]\n", True),
        ("decoder: [{filters: [8, 3]}, {}]\n", True),
        ("upsample: [{transposed_conv: {channels: 3}}, transposed_conv]\ndecoder: {convs: 0}\n", False),  # a skip more
    ],
)
def test_without_a_head_the_last_width_is_that_of_the_output(last: str, found: bool) -> None:
    spec = unetgen.parse(f"{SMALL}head: none\n{last}")
    assert ("out_channels" in takes(spec)) is found
    assert_is_the_spec(spec, in_channels=5, out_channels=7)
    if found:
        assert module_of(spec, out_channels=7)(torch.empty(1, 1, 8, 8, device="meta")).shape == (1, 7, 8, 8)


def test_the_check_of_the_input_knows_the_channels_of_the_instance() -> None:
    module = module_of(unetgen.parse(SMALL), in_channels=3)
    assert module(torch.empty(1, 3, 8, 8, device="meta")).shape == (1, 2, 8, 8)
    with pytest.raises(ValueError, match=re.escape("expected floats, batch x 3 x height x width, found [1, 1, 8, 8]")):
        module(torch.empty(1, 1, 8, 8, device="meta"))


def test_a_number_that_only_happens_to_be_equal_stays() -> None:
    spec = unetgen.parse("depth: 1\nfilters: 2\nin_channels: 3\nout_channels: 2\n")
    module = module_of(spec, out_channels=5)
    assert module.get_parameter("encoder.0.conv1.weight").shape[0] == 2


# -- deep supervision --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_eval", ["return", "compute", "skip"])
@pytest.mark.parametrize("returns", ["list", "stack"])
@pytest.mark.parametrize("training", [True, False])
def test_the_main_output_can_be_had_alone(in_eval: str, returns: str, training: bool) -> None:
    spec = unetgen.parse(f"{SMALL}norm: none\nsupervision: {{levels: [1], returns: {returns}, in_eval: {in_eval}}}\n")
    usual = load_module(unetgen.emit(spec)).train(training)
    alone = type(usual)(deep_supervision=False).train(training)
    alone.load_state_dict(usual.state_dict())
    x = torch.randn(2, 1, 8, 8)
    given, main = usual(x), alone(x)
    assert isinstance(main, Tensor) and main.ndim == 4
    several = training or in_eval == "return"
    first = given if not several else given[0] if returns == "list" else given[:, 0]
    assert torch.equal(main, first)


@pytest.mark.parametrize(("fuse", "idle"), [("false", True), ("true", False)])
def test_it_is_said_whether_heads_go_untrained_without_deep_supervision(fuse: str, idle: bool) -> None:
    spec = unetgen.parse(f"{SMALL}norm: none\nsupervision: {{levels: [1], fuse: {fuse}}}\n")
    module = type(load_module(unetgen.emit(spec)))(deep_supervision=False)
    module(torch.randn(1, 1, 8, 8)).sum().backward()
    assert any(weight.grad is None for weight in module.parameters()) is idle
    assert ("untrained" in (module.__doc__ or "")) is idle


def test_a_network_with_one_output_has_no_switch() -> None:
    assert takes(unetgen.parse(SMALL)) == set(CHANNELS)
    last = unetgen.parse(f"{SMALL}supervision: {{levels: [1], fuse: true, returns: last}}\n")
    assert "deep_supervision" not in takes(last)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("on", [True, False])
def test_torchscript_reads_the_arguments(on: bool) -> None:
    spec = unetgen.parse(f"{SMALL}supervision: {{levels: [1]}}\n")
    module = type(load_module(unetgen.emit(spec)))(in_channels=3, out_channels=4, deep_supervision=on).eval()
    given = torch.jit.script(module)(torch.zeros(1, 3, 8, 8))
    assert isinstance(given, list) == on
