"""Sizes and channels in letters: what is written holds for the network, at its nominal size and at twice that."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from tests.command_line import run
from unetgen import draw
from unetgen.api import lower, parse
from unetgen.drawing import DETAILS, DrawOptions, NoSymbols, draw_network
from unetgen.drawing.read.shape_words import AXES, shape_words
from unetgen.drawing.read.words import size_text
from unetgen.ir import Network, trace
from unetgen.language.zoo import zoo_names

SHARE = re.compile(r"(\d*)([A-Z])(?:/(\d+))?")
CROPS = "unet-2015"


def value(text: str, letters: dict[str, int]) -> tuple[Fraction, ...]:
    """Work out `2C` or `H/2×W/2`."""
    found = [SHARE.fullmatch(part) for part in text.split("×")]
    assert all(found), text
    return tuple(Fraction(int(m[1] or 1) * letters[m[2]], int(m[3] or 1)) for m in found if m)


def letters_of(network: Network) -> dict[str, int]:
    return dict(zip(AXES[network.dims], network.input.shape.size, strict=True))


@pytest.mark.parametrize("name", zoo_names())
def test_letters_say_what_is_traced_at_two_sizes(name: str) -> None:
    network = lower(name)
    try:
        words = shape_words(network, "symbolic")
    except NoSymbols as problem:
        assert network.name in problem.headline
        return
    twice = trace(network, tuple(2 * n for n in network.input.shape.size))
    for node, larger in zip(network.nodes, twice.nodes, strict=True):
        here, there = node.output.shape.size, larger.output.shape.size
        if here != there:
            assert value(words.size(here), letters_of(network)) == here
            assert value(words.size(here), letters_of(twice)) == there
    base = dict(words.legend).get("C")
    assert all(value(text, {"C": int(base)}) == (Fraction(count),) for count, text in words.channels.items() if base)


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", ["attention-unet", "unetpp", "monai-unet", "u2net", "nnunet-plain-2d"])
def test_no_size_is_left_in_numbers(name: str, detail: str) -> None:
    network = lower(name)
    options = DrawOptions(detail=detail, totals=False, sizes="symbolic")  # type: ignore[arg-type]
    texts = [label.text for label in draw_network(network, options).labels]
    grown = {size_text(n.output.shape.size) for n in network.nodes if n.output.shape.pixels > 1}
    assert not [text for text in texts for size in grown if text.endswith((f"→ {size}", f"× {size}")) or text == size]
    assert any(AXES[network.dims][0] in text for text in texts)


def test_letters_are_explained() -> None:
    labels = [label.text for label in draw("attention-unet", sizes="symbolic").labels]
    pairs = [*pairwise(labels)]
    assert ("H×W", "224×224") in pairs and ("C", "64") in pairs


def test_channels_stay_numbers_where_one_is_no_simple_share() -> None:
    network = lower(parse("{depth: 2, filters: [30, 50, 70]}"))
    assert shape_words(network, "symbolic").channels == {}


def test_what_is_no_share_of_the_input_is_refused_with_a_way_out(tmp_path: Path) -> None:
    out = tmp_path / "x.svg"
    result = run("draw", CROPS, "--sizes", "symbolic", "-o", str(out))
    assert result.exit_code == 1 and not out.exists()
    assert "no shares of the input's" in result.stderr and "`nominal`" in result.stderr


def test_a_build_keeps_numbers_and_says_so(tmp_path: Path) -> None:
    spec = tmp_path / "a.yaml"
    spec.write_text(f"extends: {CROPS}\nname: a\ndrawing: {{sizes: symbolic}}\n")
    result = run("build", str(spec), "-o", str(tmp_path))
    assert result.exit_code == 0 and "sizes stay numbers" in result.stderr
    assert "568" in (tmp_path / "a.svg").read_text()


@pytest.mark.parametrize(("flag", "word"), [(True, "nominal"), (False, "none")])
def test_true_and_false_go_on_working(flag: bool, word: str) -> None:
    assert parse(f"{{depth: 2, filters: 8, drawing: {{sizes: {str(flag).lower()}}}}}").drawing.sizes == word  # type: ignore[attr-defined]
    assert draw("unet-2015", sizes=flag).svg == draw("unet-2015", sizes=word).svg  # type: ignore[arg-type]


def test_no_sizes_is_a_short_way_to_say_none(tmp_path: Path) -> None:
    texts = []
    for n, options in enumerate((["--no-sizes"], ["--sizes", "none"])):
        out = tmp_path / f"{n}.svg"
        assert run("draw", CROPS, *options, "-o", str(out)).exit_code == 0
        texts.append(out.read_text())
    assert texts[0] == texts[1] and "572²" in texts[0] and ">568²<" not in texts[0]
