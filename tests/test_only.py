"""Parts of a network drawn alone: every region of the zoo at two columns, true to its ops, in every format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.command_line import run
from tests.drawing_checks import problems
from tests.test_paper import measured
from unetgen.analyses.op_names import op_name
from unetgen.api import draw, draw_difference, lower, parse
from unetgen.drawing import WRITERS, Drawing
from unetgen.drawing.flow.chart import read_chart
from unetgen.drawing.flow.parts import part_of, part_paths
from unetgen.drawing.page.alone import NoSuchPart
from unetgen.ir import Network, Region
from unetgen.language.zoo import zoo_names

MM = 72 / 25.4
SPARE = 0.01


@cache
def network(name: str) -> Network:
    return lower(name)


def kinds(net: Network) -> Iterator[Region]:
    """List the regions that differ in more than channels and sizes."""
    seen = set[tuple[str, ...]]()
    for region in (net.region(path) for path in part_paths(net)):
        ops = tuple(str(op_name(node)) for node in region.nodes)
        if ops not in seen:
            yield region
        seen.add(ops)


def assert_true(net: Network, region: Region) -> None:
    drawing = draw(net, only=region.path, width="178mm")
    assert problems(drawing) == []
    width, height, letters = measured(drawing.svg)
    assert width <= 178 * MM + SPARE and height <= 234 * MM + SPARE and letters >= 6 - SPARE
    words = " ".join(label.text for label in drawing.every_label)
    assert [str(op_name(node)) for node in region.nodes if str(op_name(node)) not in words] == []
    assert drawing.facts is not None
    assert sum(len(stage.ops) for stage in drawing.facts().stages) == len(region.nodes)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("attention-unet", "skip.1"), ("attention-unet-3d", "skip.3"), ("fc-densenet103", "bottleneck"),
        ("kuc-r2unet-2d", "encoder.1"), ("linknet", "encoder.1"), ("mednext-s", "encoder.1"), ("mednext-s", "up.0"),
        ("multiresunet", "encoder.0"), ("multiresunet", "path.0"), ("nnunet-resenc-3d", "encoder.1"),
        ("pytorch-3dunet-residual-se", "encoder.0"), ("segresnet", "encoder.2"), ("u2net", "encoder.0"),
        ("u2net", "encoder.4"), ("u2net", "fuse"), ("unet-2015", "encoder.0"), ("unet-2015", "skip.0"),
        ("unet3plus", "skip.1"), ("vnet", "encoder.3"),
    ],
)  # fmt: skip
def test_a_region_is_drawn_true(name: str, path: str) -> None:
    assert_true(network(name), network(name).region(path))


@pytest.mark.deep
@pytest.mark.parametrize("name", zoo_names())
def test_every_region_of_the_zoo_is_drawn_true(name: str) -> None:
    for region in kinds(network(name)):
        assert_true(network(name), region)


@pytest.mark.parametrize("suffix", [writer.suffix for writer in WRITERS])
def test_every_format_holds_a_part(suffix: str, tmp_path: Path) -> None:
    drawing = draw("multiresunet", only="encoder.0")
    try:
        written = drawing.save(tmp_path / f"part{suffix}")
    except Exception as error:
        assert "pip install" in str(error)
        return
    assert written.stat().st_size > 1000


def arrows(drawing: Drawing, kind: str) -> list[tuple[str, str]]:
    return [(arrow.source, arrow.target) for arrow in drawing.arrows if arrow.kind == kind]


def test_what_leaves_the_way_and_comes_back_is_an_arrow() -> None:
    drawing = draw("residual-add", only="encoder.0")
    (into,) = (target for _, target in arrows(drawing, "shortcut") if target.endswith("add"))
    assert into == "encoder.0.add"
    assert {join.symbol for join in drawing.joins} == {"plus"}


def test_an_inner_u_is_a_u() -> None:
    drawing = draw("u2net", only="encoder.0")
    depth = sum(arrow.kind == "down" for arrow in drawing.arrows)
    assert depth == sum(arrow.kind == "up" for arrow in drawing.arrows) == 5
    skips = [arrow.points for arrow in drawing.arrows if arrow.kind == "skip"]
    assert len(skips) == depth and all(start[1] == end[1] for start, end in skips)


def test_an_inner_u_of_dilated_convolutions_is_one_too() -> None:
    drawing = draw("u2net", only="encoder.4")
    assert len({box.frame.cy for box in drawing.boxes if "dilation" in box.note}) == 3
    assert "no resampling" in {text for row in drawing.legend.rows for text in row.meanings}


def test_equal_steps_are_drawn_once() -> None:
    texts = {label.text for label in draw("fc-densenet103", only="bottleneck").every_label}
    assert {"× 14", "each of 14", "672 to 880"} <= texts


def test_steps_that_meet_one_by_one_are_drawn_one_by_one() -> None:
    texts = [label.text for label in draw("multiresunet", only="encoder.0").every_label]
    assert texts.count("conv 3×3") == 3


def test_a_concatenation_takes_the_one_before_it() -> None:
    part = part_of(network("fc-densenet103"), "encoder.0")
    assert part is not None
    sources = {step.id: step.sources for step in read_chart(part).steps}
    assert sources["encoder.0.concat3"] == ("encoder.0.concat2", "encoder.0.layers.1.norm")


def test_a_long_way_goes_on_in_a_row_below() -> None:
    drawing = draw("nnunet-resenc-3d", only="encoder.1", width="178mm")
    (again,) = (box for box in drawing.boxes if box.id.endswith(" again"))
    assert again.frame.y > max(box.frame.bottom for box in drawing.boxes if ".blocks.1.conv" in box.id)
    assert not again.nodes


def test_a_block_inside_of_a_region_is_drawn_alone_too() -> None:
    drawing = draw("segresnet", only="encoder.1.blocks.0")
    assert {box.path for box in drawing.boxes if box.nodes} <= {
        node.path for node in network("segresnet").nodes if node.path.startswith("encoder.1.blocks.0.")
    }
    assert problems(drawing) == []


def test_the_title_says_which_part_of_what() -> None:
    net = parse("{depth: 2, filters: 4, drawing: {title: Ours}}")
    assert draw(net, only="encoder.1").title == "Encoder 2 of Ours"
    assert draw(net, only="encoder.1", title="Mine").title == "Mine"
    assert draw(lower(net), only="bottleneck").title == "Bottleneck of unet"
    assert draw(parse("{depth: 2, filters: 4, drawing: {title: Ours, only: head}}")).title == "Ours"


@pytest.mark.parametrize("path", ["encodr.1", "encoder", "encoder.1.", "", "skip", "input"])
def test_an_unknown_path_is_an_error_with_what_is_near(path: str, tmp_path: Path) -> None:
    with pytest.raises(NoSuchPart):
        draw("unet-2015", only=path)
    drawn = run("draw", "unet-2015", "-o", str(tmp_path / "u.svg"), f"--only={path}")
    assert drawn.exit_code == 1
    assert re.search(r'is no part of .* that can be drawn alone\n.*"encoder\.', drawn.stderr) or path in ("skip", "")
    assert not list(tmp_path.iterdir())


def test_a_difference_may_show_one_part() -> None:
    drawing = draw_difference("residual-add", lower(parse("{extends: residual-add, block: plain}")), only="encoder.2")
    assert problems(drawing) == []
    assert {outline.look for outline in drawing.outlines} >= {"removed"}
    assert drawing.facts is not None and drawing.facts().stages
