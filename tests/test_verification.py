"""Weights move by the order of calls, and a verification says the truth: equal, rounded, or which module differs."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from numpy.typing import NDArray
from torch import nn

import unetgen
from tests.conftest import TESTS
from tests.peers import TwoLevels
from tests.vectors import fill, image
from unetgen.cli.app import app
from unetgen.verification import CannotVerify, TransplantError, TransplantWarning, Verification
from unetgen.verification.leaves import own_tensors, run_leaves
from unetgen.verification.vectors import draw_input
from unetgen.verification.vectors import fill as fill_by_scheme

VECTORS = TESTS / "vectors"
SPEC = unetgen.parse("depth: 2\nfilters: 4\nin_channels: 3\ninput_size: 32\n")
WIDER = unetgen.parse("depth: 2\nfilters: 6\nin_channels: 3\ninput_size: 32\n")
BUDA = TESTS / "specs" / "buda-unet.yaml"
BASIC = TESTS / "specs" / "monai-basicunet-2d.yaml"


def peer(**options: bool) -> TwoLevels:
    torch.manual_seed(0)
    made = TwoLevels(4, **options)
    for tensor in made.state_dict().values():
        if tensor.is_floating_point():
            tensor.uniform_(0.1, 0.9)
    return made.eval()


# --- transplant -----------------------------------------------------------------------------------------------------


def test_a_transplant_gives_what_its_source_gives() -> None:
    source, x = peer(), torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        assert torch.equal(unetgen.transplant(source, SPEC)(x), source(x))


def test_a_transplant_leaves_its_source_alone() -> None:
    source = peer()
    source.left[0].train()
    before = {name: tensor.clone() for name, tensor in source.state_dict().items()}
    unetgen.transplant(source, SPEC)
    assert all(torch.equal(tensor, before[name]) for name, tensor in source.state_dict().items())
    assert [source.training, source.left[0].training, source.right[0].training] == [False, True, False]


def test_a_transplant_shares_nothing_with_its_source() -> None:
    source = peer()
    moved = unetgen.transplant(source, SPEC)
    owned = {tensor.data_ptr() for tensor in source.state_dict().values()}
    assert not owned & {tensor.data_ptr() for tensor in moved.state_dict().values()}


def test_a_transplant_is_in_the_mode_of_its_source() -> None:
    assert not unetgen.transplant(peer(), SPEC).training
    assert unetgen.transplant(peer().train(), SPEC).training


def test_other_widths_are_refused_with_both_sides() -> None:
    with pytest.raises(
        TransplantError, match=r"module 0 .* source has left\.0\.0 .*\[4, 3, 3, 3\].*encoder\.0\.conv1 .*\[6, 3, 3, 3\]"
    ):
        unetgen.transplant(peer(), WIDER)


def test_missing_modules_are_refused_by_name() -> None:
    deeper = unetgen.parse("depth: 2\nfilters: 4\nin_channels: 3\ninput_size: 32\ndecoder: [{convs: 3}, {}]\n")
    with pytest.raises(TransplantError, match=r"module 22 .* head .*decoder\.0\.conv3"):
        unetgen.transplant(peer(), deeper)


def test_a_linear_layer_fills_a_convolution_of_one_pixel() -> None:
    source, x = peer(linear=True), torch.rand(1, 3, 32, 32)
    with pytest.warns(TransplantWarning, match="axes of size 1"):
        moved = unetgen.transplant(source, SPEC)
    with torch.no_grad():
        torch.testing.assert_close(moved(x), source(x))


def test_modules_that_are_never_called_are_named() -> None:
    with pytest.warns(TransplantWarning, match="left alone: dead"):
        unetgen.transplant(peer(dead=True), SPEC)


def test_a_module_that_is_called_again_counts_once() -> None:
    plan = "depth: 1\nfilters: 4\nin_channels: 4\nconvs: 1\ninput_size: 8\n"
    stages = "encoder: [{recurrent: 2}]\ndecoder: {convs: 0}\nhead: {kernel_size: 3}\n"
    module = unetgen.build(unetgen.parse(plan + stages))
    leaves = run_leaves(module.eval(), torch.zeros(1, 4, 8, 8)).leaves
    assert len({leaf.path for leaf in leaves}) == len(leaves)


# --- the scheme of the vectors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["buda-unet", "monai-basicunet-2d", "wolny-unet2d", "monai-unet-2d-plain"])
def test_weights_are_drawn_as_the_second_implementation_draws_them(name: str) -> None:
    one, two = (unetgen.build(TESTS / "specs" / f"{name}.yaml") for _ in range(2))
    fill(one.eval(), image(name))
    fill_by_scheme(run_leaves(two.eval(), draw_input(image(name).shape)).leaves)
    assert all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), two.state_dict().values(), strict=True))


def test_the_drawn_weights_have_the_digest_of_the_reference() -> None:
    entry = next(
        one for one in json.loads((VECTORS / "index.json").read_text())["models"] if one["slug"] == "buda-unet"
    )
    run = run_leaves(unetgen.build(BUDA).eval(), draw_input(entry["input_shape"]))
    assert fill_by_scheme(run.leaves) == entry["fill_sha256"]


# --- verify ----------------------------------------------------------------------------------------------------------


def test_an_equal_module_is_equal_bit_for_bit() -> None:
    found = unetgen.verify(SPEC, peer())
    assert found.ok and found.bitwise and found.parameters == found.reference_parameters > 0


def test_the_module_that_is_compared_with_keeps_its_weights() -> None:
    source = peer()
    before = {name: tensor.clone() for name, tensor in source.state_dict().items()}
    unetgen.verify(SPEC, source)
    assert all(torch.equal(tensor, before[name]) for name, tensor in source.state_dict().items())


@pytest.mark.parametrize(
    ("options", "place"),
    [({"swapped": True}, "decoder.1.conv1"), ({"leak": 0.1}, "encoder.0.conv2")],
    ids=["order of a join", "activation"],
)
def test_the_first_module_that_differs_is_named(options: dict[str, bool], place: str) -> None:
    found = unetgen.verify(SPEC, peer(**options))
    assert not found.ok
    assert f"{place} (Conv2d)" in found.first_difference and "differs already" in found.first_difference


def test_an_installed_implementation_is_built_with_its_arguments() -> None:
    assert unetgen.verify(SPEC, "tests.peers:TwoLevels", arguments={"width": 4}).bitwise
    assert "[6, 3, 3, 3]" in unetgen.verify(SPEC, "tests.peers:TwoLevels", arguments={"width": 6}).first_difference


def test_layers_that_are_never_called_do_not_count() -> None:
    found = unetgen.verify(SPEC, "tests.peers:with_dead_head", arguments={"width": 4})
    assert found.bitwise and "dead" in found.notes[0]


def test_threads_are_left_as_they_were() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    unetgen.verify(SPEC, peer())
    after = torch.get_num_threads()
    torch.set_num_threads(before)
    assert after == 2


def changed_buda(change: str) -> Verification:
    spec = unetgen.parse(f"{BUDA.read_text()}{change}\n")
    return unetgen.verify(spec, VECTORS / "buda-unet.npz")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("norm: {batch: {eps: 1.0e-3}}", "encoder.0.norm1 (BatchNorm2d), has eps 0.001, the reference 1e-05"),
        ("activation: elu", "an activation, a join or a resize differs"),
        ("bias: true", "module 0 in the order of calls is encoder.0.conv1 (Conv2d) with weight [8, 3, 3, 3], bias [8]"),
        ("downsample: [{max_pool: {kernel_size: 3, padding: 1}}, max_pool, max_pool, max_pool]", "differs"),
        ("decoder: {convs: 1}", "module 23 in the order of calls is up.2 (ConvTranspose2d)"),
    ],
)  # fmt: skip
def test_a_vector_is_not_proven_by_another_network(change: str, words: str) -> None:
    found = changed_buda(change)
    assert not found.ok
    assert words in found.first_difference


def test_another_number_of_input_channels_is_said() -> None:
    assert changed_buda("").ok
    spec = unetgen.parse(f"{BUDA.read_text()}in_channels: 1\n")
    assert "takes 1 channels" in unetgen.verify(spec, VECTORS / "buda-unet.npz").problem


def output_here() -> NDArray[np.float32]:
    """Give the output of a vector as this processor computes it, to the last bit."""
    net = unetgen.build(BASIC).eval()
    x = draw_input((1, 1, 64, 64))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.no_grad():
        fill_by_scheme(run_leaves(net, x).leaves)
        found: NDArray[np.float32] = net(x).numpy()
    torch.set_num_threads(threads)
    return found


@pytest.mark.parametrize("bits", [0, 1, 3])
def test_a_wrong_value_in_a_vector_is_found(tmp_path: Path, bits: int) -> None:
    shutil.copy(VECTORS / "index.json", tmp_path)
    arrays = dict(np.load(VECTORS / "monai-basicunet-2d.npz"))
    arrays["output"] = output_here()
    value = arrays["output"].reshape(-1)[17:18]
    for _ in range(bits):
        value[:] = np.nextafter(value, np.float32(9), dtype=np.float32)
    np.savez(tmp_path / "monai-basicunet-2d.npz", **arrays)
    assert unetgen.verify(BASIC, tmp_path / "monai-basicunet-2d.npz").bitwise is (bits == 0)


@pytest.mark.parametrize(
    ("bitwise", "relative", "exact", "noise", "ok"),
    [
        (True, 0.0, None, 0.0, True),
        (False, 1e-7, 1e-14, 0.0, True),
        (False, 1e-7, 1e-9, 0.0, False),
        (False, 1e-5, 1e-14, 0.0, False),
        (False, 1e-5, 1e-14, 1e-5, True),
        (False, float("inf"), float("inf"), 0.0, False),
    ],
)
def test_rounding_is_told_from_a_difference(
    bitwise: bool, relative: float, exact: float | None, noise: float, ok: bool
) -> None:
    found = Verification("a", "b", 1, 1, "", bitwise, relative, relative, exact, noise)
    assert found.ok is ok
    assert json.loads(found.to_json())["ok"] is ok


@pytest.mark.parametrize(
    ("against", "words"),
    [
        ("nowhere.npz", "cannot read"),
        ("no.such.package:UNet", "cannot import"),
        ("tests.peers:Nothing", "has no"),
        ("tests.peers", "package.module:callable"),
        ("builtins:len", "fails: TypeError"),
        ("builtins:dict", "is no torch module"),
    ],
)
def test_what_cannot_be_compared_with_is_said(against: str, words: str) -> None:
    with pytest.raises(CannotVerify, match=words):
        unetgen.verify(SPEC, against)


@pytest.mark.parametrize(
    "index", ["", "{}", "[]", '{"models": [{}]}', '{"models": [{"slug": "a"}]}', '{"models": 3}', "\x00"]
)
def test_a_broken_index_is_said(tmp_path: Path, index: str) -> None:
    (tmp_path / "index.json").write_text(index)
    (tmp_path / "a.npz").write_bytes(b"PK")
    with pytest.raises(CannotVerify):
        unetgen.verify(SPEC, tmp_path / "a.npz")


def test_a_broken_vector_is_said(tmp_path: Path) -> None:
    shutil.copy(VECTORS / "index.json", tmp_path)
    (tmp_path / "buda-unet.npz").write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(CannotVerify, match="is no vector"):
        unetgen.verify(BUDA, tmp_path / "buda-unet.npz")


# --- the command -----------------------------------------------------------------------------------------------------


def run(*args: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["verify", *args])
    return ended.exit_code, ended.output


def test_the_command_ends_with_0_for_a_proof(tmp_path: Path) -> None:
    # Another processor may take the sums of a convolution in another order than the one that made the vector.
    code, text = run(str(BUDA), "--against", str(VECTORS / "buda-unet.npz"))
    assert code == 0 and ("equal bit for bit" in text or "the same function, up to rounding" in text)
    spec = tmp_path / "spec.yaml"
    spec.write_text("depth: 2\nfilters: 4\nin_channels: 3\ninput_size: 32\n")
    code, text = run(str(spec), "--against", "tests.peers:TwoLevels", "--arg", "width=4")
    assert code == 0 and "equal bit for bit" in text


def test_the_command_ends_with_1_for_a_difference() -> None:
    code, text = run(str(BUDA), "--against", str(VECTORS / "buda-unet.npz"), "--set", "activation=elu", "--json")
    assert code == 1 and json.loads(text)["verdict"] == "different"


def test_the_command_hands_arguments_on() -> None:
    code, text = run(str(BUDA), "--against", "tests.peers:TwoLevels", "--arg", "width=4")
    assert code == 1 and "encoder.0.conv1" in text


@pytest.mark.parametrize(
    ("args", "code"), [(["--against", "nowhere.npz"], 3), ([], 2), (["--against", "a:b", "--arg", "1"], 2)]
)
def test_the_command_says_what_it_lacks(args: list[str], code: int) -> None:
    assert run(str(BUDA), *args)[0] == code


def test_modules_may_hold_anything() -> None:
    class Odd(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Parameter(torch.zeros(3))
            self.register_buffer("count", torch.zeros((), dtype=torch.int64))

        def forward(self, x: torch.Tensor) -> dict[str, list[torch.Tensor]]:
            return {"maps": [x + self.table.sum(), x]}

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ran = run_leaves(Odd(), torch.zeros(1, 3, 4, 4))
    assert len(ran.outputs) == 2 and list(own_tensors(ran.leaves[0].module)) == ["table"]
