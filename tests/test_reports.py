"""The summary as a value, as JSON and as a table."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Golden
from tests.networks import U, conv, paper_u, sample_u
from tests.random_networks import us
from unetgen.analyses import legal_sizes, macs, parameters
from unetgen.ir import Builder, Network, trace
from unetgen.ir.ops import Activation, Add, Norm
from unetgen.reports import render_summary, summarize_network
from unetgen.reports.costs import binary, short
from unetgen.reports.summary import describe_region

LEGAL = us().filter(lambda u: not legal_sizes(sample_u(u)).alike().empty)


def small(u: U) -> Network:
    network = sample_u(u)
    return trace(network, (legal_sizes(network).alike().above(8) or 0,) * u.dims)


@given(LEGAL)
def test_the_json_says_what_the_analyses_say(u: U) -> None:
    network = small(u)
    found = json.loads(summarize_network(network).to_json())
    assert (found["params"], found["macs"]) == (parameters(network).total, macs(network).total)
    assert found["input_shape"] == network.input.shape.as_list()
    assert found["output_shape"] == network.output.shape.as_list()
    assert found["output_shapes"] == [value.shape.as_list() for value in network.outputs]
    assert [stage["path"] for stage in found["stages"]] == [region.path for region in network.regions]


@given(LEGAL)
def test_stages_add_up_to_the_totals(u: U) -> None:
    summary = summarize_network(small(u))
    assert summary.params == sum(stage.params for stage in summary.stages)
    assert summary.macs == sum(stage.macs for stage in summary.stages)


@given(LEGAL, st.sampled_from((80, 100, 120)))
def test_a_table_keeps_its_width_and_names_every_region(u: U, width: int) -> None:
    summary = summarize_network(small(u))
    lines = render_summary(summary, width=width).splitlines()
    assert max(map(len, lines)) <= width
    firsts = [line.split()[0] for line in lines if line and line[0] != " "]
    assert [stage.path for stage in summary.stages] == [word for word in firsts if "." in word or word in _LONE]


_LONE = {"bottleneck", "head"}


@given(LEGAL, st.integers(1, 4))
def test_columns_give_way_where_many_are_counted(u: U, more: int) -> None:
    summary = summarize_network(small(u))
    macs = next(cost for cost in summary.costs if cost.name == "MACs")
    costs = (*summary.costs, *(replace(macs, name=f"counted {number}") for number in range(more)))
    text = render_summary(replace(summary, costs=costs), width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert all(cost.name in text for cost in costs), "each has a line below the table"
    assert "parameters" in text.splitlines()[2]


@given(LEGAL)
def test_colour_changes_no_word(u: U) -> None:
    summary = summarize_network(small(u))
    coloured = render_summary(summary, colour=True)
    assert "\x1b[1m" in coloured
    assert re.sub(r"\x1b\[\d*m", "", coloured) == render_summary(summary)


@given(LEGAL)
def test_numbers_of_a_table_stand_below_each_other(u: U) -> None:
    lines = render_summary(summarize_network(small(u))).splitlines()
    rules = [i for i, line in enumerate(lines) if line.startswith("─")]
    rows = lines[rules[0] + 1 : rules[1]]
    assert {len(row) for row in rows} == {len(lines[rules[0]])}


@pytest.mark.parametrize(
    ("name", "network"),
    [
        ("paper", paper_u()),
        ("instance-3d", sample_u(U(depth=3, dims=3, filters=16, norm=Norm("instance", 1e-5, True)), (128, 128, 64))),
    ],
)
def test_a_table_reads_as_approved(golden: Golden, name: str, network: Network) -> None:
    golden(f"golden/reports/{name}.txt", render_summary(summarize_network(network), width=80))


def test_the_json_reads_as_approved(golden: Golden) -> None:
    golden("golden/reports/small.json", summarize_network(sample_u(U(depth=1), (8, 8))).to_json())


def test_a_residual_stage_in_words() -> None:
    b = Builder()
    x = b.input(4)
    with b.region("encoder.0", role="encoder", level=0, kind="residual", inputs=(x,)):
        y = b("conv2", conv(2, 8, same=True), b("act1", Activation("relu"), b("conv1", conv(2, 8, same=True), x)))
        with b.scope("shortcut", kind="shortcut"):
            x = b("conv", conv(2, 8, 1), x)
        b.close(b("act", Activation("relu"), b("add", Add(), y, x)))
    assert describe_region(b.regions[0]) == "conv 3×3, ReLU, conv 3×3, shortcut conv 1×1, sum, ReLU"


@given(st.lists(st.sampled_from(("relu", "gelu", "elu")), min_size=1, max_size=12))
def test_folded_words_unfold_to_the_nodes(kinds: list[str]) -> None:
    b = Builder()
    x = y = b.input(4)
    with b.region("stem", role="stem", level=0, kind="acts", inputs=(x,)):
        for i, kind in enumerate(kinds):
            y = b(f"act{i}", Activation(kind), y)
        b.close(y)
    unfolded = re.sub(r"(\d+) × (?:\(([^)]*)\)|(\w+))", _unfold, describe_region(b.regions[0]))
    assert unfolded.lower().split(", ") == kinds


def _unfold(match: re.Match[str]) -> str:
    return ", ".join([match[2] or match[3]] * int(match[1]))


@given(st.integers(0, 10**20))
def test_short_numbers_are_close_and_short(n: int) -> None:
    number, _, unit = short(n).replace(",", "").partition(" ")
    assert float(number) * 1000 ** " kMGTPE".index(unit or " ") == pytest.approx(n, rel=6e-4)
    assert len(number) <= 5 or unit == "E"


@given(st.integers(0, 2**60))
def test_bytes_are_close_and_short(n: int) -> None:
    number, _, unit = binary(n).partition(" ")
    assert float(number) * 1024 ** ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB").index(unit) == pytest.approx(
        n, rel=6e-4
    )
    assert len(number) <= 5
