"""Grids: UNet++ and UNet 3+, one box per stage."""

from __future__ import annotations

from functools import cache

import pytest

from tests.drawing_checks import problems
from unetgen.api import lower, parse
from unetgen.drawing import Drawing, draw_network
from unetgen.drawing.model.shapes import Arrow, Rect
from unetgen.drawing.read.contraction import read_stages
from unetgen.drawing.read.stages import leads_across

GRIDS = {
    "nested": "{depth: 4, filters: 16, topology: nested}",
    "nested, supervised": "{depth: 4, filters: 16, topology: nested, supervision: {columns: [1, 2, 3]}}",
    "nested, fused": "{depth: 3, filters: 16, topology: nested, stem: {filters: 8}, skip: {path: additive_gate},"
    " supervision: {columns: [1, 2], fuse: true}}",
    "nested, with holes": "{depth: 4, filters: 8, topology: nested, skip: [concat, none, concat, add]}",
    "nested, deep": "{depth: 7, filters: {base: 8, cap: 64}, topology: nested, input_size: 256}",
    "nested volumes": "{dims: 3, depth: 3, filters: 8, topology: nested, input_size: [64, 64, 32]}",
    "full scale": "{depth: 4, filters: 16, topology: full_scale}",
    "full scale, supervised": "{depth: 4, filters: 16, topology: full_scale, supervision: {levels: [1, 2, 3, 4]}}",
    "full scale, fused": "{depth: 3, filters: 16, topology: full_scale, supervision: {levels: [1, 3], fuse: true}}",
    "full scale, deep": "{depth: 7, filters: {base: 8, cap: 64}, topology: full_scale, input_size: 256}",
    "full scale, depth 2": "{depth: 2, filters: 16, topology: full_scale}",
}
"""What every drawing of a grid must cope with."""


@cache
def grid(name: str) -> Drawing:
    return draw_network(lower(parse(GRIDS[name])))


def frames(name: str) -> dict[str, Rect]:
    return {box.path: box.frame for box in grid(name).boxes}


def arrows(name: str, kind: str) -> list[Arrow]:
    return [arrow for arrow in grid(name).arrows if arrow.kind == kind]


@pytest.mark.parametrize("name", GRIDS)
def test_a_grid_is_drawn_without_a_flaw(name: str) -> None:
    assert grid(name).has_boxes_on_top
    assert problems(grid(name)) == []


@pytest.mark.parametrize("topology", ["u", "nested", "full_scale"])
def test_the_encoder_leads_to_other_levels_of_the_decoder_in_every_grid(topology: str) -> None:
    graph = read_stages(lower(parse(f"{{depth: 2, filters: 8, topology: {topology}}}")))
    strands = {stage.id: stage.strand for stage in graph.stages}
    assert leads_across(strands, graph.links) == (topology != "u")


@pytest.mark.parametrize("name", ["nested", "nested, supervised", "nested, deep", "nested volumes"])
def test_a_node_stands_at_its_place_in_the_pyramid(name: str) -> None:
    """At x = (i + 2j)·dx, and on one line with its row."""
    placed = frames(name)
    step = placed["encoder.1"].cx - placed["encoder.0"].cx
    origin = placed["encoder.0"].cx
    for path, frame in placed.items():
        if path.startswith("decoder."):
            row, column = map(int, path.split(".")[1:])
            assert frame.cx == origin + (row + 2 * column) * step
            assert frame.cy == placed[f"encoder.{row}"].cy
            assert frame.bottom < placed["bottleneck"].y


def test_arcs_rise_with_their_span() -> None:
    placed = frames("nested")
    arcs = [arrow for arrow in arrows("nested", "skip") if arrow.dashed]
    rise = {(a.source, a.target): placed[a.source].y - min(y for _, y in a.points) for a in arcs}
    assert rise["encoder.0", "decoder0_2"] < rise["encoder.0", "decoder0_3"] < rise["encoder.0", "decoder0_4"]
    assert len(arcs) == (3 + 2 + 1) + (2 + 1) + 1


def test_nodes_of_the_plain_u_look_otherwise_than_those_that_nesting_adds() -> None:
    kinds = {box.path: box.kind for box in grid("nested").boxes}
    nested = {path for path, kind in kinds.items() if kind == "nested"}
    assert nested == {f"decoder{row}_{column}" for row in range(3) for column in range(1, 4 - row)}
    assert kinds["encoder.2"] == kinds["decoder1_3"] == kinds["bottleneck"] == "stage"


def test_supervised_heads_stand_over_their_nodes() -> None:
    placed = frames("nested, supervised")
    assert [placed[f"head{column}"].cx for column in (1, 2, 3)] == [placed[f"decoder0_{c}"].cx for c in (1, 2, 3)]
    assert placed["head1"].bottom < placed["encoder.0"].y
    assert {"L1", "L2", "L3", "L4"} <= {label.text for label in grid("nested, supervised").labels}


def test_every_level_reaches_every_decoder_stage() -> None:
    depth = 4
    reached = {(arrow.source, arrow.target) for arrow in grid("full scale").arrows}
    for level in range(depth):
        above = {f"encoder.{source}" for source in range(level + 1)}
        below = {f"decoder.{source}" for source in range(level + 1, depth)} | {"bottleneck"}
        assert {(source, f"decoder.{level}") for source in above | below} <= reached


def test_rails_are_level_and_upright() -> None:
    rails = [a for kind in ("down", "up") for a in arrows("full scale", kind) if a.target.startswith("decoder")]
    for rail in rails:
        (_, y0), (x1, y1), (x2, _) = rail.points
        assert y0 == y1
        assert x1 == x2


def test_ways_of_unlike_factors_are_told_apart_in_a_nested_network() -> None:
    """Where each leads one level, a number is all that tells them apart; in UNet 3+ it tells how far one leads."""
    downs = "[max_pool, {max_pool: {factor: 4}}, max_pool]"
    drawing = draw_network(lower(parse(f"{{depth: 3, filters: 8, topology: nested, downsample: {downs}}}")))
    rows = [meaning for row in drawing.legend.rows for meaning in row.meanings]
    assert {"max pool 2×2", "max pool 4×4", "transposed conv 2×2", "transposed conv 4×4"} <= set(rows)
    assert not any(" to " in row for row in rows)


def test_a_legend_says_once_what_differs_in_numbers_alone() -> None:
    rows = [meaning for row in grid("full scale").legend.rows for meaning in row.meanings]
    assert "max pool 2×2 to 8×8, conv 3×3, batch norm, ReLU" in rows
    assert "bilinear upsampling 2 to 16×, conv 3×3, batch norm, ReLU" in rows
