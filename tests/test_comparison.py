"""What differs between two specs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import unetgen
from unetgen.cli.app import app
from unetgen.compiler.pipeline import compile_spec
from unetgen.ir.printer import format_network
from unetgen.reports.comparison import Comparison, compare_networks

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


# With a picture


def diff(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["diff", *arguments])


@pytest.mark.parametrize("suffix", ["svg", "dot", "png", "pdf", "tex", "html"])
def test_the_command_draws_both_networks_in_every_format(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"diff.{suffix}"
    result = diff("unet-2015", "--set", "depth=3", "-o", str(path), "--width", "none")
    assert (result.exit_code, result.stderr) == (1, f"wrote {path}\n")
    assert result.stdout == diff("unet-2015", "--set", "depth=3").stdout
    assert path.stat().st_size > 1000


def test_networks_that_are_the_same_are_drawn_too(tmp_path: Path) -> None:
    result = diff("unet-2015", "unet-2015", "-o", str(tmp_path / "diff.svg"))
    assert result.exit_code == 0
    assert "every op is the same" in (tmp_path / "diff.svg").read_text("utf-8")


def test_a_picture_on_standard_output_has_no_words_in_it() -> None:
    result = diff("unet-2015", "--set", "depth=3", "-o", "-", "--width", "none")
    assert result.exit_code == 1
    assert ElementTree.fromstring(result.stdout).tag.endswith("svg")
    assert result.stderr == diff("unet-2015", "--set", "depth=3").stdout


def test_the_picture_says_what_was_set(tmp_path: Path) -> None:
    path = tmp_path / "diff.svg"
    diff("unet-2015", "--set", "depth=3", "--set", "name=mine", "-o", str(path), "--title", "Figure 2")
    assert {"Figure 2", "before: unet-2015", "after: mine, depth=3, name=mine"} <= texts(path)


def test_two_files_of_one_name_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, depth in (("a", 1), ("b", 2)):
        Path(f"{name}.yaml").write_text(f"{{name: cells, depth: {depth}, filters: 4}}")
    diff("a.yaml", "b.yaml", "-o", "diff.svg")
    assert {"before: cells (a.yaml)", "after: cells (b.yaml)"} <= texts(Path("diff.svg"))


def texts(path: Path) -> set[str]:
    return {"".join(element.itertext()) for element in ElementTree.parse(path).iter() if element.tag.endswith("text")}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--theme", "dark"], "name its file with -o"),
        (["--no-legend"], "name its file with -o"),
        (["-o", "-", "--json"], "cannot both go to standard output"),
        (["-o", "diff.bmp"], "none of .svg, .dot"),
        (["-o", "diff.svg", "--theme", "pink"], "'pink' is not one of"),
    ],
)
def test_what_makes_no_picture_is_wrong_usage(arguments: list[str], message: str) -> None:
    result = diff("unet-2015", "--set", "depth=3", *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
