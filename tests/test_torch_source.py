"""The emitted source as text: that it says what it should, cannot be broken out of, and is well laid out."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from torch import nn

from tests.conftest import Golden
from tests.networks import U, paper_u, sample_u
from tests.oracle import state_shapes
from tests.random_networks import graphs, us
from tests.torch_samples import GROUP, activation, conv, every_output, network_of, smallest, units
from unetgen.api import lower
from unetgen.backends.torch_module import load_module
from unetgen.backends.torch_source import Maker, class_name, emit_source
from unetgen.ir import Builder, Init, Network, trace
from unetgen.ir.ops import (
    Activation,
    Add,
    Concat,
    Conv,
    CropLike,
    Dropout,
    Norm,
    Op,
    PixelShuffle,
)
from unetgen.ir.verify import MODULE_NAMES
from unetgen.language.zoo import zoo_names
from unetgen.parts.catalog import ACTIVATIONS
from unetgen.source.diagnostics import InternalError

networks = st.integers(1, 3).flatmap(graphs).map(every_output) | us().map(sample_u)
SMALL = U(depth=1, filters=8, same=False, fit="crop_skip", norm=GROUP)


def class_of(source: str, name: str) -> str:
    """Give the text of one class."""
    return next(part for part in source.split("\n\n\n") if part.startswith(f"class {name}("))


def lines_with(text: str, word: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if word in line]


def stages(*widths: tuple[int, ...], kernel: Iterable[int] = ()) -> Network:
    """Stages one after the other, each with these widths and, where given, its own kernel size."""
    b = Builder()
    x = image = b.input(1)
    kernels = tuple(kernel) or (3,) * len(widths)
    for level, (channels, size) in enumerate(zip(widths, kernels, strict=True)):
        with b.region(f"encoder.{level}", role="encoder", level=level, kind="plain", inputs=(x,)):
            for number, out in enumerate(channels, start=1):
                x = b(f"conv{number}", conv(out, kernel=size), x)
            b.close(x)
    return trace(Network("stages", 2, image, (x,), tuple(b.regions)), (8, 8))


# What is written


def test_small_network_is_written_as_approved(golden: Golden) -> None:
    golden("golden/source/small.py.txt", emit_source(replace(sample_u(SMALL, (20, 20)), init=Init("he_normal"))))


def test_paper_network_is_written_as_approved(golden: Golden) -> None:
    golden(
        "golden/source/paper.py.txt", emit_source(replace(paper_u(), name="unet-2015", reference="arXiv:1505.04597"))
    )


def test_emission_imports_no_torch() -> None:
    code = "import sys, unetgen.backends.torch_source; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_network_without_sizes_is_refused() -> None:
    with pytest.raises(InternalError, match="trace"):
        emit_source(sample_u(SMALL))


@given(networks)
@settings(suppress_health_check=list(HealthCheck))
def test_keys_of_the_state_dict_are_the_paths_of_the_nodes(network: Network) -> None:
    if (traced := smallest(network)) is None:
        return
    found = {key: tuple(tensor.shape) for key, tensor in load_module(emit_source(traced)).state_dict().items()}
    assert found == state_shapes(traced)
    for region in traced.regions:
        inside = [key for key in found if key.startswith(f"{region.path}.")]
        assert inside == [key for key in state_shapes(traced) if key.startswith(f"{region.path}.")]


def test_the_formatter_and_the_linter_have_nothing_to_say(tmp_path: Path) -> None:
    @given(networks)
    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
    def write(network: Network) -> None:
        if (traced := smallest(network)) is not None:
            source = emit_source(traced)
            (tmp_path / f"n{hash(source) % 10**9}.py").write_text(source, encoding="utf-8")

    write()
    assert ruff(tmp_path) == ""


def ruff(folder: Path) -> str:
    """Say what ruff's defaults have against a folder of files."""
    runs = (["format", "--diff"], ["check", "--no-cache", "--quiet", "--output-format", "concise"])
    said = ""
    for run in runs:
        command = [sys.executable, "-m", "ruff", *run, "--isolated", "."]
        said += subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout
    return said


