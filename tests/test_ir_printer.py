"""The text form of networks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from typing import Any, get_args, get_type_hints

import pytest
from _pytest.mark import ParameterSet
from hypothesis import given

from tests.conftest import Golden
from tests.networks import U, paper_u, sample_u
from tests.random_networks import graphs
from unetgen.ir import Builder, Init, Network, Op, ops
from unetgen.ir.network import Returns
from unetgen.ir.printer import format_network, format_op

VALUES: dict[object, tuple[Any, ...]] = {
    bool: (True, False),
    int: (1, 2),
    float: (0.5, 0.1),
    str: ("relu", "prelu"),
    ops.Axes: ((2, 2), (2, 3)),
    ops.Pads: (((0, 0), (0, 0)), ((0, 0), (0, 1))),
    tuple[tuple[str, float], ...]: ((), (("init", 0.5),)),
}
"""Two values of every type that fields of ops have, but for words, which say themselves which there are."""


def changes(kind: type[Op]) -> Iterator[ParameterSet]:
    """Change each field of an op for itself: from its default, where it has one, to another value of its type."""
    values = {name: VALUES.get(hint) or get_args(hint) for name, hint in get_type_hints(kind).items()}
    defaults = {field.name: field.default for field in fields(kind) if field.default is not MISSING}
    op = kind(**{name: values[name][0] for name in values} | defaults)
    for name in values:
        other = next(value for value in values[name] if value != getattr(op, name))
        yield pytest.param(op, replace(op, **{name: other}), id=f"{kind.__name__}.{name}")


@pytest.mark.parametrize(("op", "changed"), [change for kind in get_args(Op) for change in changes(kind)])
def test_every_field_of_every_op_is_seen(op: Op, changed: Op) -> None:
    assert op != changed
    assert format_op(op) != format_op(changed)


def test_a_small_network_reads_as_approved(golden: Golden) -> None:
    u = U(depth=1, fit="crop_skip", same=False, norm=ops.Norm("group", groups=2))
    golden("golden/ir/small.txt", format_network(sample_u(u, (36, 20))))


def test_the_network_of_2015_reads_as_approved(golden: Golden) -> None:
    golden("golden/ir/paper.txt", format_network(paper_u()))


def test_a_node_is_called_without_its_region() -> None:
    network = paper_u()
    names = {region.name_of(node) for region in network.regions for node in region.nodes}
    assert {"layer", "conv1", "crop"} <= names
    assert not any(name.startswith(f"{region.path}.") for name in names for region in network.regions)


def test_of_first_weights_what_is_unusual_is_shown() -> None:
    network = replace(sample_u(), init=Init("he_normal", slope=0.01, zero_last_norm=True))
    assert "  init he_normal, gain 1.0, slope 0.01, zero_last_norm True" in format_network(network).splitlines()


def test_remarks_and_shared_weights_are_shown() -> None:
    b = Builder()
    x = b.input(3)
    with b.region("head", role="head", level=0, kind="plain", inputs=(x,)):
        y = b("act", ops.Activation("prelu", learned=1), x)
        y = b.close(b("again", ops.Activation("prelu", learned=1), y, shares="head.act"))
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
