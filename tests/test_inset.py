"""Panels below a network that show what its blocks are made of: for the whole zoo at two columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.command_line import run
from tests.drawing_checks import problems
from tests.test_paper import MM, SPARE, measured
from unetgen.analyses.op_names import op_name
from unetgen.api import draw, draw_difference, load, lower, parse
from unetgen.drawing import Drawing
from unetgen.drawing.flow.kinds import block_kinds
from unetgen.ir import Network
from unetgen.language.zoo import zoo_names


@cache
def network(name: str) -> Network:
    return lower(name)


COMPOSITE = [name for name in zoo_names() if block_kinds(network(name))]
LEFT_OUT = {"kuc-u2net-2d", "u2net", "u2netp"}
"""Networks one of whose panels has no room: they have two kinds of small Us and six heads."""


def panels(drawing: Drawing) -> list[str]:
    return [label.text for label in drawing.labels if label.bold and re.match(r"\([a-z]\)", label.text)]


@pytest.mark.parametrize("name", COMPOSITE)
def test_the_zoo_is_read_at_two_columns_with_its_blocks(name: str) -> None:
    drawing = draw(load(name), inset=True, width="178mm")
    assert problems(drawing) == []
    width, height, letters = measured(drawing.svg)
    assert width <= 178 * MM + SPARE and height <= 234 * MM + SPARE and letters >= 6 - SPARE
    kinds = block_kinds(network(name))
    drawn = len(panels(drawing)) - 1
    assert drawn == len(kinds) - (name in LEFT_OUT)
    assert ("no panel of" in drawing.gave_way) is (name in LEFT_OUT)
    for kind, heading in zip(kinds, panels(drawing)[1:], strict=False):
        assert heading.split(") ", 1)[1].split()[0] == f"{kind.sign}:"


def words(drawing: Drawing) -> str:
    rows = (text for row in drawing.legend.rows for text in row.meanings)
    return " ".join((*(label.text for label in drawing.labels), *rows))


@pytest.mark.parametrize(
    "name", ["multiresunet", "mednext-s", "nnunet-resenc-3d", "pytorch-3dunet-residual-se", "segresnet"]
)
def test_what_a_legend_leaves_to_a_panel_is_said_there(name: str) -> None:
    drawing = draw(load(name), inset=True, width="178mm")
    said = words(drawing)
    inside = {str(op_name(node)) for node in network(name).nodes if node.within("block", "attention", "gate")}
    assert {op for op in inside if op not in said} == set()


def shapes_of(drawing: Drawing) -> Iterator[str]:
    yield from (thing.id for thing in drawing.things if thing.id.startswith("inset "))


def test_panels_stand_for_no_ops_of_their_own() -> None:
    drawing = draw("attention-unet", inset=True)
    inside = [*shapes_of(drawing)]
    assert inside and drawing.facts is not None
    assert not {*inside} & {*drawing.facts().things}
    plain = draw("attention-unet").facts
    assert plain is not None and plain().things == drawing.facts().things


def test_a_block_in_a_block_is_a_sign_there_and_has_a_panel() -> None:
    drawing = draw("pytorch-3dunet-residual-se", inset=True)
    assert [text.split(":")[0] for text in panels(drawing)[1:]] == ["(b) res", "(c) scSE"]
    assert "scSE" in {label.text for label in drawing.labels}


def test_blocks_of_one_sign_that_are_wired_differently_have_a_panel_each() -> None:
    places = [text.rpartition("as in ")[2] for text in panels(draw("multiresunet", inset=True))[1:]]
    assert places == ["Encoder 1", "Skip 1"]


def test_the_usual_block_stands_for_its_kind() -> None:
    """Not the first of a stage, whose shortcut has a convolution."""
    (kind,) = block_kinds(network("mednext-s"))
    assert not any(step.on_shortcut for step in kind.chart.steps)


def test_where_all_is_a_chain_that_is_said(tmp_path: Path) -> None:
    drawn = run("draw", "unet-2015", "--inset", "--width", "none", "-o", str(tmp_path / "u.svg"))
    assert (drawn.exit_code, drawn.stderr.count("note: ")) == (0, 1)
    assert "no panel" in drawn.stderr
    assert panels(draw("unet-2015", inset=True)) == []


def test_a_spec_may_ask_for_panels_and_a_build_draws_them(tmp_path: Path) -> None:
    assert len(panels(draw(parse("{depth: 2, filters: 8, block: residual, drawing: {inset: true}}")))) == 2
    assert run("build", "residual-add", "--inset", "-o", str(tmp_path)).exit_code == 0
    assert "(b) res: residual block" in (tmp_path / "residual_add.svg").read_text()


def test_a_difference_has_panels_of_both() -> None:
    drawing = draw_difference("residual-add", "attention-unet", inset=True)
    assert problems(drawing) == []
    assert [text.split(":")[0] for text in panels(drawing)[1:]] == ["(b) AG", "(c) res"]


def test_a_picture_that_is_wider_than_a_screen_says_so(tmp_path: Path) -> None:
    path = str(tmp_path / "u.svg")
    wide = run("draw", "unet-2015", "--set", "depth=12", "--set", "input_size=8192", "--set", "padding=same",
               "--set", "filters=2", "--detail", "ops", "--width", "none", "-o", path)  # fmt: skip
    assert wide.exit_code == 0, wide.stderr
    assert "pt wide, more than a screen" in wide.stderr
