"""Broken networks are told from sound ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given

from tests.networks import U, conv, paper_u, sample_u
from tests.random_networks import graphs, us
from unetgen.analyses import legal_sizes
from unetgen.ir import Builder, Network, Node, Op, Region, Shape, Value, trace
from unetgen.ir.network import Returns
from unetgen.ir.ops import (
    Activation,
    Add,
    Concat,
    Conv,
    CropLike,
    Maximum,
    Multiply,
    Norm,
    PixelShuffle,
    Pool,
    Resize,
)
from unetgen.ir.verify import verify
from unetgen.source.diagnostics import InternalError

WIDE = Conv(4, (3, 3, 3), (1, 1), ((1, 1), (1, 1)), "zeros", (1, 1), 1, True)
STILL = Conv(4, (3, 3), (1, 0), ((1, 1), (1, 1)), "zeros", (1, 1), 1, True)
GROUPS = Conv(4, (1, 1), (1, 1), ((0, 0), (0, 0)), "zeros", (1, 1), 3, True)


@given(us())
def test_every_u_is_sound_before_and_after_tracing(u: U) -> None:
    network = sample_u(u)
    verify(network)
    if size := legal_sizes(network).alike().above(1):
        verify(trace(network, (size,) * u.dims))


@given(graphs(dims=2))
def test_every_graph_is_sound(network: Network) -> None:
    verify(network)


def in_region(network: Network, path: str, change: Callable[[Region], Region]) -> Network:
    regions = tuple(change(region) if region.path == path else region for region in network.regions)
    return replace(network, regions=regions)


def in_node(network: Network, path: str, change: Callable[[Node], Node]) -> Network:
    def changed(region: Region) -> Region:
        return replace(region, nodes=tuple(change(n) if n.path == path else n for n in region.nodes))

    inside = {region.path for region in network.regions for node in region.nodes if node.path == path}
    return in_region(network, inside.pop(), changed)


U2 = sample_u(U(depth=1), (8, 8))
"""Its head is one layer, which is called as the region."""
STRAY = Value(99, Shape(4, (8, 8)))
LINE = Value(0, Shape(1, (8,)))
HEAD = U2.region("head").nodes[0]

BROKEN = {
    "head: the path is used 2 times": in_region(U2, "head", lambda r: replace(r, nodes=r.nodes * 2)),
    "decoder.0.conv1: the path is used 2 times": in_node(
        U2, "decoder.0.act1", lambda n: replace(n, path="decoder.0.conv1")
    ),
    "head: the node is in decoder.0": in_node(U2, "decoder.0.act1", lambda n: replace(n, path="head")),
    "head.2 b: not a path of identifiers and numbers": in_node(U2, "head", lambda n: replace(n, path="head.2 b")),
    "head.class: not a path of identifiers and numbers": in_node(U2, "head", lambda n: replace(n, path="head.class")),
    "tail.conv: the node is in head": in_node(U2, "head", lambda n: replace(n, path="tail.conv")),
    "head: the value %99 is not given here": in_node(U2, "head", lambda n: replace(n, inputs=(STRAY,))),
    "head.forward: a module of torch may have a 'forward' of its own": in_node(
        U2, "head", lambda n: replace(n, path="head.forward")
    ),
    "eval: a module of torch may have a 'eval' of its own": in_region(U2, "head", lambda r: replace(r, path="eval")),
    "head._conv: a module of torch may have a '_conv' of its own": in_node(
        U2, "head", lambda n: replace(n, path="head._conv")
    ),
    "decoder.0.conv1: the value %0 is not given here": in_node(
        U2, "decoder.0.conv1", lambda n: replace(n, inputs=(U2.input,))
    ),
    "skip.0: the value %99 is not given here": in_region(U2, "skip.0", lambda r: replace(r, inputs=(STRAY, *r.inputs))),
    "head: the output: the value %99 is not given here": in_region(U2, "head", lambda r: replace(r, output=STRAY)),
    "head: the value %1 was given before": in_node(U2, "head", lambda n: replace(n, output=replace(n.output, id=1))),
    "head: a region without nodes": in_region(U2, "head", lambda r: replace(r, nodes=())),
    "the network's output: the value %99 is not given here": replace(U2, outputs=(STRAY,)),
    "the network has no output": replace(U2, outputs=()),
    "the main output is number 1 of 1": replace(U2, main=1),
    "outputs of 2x8x8 and 1x8x8 cannot be stacked": replace(
        U2, outputs=(U2.output, U2.input), returns=Returns("stack")
    ),
    f"the value %{U2.output.id} is never used": replace(U2, outputs=(HEAD.inputs[0],)),
    "the value %0 is 1x8x8, here 2x8x8": in_node(
        U2, "encoder.0.conv1", lambda n: replace(n, inputs=(Value(0, Shape(2, (8, 8))),))
    ),
    "the output is 2x9x9, tracing gives 2x8x8": replace(
        in_region(
            in_node(U2, "head", lambda n: replace(n, output=Value(n.output.id, Shape(2, (9, 9))))),
            "head",
            lambda r: replace(r, output=Value(r.output.id, Shape(2, (9, 9)))),
        ),
        outputs=(Value(U2.output.id, Shape(2, (9, 9))),),
    ),
    "the input has 1 sizes for 2 axes": Network("none", 2, LINE, (LINE,), ()),
}


def broken(network: Network) -> str:
    with pytest.raises(InternalError) as caught:
        verify(network)
    return str(caught.value)


@pytest.mark.parametrize("words", BROKEN)
def test_a_broken_promise_is_named(words: str) -> None:
    assert words in broken(BROKEN[words])


def test_every_broken_promise_is_named() -> None:
    network = replace(in_node(U2, "head", lambda n: replace(n, path="tail.conv")), outputs=())
    assert len(broken(network).splitlines()) == 1 + 3


def one_node(op: Op, *channels: int, given: int = 4) -> Network:
    """Build a network of one node with that op, those inputs and that many output channels, sound or not."""
    values = tuple(Value(i, Shape(n)) for i, n in enumerate(channels))
    output = Value(len(channels), Shape(given))
    sources = tuple(Node(f"stem.make{v.id}", conv(2, v.shape.channels), (values[0],), v) for v in values[1:])
    node = Node("stem.op", op, values, output)
    region = Region("stem", "stem", 0, "one", (values[0],), output, (*sources, node))
    return Network("one", 2, values[0], (output,), (region,))


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (one_node(Concat(), 4), "takes 1 inputs"),
        (one_node(CropLike(), 4, 4, 4), "takes 3 inputs"),
        (one_node(Activation("relu"), 4, 4), "takes 2 inputs"),
        (one_node(WIDE, 4), "(3, 3, 3) does not have one number for each of 2 axes"),
        (one_node(STILL, 4), "(1, 0) holds a number below 1"),
        (one_node(Resize((2,), "nearest"), 4), "(2,) does not have one number for each of 2 axes"),
        (one_node(Pool("max", (2, 2), (2, 2), (2, 0)), 4), "more than half of it"),
        (one_node(GROUPS, 4), "4 channels do not divide into 3"),
        (one_node(Norm("group", 1e-5, True, groups=3), 4), "4 channels do not divide into 3"),
        (one_node(PixelShuffle((2, 3)), 4), "4 channels do not divide into 6"),
        (one_node(Add(), 4, 2), "inputs of (4, 2) channels"),
        (one_node(Maximum(), 4, 2), "inputs of (4, 2) channels"),
        (one_node(Maximum(), 4), "takes 1 inputs"),
        (one_node(Maximum(), 4, 4, 2), "inputs of (4, 4, 2) channels"),
        (one_node(Multiply(), 4, 2), "inputs of (4, 2) channels"),
        (one_node(Activation("prelu", learned=3), 4), "learns 3 slopes for 4 channels"),
        (one_node(conv(2, 8), 4), "gives 4 channels, but its op gives 8"),
    ],
)
def test_an_op_that_cannot_work_is_named(network: Network, words: str) -> None:
    line = next(line for line in broken(network).splitlines() if words in line)
    assert line.strip().startswith("stem.op: ")


@pytest.mark.parametrize("op", [Concat(), Add(), Maximum()])
def test_any_number_of_maps_may_be_joined(op: Op) -> None:
    verify(one_node(op, 4, 4, 4, given=op.channels(4, 4, 4)))


def shared(change: Callable[[Node], Node]) -> Network:
    b = Builder()
    x = b.input(4)
    with b.region("stem", role="stem", level=0, kind="recurrent", inputs=(x,)):
        y = b("conv", conv(2, 4), x)
        y = b("again", conv(2, 4), y, shares="stem.conv")
        y = b.close(b("third", conv(2, 4), y, shares="stem.conv"))
    network = Network("shared", 2, x, (y,), tuple(b.regions))
    verify(network)
    return in_node(network, "stem.third", change)


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (shared(lambda n: replace(n, shares="stem.none")), "which does not come earlier"),
        (shared(lambda n: replace(n, shares="stem.again")), "which owns none"),
        (shared(lambda n: replace(n, op=conv(2, 4, dilation=2))), "which has another op or other channels"),
    ],
)
def test_weights_are_shared_with_their_like(network: Network, words: str) -> None:
    assert words in broken(network)


def test_sizes_that_do_not_fit_are_named() -> None:
    network = sample_u(U(depth=1))
    image = Value(0, Shape(1, (7, 8)))
    first = network.regions[0]
    node = replace(first.nodes[0], inputs=(image,))
    region = replace(first, inputs=(image,), nodes=(node, *first.nodes[1:]))
    words = broken(replace(network, input=image, regions=(region, *network.regions[1:])))
    assert "skip.0.concat: a concatenation needs maps of one size, found 7 and 6" in words


def test_the_network_of_2015_is_sound() -> None:
    verify(paper_u())
