"""Lowering: which regions and nodes a spec becomes, in which order and under which names.

Each file in `cases/lower` is a small spec; the network that it becomes is approved beside it. What the networks compute
is the matter of `test_laws` and `test_vectors`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import TESTS, Golden
from unetgen.api import load, lower, parse, valid_sizes
from unetgen.compiler.pipeline import compile_spec
from unetgen.ir import Network
from unetgen.ir.ops import Activation, Norm
from unetgen.ir.printer import format_network
from unetgen.parts.blocks import BLOCKS
from unetgen.parts.catalog import ACTIVATIONS, NORMS, NormKind
from unetgen.parts.downsampling import DOWNS
from unetgen.parts.skips import JOINS
from unetgen.parts.upsampling import UPS

CASES = sorted((TESTS / "cases/lower").glob("*.yaml"))
SMALL = "dims: 1\ndepth: 1\nfilters: 4\n"


def network(text: str) -> Network:
    return lower(parse(SMALL + text))


def regions(of: Network) -> list[str]:
    return [region.path for region in of.regions]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_spec_becomes_this_network(path: Path, golden: Golden) -> None:
    golden(path.with_suffix(".txt"), format_network(lower(load(path))))


def test_regions_stand_in_the_order_in_which_they_run() -> None:
    wanted = ["stem", "encoder.0", "down.0", "bottleneck", "up.0", "skip.0", "decoder.0", "head"]
    assert regions(network("stem: {filters: 2}")) == wanted


def test_what_does_nothing_leaves_no_region() -> None:
    assert regions(network("skip: none\ndecoder: {convs: 0}\nhead: none\nout_channels: 4")) == [
        "encoder.0",
        "down.0",
        "bottleneck",
        "up.0",
    ]


def test_every_region_knows_its_place_in_the_spec() -> None:
    found = network("bottleneck: {convs: 1}\n").region("bottleneck").span
    assert found is not None
    assert found.line == 4


@pytest.mark.parametrize("word", [model.word for model in BLOCKS])
def test_every_block_can_be_a_stage(word: str) -> None:
    assert network(f"block: {word}").region("bottleneck").kind == word


@pytest.mark.parametrize("word", [model.word for model in DOWNS])
def test_every_downsampling_halves(word: str) -> None:
    found = network(f"downsample: {word}\ninput_size: 16")
    assert found.region("bottleneck").output.shape.size == (8,)


@pytest.mark.parametrize("word", [model.word for model in UPS if model.word != "none"])
def test_every_upsampling_doubles(word: str) -> None:
    found = network(f"upsample: {word}\ninput_size: 16")
    assert found.region("up.0").output.shape.size == (16,)


@pytest.mark.parametrize("word", [model.word for model in JOINS if model.meets])
def test_every_join_is_a_region(word: str) -> None:
    assert network(f"skip: {word}").region("skip.0").kind == word


@pytest.mark.parametrize("word", [row.name for row in ACTIVATIONS.values() if row.use == "anywhere"])
def test_every_activation_reaches_every_unit(word: str) -> None:
    kinds = [node.op.kind for node in network(f"activation: {word}").nodes if isinstance(node.op, Activation)]
    assert kinds == [word] * 6


def _spelled(row: NormKind) -> str:
    return f"{{{row.name}: {{groups: 2}}}}" if row.takes("groups") else row.name


@pytest.mark.parametrize("row", NORMS.values(), ids=lambda row: row.name)
def test_every_norm_reaches_every_unit(row: NormKind) -> None:
    kinds = [node.op.kind for node in network(f"norm: {_spelled(row)}").nodes if isinstance(node.op, Norm)]
    assert kinds == [row.op.kind] * 6


def test_a_convolution_before_a_norm_has_no_bias_unless_asked() -> None:
    biases = {text: _biases(text) for text in ("order: cna", "order: can", "order: nac", "bias: true", "norm: none")}
    assert biases == {"order: cna": 1, "order: can": 7, "order: nac": 7, "bias: true": 7, "norm: none": 7}


def _biases(text: str) -> int:
    """Count the biases of the six units' convolutions and the head."""
    names = [node.path for node in network(text).nodes if any(weight.name == "bias" for weight in node.weights())]
    return sum((".conv" in name or name == "head") and not name.startswith("up") for name in names)


def test_a_size_may_be_chosen_when_compiling() -> None:
    form, found = compile_spec(parse(SMALL), (10,))
    assert found.input.shape.size == form.input_size == (10,)


def test_a_size_of_another_number_of_axes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"for each of 1 spatial axes, found \(10, 10\)"):
        lower(parse(SMALL), (10, 10))


def test_a_size_that_is_asked_for_is_that_of_the_normal_form() -> None:
    form, _ = compile_spec(parse(f"{SMALL}input_size: 64\n"), (10,))
    assert form.input_size == (10,)


def test_legal_sizes_are_known_of_a_spec_whose_own_size_is_not_legal() -> None:
    assert valid_sizes(parse("depth: 3\nfilters: 4\ninput_size: 100\n"), near=100, count=3) == (96, 104, 88)