# Strings of a spec


hostile = st.text(st.characters(exclude_categories=()), max_size=120)


@given(hostile, hostile, hostile)
@example('"""', "\\", '\n"""\nimport os\n"""')
@example("__import__('os')", '""""', "ends with \\")
@example("\ud800", "\u202e", "a" * 200)
def test_strings_of_a_spec_stay_inside_the_docstring(name: str, reference: str, note: str) -> None:
    plain = network_of(activation("relu"), name="x")
    network = replace(plain, name=name, reference=reference, notes=(note,))
    tree, other = ast.parse(emit_source(network)), ast.parse(emit_source(plain))
    top, usual = class_name(network), class_name(plain)
    assert top.isidentifier() and top.isascii()
    del tree.body[0], other.body[0]
    assert ast.unparse(tree).replace(f"class {top}(", f"class {usual}(") == ast.unparse(other)


def test_the_formatter_accepts_any_string_of_a_spec(tmp_path: Path) -> None:
    short = ('"', '"a', 'a"', '""', '"""', "\\", "a\\", "a\nb", " a ", "\u202e", "#", "{}")
    for number, text in enumerate((*short, "é" * 90, "a " * 90, "a" * 200)):
        network = replace(network_of(activation("relu")), name=text, reference=text, notes=(text, text))
        source = emit_source(network, Maker("1", f"{text}\n"))
        (tmp_path / f"n{number}.py").write_text(source, encoding="utf-8")
    assert ruff(tmp_path) == ""


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("unet-2015", "UNet2015"),
        ("unet-3d", "UNet3D"),
        ("keras_primer", "KerasPrimer"),
        ("u2netp", "U2NetP"),
        ("unet3plus", "UNet3Plus"),
        ("monai-basicunet-pp", "MONAIBasicUNetPlusPlus"),
        ("smp-linknet-resnet18", "SMPLinkNetResNet18"),
        ("nnunet-resenc-3d", "NNUNetResEnc3D"),
        ("resnets-up", "ResnetsUp"),
        ("3d", "UNet3D"),
        ("", "UNet"),
        ("none", "NoneNet"),
        ("f", "FNet"),
        ("tensor", "TensorNet"),
        ("value-error", "ValueErrorNet"),
        ("double-conv", "DoubleConvNet"),
        ("ünet", "Net"),
    ],
)
def test_the_class_of_the_network_shadows_nothing(name: str, found: str) -> None:
    assert class_name(replace(stages((4, 4)), name=name)) == found


@pytest.mark.parametrize(
    "module", [nn.Module(), nn.ModuleList(), nn.ModuleDict()], ids=lambda module: type(module).__name__
)
def test_no_node_takes_a_name_that_torch_needs(module: nn.Module) -> None:
    assert {name for name in dir(module) if not name.startswith("_")} <= MODULE_NAMES


LAYERS = (
    nn.Linear(1, 1), nn.Conv2d(1, 1, 1), nn.ConvTranspose2d(1, 1, 1), nn.PReLU(), nn.BatchNorm2d(1),
    nn.InstanceNorm2d(1, affine=True, track_running_stats=True), nn.GroupNorm(1, 1), nn.LayerNorm(1),
    nn.MultiheadAttention(1, 1, add_bias_kv=True),
)  # fmt: skip


def test_no_module_is_called_as_layers_call_their_weights() -> None:
    held = {name for layer in LAYERS for name, _ in (*layer.named_parameters(recurse=False), *layer.named_buffers())}
    numbers = {"in_features", "out_features", "in_channels", "out_channels", "kernel_size", "stride", "num_features"}
    assert held | numbers <= MODULE_NAMES


