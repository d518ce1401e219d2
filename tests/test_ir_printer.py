"""The text form of networks."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import get_args

import pytest
from hypothesis import given

from tests.conftest import Golden
from tests.networks import U, paper_u, sample_u
from tests.random_networks import graphs
from unetgen.ir import Builder, Init, Network, Op
from unetgen.ir.network import Returns
from unetgen.ir.ops import (
    Activation,
    Blur,
    Conv,
    ConvTransposed,
    CropLike,
    Dropout,
    Norm,
    Pad,
    PadLike,
    PixelShuffle,
    Pool,
    Resize,
    ResizeLike,
)
from unetgen.ir.printer import format_network, format_op

AXES, OTHER = (2, 2), (2, 3)
PADS, OTHER_PADS = ((0, 0), (0, 0)), ((0, 0), (0, 1))

OPS: tuple[tuple[Op, Op], ...] = (
    (Conv(4, AXES, AXES, PADS, "zeros", AXES, 1, True), Conv(8, OTHER, OTHER, OTHER_PADS, "reflect", OTHER, 2, False)),
    (ConvTransposed(4, AXES, AXES, (0, 0), (0, 0), 1, True), ConvTransposed(8, OTHER, OTHER, (0, 1), (0, 1), 2, False)),
    (Norm("batch", 1e-5, True), Norm("group", 1e-3, False, 0.2, 4)),
    (Activation("relu"), Activation("prelu", (("init", 0.5),), 4)),
    (Pool("max", AXES, AXES, (0, 0)), Pool("avg", OTHER, OTHER, (0, 1), ceil=True)),
    (Blur(3, AXES), Blur(4, OTHER)),
    (Resize(AXES, "nearest"), Resize(OTHER, "linear", align_corners=True)),
    (ResizeLike("nearest"), ResizeLike("linear", align_corners=True)),
    (CropLike(), CropLike("floor")),
    (PadLike("zeros"), PadLike("replicate", "end")),
    (Pad(PADS), Pad(OTHER_PADS, "circular")),
    (Dropout(0.5), Dropout(0.1, "path")),
    (PixelShuffle(AXES), PixelShuffle(OTHER)),
)
"""Two of every op that has fields, different in all of them."""

CHANGES = [
    pytest.param(one, replace(one, **{field.name: getattr(other, field.name)}), id=f"{type(one).__name__}.{field.name}")
    for one, other in OPS
    for field in fields(one)
]


@pytest.mark.parametrize(("op", "changed"), CHANGES)
def test_every_field_of_every_op_is_seen(op: Op, changed: Op) -> None:
    assert op != changed
    assert format_op(op) != format_op(changed)


def test_every_op_with_fields_is_in_the_list() -> None:
    assert {kind for kind in get_args(Op) if fields(kind)} == {type(op) for op, _ in OPS}


def test_a_small_network_reads_as_approved(golden: Golden) -> None:
    u = U(depth=1, fit="crop_skip", same=False, norm=Norm("group", 1e-5, True, groups=2))
    golden("golden/ir/small.txt", format_network(sample_u(u, (36, 20))))


def test_the_network_of_2015_reads_as_approved(golden: Golden) -> None:
    golden("golden/ir/paper.txt", format_network(paper_u()))


def test_remarks_and_shared_weights_are_shown() -> None:
    b = Builder()
    x = b.input(3)
    with b.region("head", role="head", level=0, kind="plain", inputs=(x,)):
        y = b("act", Activation("prelu", learned=1), x)
        y = b.close(b("again", Activation("prelu", learned=1), y, shares="head.act"))
    network = replace(
        Network("small", 2, x, (x, y), tuple(b.regions), Init("he_normal", 2.0), "arXiv:1505.04597", ('says "hi"',)),
        returns=Returns("list", "skip"),
        main=1,
    )
    lines = format_network(network).splitlines()
    assert lines[1:6] == [
        '  reference "arXiv:1505.04597"',
        "  init he_normal, gain 2.0",
        "  main 1",
        "  returns list, in eval skip",
        '  note "says \\"hi\\""',
    ]
    assert lines[-3] == "    again: %2 = activation(%1) prelu, learned 1, shares head.act : 3"


@given(graphs(dims=2))
def test_any_graph_has_one_line_per_node_and_two_per_region(network: Network) -> None:
    lines = format_network(network).splitlines()
    assert len(lines) == 2 + sum(2 + len(region.nodes) for region in network.regions)
