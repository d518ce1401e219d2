"""Emitted modules at work: equal to the oracle, and good citizens of torch and of Python."""

from __future__ import annotations

import copy
import inspect
import io
import multiprocessing
import pickle
import subprocess
import sys
import traceback
import warnings
from contextlib import nullcontext
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.export import Dim
from torch.utils.data import DataLoader, Dataset

from tests.networks import U, sample_u
from tests.oracle import interpret, random_state
from tests.random_networks import graphs, us
from tests.torch_samples import (
    GROUP,
    NORMS,
    OPS,
    OPS_OF_OTHER_AXES,
    activation,
    conv,
    every_output,
    image,
    module_of,
    network_of,
    smallest,
    units,
    wanted,
)
from unetgen.backends.torch_module import load_module
from unetgen.backends.torch_source import emit_source
from unetgen.ir import Builder, Network, Op, trace
from unetgen.ir.ops import Add, Dropout, Maximum, Multiply, Norm, Pool
from unetgen.parts.catalog import ACTIVATIONS

# Torch says so once per process; the copy that it warns of is what the network asks for.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")

ORDERS = ("cna", "can", "nca", "nac", "acn", "anc", "cnad", "cdna", "dcna", "cda", "ca")
SMALL = sample_u(U(depth=2, filters=2, same=False, fit="crop_skip", norm=GROUP), (44, 60))


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def assert_is_the_network(network: Network, *, training: bool = False) -> None:
    """Hold an emitted module against the oracle, bit for bit."""
    x, module = image(network), module_of(network).train(training)
    torch.manual_seed(0)
    expected = wanted(network, x, training=training)
    torch.manual_seed(0)
    found = module(x)
    outputs = found if isinstance(found, list) else [found]
    assert len(outputs) == len(expected)
    assert all(torch.equal(one.nan_to_num(), other.nan_to_num()) for one, other in zip(outputs, expected, strict=True))


# Equal to the oracle


@given(st.integers(1, 3).flatmap(graphs).map(every_output) | us().map(sample_u), st.booleans())
@settings(suppress_health_check=list(HealthCheck))
def test_a_module_is_its_network(network: Network, training: bool) -> None:
    traced = smallest(network)
    if traced is None or any(isinstance(node.op, Pool) and network.dims == 3 for node in network.nodes):
        # Torch's average pooling in 3D refuses maps that are smaller than the kernel before they are padded.
        return
    assert_is_the_network(traced, training=training and not any(isinstance(node.op, Norm) for node in network.nodes))


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("order", ["cna", "nac", "ca"])
def test_every_activation_is_itself(kind: str, order: str) -> None:
    assert_is_the_network(units(order, activation(kind), GROUP))


@pytest.mark.parametrize("norm", NORMS.values(), ids=NORMS)
@pytest.mark.parametrize("dims", [1, 2, 3])
@pytest.mark.parametrize("training", [False, True])
def test_every_norm_is_itself(norm: Norm | None, dims: int, training: bool) -> None:
    assert_is_the_network(units("cna", activation("relu"), norm, dims=dims), training=training)


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_every_op_is_itself(op: Op) -> None:
    assert_is_the_network(network_of(op))


@pytest.mark.parametrize(("op", "size"), OPS_OF_OTHER_AXES)
def test_ops_of_one_and_three_axes_are_themselves(op: Op, size: tuple[int, ...]) -> None:
    assert_is_the_network(network_of(op, size=size))


@pytest.mark.parametrize("join", [Add(), Maximum(), Multiply()])
def test_every_joining_op_is_itself(join: Op) -> None:
    b = Builder()
    image = b.input(4)
    with b.region("encoder.0", role="encoder", level=0, kind="plain", inputs=(image,)):
        b.close(b("join", join, b("conv", conv(4), image), image))
    assert_is_the_network(trace(Network("join", 2, image, (b.regions[0].output,), tuple(b.regions)), (8, 8)))


@pytest.mark.parametrize("join", [Add(), Maximum()])
def test_an_op_that_joins_several_maps_is_itself(join: Op) -> None:
    b = Builder()
    image = b.input(4)
    with b.region("encoder.0", role="encoder", level=0, kind="plain", inputs=(image,)):
        b.close(b("join", join, b("conv1", conv(4), image), image, b("conv2", conv(4), image)))
    assert_is_the_network(trace(Network("join", 2, image, (b.regions[0].output,), tuple(b.regions)), (8, 8)))