@pytest.mark.parametrize("name", zoo_names())
def test_only_layers_of_the_zoo_have_a_weight(name: str) -> None:
    with torch.device("meta"):
        module = load_module(emit_source(lower(name)))
    assert not [part for part in module.modules() if isinstance(getattr(part, "weight", None), nn.Module)]


# One class for what is built alike


def test_stages_that_differ_in_channels_share_a_class() -> None:
    source = emit_source(stages((4, 4), (8, 8), (16, 16)))
    assert lines_with(source, "DoubleConv(") == [
        "class DoubleConv(nn.Module):", "DoubleConv(1, 4),", "DoubleConv(4, 8),", "DoubleConv(8, 16),",
    ]  # fmt: skip


def test_a_width_that_varies_on_its_own_is_a_parameter() -> None:
    text = emit_source(stages((3, 4), (8, 8)))
    assert "DoubleConv(1, 3, 4), DoubleConv(4, 8, 8)" in text
    assert "def __init__(self, in_channels: int, mid_channels: int, out_channels: int)" in text


def test_a_width_that_follows_is_a_formula() -> None:
    assert "nn.Conv2d(in_channels, out_channels // 2, 3" in emit_source(stages((2, 4), (4, 8)))


def test_a_width_that_never_varies_is_a_literal() -> None:
    assert "nn.Conv2d(in_channels, 5, 3" in emit_source(stages((5, 4), (5, 8)))


def test_kernels_that_differ_are_a_parameter_and_leave_padding_to_torch() -> None:
    source = emit_source(stages((4, 4), (8, 8), kernel=(3, 5)))
    assert "DoubleConv(1, 4, kernel_size=3), DoubleConv(4, 8, kernel_size=5)" in source
    assert "in_channels, out_channels, kernel_size, padding=kernel_size // 2" in source


def test_two_structures_have_two_names() -> None:
    source = emit_source(stages((4, 4), (8, 8, 8)))
    assert "class DoubleConv(" in source and "class TripleConv(" in source


@pytest.mark.parametrize("name", ["attention-unet", "attention-unet-3d"])
def test_a_gate_takes_its_maps_in_the_order_of_the_skip(name: str) -> None:
    assert "self.additive_gate(skip, " in emit_source(lower(name))


def test_the_class_says_why_it_deletes_variables() -> None:
    sentence = "`del` frees large maps that nothing reads again, unless autograd keeps them."
    assert sentence in emit_source(lower("unet-2015")) and sentence not in emit_source(stages((4, 4)))


def test_a_block_that_leads_up_is_called_so() -> None:
    text = emit_source(lower("mednext-s"))
    assert class_of(text, "UpInvertedBlock") and "class Block(" not in text


def test_a_layer_alone_has_no_class_around_it() -> None:
    source = emit_source(stages((4, 4), (8,)))
    assert "self.encoder = nn.ModuleList(" in source
    assert "nn.Conv2d(4, 8, 3, padding=1)" in source and "SingleConv" not in source


def test_channels_of_a_pixel_shuffle_are_said_in_those_that_leave() -> None:
    b = Builder()
    x = image = b.input(6)
    for level, channels in ((1, 3), (0, 5)):
        with b.region(f"up.{level}", role="up", level=level, kind="pixel_shuffle", inputs=(x,)):
            y = b("conv", conv(4 * channels, kernel=1), x)
            x = b.close(b("shuffle", PixelShuffle((2, 2)), y))
    source = emit_source(trace(Network("up", 2, image, (x,), tuple(b.regions)), (4, 4)))
    assert "nn.Conv2d(in_channels, 4 * out_channels, 1)" in source


def test_what_starts_at_one_has_a_name_instead_of_a_list() -> None:
    source = emit_source(lower("unetpp-supervised"))
    assert "decoder0_1 = self.decoder0_1(x)" in source and "head1 = self.head1(decoder0_1)" in source
    assert "Of two numbers in a name the first is the level, the second the column." in source
    assert "nn.ModuleDict" not in source


