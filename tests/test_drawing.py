"""Drawings: coordinates, words and colours, for samples of every construct, for the zoo and for generated networks."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings

from tests.drawing_checks import problems
from tests.drawing_samples import SAMPLES, drawn, sample
from tests.networks import U, paper_u, sample_u
from tests.random_networks import us
from tests.spec_strategies import Drawn, legal_specs
from unetgen.analyses import legal_sizes
from unetgen.api import lower, parse
from unetgen.drawing import DETAILS, THEMES, Detail, Drawing, DrawOptions, Theme, draw_network
from unetgen.drawing.kit.sizes import SLIMMEST_BARS
from unetgen.drawing.model.shapes import ArrowKind, BoxKind, Status
from unetgen.drawing.read.words import count_text, size_text
from unetgen.ir import Network, Shape, trace
from unetgen.ir.ops import Concat

ROOT = Path(__file__).parents[1]
ZOO = sorted([*ROOT.glob("specs/*.yaml"), *ROOT.glob("tests/specs/**/*.yaml")])
EVERY = pytest.mark.parametrize("name", SAMPLES)


def legend(name: str) -> list[str]:
    return [meaning for row in drawn(name).legend.rows for meaning in row.meanings]


def words(drawing: Drawing) -> list[str]:
    return [label.text for label in drawing.labels]


def shapes(network: Network) -> dict[str, Shape]:
    """Give the traced shape of every node by its path."""
    return {"input": network.input.shape} | {node.path: node.output.shape for node in network.nodes}


@EVERY
def test_a_sample_is_drawn_as_a_u_without_a_flaw(name: str) -> None:
    assert problems(drawn(name)) == []
    assert not drawn(name).has_boxes_on_top


@pytest.mark.parametrize("path", ZOO, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_zoo_is_drawn_without_a_flaw(path: Path) -> None:
    assert problems(draw_network(lower(path))) == []


@pytest.mark.deep
@pytest.mark.parametrize("path", ZOO, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_zoo_is_drawn_without_a_flaw_op_by_op(path: Path) -> None:
    """With one box per stage it is drawn in `test_drawing_blocks`."""
    assert problems(draw_network(lower(path), detail="ops")) == []


@settings(max_examples=60)
@given(us())
def test_any_u_is_drawn_without_a_flaw(u: U) -> None:
    network = sample_u(u)
    above = [n for _, n in legal_sizes(network).nearest((24,) * network.dims) if n is not None]
    if len(above) == network.dims:
        assert problems(draw_network(trace(network, tuple(above)))) == []


TRIES = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@settings(TRIES, max_examples=60)
@given(legal_specs())
def test_whatever_the_language_says_is_drawn_without_a_flaw(drawn: Drawn) -> None:
    assert problems(draw_network(drawn.network)) == []


@settings(TRIES, max_examples=60)
@given(legal_specs())
def test_whatever_the_language_says_is_drawn_op_by_op_without_a_flaw(drawn: Drawn) -> None:
    assert problems(draw_network(drawn.network, detail="ops")) == []


@pytest.mark.deep
@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of a network of many stages, where one fails
@pytest.mark.parametrize("detail", DETAILS)
@settings(TRIES, max_examples=400)
@given(legal_specs())
def test_far_more_of_what_the_language_says_is_drawn_without_a_flaw(detail: Detail, drawn: Drawn) -> None:
    assert problems(draw_network(drawn.network, detail=detail)) == []


@EVERY
def test_every_box_has_the_shape_of_the_node_it_is_named_after(name: str) -> None:
    network = sample(name)
    traced = shapes(network)
    concats = {node.path: {value.shape for value in node.inputs} for node in network.nodes if type(node.op) is Concat}
    for box in drawn(name).boxes:
        shape = Shape(box.shape[0], box.shape[1:])
        # Halves of a join are numbered; where maps that meet are not drawn, one box stands for what is made of them.
        is_half = box.id.rpartition(" ")[2].isdigit()
        assert shape in (concats.get(box.path, {traced[box.path]}) if is_half else {traced[box.path]})


@EVERY
def test_channels_and_sizes_are_those_of_the_maps(name: str) -> None:
    """Above each map stands its channels, below some of them stand sizes that occur, and nothing else is a number."""
    drawing, traced = drawn(name), shapes(sample(name))
    ids = {box.id.rpartition(" ") for box in drawing.boxes if box.kind != "mark"}
    maps = {base if number.isdigit() else number for base, _, number in ids}
    plain = [label for label in drawing.labels if not label.bold]
    channels = Counter(label.text for label in plain if label.ink == "ink" and label.text.isdigit())
    assert channels == Counter(str(traced[path].channels) for path in maps)
    sizes = {size_text(shape.size) for shape in traced.values()}
    # Under its boxes a drawing is muted; so are the words on skips, the totals' names and the reference.
    small = {label.text for label in drawing.labels if label.ink == "muted" and label.text[0].isdigit()}
    assert {text for text in small if "→" not in text} <= sizes


def test_the_paper_is_drawn_with_the_numbers_of_the_paper() -> None:
    text = words(drawn("paper"))
    down = (572, 570, 568, 284, 282, 280, 140, 138, 136, 68, 66, 64, 32, 30, 28)
    for size in (*down, 56, 54, 52, 104, 102, 100, 200, 198, 196, 392, 390, 388):
        assert f"{size}²" in text
    assert {"copy and crop 568² → 392²", "copy and crop 280² → 200²", "copy and crop 136² → 104²"} <= set(text)
    assert {"copy and crop", "64² → 56²", "31,030,658", "1 × 572² → 2 × 388²"} <= set(text)


def test_the_legend_of_the_paper_lists_its_operations() -> None:
    assert legend("paper") == [
        "conv 3×3, ReLU",
        "copy and crop",
        "max pool 2×2",
        "transposed conv 2×2",
        "conv 1×1",
        "copied and new map",
    ]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("residual", ["skip, sum", "residual shortcut; sum, ReLU",
                      "residual shortcut, conv 1×1, batch norm; sum, ReLU", "conv 3×3, batch norm, ReLU",
                      "conv 3×3, batch norm"]),
        ("3D", ["conv 3×3×3, batch norm, ReLU", "max pool 2×2×2", "transposed conv 2×2×2", "conv 1×1×1", "copy"]),
        ("1D", ["conv 3, batch norm, ReLU", "max pool 2", "transposed conv 2", "conv 1"]),
        ("mixed skips", ["copy", "skip, sum"]),
        ("mixed resampling", ["max pool 2×2", "conv 3×3 stride 2", "average pool 2×2", "transposed conv 2×2",
                              "conv 3×3 stride 2, batch norm, ReLU", "nearest upsampling 2×",
                              "bilinear upsampling 2×, conv 3×3", "conv 1×1, pixel shuffle 2×"]),
        ("anisotropic", ["max pool 1×2×2", "max pool 2×2×2", "transposed conv 1×2×2", "transposed conv 2×2×2"]),
        ("padded", ["copy; upsampled map padded to fit"]),
        ("resized sum", ["skip, sum; upsampled map resized to fit"]),
        ("cropped up", ["copy; upsampled map cropped to fit"]),
        ("stem and head", ["conv 3×3, batch norm, ReLU, dropout 0.1", "conv 7×7, batch norm, ReLU, dropout 0.1"]),
        ("before the convolution", ["batch norm, PReLU, conv 3×3"]),
        ("widths", ["conv 3×5 dilation 2, batch norm, ReLU"]),
        ("residual valid", ["residual shortcut, conv 1×1, batch norm, cropped; sum, ReLU"]),
        ("residual, strided", ["residual shortcut, conv 1×1 stride 2, batch norm; sum, ReLU"]),
        ("gates", ["additive attention gate (1/2 of channels inside, batch norm)",
                   "gating signal, from the upsampled map"]),
        ("gates that hear below", ["gating signal, from the coarser map below", "conv 1×1"]),
        ("steps on skips", ["channel dropout 0.5", "2 residual blocks, each: conv 3×3, batch norm; sum, ReLU"]),
        ("channel attention", ["squeeze and excite by channel, 16× narrower inside"]),
        ("attention at joins", ["squeeze and excite by channel and by position, 16× narrower inside; their sum"]),
        ("recurrent", ["runs 3 times, each on the input plus the last result, with the same weights"]),
        ("added after the stage", ["additive attention gate (1/2 of channels inside, batch norm),"
                                    " listening to the decoder's map"]),
        ("inverted", ["depthwise conv 3×3 stride 2, batch norm", "way up inside of the block"]),
        ("fused", ["output, brought to full size"]),
    ],
)  # fmt: skip
def test_the_legend_names_what_a_network_is_made_of(name: str, rows: list[str]) -> None:
    assert set(rows) <= set(legend(name))


def test_a_network_without_crops_does_not_speak_of_them() -> None:
    assert not any("crop" in text for text in (*legend("3D"), *words(drawn("3D"))))
    assert drawn("3D").outlines == ()


@pytest.mark.parametrize(("name", "sources"), [("paper", 4), ("cropped up", 0), ("1D residual valid", 10)])
def test_outlines_are_drawn_where_a_part_goes_on(name: str, sources: int) -> None:
    assert len(drawn(name).outlines) == sources


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("gates", ["AG"] * 3),
        ("gates that hear below", ["AG", "conv"] * 3),
        ("steps on skips", ["conv", "drop", "res ×2", "conv", "AG"]),
        ("channel attention", ["SE"] * 7),
        ("recurrent", ["×3"] * 5),
        ("paper", []),
    ],
)
def test_what_has_a_name_of_its_own_is_a_sign(name: str, signs: list[str]) -> None:
    marks = [box for box in drawn(name).boxes if box.kind == "mark"]
    found = [
        label.text
        for box in marks
        for label in drawn(name).labels
        if (label.x, label.y) == (box.frame.cx, box.frame.cy)
    ]
    assert sorted(found) == sorted(signs)


def test_every_gate_hears_something() -> None:
    """From the way up, or from the map that it starts at."""
    for name in ("gates", "gates that hear below"):
        drawing = drawn(name)
        signals = [arrow for arrow in drawing.arrows if arrow.kind == "signal"]
        assert len(signals) == 3
        assert all(arrow.dashed for arrow in signals)


def test_outputs_beside_the_way_up_say_what_they_are() -> None:
    assert {"aux 1 · 2 ch", "aux 2 · 2 ch"} <= set(words(drawn("supervised")))
    assert "→ 256², softmax" in words(drawn("supervised to the bottom"))


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", ["residual", "mixed skips", "gates", "attention at joins", "resized sum"])
def test_a_meeting_has_the_word_of_its_op(name: str, detail: Detail) -> None:
    """One word on arrows, in the legend and in reports: a sum is no `add` and no `element-wise sum`."""
    said = "; ".join(label.text for label in draw_network(sample(name), DrawOptions(detail=detail)).every_label)
    assert not re.search(r"\b(add|multiply|element-wise)\b", said)
    assert name not in ("residual", "resized sum") or {"sum"} < set(re.findall(r"\w+", said))


def test_outputs_meet_in_one_map() -> None:
    drawing = drawn("fused")
    meeting = [
        box.id for box in drawing.boxes if box.path.startswith("fuse.concat") or box.id.startswith("fuse.concat")
    ]
    arriving = [arrow for arrow in drawing.arrows if arrow.target in meeting and arrow.dashed]
    assert len(meeting) == 4
    assert len(arriving) == 3


def test_arrows_of_one_look_and_several_meanings_say_what_they_do() -> None:
    """Between levels there is room for words; where a shortcut comes down beside the arrow, there is for a letter."""
    said = set(words(drawn("mixed resampling")))
    assert {"max pool 3×3", "average pool 2×2"} & said or "average" in " ".join(said)
    assert not {"a", "b"} & said
    assert "a" not in words(drawn("paper"))


def test_the_copied_half_faces_the_skip_whatever_the_order_in_memory() -> None:
    for name, words in (("1D", "copy"), ("up first", "copy, concatenated after the upsampled map")):
        assert [box.kind for box in drawn(name).boxes if box.id.startswith("skip.0")] == ["copied", "map"]
        assert words in legend(name)


def test_what_the_level_above_gives_at_the_same_size_is_laid_beside_as_a_copy() -> None:
    network = lower(parse("{depth: 1, filters: 8, downsample: {first_conv: {factor: 1}}, block: dense}"))
    drawing = draw_network(network, DrawOptions(detail="ops"))
    halves = [box.kind for box in drawing.boxes if box.id.startswith("bottleneck.concat ")]
    assert halves == ["copied"] * 3


def test_boxes_grow_with_channels_and_with_sizes() -> None:
    for name in SAMPLES:
        boxes = [box for box in drawn(name).boxes if box.kind != "mark"]
        for one, other in pairwise(boxes):
            assert (one.frame.width - other.frame.width) * (one.shape[0] - other.shape[0]) >= 0
            assert (one.frame.height - other.frame.height) * (max(one.shape[1:]) - max(other.shape[1:])) >= 0


def test_volumes_are_cuboids() -> None:
    assert all(box.depth > 0 for box in drawn("3D").boxes)
    assert not any(box.depth for box in drawn("1D").boxes)


def test_signals_are_bars() -> None:
    boxes = [box for box in drawn("1D").boxes if box.kind in ("map", "copied")]
    barred = [box for box in boxes if box.bars]
    assert all(len(box.fronts) == box.bars >= 3 for box in barred)
    assert all(box.frame.width < SLIMMEST_BARS for box in boxes if not box.bars)
    assert all(front.width <= 2 for box in barred for front in box.fronts)
    # An arrow to the middle of a map ends at a bar.
    assert all(any(abs(front.cx - box.frame.cx) < 0.01 for front in box.fronts) for box in barred)
    assert not any(box.bars for box in drawn("paper").boxes)


def test_a_deep_network_stays_on_a_page() -> None:
    assert drawn("depth 8").width <= 1200


def test_a_small_network_has_room_for_its_legend() -> None:
    drawing = drawn("depth 1")
    assert drawing.height <= 500


def test_a_drawing_is_the_same_every_time() -> None:
    """Also where sets and dictionaries are ordered otherwise."""
    code = "from tests.drawing_samples import drawn; d = drawn('mixed resampling'); print(d.svg, d.dot)"
    assert run(code, "1") == run(code, "2")


def test_drawing_imports_neither_torch_nor_graphviz() -> None:
    code = "import sys; from tests.drawing_samples import drawn; drawn('paper').svg; print({*sys.modules} & %s)"
    assert run(code % {"torch", "graphviz"}, "0") == "set()\n"


def run(code: str, seed: str) -> str:
    """Run Python in a process of its own, with a hash seed."""
    command = [sys.executable, "-c", code]
    environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.run(command, capture_output=True, check=True, text=True, env=environment).stdout


def test_an_unknown_theme_is_refused_with_the_themes_there_are() -> None:
    with pytest.raises(ValueError, match="no theme is called 'pink'; there are paper, light, dark, okabe-ito, mono"):
        draw_network(sample("depth 1"), theme="pink")


@pytest.mark.parametrize("suffix", [".svg", ".dot"])
def test_a_drawing_saves_itself_by_suffix(tmp_path: Path, suffix: str) -> None:
    drawing = draw_network(sample("depth 1"), DrawOptions(width="none"))
    path = drawing.save(tmp_path / f"u{suffix}")
    assert path.read_text(encoding="utf-8") == (drawing.svg if suffix == ".svg" else drawing.dot)


def test_a_suffix_without_a_writer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"cannot draw to 'u\.bmp': its suffix is none of \.svg, \.dot"):
        drawn("depth 1").save(tmp_path / "u.bmp")


def test_a_notebook_shows_the_svg() -> None:
    assert drawn("depth 1")._repr_svg_() == drawn("depth 1").svg


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours as WCAG 2.1 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_texts_can_be_read(theme: Theme) -> None:
    for ground in (theme.background, theme.panel):
        assert contrast(theme.ink, ground) >= 4.5
        assert contrast(theme.muted, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_arrows_and_boxes_can_be_seen(theme: Theme) -> None:
    least = 4.5 if theme.name == "dark" else 3.0
    arrows, boxes = get_args(ArrowKind), get_args(BoxKind)
    lines = [*map(theme.colour, arrows), *(theme.faces(kind).line for kind in boxes)]
    for ground in (theme.background, theme.panel):
        assert min(contrast(line, ground) for line in lines) >= least


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_marks_can_be_seen_and_words_read_on_them(theme: Theme) -> None:
    least = 4.5 if theme.name == "dark" else 3.0
    fronts = (theme.faces(kind).front for kind in get_args(BoxKind))
    markers = [theme.marker(status) for status in get_args(Status)]
    for ground in (theme.background, theme.panel, *fronts):
        assert min(contrast(marker.line, ground) for marker in markers) >= least
    assert min(contrast(theme.ink, marker.halo) for marker in markers) >= 4.5


@pytest.mark.parametrize("kind", get_args(ArrowKind))
def test_letters_can_be_read(kind: ArrowKind) -> None:
    """A letter has the colour of its arrow."""
    if kind not in ("skip", "flow"):
        assert min(contrast(theme.colour(kind), theme.background) for theme in THEMES.values()) >= 4.5


def test_large_counts_have_four_digits() -> None:
    assert [count_text(n) for n in (0, 999, 1000, 99_999, 10**15)] == ["0", "999", "1 k", "100 k", "1 P"]


def test_a_hand_built_network_is_drawn_as_its_spec_is() -> None:
    by_hand = [(box.frame, box.shape) for box in draw_network(paper_u()).boxes]
    assert by_hand == [(box.frame, box.shape) for box in drawn("paper").boxes]
