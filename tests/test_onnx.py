"""ONNX models: ONNX Runtime computes with them what the oracle and the emitted module compute."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import onnx
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import Tensor

import unetgen
from tests.command_line import folder, run  # noqa: F401 - a fixture that every test takes
from tests.conftest import TESTS
from tests.networks import U, sample_u
from tests.onnx_running import assert_alike, model_of, run_onnx, session_of
from tests.random_networks import graphs, us
from tests.torch_samples import (
    NORMS,
    OPS,
    OPS_OF_OTHER_AXES,
    activation,
    every_output,
    image,
    module_of,
    network_of,
    smallest,
    units,
    wanted,
)
from unetgen.backends.onnx import model
from unetgen.ir import Network, Op
from unetgen.ir.ops import Dropout, Norm, Pool
from unetgen.parts.catalog import ACTIVATIONS
from unetgen.source.problem import CannotRun, TooLarge

# Torch says so once per process; the copy that it warns of is what the network asks for.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")


def assert_is_the_network(network: Network) -> None:
    """Hold what ONNX Runtime makes of a network against the oracle."""
    x = image(network)
    assert_alike(run_onnx(model_of(network), x), wanted(network, x))


# The numbers


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_every_op_is_itself(op: Op) -> None:
    assert_is_the_network(network_of(op))


@pytest.mark.parametrize(("op", "size"), OPS_OF_OTHER_AXES)
def test_ops_of_one_and_three_axes_are_themselves(op: Op, size: tuple[int, ...]) -> None:
    assert_is_the_network(network_of(op, size=size))


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_every_activation_is_itself(kind: str) -> None:
    assert_is_the_network(units("ca", activation(kind), None))


@pytest.mark.parametrize("norm", NORMS.values(), ids=NORMS)
@pytest.mark.parametrize("dims", [1, 2, 3])
def test_every_norm_is_itself(norm: Norm | None, dims: int) -> None:
    assert_is_the_network(units("cn", activation("relu"), norm, dims=dims))


@given(st.integers(1, 3).flatmap(graphs).map(every_output) | us().map(sample_u))
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_a_model_is_its_network(network: Network) -> None:
    traced = smallest(network)
    if traced is None or any(isinstance(node.op, Pool) and network.dims == 3 for node in network.nodes):
        # Torch's average pooling in 3D refuses maps that are smaller than the kernel before they are padded.
        return
    assert_is_the_network(traced)


FITS = {
    "crop": (U(same=False, fit="crop_skip"), (44, 60), (52, 44)),
    "pad": (U(fit="pad_up"), (19, 22), (30, 17)),
    "resize": (U(fit="resize_up", dims=1, down="conv"), (19,), (33,)),
    "three": (U(depth=1, dims=3, up="resize", join="add"), (4, 6, 8), (6, 6, 4)),
}


@pytest.mark.parametrize("fit", FITS)
def test_a_model_takes_any_batch_and_any_legal_size(fit: str) -> None:
    made_of, size, other = FITS[fit]
    network = sample_u(made_of, size)
    module, session = module_of(network), model_of(network)
    for x in (image(network), image(network, batch=1), torch.randn(3, 1, *other)):
        assert_alike(run_onnx(session, x), [module(x)])


def test_what_is_dropped_in_training_is_nothing_in_a_model() -> None:
    assert_is_the_network(network_of(Dropout(0.5)))


RETURNS = {
    "list": "{levels: [1], returns: list}",
    "stack": "{levels: [1], returns: stack}",
    "in training": "{levels: [1], returns: list, in_eval: skip}",
    "native": "{levels: [1, 2], size: native, returns: list}",
}


@pytest.mark.parametrize("returns", RETURNS.values(), ids=RETURNS)
def test_a_model_gives_what_the_module_gives_in_eval_mode(returns: str) -> None:
    network = unetgen.lower(unetgen.parse(f"depth: 3\nfilters: 4\ninput_size: 16\nsupervision: {returns}\n"))
    x = image(network)
    found = module_of(network)(x)
    assert_alike(run_onnx(model_of(network), x), found if isinstance(found, list) else [found])


# The file


def written(*args: str) -> onnx.ModelProto:
    """Let the command write a model, and load it."""
    ended = run("export", "small.yaml", "-o", "small.onnx", *args)
    assert ended.exit_code == 0, ended.output
    return onnx.load("small.onnx")


def test_two_exports_are_equal_byte_by_byte() -> None:
    written()
    first = Path("small.onnx").read_bytes()
    torch.manual_seed(1)
    unetgen.export("small.yaml", "again.onnx")
    assert Path("again.onnx").read_bytes() == first


def test_a_model_names_no_place_and_no_date(folder: Path) -> None:  # noqa: F811
    data = written().SerializeToString()
    assert not [
        word for word in (str(folder), str(TESTS.parent), str(Path.home()), "20:", "202") if word.encode() in data
    ]


def test_a_model_says_what_it_is() -> None:
    said = written()
    assert (said.producer_name, said.producer_version) == ("unetgen", unetgen.__version__)
    assert {one.key: one.value for one in said.metadata_props} == {"legal_sizes": "multiples of 4 from 4"}
    (taken,), (given,) = said.graph.input, said.graph.output
    shapes = [[axis.dim_param or axis.dim_value for axis in one.type.tensor_type.shape.dim] for one in (taken, given)]
    assert (taken.name, given.name) == ("input", "output")
    assert shapes == [["batch", 1, "height", "width"], ["batch", 2, "height", "width"]]


def test_operators_and_numbers_are_called_as_in_the_module() -> None:
    said = written().graph
    keys = {key for key in unetgen.build("small.yaml").state_dict() if not key.endswith("num_batches_tracked")}
    assert {one.name for one in said.initializer} >= keys
    assert [one.name for one in said.node] == [node.path for node in unetgen.lower("small.yaml").nodes]


def test_axes_that_may_be_of_another_length_have_another_name() -> None:
    written("--set", "padding=valid", "--set", "skip={fit: crop_skip}", "--set", "input_size=44")
    shape = onnx.load("small.onnx").graph.output[0].type.tensor_type.shape.dim
    assert [axis.dim_param for axis in shape][2:] == ["output_height", "output_width"]


# Weights


def trained() -> tuple[dict[str, Tensor], Tensor, Tensor]:
    """Give the weights of a module, an image, and what the module makes of it."""
    torch.manual_seed(7)
    net, x = unetgen.build("small.yaml").eval(), torch.randn(1, 1, 8, 12)
    return net.state_dict(), x, net(x)


@pytest.mark.parametrize("given_as", ["file", "state dict"])
def test_a_model_has_the_weights_that_it_was_given(given_as: str) -> None:
    state, x, wanted_of_it = trained()
    save_file(state, "w.safetensors")
    if given_as == "file":
        written("--weights", "w.safetensors")
    else:
        unetgen.export("small.yaml", Path("small.onnx"), weights=state)
    assert_alike(run_onnx(session_of(Path("small.onnx").read_bytes()), x), [wanted_of_it])


def test_weights_of_another_network_are_refused() -> None:
    save_file({"x": torch.ones(1)}, "w.safetensors")
    ended = run("export", "small.yaml", "-o", "small.onnx", "--weights", "w.safetensors")
    assert ended.exit_code == 3
    assert "are not those of this network" in ended.stderr
    assert not Path("small.onnx").exists()
    with pytest.raises(CannotRun):
        unetgen.export("small.yaml", "small.onnx", weights="w.safetensors")


def test_what_does_not_fit_into_one_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MAX_WEIGHTS", 1000)
    with pytest.raises(TooLarge, match="2 GiB"):
        unetgen.export("small.yaml", "small.onnx")
    assert run("export", "small.yaml", "-o", "small.onnx").exit_code == 4


# The command


def test_the_command_says_what_it_wrote_and_with_which_weights() -> None:
    said = run("export", "small.yaml", "-o", "small.onnx").stderr.splitlines()
    assert said[0].startswith("note: the weights are random")
    assert said[-1] == "wrote small.onnx"
    save_file(trained()[0], "w.safetensors")
    assert run("export", "small.yaml", "-o", "a.onnx", "--weights", "w.safetensors").stderr == "wrote a.onnx\n"


def test_the_command_writes_to_standard_output() -> None:
    ended = run("export", "-", "-o", "-", text=Path("small.yaml").read_text())
    onnx.checker.check_model(onnx.load_model_from_string(ended.stdout_bytes))


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["-o", "small.pt"], 2, '"small.pt" does not end in .onnx'),
        (["-o", "none/small.onnx"], 3, 'cannot write "none/small.onnx"'),
        (["-o", "small.onnx", "--weights", "none.safetensors"], 3, 'cannot read "none.safetensors"'),
        (["-o", "small.onnx", "--set", "depth=0"], 1, "depth"),
    ],
)
def test_the_command_says_what_is_in_the_way(args: list[str], code: int, said: str) -> None:
    ended = run("export", "small.yaml", *args)
    assert ended.exit_code == code
    assert said in " ".join(ended.stderr.split())
    assert not Path("small.onnx").exists()


def test_what_is_not_installed_is_named_with_the_command() -> None:
    program = (
        # Torch is not even looked for: it would warn where NumPy is missing, too.
        "import sys; sys.modules.update(onnx=None, torch=None)\nfrom unetgen.cli.app import app\n"
        "app.main(['export', 'small.yaml', '-o', 'small.onnx'])"
    )
    path = {"PYTHONPATH": str(TESTS.parent)}
    ended = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, env=path)
    assert ended.returncode == 3
    assert ended.stderr.splitlines() == [
        "error: cannot write ONNX without onnx",
        "  = help: `pip install 'unetgen[onnx]'`",
    ]
