"""One box per stage: every network in a picture that is narrow, without a flaw, and leaves nothing out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.drawing_checks import problems
from tests.drawing_samples import SAMPLES, sample
from tests.spec_strategies import Drawn, legal_specs, write_yaml
from unetgen.analyses.op_names import axes_text, op_name
from unetgen.api import lower, parse
from unetgen.drawing import Drawing, DrawOptions, draw_network
from unetgen.ir import Network, Node
from unetgen.ir.ops import Add, Concat, Conv, CropLike, Norm, PadLike, ResizeLike
from unetgen.source.diagnostics import SpecError

ROOT = Path(__file__).parents[1]
ZOO = sorted([*ROOT.glob("specs/*.yaml"), *ROOT.glob("tests/specs/**/*.yaml")])
PUBLISHED = pytest.mark.parametrize("path", ZOO, ids=lambda path: f"{path.parent.name}/{path.stem}")
BLOCKS = DrawOptions(detail="blocks")
NARROW = DrawOptions(detail="blocks", max_width=1)


def blocks(text: str) -> Drawing:
    """Draw a sample by its name, or a spec."""
    return draw_network(sample(text) if text in SAMPLES else lower(parse(text)), BLOCKS)


def legend(text: str) -> set[str]:
    return {meaning for row in blocks(text).legend.rows for meaning in row.meanings}


def words(drawing: Drawing) -> str:
    return "\n".join([*(row.text for row in drawing.legend.rows), *(label.text for label in drawing.labels)])


@PUBLISHED
def test_the_zoo_is_drawn_narrow_and_without_a_flaw(path: Path) -> None:
    network = lower(path)
    drawing, narrow = draw_network(network, BLOCKS), draw_network(network, NARROW)
    assert problems(drawing) == []
    assert problems(narrow) == []
    assert narrow.width <= drawing.width <= 1100
    assert unsaid(network, drawing) == []


def test_outputs_of_lower_levels_rise_beside_what_stands_under_the_last_one() -> None:
    text = "{depth: 3, filters: 8, head: none, supervision: {levels: [1, 3], fuse: true}, input_size: 8}"
    assert problems(draw_network(lower(parse(text)), NARROW)) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_left_out(name: str) -> None:
    assert unsaid(sample(name), blocks(name)) == []


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(legal_specs())
def test_whatever_the_language_says_is_drawn_without_a_flaw(drawn: Drawn) -> None:
    assert problems(draw_network(drawn.network, BLOCKS)) == []
    assert problems(draw_network(drawn.network, NARROW)) == []


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(legal_specs(), st.sampled_from(("nested", "full_scale")))
def test_grids_of_whatever_the_language_says_are_drawn_without_a_flaw(drawn: Drawn, topology: str) -> None:
    others = {key: value for key, value in drawn.plain.items() if key not in ("supervision", "topology")}
    try:
        network = lower(parse(write_yaml({**others, "topology": topology})))
    except SpecError:
        assume(False)
        raise
    for options in (BLOCKS, NARROW, DrawOptions(detail="ops")):
        assert problems(draw_network(network, options)) == []


def unsaid(network: Network, drawing: Drawing) -> list[str]:
    """List the ops that neither the legend nor a box speaks of."""
    said = plain(words(drawing))
    return [
        node.path
        for node in network.nodes
        if (wanted := names(node)) and not any(plain(name) in said for name in wanted)
    ]


def plain(text: str) -> str:
    """Give a text without its numbers, of which the legend may name the first and the last."""
    return re.sub(r"\d+(×\d+)*( to \d+(×\d+)*)?", "#", text)


def names(node: Node) -> tuple[str, ...]:
    """Give the words that may stand for an op: its own, or those for a group that it is a part of."""
    is_idle = node.output.shape == node.inputs[0].shape
    group = next((word for part, word in GROUPS if part in f".{node.path}."), "")
    match node.op:
        case _ if group:
            return (group,)
        case CropLike() | PadLike() | ResizeLike() if is_idle:
            return ()
        case CropLike() | PadLike():
            return ("crop",) if isinstance(node.op, CropLike) else ("padded", "padding to fit")
        case ResizeLike():
            return ("resized", "resizing", "→", "brought to full size")
        case Conv() as op:
            return (f"conv {axes_text(op.kernel)}",)
        case Norm(kind="group"):
            return ("group norm", "layer norm")
        case Concat():
            return ("concat", "dense block", "inner U", "repeated", "residual block")
        case Add():
            return ("sum", "residual")
        case _:
            return (str(op_name(node)),)


GROUPS = (
    (".additive_gate", "attention gate"),
    (".attention.", "squeeze and excite"),
    (".channel.", "squeeze and excite"),
    (".spatial.", "squeeze and excite"),
    (".again", "each on the input plus the last result"),
)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("paper", ["copy and crop, concatenated", "stage: 2 × conv 3×3, ReLU"]),
        ("up first", ["copy, concatenated after the upsampled map"]),
        ("mixed skips", ["copy, concatenated", "skip, sum", "sum"]),
        ("padded", ["copy, concatenated; upsampled map padded to fit"]),
        ("resized sum", ["skip, sum; upsampled map resized to fit"]),
        ("residual, strided", ["conv 3×3 stride 2 in the stage",
                               "stage: residual block: conv 3×3, batch norm, ReLU; conv 3×3, batch norm; sum, ReLU;"
                               " some shortcuts: conv 1×1, batch norm or conv 1×1 stride 2, batch norm"]),
        ("residual, repeated", ["stage res ×3: 3 residual blocks, each: conv 3×3, batch norm, ReLU;"
                                " conv 3×3, batch norm; sum, ReLU; shortcut: conv 1×1, batch norm"]),
        ("stem and head", ["stage conv: conv 7×7, batch norm, ReLU, dropout 0.1",
                           "conv 3×3, batch norm, ReLU, softmax"]),
        ("widths", ["stage conv ×2 to 3: 2 to 3 × conv 3×5 dilation 2, batch norm, ReLU"]),
        ("gates", ["additive attention gate (1/2 of channels inside, batch norm)",
                   "gating signal, from the upsampled map"]),
        ("gates that hear below", ["gating signal, from the coarser map below", "conv 1×1"]),
        ("channel attention", ["stage: 2 × conv 3×3, batch norm, ReLU;"
                               " squeeze and excite by channel, 16× narrower inside"]),
        ("recurrent", ["stage: conv 3×3, batch norm, ReLU; runs 3 times, each on the input plus the last result,"
                       " with the same weights"]),
        ("no stages above", ["feature map between stages", "transposed conv 2×2"]),
        ("fused", ["outputs concatenated, conv 1×1", "output, brought to full size"]),
    ],
)  # fmt: skip
def test_the_legend_names_what_a_network_is_made_of(name: str, rows: list[str]) -> None:
    assert set(rows) <= legend(name)


def test_boxes_say_what_they_are_made_of_where_they_differ() -> None:
    assert {"res ×3", "res"} <= {label.text for label in blocks("residual, repeated").labels}
    assert not any("conv" in label.text for label in blocks("paper").labels)


def test_a_sum_is_a_sign_that_both_maps_lead_to() -> None:
    drawing = blocks("residual")
    (join, *_) = drawing.joins
    assert [join.symbol for join in drawing.joins] == ["plus"] * 3
    assert {arrow.kind for arrow in drawing.arrows if arrow.target == join.id} == {"skip", "up"}


def test_levels_without_a_stage_have_the_map_that_is_there() -> None:
    paths = [box.path for box in blocks("no stages above").boxes]
    assert paths[-4:] == ["skip.2", "skip.1", "skip.0", "head"]


def test_an_output_without_a_head_is_called_one() -> None:
    assert "output" in words(blocks("{depth: 2, filters: 4, head: none, out_channels: 4}"))


def test_outputs_say_what_becomes_of_them() -> None:
    text = words(blocks("supervised to the bottom"))
    assert text.count("→ 256²") == 3
    assert text.count("softmax") == 4


def test_arrows_between_levels_are_upright() -> None:
    for name in ("paper", "residual", "depth 8", "3D", "gates"):
        for arrow in blocks(name).arrows:
            if arrow.kind in ("down", "up"):
                assert len({x for x, _ in arrow.points}) == 1


def test_larger_maps_have_higher_boxes() -> None:
    boxes = {box.path: box.frame.height for box in blocks("depth 8").boxes}
    heights = [boxes[f"encoder.{level}"] for level in range(8)]
    assert heights == sorted(set(heights), reverse=True)


def test_stages_of_volumes_are_cuboids() -> None:
    assert all(box.depth > 0 for box in blocks("3D").boxes if box.kind == "stage")
    assert not any(box.depth for box in blocks("paper").boxes)


def test_a_page_becomes_as_narrow_as_it_is_asked_to_be() -> None:
    widths = [draw_network(sample("depth 8"), DrawOptions(detail="blocks", max_width=w)).width for w in (900, 700, 500)]
    assert [width <= w for width, w in zip(widths, (900, 700, 500), strict=True)] == [True, True, True]
