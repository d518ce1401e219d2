"""What differs between two specs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import unetgen
from unetgen.cli.app import app
from unetgen.comparison import Comparison, compare_networks
from unetgen.ir.printer import format_network
from unetgen.pipeline import compile_spec

WAYS = st.fixed_dictionaries(
    {
        "depth": st.integers(1, 3),
        "filters": st.sampled_from((4, 8)),
        "norm": st.sampled_from(("none", "batch", "instance")),
        "skip": st.sampled_from(("concat", "add", "none")),
        "block": st.sampled_from(("plain", "residual")),
    }
)


def compared(one: str, other: str) -> Comparison:
    return compare_networks(compile_spec(unetgen.parse(one)), compile_spec(unetgen.parse(other)))


def text(options: dict[str, object]) -> str:
    return "".join(f"{name}: {value}\n" for name, value in options.items())


@given(WAYS, WAYS)
@settings(max_examples=60)
def test_networks_are_the_same_exactly_if_their_text_is(one: dict[str, object], other: dict[str, object]) -> None:
    networks = (replace(unetgen.lower(unetgen.parse(text(way))), name="x") for way in (one, other))
    before, after = map(format_network, networks)
    assert compared(text(one), text(other)).same == (before == after)


@given(WAYS, WAYS)
@settings(max_examples=30)
def test_the_way_back_is_the_mirror_image(one: dict[str, object], other: dict[str, object]) -> None:
    there, back = compared(text(one), text(other)), compared(text(other), text(one))
    assert {(c.option, repr(c.before), repr(c.after)) for c in there.options} == {
        (c.option, repr(c.after), repr(c.before)) for c in back.options
    }
    assert {r.path for r in there.regions} == {r.path for r in back.regions}


def test_another_word_is_one_change_and_names_its_places() -> None:
    found = compared("depth: 3\nfilters: 4\nnorm: none\n", "depth: 3\nfilters: 4\nnorm: batch\n")
    (change,) = found.options
    assert (change.option, change.before, change.after) == ("norm", "none", "batch")
    assert "norm (encoder.0-2, bottleneck, decoder.0-2)" in found.to_text()


def test_two_spellings_of_one_network_do_not_differ() -> None:
    assert compared("depth: 2\nfilters: 4\n", "depth: 2\nfilters: [4, 8, 16]\nskip: {join: concat}\n").same


@pytest.mark.parametrize(("arguments", "code"), [(["unet-2015"], 2), (["unet-2015", "unet-2015"], 0)])
def test_the_command_ends_as_diff_does(arguments: list[str], code: int) -> None:
    assert CliRunner().invoke(app, ["diff", *arguments]).exit_code == code


def test_the_command_says_what_a_change_does() -> None:
    result = CliRunner().invoke(app, ["diff", "unet-2015", "--set", "depth=3", "--json"])
    assert result.exit_code == 1
    counts = json.loads(result.stdout)["counts"]
    assert counts["parameters"] == {"before": "31,030,658", "after": "7,696,258"}