@pytest.mark.parametrize("kind", ["elementwise", "channel", "path"])
@pytest.mark.parametrize("dims", [1, 2, 3])
def test_every_dropout_draws_as_torch_does(kind: str, dims: int) -> None:
    op = Dropout(0.5, kind)  # type: ignore[arg-type]  # parametrised
    assert_is_the_network(network_of(op, size=(5,) * dims), training=True)


@pytest.mark.parametrize("scope", ["", "again"])
def test_a_unit_may_run_again_with_the_same_weights(scope: str) -> None:
    b = Builder()
    x = image = b.input(4)
    with b.region("encoder.0", role="encoder", level=0, kind="plain", inputs=(image,)):
        x = b("act1", activation("elu"), b("conv1", conv(4), x))
        with b.scope(scope) if scope else nullcontext():
            x = b("conv2", conv(4), b("sum", Add(), x, image), shares="encoder.0.conv1")
            x = b("act1" if scope else "act2", activation("elu"), x)
        b.close(x)
    assert_is_the_network(trace(Network("again", 2, image, (x,), tuple(b.regions)), (8, 8)))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("shortcut", [False, True])
@pytest.mark.parametrize("norm", ["none", "batch", "instance-affine", "group"])
@pytest.mark.parametrize("kind", [kind for kind, row in ACTIVATIONS.items() if row.inplace])
def test_gradients_are_those_of_the_network(order: str, shortcut: bool, norm: str, kind: str) -> None:
    network = units(order, activation(kind), NORMS[norm], shortcut=shortcut)
    state = {key: value.double() for key, value in random_state(network).items()}
    module = load_module(emit_source(network)).double().train()
    module.load_state_dict(state)
    x, y = (image(network).double().requires_grad_() for _ in range(2))
    learned = [state[key].requires_grad_() for key, _ in module.named_parameters()]
    torch.manual_seed(0)
    expected = torch.autograd.grad(interpret(network, state, x, training=True)[0].square().sum(), [x, *learned])
    torch.manual_seed(0)
    found = torch.autograd.grad(module(y).square().sum(), [y, *module.parameters()])
    assert all(torch.allclose(one, other, rtol=1e-9) for one, other in zip(found, expected, strict=True))


# A citizen of torch


FITS = {
    "same": U(),
    "crop": U(same=False, fit="crop_skip"),
    "pad": U(fit="pad_up"),
    "resize": U(fit="resize_up", dims=1, down="conv"),
    "three": U(depth=1, dims=3, up="resize", join="add"),
}
SIZES = {"same": (16, 24), "crop": (44, 60), "pad": (19, 22), "resize": (19,), "three": (4, 6, 8)}
OTHER = {"same": (24, 20), "crop": (52, 44), "pad": (30, 17), "resize": (33,), "three": (6, 6, 4)}


@pytest.mark.parametrize("fit", FITS)
def test_a_module_compiles_whole(fit: str) -> None:
    torch._dynamo.reset()
    network = sample_u(FITS[fit], SIZES[fit])
    module, x = module_of(network), image(network)
    compiled = torch.compile(module, backend="aot_eager", fullgraph=True)
    assert torch.allclose(compiled(x), module(x), atol=1e-5)


@pytest.mark.parametrize(("fit", "step"), [("same", 4), ("crop", 4), ("pad", 1), ("resize", 1), ("three", 2)])
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_module_exports_with_sizes_that_may_change(fit: str, step: int) -> None:
    network = sample_u(FITS[fit], SIZES[fit])
    module, x = module_of(network), image(network)
    shapes = {
        axis: step * Dim(f"k{axis}", min=2, max=100) + n % step if step > 1 else Dim(f"k{axis}", min=8, max=100)
        for axis, n in enumerate(SIZES[fit], start=2)
    }
    exported = torch.export.export(module, (x,), dynamic_shapes={"x": shapes}).module()
    other = torch.randn(2, 1, *OTHER[fit])
    assert torch.equal(exported(other), module(other))


@pytest.mark.parametrize("fit", FITS)
def test_a_trace_warns_of_nothing_and_takes_other_sizes(fit: str) -> None:
    network = sample_u(FITS[fit], SIZES[fit])
    module, other = module_of(network), torch.randn(1, 1, *OTHER[fit])
    with warnings.catch_warnings():
        # Torch calls tracing itself deprecated.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        traced = torch.jit.trace(module, image(network))  # type: ignore[no-untyped-call]  # torch leaves it so
    assert torch.equal(traced(other), module(other))


