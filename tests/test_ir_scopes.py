"""Scopes: what groups of nodes are, as the parts that write them declare."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from unetgen.api import lower, parse
from unetgen.ir import Builder, Network, Node, Scope
from unetgen.ir.ops import Activation, Concat, Conv, ConvTransposed, CropLike, Dropout
from unetgen.language.zoo import zoo_names

AGAIN = "recurrent: 1\nin_channels: 8\nfilters: [8, 8, 8]\nskip: add\nupsample: nearest\n"
STAGES = ("stem", "encoder", "bottleneck", "decoder")


def node_of(network: Network, path: str) -> Node:
    return next(node for node in network.nodes if node.path == path)


def kinds(text: str, path: str) -> list[str]:
    return [scope.kind for scope in node_of(lower(parse(text)), path).scopes]


def test_a_scope_without_a_name_leaves_no_trace_in_paths() -> None:
    b = Builder()
    x = b.input(3)
    with b.region("head", role="head", level=0, kind="conv", inputs=(x,)):
        with b.scope("twice", kind="part"), b.scope(kind="unit", number=2):
            x = b("drop", Dropout(0.5), b("act", Activation("relu"), x))
        b.close(b("output", Activation("tanh"), x))
    node, *_ = b.regions[0].nodes
    assert node.path == "head.twice.act"
    assert node.scopes == (Scope("part", "twice"), Scope("unit", number=2))
    assert node.within("unit") == Scope("unit", number=2)
    assert node.within("gate", "step") is None


def written(*scopes: tuple[str, ...], fits: tuple[str, ...] = ()) -> list[str]:
    """List the paths of activations in these scopes of a region; those in `fits` are crops."""
    b = Builder()
    x = b.input(3)
    with b.region("up.0", role="up", level=0, kind="conv", inputs=(x,)):
        for number, names in enumerate(scopes):
            with ExitStack() as stack:
                for name in names:
                    stack.enter_context(b.scope(name))
                x = b(f"act{number}", Activation("relu"), x)
        for name in fits:
            with b.scope(name):
                x = b("crop", CropLike(), x, x)
        b.close(x)
    return [node.path for node in b.regions[0].nodes]


@pytest.mark.parametrize(
    ("scopes", "fits", "wanted"),
    [
        (((),), (), ["up.0"]),
        ((("after",),), (), ["up.0"]),
        ((("after",),), ("",), ["up.0", "up.0.crop"]),
        ((("after",),), ("after",), ["up.0", "up.0.crop"]),
        ((("before",), ()), (), ["up.0.before", "up.0.act1"]),
        ((("before",), ()), ("before",), ["up.0.before", "up.0.act1", "up.0.before.crop"]),
        ((("step", "gate"), ("step", "gate")), (), ["up.0.act0", "up.0.act1"]),
        ((("step", "gate"), ("step", "gate"), ()), (), ["up.0.step.act0", "up.0.step.act1", "up.0.act2"]),
        ((("blocks", "blocks.0"), ("blocks", "blocks.1"), ()), (), ["up.0.blocks.0", "up.0.blocks.1", "up.0.act2"]),
    ],
)
def test_a_path_says_no_more_than_it_must(
    scopes: list[tuple[str, ...]], fits: tuple[str, ...], wanted: list[str]
) -> None:
    assert written(*scopes, fits=fits) == wanted


def test_a_scope_without_a_trace_is_called_as_before() -> None:
    network = lower(parse("depth: 1\nfilters: 8\nskip: {path: additive_gate}\n"))
    gate = node_of(network, "skip.0.additive_gate.act").within("gate")
    assert gate is not None
    assert (gate.name, gate.word) == ("", "gate")


@pytest.mark.parametrize("name", zoo_names())
def test_every_convolution_is_in_a_unit_and_every_stage_is_made_of_blocks(name: str) -> None:
    for region in lower(name).regions:
        for node in region.nodes:
            assert node.within("unit") or not isinstance(node.op, Conv | ConvTransposed)
            in_block = node.within("block") or node.within("attention")
            assert in_block or region.role not in STAGES, node.path
            joins = region.role == "skip" and isinstance(node.op, Concat) and not node.within("step")
            assert node.within("join") or not joins, node.path


@pytest.mark.parametrize(
    ("text", "path", "wanted"),
    [
        ("block: residual\n", "encoder.1.shortcut.conv", ["block", "shortcut", "unit"]),
        ("block: residual\nrepeat: 2\n", "encoder.1.blocks.1.conv1", ["block", "unit"]),
        (AGAIN, "encoder.0.again2_1.conv2", ["block", "unit", "repetition", "unit"]),
        ("attention: channel\n", "encoder.0.attention.squeeze", ["block", "attention", "part"]),
        ("skip: {path: additive_gate}\n", "skip.0.additive_gate.psi.conv", ["step", "gate", "part", "unit"]),
        ("skip: {fit: pad_up}\n", "skip.0.pad", ["fit"]),
        ("skip: {fit: pad_up}\n", "skip.0.concat", ["join"]),
    ],
)
def test_what_a_node_is_a_part_of_is_declared(text: str, path: str, wanted: list[str]) -> None:
    filters = "" if "filters" in text else "filters: 8\n"
    assert kinds(f"depth: 2\n{filters}{text}", path) == wanted


def test_a_part_says_what_it_is_called() -> None:
    network = lower(parse("depth: 2\nfilters: 32\nblock: residual\nattention: {channel: {reduction: 8}}\n"))
    attention = node_of(network, "encoder.0.attention.excite").within("attention")
    assert attention is not None
    assert (attention.sign, attention.says) == ("SE", "squeeze and excite by channel, 8× narrower inside")
    assert {scope.says for node in network.nodes for scope in node.scopes if scope.kind == "block"} == {
        "residual block"
    }


@pytest.mark.parametrize(
    ("text", "path", "wanted"),
    [
        ("block: residual\nrepeat: 2\n", "encoder.1.blocks.1.conv1", ("blocks.1", 2, "residual")),
        (
            "skip: {path: [dropout, additive_gate]}\n",
            "skip.0.additive_gate.add",
            ("additive_gate", 2, "additive_gate"),
        ),
        ("skip: {path: [dropout, conv, dropout]}\n", "skip.0.dropout2", ("dropout2", 2, "dropout")),
        ("block: inner_u\n", "encoder.0.decoder.0.conv", ("decoder.0", 2, "decoder")),
        (AGAIN, "encoder.0.again2_1.conv2", ("again2_1", 1, "again")),
    ],
)
def test_a_scope_of_several_says_its_number_and_its_name_without_it(
    text: str, path: str, wanted: tuple[str, int, str]
) -> None:
    filters = "" if "filters" in text else "filters: 8\n"
    scopes = node_of(lower(parse(f"depth: 2\n{filters}{text}")), path).scopes
    assert wanted in [(scope.name, scope.number, scope.word) for scope in scopes]
