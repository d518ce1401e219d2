"""Blocks: each gives what its formula says, carries a stride or refuses it, and mirrors what stands opposite."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from torch import Tensor, nn

from tests.conftest import TESTS, Golden
from tests.spec_strategies import values
from unetgen import SpecError, build, lower, parse
from unetgen.compiler.pipeline import compile_spec
from unetgen.ir import Builder, Network, SizeError, trace
from unetgen.ir.ops import Conv
from unetgen.ir.printer import format_network
from unetgen.parts.blocks import Block, BlockWord, StagePlan
from unetgen.parts.unit_words import ActivationWord, DropoutWord, NormWord
from unetgen.parts.units import UnitStyle
from unetgen.source.problem import Refusal

SPECS = sorted((TESTS / "specs/blocks").glob("*.yaml"))
BATCH, RELU = NormWord.parse("batch"), ActivationWord("relu")
STYLE = UnitStyle((3, 3), "same", (1, 1), 1, True, BATCH, RELU, "cna", DropoutWord())
WORD: TypeAdapter[Block] = TypeAdapter(BlockWord)
SMALL = "depth: 1\nfilters: 4\nin_channels: 4\n"


def block_alone(block: Block, taken: int, widths: tuple[int, ...], stride: int) -> Network:
    """Build one block and nothing else."""
    b = Builder()
    x = b.input(taken)
    plan = replace(StagePlan.uniform(block, widths, STYLE), stride=(stride, stride))
    with b.region("encoder.0", role="encoder", level=0, kind=block.word, inputs=(x,)):
        y = b.close(block.build(b, x, plan))
    return Network("block", 2, x, (y,), tuple(b.regions))


def stage_of(options: str) -> nn.Module:
    """Build the encoder stage of a small network, from 4 channels to whatever its options say."""
    torch.manual_seed(0)
    return build(parse(SMALL + options)).get_submodule("encoder.0").eval()


def unit(stage: nn.Module, number: int, x: Tensor) -> Tensor:
    """Run one unit of a stage without norms."""
    y = stage.get_submodule(f"conv{number}")(x)
    return torch.relu(y) if hasattr(stage, f"act{number}") else y


def image(channels: int = 4) -> Tensor:
    return torch.randn(1, channels, 8, 8, generator=torch.Generator().manual_seed(1))


# -- laws --------------------------------------------------------------------------------------------------------------


@given(
    values(BlockWord, 2).map(WORD.validate_python),
    st.integers(1, 6),
    st.lists(st.integers(1, 6), min_size=1, max_size=4).map(tuple),
    st.sampled_from([1, 2]),
)
def test_a_block_gives_the_channels_and_the_size_that_it_says(
    block: Block, taken: int, widths: tuple[int, ...], stride: int
) -> None:
    block, widths = block.spread(2), widths[: block.convs]
    try:
        network = trace(block_alone(block, taken, widths, stride), (64, 64))
    except (Refusal, SizeError):
        return  # a block that cannot be built says so, and an inner U may need other sizes
    assert network.output.shape.as_list() == [block.channels(taken, widths), 64 // stride, 64 // stride]


@given(st.integers(1, 7), st.integers(1, 4), st.integers(2, 9), st.booleans())
def test_an_inverted_upsampling_enlarges_by_its_factor(kernel: int, factor: int, size: int, shortcut: bool) -> None:
    assume(kernel % 2 or size > 1)
    options = f"upsample: {{inverted: {{kernel_size: {kernel}, shortcut: {str(shortcut).lower()}}}}}\n"
    network = lower(parse(f"{SMALL}downsample: {{max_pool: {{factor: {factor}}}}}\n{options}"), (factor * size,) * 2)
    assert network.region("up.0").output.shape.size == (factor * size,) * 2


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_networks_of_blocks_stay_as_they_were_approved(spec: Path, golden: Golden) -> None:
    golden(f"golden/blocks/{spec.stem}.txt", format_network(lower(spec)))


# -- formulas ----------------------------------------------------------------------------------------------------------


def layer(stage: nn.Module, number: int, *maps: Tensor) -> Tensor:
    """Run a layer of a dense block on maps."""
    given: Tensor = stage.get_submodule(f"layers.{number}")(torch.cat(maps, 1))
    return given


def test_a_dense_block_sees_everything_before() -> None:
    stage, x = stage_of("convs: 3\nnorm: none\nblock: dense\n"), image()
    first = layer(stage, 0, x)
    second = layer(stage, 1, x, first)
    third = layer(stage, 2, x, first, second)
    assert torch.equal(stage(x), torch.cat([x, first, second, third], 1))


def test_a_dense_block_may_give_its_new_maps_alone() -> None:
    stage, x = stage_of("norm: none\nblock: {dense: {gives: new}}\n"), image()
    first = layer(stage, 0, x)
    assert torch.equal(stage(x), torch.cat([first, layer(stage, 1, x, first)], 1))


def test_a_residual_block_may_add_the_maps_of_all_its_convolutions() -> None:
    options = "encoder: {filters: [[1, 3]]}\nnorm: none\nblock: {residual: {gives: new, after: a}}\n"
    stage, x = stage_of(options), image()
    first = unit(stage, 1, x)
    assert torch.equal(stage(x), torch.relu(torch.cat([first, unit(stage, 2, first)], 1) + x))


def test_a_residual_block_may_be_dense_inside() -> None:
    stage, x = stage_of("norm: none\nblock: {residual: {sees: all}}\n"), image()
    assert torch.equal(stage(x), torch.relu(layer(stage, 1, x, layer(stage, 0, x)) + x))


def test_an_inverted_block_is_depthwise_then_pointwise() -> None:
    stage, x = stage_of("norm: none\nkernel_size: 5\nblock: {inverted: {expand: 3}}\n"), image()
    shapes = [tuple(stage.get_parameter(f"conv{i}.weight").shape) for i in (1, 2, 3)]
    assert shapes == [(4, 1, 5, 5), (12, 4, 1, 1), (4, 12, 1, 1)]
    assert torch.equal(stage(x), unit(stage, 3, unit(stage, 2, unit(stage, 1, x))) + x)


def test_the_inverted_block_of_a_strided_stage_widens_by_what_it_takes() -> None:
    network = lower(parse(f"{SMALL}block: {{inverted: {{expand: 3}}}}\ndownsample: first_conv\n"))
    widths = {node.name: node.output.shape.channels for node in network.region("bottleneck").nodes}
    assert widths == {"conv1": 4, "norm1": 4, "conv2": 12, "act2": 12, "conv3": 8, "shortcut": 8, "add": 8}


def test_a_shortcut_may_be_left_out_where_it_does_not_fit() -> None:
    network = lower(parse(f"{SMALL}block: {{residual: {{project: omit}}}}\nrepeat: 2\n"))
    sums = [node.path for node in network.nodes if node.name == "add"]
    blocks = ["encoder.0.blocks.0", "encoder.0.blocks.1", "bottleneck.blocks.1", "decoder.0.blocks.1"]
    assert sums == [f"{block}.add" for block in blocks]


def test_one_norm_may_stand_on_both_sides_of_a_sum() -> None:
    network = lower(parse(f"{SMALL}block: {{residual: {{before: n, after: n, same_norm: true}}}}\n"))
    shared = {node.path: node.shares for node in network.region("encoder.0").nodes if node.shares}
    assert shared == {"encoder.0.norm": "encoder.0.before_sum"}


@pytest.mark.parametrize(("shared", "convs"), [("true", 2), ("false", 6)])
def test_a_recurrent_unit_has_its_weights_once_or_every_time(shared: str, convs: int) -> None:
    network = lower(parse(f"{SMALL}encoder: {{recurrent: {{times: 2, shared: {shared}}}}}\n"))
    owners = [node for node in network.region("encoder.0").nodes if isinstance(node.op, Conv) and node.weights()]
    assert len(owners) == convs


def test_a_path_walked_first_changes_the_order_alone() -> None:
    options = "skip: {path: {blocks: {block: residual, repeat: 2}}, path_first: false}\n"
    late, early = (build(parse(SMALL + text)).eval() for text in (options, options.replace("false", "true")))
    weights = {key.replace("skip.0.blocks", "path.0.blocks"): value for key, value in late.state_dict().items()}
    assert list(early.state_dict()) != list(weights)
    early.load_state_dict(weights)
    assert torch.equal(early(image()), late(image()))


# -- what stands where -------------------------------------------------------------------------------------------------


def test_units_of_a_block_outweigh_stages_and_yield_to_single_units() -> None:
    text = "kernel_size: 5\nblock: inverted\nunits: [{}, {kernel_size: 3}, {}]\nencoder: [{kernel_size: 7}]\n"
    stage = compile_spec(parse(SMALL + text))[0].encoder[0]
    assert [style.kernel_size for style in stage.units] == [(7, 7), (3, 3), (1, 1)]


@pytest.mark.parametrize(
    ("encoder", "decoder", "widths"),
    [
        ("{dense: {gives: all}}", "dense", (4, 4)),
        ("{dense: {gives: new}}", "plain", (8, 8)),
        ("{plain: {gives: new}}", "{plain: {gives: new}}", (4, 4)),
        ("plain", "inverted", (4,)),
    ],
)
def test_a_decoder_stage_gives_what_its_encoder_stage_gives(
    encoder: str, decoder: str, widths: tuple[int, ...]
) -> None:
    form, _ = compile_spec(parse(f"{SMALL}encoder: {{block: {encoder}}}\ndecoder: {{block: {decoder}}}\n"))
    assert form.decoder[0].widths == widths


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("U106", "block: {inner_u: {depth: 0, dilations: []}}"),
        ("U107", "block: inverted\nunits: [{}, {}]"),
        ("U108", "block: {inner_u: {order: [up, up]}}"),
        ("U201", "block: {residual: {same_norm: true}}"),
        ("U201", "block: {residual: {project: never, kernel_size: 3}}"),
        ("U201", "block: {residual: {shared: true, shortcut_first: true}}"),
        ("U201", "block: {inner_u: {depth: 0, downsample: max_pool}}"),
        ("U201", "recurrent: {times: 0, shared: false}"),
        ("U201", "skip: {path: {blocks: {block: inverted, convs: 2}}}"),
        ("U201", "skip: {path: additive_gate, path_first: true}"),
        ("U201", "skip: {path: conv, path_first: true}\ntopology: nested"),
        ("U204", "block: {residual: {project: tile}}\ndownsample: first_conv"),
        ("U205", "block: inverted\nconvs: 3"),
        ("U206", "block: inverted\nencoder: {filters: [[4, 4]]}"),
        ("U210", "block: dense\ndownsample: first_conv"),
        ("U211", "block: {residual: {shared: true, gives: all}}"),
        ("U212", "block: dense\ndownsample: {strided_conv: {channels: next}}"),
    ],
)
def test_blocks_refuse_what_means_nothing(code: str, options: str) -> None:
    with pytest.raises(SpecError) as refused:
        lower(parse(f"{SMALL}{options}\n"))
    assert [(d.code, bool(d.labels), bool(d.help)) for d in refused.value.diagnostics][:1] == [(code, True, True)]