def test_seeds_make_weights_repeatable() -> None:
    weights = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        weights.append(load_module(emit_source(SMALL)).get_parameter("head.weight"))
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_a_module_on_the_meta_device_has_no_weights_yet() -> None:
    with torch.device("meta"):
        module = load_module(emit_source(SMALL))
    assert {parameter.device.type for parameter in module.parameters()} == {"meta"}
    module = module.to_empty(device="cpu")
    module.load_state_dict(random_state(SMALL))
    assert torch.equal(module.eval()(image(SMALL)), module_of(SMALL)(image(SMALL)))


def test_every_op_that_is_a_module_is_printed() -> None:
    printed = repr(load_module(emit_source(sample_u(U(up="resize"), (8, 8)))))
    assert all(word in printed for word in ("MaxPool2d", "Upsample", "ReLU", "Conv2d"))


# A citizen of Python


def test_a_copy_is_apart_from_the_original() -> None:
    module, x = module_of(SMALL), image(SMALL)
    copied = copy.deepcopy(module)
    with torch.no_grad():
        copied.get_parameter("head.weight").zero_()
    assert type(copied) is type(module)
    assert module(x).std() > 0


@pytest.mark.parametrize("part", ["", "encoder.1", "decoder"])
def test_a_pickle_of_a_part_is_loaded_by_another_process(part: str, tmp_path: Path) -> None:
    module = module_of(SMALL).get_submodule(part)
    (tmp_path / "module.pkl").write_bytes(pickle.dumps(module))
    torch.save(module, tmp_path / "module.pt")
    code = (
        "import pickle, sys, torch; a = pickle.load(open(sys.argv[1], 'rb'));"
        "b = torch.load(sys.argv[2], weights_only=False); assert str(a) == str(b);"
        "print(sum(float(p.double().sum()) for p in a.parameters()))"
    )
    run = [sys.executable, "-W", "ignore", "-c", code, str(tmp_path / "module.pkl"), str(tmp_path / "module.pt")]
    printed = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    assert float(printed) == pytest.approx(sum(float(p.detach().double().sum()) for p in module.parameters()))


def test_loading_a_pickle_draws_no_random_numbers() -> None:
    pickled = pickle.dumps(module_of(SMALL))
    before = torch.get_rng_state()
    pickle.loads(pickled)
    assert torch.equal(torch.get_rng_state(), before)


def _apply(module: nn.Module, x: Tensor, results: multiprocessing.Queue[list[float]]) -> None:
    results.put(module(x).flatten().tolist())


def test_a_spawned_process_takes_a_module() -> None:
    module, x = module_of(SMALL), image(SMALL, batch=1)
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_apply, args=(module, x, results))
    process.start()
    found = results.get(timeout=60)
    process.join()
    assert torch.allclose(torch.tensor(found), module(x).flatten(), atol=1e-6)


class Mapped(Dataset[Tensor]):
    """Images that a module has seen."""

    def __init__(self, module: nn.Module, images: Tensor) -> None:
        self.module = module
        self.images = images

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, item: int) -> Tensor:
        with torch.no_grad():
            seen: Tensor = self.module(self.images[item : item + 1])
        return seen[0]


def test_a_worker_of_a_loader_takes_a_module() -> None:
    module, images = module_of(SMALL), image(SMALL)
    loader = DataLoader(Mapped(module, images), batch_size=2, num_workers=1, multiprocessing_context="spawn")
    expected = torch.cat([module(one[None]) for one in images])
    assert torch.allclose(next(iter(loader)), expected, atol=1e-5)


def test_a_state_dict_goes_round(tmp_path: Path) -> None:
    one, other = module_of(SMALL), load_module(emit_source(SMALL)).eval()
    file = io.BytesIO()
    torch.save(one.state_dict(), file)
    file.seek(0)
    other.load_state_dict(torch.load(file, weights_only=True))
    assert torch.equal(one(image(SMALL)), other(image(SMALL)))


def test_python_shows_the_source() -> None:
    source = emit_source(SMALL)
    kind = type(load_module(source))
    assert inspect.getsource(kind) in source
    assert inspect.getsource(sys.modules[kind.__module__]) == source


def test_a_traceback_shows_the_line_that_failed() -> None:
    module = module_of(SMALL)
    try:
        module.get_submodule("encoder.0")(torch.zeros(1, 7, 9, 9))
    except RuntimeError:
        assert "x = self.conv1(x)" in traceback.format_exc()


def test_the_same_source_gives_the_same_class() -> None:
    source = emit_source(SMALL)
    assert type(load_module(source)) is type(load_module(source))