# In place


@pytest.mark.parametrize(
    ("order", "norm", "places"),
    [("cna", GROUP, 2), ("can", GROUP, 2), ("nca", GROUP, 2), ("nac", GROUP, 2), ("acn", GROUP, 1), ("cda", None, 0)],
)
def test_an_activation_overwrites_what_nobody_else_reads(order: str, norm: Norm | None, places: int) -> None:
    source = emit_source(units(order, activation("relu"), norm))
    assert source.count("nn.ReLU(inplace=True)") == places
    assert source.count("nn.ReLU()") == 2 - places


def test_an_activation_never_overwrites_a_value_that_a_shortcut_reads() -> None:
    b = Builder()
    image = b.input(4)
    with b.region("encoder.0", role="encoder", level=0, kind="residual", inputs=(image,)):
        x = b("conv", conv(4), image)
        y = b("act", activation("relu"), x)
        b.close(b("add", Add(), x, y))
    network = Network("shortcut", 2, image, (b.regions[0].output,), tuple(b.regions))
    assert "inplace" not in emit_source(trace(network, (8, 8)))


def test_a_negative_slope_is_never_in_place() -> None:
    source = emit_source(units("ca", Activation("leaky_relu", (("negative_slope", -0.1),)), None))
    assert "nn.LeakyReLU(negative_slope=-0.1)" in source


# Weights


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_options_that_are_left_out_are_torch_defaults(kind: str) -> None:
    row = ACTIVATIONS[kind]
    parameters = inspect.signature(getattr(nn, row.torch)).parameters
    assert all(parameters[option.name].default == option.default for option in row.options)
    assert "inplace" in parameters or not row.inplace


def test_torch_initialisation_writes_nothing() -> None:
    assert "init_weights" not in emit_source(stages((4, 4)))


# Any graph


def test_weights_shared_across_regions_have_one_owner() -> None:
    b = Builder()
    x = image = b.input(4)
    with b.region("encoder.0", role="encoder", level=0, kind="plain", inputs=(x,)):
        x = b.close(b("conv1", conv(4), x))
    with b.region("encoder.1", role="encoder", level=1, kind="plain", inputs=(x,)):
        x = b.close(b("conv1", conv(4), x, shares="encoder.0.conv1"))
    network = trace(Network("shared", 2, image, (x,), tuple(b.regions)), (8, 8))
    module = load_module(emit_source(network))
    assert list(module.state_dict()) == ["encoder.0.weight", "encoder.0.bias"]


def test_sums_keep_the_order_in_which_they_are_computed() -> None:
    b = Builder()
    image = b.input(4)
    with b.region("encoder.0", role="encoder", level=0, kind="plain", inputs=(image,)):
        y = b("sum", Add(), image, b("square", Add(), image, image))
        b.close(b("cat", Concat(), y, b("crop", CropLike(), image, y)))
    network = trace(Network("sums", 2, image, (b.regions[0].output,), tuple(b.regions)), (8, 8))
    assert "x + (x + x)" in emit_source(network)


@pytest.mark.parametrize("op", [Dropout(0.1, "path"), PixelShuffle((2, 1)), conv(4, kernel=2, stride=(2, 2))])
def test_what_torch_lacks_is_written_out(op: Op) -> None:
    source = emit_source(network_of(op, size=(8, 8)))
    assert "DropPath" in source or "PixelShuffle2d" in source or "F.pad(x, (0, 1, 0, 1))" in source


def test_conv_pads_that_torch_can_add_are_left_to_it() -> None:
    kinds: dict[str, Conv] = {
        "padding=1": conv(4),
        'padding="same"': conv(4, kernel=4),
        "padding=(1, 0)": conv(4, pads=((1, 1), (0, 0))),
        'padding=1, padding_mode="reflect"': conv(4, pad_mode="reflect"),
    }
    for text, op in kinds.items():
        assert text in emit_source(network_of(op))
