"""Scopes: what groups of nodes are, as the parts that write them declare."""

from __future__ import annotations

import pytest

from unetgen.api import lower, parse
from unetgen.ir import Builder, Network, Node, Scope
from unetgen.ir.ops import Activation, Concat, Conv, ConvTransposed
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
    with (
        b.region("head", role="head", level=0, kind="conv", inputs=(x,)),
        b.scope("twice", kind="part"),
        b.scope(kind="unit", number=2),
    ):
        b.close(b("act", Activation("relu"), x))
    (node,) = b.regions[0].nodes
    assert node.path == "head.twice.act"
    assert node.scopes == (Scope("part", "twice"), Scope("unit", number=2))
    assert node.within("unit") == Scope("unit", number=2)
    assert node.within("gate", "step") is None


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
        ("block: residual\nrepeat: 2\n", "encoder.1.block2.conv1", ["block", "unit"]),
        (AGAIN, "encoder.0.again2_1.conv2", ["block", "unit", "repetition", "unit"]),
        ("attention: channel\n", "encoder.0.attention.channel.squeeze", ["block", "attention", "part"]),
        ("skip: {path: additive_gate}\n", "skip.0.additive_gate1.gate.psi.conv", ["step", "gate", "part", "unit"]),
        ("skip: {fit: pad_up}\n", "skip.0.pad", ["fit"]),
        ("skip: {fit: pad_up}\n", "skip.0.concat", ["join"]),
    ],
)
def test_what_a_node_is_a_part_of_is_declared(text: str, path: str, wanted: list[str]) -> None:
    filters = "" if "filters" in text else "filters: 8\n"
    assert kinds(f"depth: 2\n{filters}{text}", path) == wanted


def test_a_part_says_what_it_is_called() -> None:
    network = lower(parse("depth: 2\nfilters: 32\nblock: residual\nattention: {channel: {reduction: 8}}\n"))
    attention = node_of(network, "encoder.0.attention.channel.excite").within("attention")
    assert attention is not None
    assert (attention.sign, attention.says) == ("SE", "squeeze and excite by channel, 8× narrower inside")
    assert {scope.says for node in network.nodes for scope in node.scopes if scope.kind == "block"} == {
        "residual block"
    }


@pytest.mark.parametrize(
    ("text", "path", "wanted"),
    [
        ("block: residual\nrepeat: 2\n", "encoder.1.block2.conv1", ("block2", 2, "block")),
        (
            "skip: {path: [dropout, additive_gate]}\n",
            "skip.0.additive_gate2.gate.add",
            ("additive_gate2", 2, "additive_gate"),
        ),
        ("block: inner_u\n", "encoder.0.decoder.1.conv", ("decoder.1", 2, "decoder")),
        (AGAIN, "encoder.0.again2_1.conv2", ("again2_1", 1, "again")),
    ],
)
def test_a_scope_of_several_says_its_number_and_its_name_without_it(
    text: str, path: str, wanted: tuple[str, int, str]
) -> None:
    filters = "" if "filters" in text else "filters: 8\n"
    scopes = node_of(lower(parse(f"depth: 2\n{filters}{text}")), path).scopes
    assert wanted in [(scope.name, scope.number, scope.word) for scope in scopes]
