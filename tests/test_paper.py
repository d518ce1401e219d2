"""Pictures for paper: they have the width that was asked for, and letters that are read at it.

Measured from the files that are written.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.command_line import run
from tests.drawing_checks import problems
from tests.drawing_reading import GRIDS
from tests.spec_strategies import Drawn, legal_specs
from unetgen.api import draw, draw_difference, lower
from unetgen.drawing import Drawing, DrawOptions, draw_network
from unetgen.drawing.model.options import Detail
from unetgen.drawing.model.paper import millimetres, points
from unetgen.drawing.page.fit import TooNarrow
from unetgen.ir import Network
from unetgen.language.zoo import zoo_names

MM = 72 / 25.4
SPARE = 0.01
"""What is lost where numbers are written in hundredths, in points."""
NARROW = {"attention-unet-3d", "wave-u-net"}
"""Networks of the zoo that no column of 85 mm holds: heads beside the decoder; thirteen levels."""


CROWDED = {"fc-densenet103", "nnunet-residualunet", "wave-u-net"}
"""Networks that have one box per stage at 178 mm: eleven dense blocks; eight levels with heads beside them; thirteen
levels of as many widths, each to be seen."""


@cache
def network(name: str) -> Network:
    return lower(name)


def measured(svg: str) -> tuple[float, float, float]:
    """Give the width, the height and the smallest letters of a picture on paper, in points."""
    page = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt" viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert page is not None
    width, height, own_width, own_height = map(float, page.groups())
    assert width / own_width == pytest.approx(height / own_height, rel=1e-3)
    letters = min(map(float, re.findall(r'font-size="([\d.]+)"', svg)))
    return width, height, letters * width / own_width


def assert_keeps(drawing: Drawing, width: str) -> None:
    found, height, letters = measured(drawing.svg)
    assert found <= (points(width) or 0) + SPARE
    assert height <= 234 * MM + SPARE
    assert letters >= 6 - SPARE
    assert problems(drawing) == []
    assert_wider_means_more(drawing)


def assert_wider_means_more(drawing: Drawing) -> None:
    """Hold boxes of maps with more channels to be a quarter of a point wider on paper; stages are as wide as words."""
    widths: dict[int, float] = {}
    for box in drawing.boxes:
        if box.kind in ("map", "copied") and box.shape and not box.bars and not drawing.has_boxes_on_top:
            assert widths.setdefault(box.shape[0], box.frame.width) == box.frame.width
    found = [widths[channels] for channels in sorted(widths)]
    assert all((wide - slim) * drawing.scale >= 0.25 for slim, wide in pairwise(found))


@pytest.mark.parametrize("detail", ["blocks", "units", "ops"])
@pytest.mark.parametrize("name", zoo_names())
def test_the_zoo_is_read_at_two_columns(name: str, detail: Detail) -> None:
    assert_keeps(draw_network(network(name), DrawOptions(detail=detail, width="178mm")), "178mm")


@pytest.mark.parametrize("name", sorted(set(zoo_names()) - NARROW))
def test_the_zoo_is_read_at_one_column_by_stage(name: str) -> None:
    assert_keeps(draw_network(network(name), DrawOptions(detail="blocks", width="85mm")), "85mm")


@pytest.mark.parametrize("name", sorted(NARROW))
def test_what_no_column_holds_names_the_narrowest_that_does(name: str) -> None:
    with pytest.raises(TooNarrow) as refused:
        draw_network(network(name), DrawOptions(detail="blocks", width="85mm"))
    (way,) = re.findall(r"`--width (\d+mm)`", str(refused.value))
    assert_keeps(draw_network(network(name), DrawOptions(detail="blocks", width=way)), way)


@pytest.mark.parametrize("width", ["85mm", "178mm"])
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], max_examples=60)
@given(drawn=legal_specs())
def test_whatever_the_language_says_keeps_to_paper_or_names_a_width(drawn: Drawn, width: str) -> None:
    try:
        drawing = draw_network(drawn.network, DrawOptions(width=width))
    except TooNarrow as refused:
        if not (ways := re.findall(r"`--width (\d+mm)`", str(refused))):
            assert "--height none" in str(refused)
            return
        width = ways[0]
        drawing = draw_network(drawn.network, DrawOptions(width=width))
    assert_keeps(drawing, width)


def test_files_keep_to_two_columns_and_pages_to_explore_do_not(tmp_path: Path) -> None:
    drawing = draw("unet-2015")
    assert drawing.width > 178 * MM
    assert measured(drawing.save(tmp_path / "u.svg").read_text())[0] <= 178 * MM + SPARE
    assert measured(drawing.save(tmp_path / "u.html").read_text())[0] == drawing.width
    free = draw("unet-2015", width="none")
    assert measured(free.save(tmp_path / "u.svg").read_text())[0] == drawing.width


def test_every_format_has_the_size_of_the_paper(tmp_path: Path) -> None:
    drawing = draw("unet-2015", width="178mm")
    width, height = drawing.paper
    size = re.search(r'size="([\d.]+),([\d.]+)"', drawing.dot)
    assert size is not None
    assert [72 * float(inches) for inches in size.groups()] == pytest.approx([width, height], abs=SPARE)
    tex = re.search(r"paperwidth=([\d.]+)bp,paperheight=([\d.]+)bp", drawing.save(tmp_path / "u.tex").read_text())
    assert tex is not None
    assert [*map(float, tex.groups())] == pytest.approx([width, height], abs=SPARE)
    png = drawing.save(tmp_path / "u.png", scale=300 / 72).read_bytes()
    assert int.from_bytes(png[16:20]) == pytest.approx(178 / 25.4 * 300, abs=2)
    assert int.from_bytes(png[20:24]) == pytest.approx(height / 72 * 300, abs=2)


def test_a_width_of_other_units_is_the_same() -> None:
    one, *others = (draw("keras-primer", width=width).paper for width in ("5in", "360pt", "12.7cm"))
    assert all(one == pytest.approx(other) for other in others)


def test_nothing_is_enlarged() -> None:
    small = draw("keras-primer", width="20in")
    assert small.scale == 1
    assert small.gave_way == ""


@pytest.mark.parametrize("width", ["85mm", "178mm"])
def test_a_figure_has_no_more_than_its_caption_leaves_open(width: str) -> None:
    drawing = draw("attention-unet", style="figure", width=width, detail="blocks")
    assert_keeps(drawing, width)
    assert not {label.text for label in drawing.every_label} & {"Attention U-Net in 2D (Oktay et al. 2018)", "MACs"}
    assert len({row.labels[0].x for row in drawing.legend.rows}) > 1
    titled = draw("attention-unet", style="figure", width=width, detail="blocks", title="Ours")
    assert "Ours" in {label.text for label in titled.every_label}


def test_the_reference_may_be_left_out() -> None:
    texts = [{label.text for label in draw("unet-2015", reference=shown).every_label} for shown in (True, False)]
    assert texts[0] - texts[1] == {"arXiv:1505.04597"}


def test_larger_letters_make_more_give_way() -> None:
    usual, larger = (draw("unet-2015", width="178mm", min_letters=letters) for letters in (6, 8))
    assert larger.smallest_letters >= 8 - SPARE
    assert "skips shortened" in larger.gave_way and "skips shortened" not in usual.gave_way
    assert "one box per stage" in draw("nnunet-plain-2d", width="178mm", min_letters=8).gave_way


@pytest.mark.parametrize("name", sorted(set(zoo_names()) - set(GRIDS)))
def test_at_two_columns_a_stage_is_more_than_a_box(name: str) -> None:
    drawing = draw_network(network(name), DrawOptions(width="178mm"))
    assert ("one box per stage" in drawing.gave_way) is (name in CROWDED)


def test_what_gives_way_does_so_in_order() -> None:
    order = ("legend below", "set more tightly", "sizes in lines", "skips shortened", "folded", "one box per stage")
    for name in ("attention-unet-3d", "fc-densenet57", "nnunet-residualunet", "segresnet", "vnet"):
        said = draw_network(network(name), DrawOptions(width="178mm")).gave_way.split(", ")
        places = [next(place for place, words in enumerate(order) if words in one) for one in said]
        assert places == sorted(set(places)), said


def test_a_difference_keeps_to_paper() -> None:
    assert_keeps(draw_difference("unet-2015", "unet-same-bn", width="178mm"), "178mm")


@pytest.mark.parametrize("wrong", ["85", "wide", "-3mm", "0.1mm", "900in", "85 furlongs", ""])
def test_no_other_length_is_taken(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no length"):
        draw("keras-primer", width=wrong)
    drawn = run("draw", "keras-primer", "-o", str(tmp_path / "u.svg"), f"--width={wrong}")
    assert drawn.exit_code == 2
    assert not list(tmp_path.iterdir())
    spec = tmp_path / "u.yaml"
    spec.write_text(f"depth: 1\nfilters: 4\ndrawing:\n  width: '{wrong}'\n")
    checked = run("check", str(spec))
    assert checked.exit_code == 1
    assert f"{spec}:4:10" in checked.stderr
    assert "504pt, or none" in checked.stderr or "or none" in checked.stderr


def test_what_gave_way_is_said(tmp_path: Path) -> None:
    path = str(tmp_path / "u.svg")
    drawn = run("draw", "unet-2015", "-o", path, "--width", "85mm")
    assert (drawn.exit_code, drawn.stderr.count("note: ")) == (0, 1)
    drawn = run("draw", "wave-u-net", "-o", path, "--width", "30mm")
    assert drawn.exit_code == 1
    assert "the narrowest that can is `--width" in drawn.stderr
    drawn = run("draw", "unet-2015", "-o", path, "--width", "none")
    assert (drawn.exit_code, drawn.stderr.count("note")) == (0, 0)


def test_a_height_or_letters_that_were_asked_for_are_kept_or_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "u.svg")
    assert run("draw", "unet-2015", "-o", path, "--height", "60mm").exit_code == 1
    refused = run("draw", "unet-2015", "-o", path, "--min-letters", "12")
    assert refused.exit_code == 1
    (way,) = re.findall(r"`--min-letters ([\d.]+)`", refused.stderr)
    assert run("draw", "unet-2015", "-o", path, "--min-letters", way, "--width", "none").exit_code == 0
    with pytest.raises(ValueError, match="is no length"):
        draw("unet-2015", width=85)  # type: ignore[arg-type]


def test_building_never_fails_for_a_picture(tmp_path: Path) -> None:
    built = run("build", "wave-u-net", "-o", str(tmp_path), "--width", "30mm")
    assert built.exit_code == 0
    assert "the narrowest" in built.stderr
    assert measured((tmp_path / "wave_u_net.svg").read_text())[2] >= 6 - SPARE


def test_pixels_per_point_and_dots_per_inch_are_one_thing(tmp_path: Path) -> None:
    one, other = str(tmp_path / "a.png"), str(tmp_path / "b.png")
    assert run("draw", "keras-primer", "-o", one, "--dpi", "144").exit_code == 0
    assert run("draw", "keras-primer", "-o", other, "--scale", "2").exit_code == 0
    assert Path(one).read_bytes() == Path(other).read_bytes()
    assert run("draw", "keras-primer", "-o", one, "--dpi", "144", "--scale", "2").exit_code == 2


def test_the_old_word_for_a_width_still_works_and_says_what_to_write(tmp_path: Path) -> None:
    drawn = run("draw", "unet-2015", "-o", str(tmp_path / "u.svg"), "--max-width", "800")
    assert drawn.exit_code == 0
    assert "say `--width`" in drawn.stderr


def test_python_warns_of_the_old_word() -> None:
    with pytest.warns(DeprecationWarning, match="write `width="):
        draw("keras-primer", max_width=800)


def test_lengths_are_rounded_up_where_they_are_said() -> None:
    assert [millimetres(length * MM) for length in (84.2, 85, 85.01)] == ["85mm", "85mm", "86mm"]
