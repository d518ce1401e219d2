"""The eleven points of a good picture, as laws by coordinates, for the zoo and for samples of every kind.

What else holds them: `drawing_checks.py` finds overlaps and arrows that end in the air (8), `test_drawing.py` looks at
contrast and `test_colour_blindness.py` at what the colour-blind see (9), `test_drawing_formats.py` and
`test_drawing_places.py` hold the formats to each other (10), `test_drawing_grid.py` looks at grids.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from tests.drawing_reading import (
    GRIDS,
    US,
    arrows,
    depth,
    groups,
    half,
    is_over,
    is_under,
    join_of,
    joined,
    level,
    maps,
    nearest,
    of_role,
    regions,
    rooms_of,
    sizes,
    skips,
    words_for,
    words_on,
)  # fmt: skip
from tests.drawing_samples import drawn, sample
from unetgen.analyses import macs, parameters
from unetgen.analyses.op_names import axes_text
from unetgen.api import build
from unetgen.drawing import THEMES
from unetgen.drawing.model.shapes import Arrow, Box, Rect
from unetgen.drawing.page.page import TITLE
from unetgen.drawing.read.words import count_text, shape_text, size_text
from unetgen.ir import Network
from unetgen.ir.ops import Add, Conv, ConvTransposed, CropLike, Multiply

EVERY_U = pytest.mark.parametrize("name", US)
EVERY = pytest.mark.parametrize("name", [*US, *GRIDS])


# 1. A true U


@EVERY_U
def test_every_level_is_on_one_line_and_each_under_the_one_above(name: str) -> None:
    things = [(level(name, box.path), box.frame.cy) for box in maps(name)]
    things += [(level(name, join.path), join.y) for join in drawn(name).joins]
    lines = sorted(set(things))
    levels = [at for at, _ in lines]
    assert levels == list(range(depth(name) + 1))
    assert [y for _, y in lines] == sorted(y for _, y in lines)


@EVERY_U
def test_the_encoder_goes_down_to_the_right_and_the_decoder_up_to_the_right(name: str) -> None:
    """By the middles of maps: with one map in a row, each is right under the one above."""
    left, right = by_level(name, "stem", "encoder", "down"), by_level(name, "decoder", "skip", "up", "head")
    for side, direction in ((left, 1), (right, -1)):
        for place in (0, -1):
            middles = [direction * row[place].frame.cx for row in side[:-1] if row]
            assert middles == sorted(middles)
    for before, after in zip(left[:-1], right[:-1], strict=True):
        assert not before or not after or before[-1].hull.right < after[0].frame.x
    bottom = of_role(name, "bottleneck")
    assert all(row[-1].frame.cx <= box.frame.cx for box in bottom for row in left[:-1] if row)


def by_level(name: str, *roles: str) -> list[list[Box]]:
    found: list[list[Box]] = [[] for _ in range(depth(name) + 1)]
    for box in of_role(name, *roles):
        found[level(name, box.path)].append(box)
    return found


@EVERY_U
def test_ways_down_and_up_are_upright(name: str) -> None:
    for arrow in arrows(name, "down", "up"):
        (x0, y0), (x1, y1) = arrow.points[-2:]
        assert x0 == x1
        assert (y0 < y1) is (arrow.kind == "down")


# 2. Wider with more channels, shorter with less resolution


@EVERY_U
def test_boxes_are_as_wide_as_their_channels_say(name: str) -> None:
    grows((box.shape[0], box.frame.width) for box in maps(name))


@EVERY_U
def test_boxes_are_as_high_as_their_sizes_say(name: str) -> None:
    grows((math.prod(box.shape[1:]), box.frame.height) for box in maps(name))


def grows(pairs: Iterable[tuple[int, float]]) -> None:
    """Hold that a length never falls with a number, and is the same for the same number."""
    for (few, short), (many, long) in pairwise(sorted(set(pairs))):
        assert few < many and short <= long


# 3. Channels above, sizes below


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")  # said by torch, of the primer
@EVERY
def test_maps_have_the_shapes_that_torch_hands_on(name: str) -> None:
    """The whole network runs, on tensors without values; maps in a concatenation have no module of their own."""
    with torch.device("meta"):
        seen = shapes_in_torch(sample(name))
    boxes = [box for box in drawn(name).boxes if box.path in seen and box.kind not in ("copied", "mark")]
    assert {box.path: box.shape for box in boxes} == {box.path: seen[box.path] for box in boxes}
    assert boxes


@pytest.mark.parametrize("name", ["depth 1", "residual", "padded", "1D residual valid", "one map below"])
def test_every_box_has_the_shape_that_torch_computes(name: str) -> None:
    """As above, of tensors with values."""
    seen = shapes_in_torch(sample(name))
    boxes = [box for box in drawn(name).boxes if box.path in seen]
    assert {box.path: box.shape for box in boxes} == {box.path: seen[box.path] for box in boxes}
    assert len(boxes) >= 4


def shapes_in_torch(network: Network) -> dict[str, tuple[int, ...]]:
    """Give the shape of what every module of the running network hands on, by its path."""
    module, seen = build(network), dict[str, tuple[int, ...]]()
    paths = {child: path for path, child in module.named_modules()}

    def note(child: nn.Module, _: tuple[Tensor, ...], output: Tensor | list[Tensor]) -> None:
        if isinstance(output, Tensor):  # not all outputs of a whole network
            seen[paths[child]] = tuple(output.shape[1:])

    for child in paths:
        child.register_forward_hook(note)
    module(torch.zeros(2, *network.input.shape.as_list()))
    return seen


@EVERY_U
def test_channels_stand_over_every_map_and_nowhere_else(name: str) -> None:
    """Over a concatenation, the sum of all. Row by row, from left to right: where it is narrow, labels are moved."""
    numbers = [label for label in drawn(name).labels if label.text.isdigit() and label.ink == "ink" and not label.bold]
    rows: dict[float, list[tuple[Rect, list[Box]]]] = {}
    for room, boxes in groups(name).values():
        rows.setdefault(room.cy, []).append((room, boxes))
    for row in rows.values():
        ordered = sorted(row, key=lambda group: group[0].x)
        over = [label for label in numbers if any(is_over(label.hull, room) for room, _ in row)]
        over.sort(key=lambda label: label.x)
        assert [label.text for label in over] == [str(sum(box.shape[0] for box in boxes)) for _, boxes in ordered]
        assert all(is_over(label.hull, room) for label, (room, _) in zip(over, ordered, strict=True))
        numbers = [label for label in numbers if label not in over]
    assert numbers == []


@EVERY_U
def test_sizes_stand_under_maps_of_that_size(name: str) -> None:
    for label in sizes(name):
        boxes = groups(name)[nearest(label, name, is_under)][1]
        assert label.text in {size_text(box.shape[1:]) for box in boxes}, label


@EVERY_U
def test_the_size_is_said_wherever_it_changes(name: str) -> None:
    said = {nearest(label, name, is_under) for label in sizes(name)}
    for arrow in arrows(name, "conv", "down", "up"):
        source, target = (groups(name).get(half(id)) for id in (arrow.source, arrow.target))
        if source and target and source[1][0].shape[1:] != target[1][0].shape[1:]:
            assert half(arrow.target) in said, arrow


# 4. Skips


@EVERY_U
def test_a_skip_runs_level_to_the_copied_half_or_to_the_sign(name: str) -> None:
    """One to the end of a stage has to go over that stage, and comes down on the copied half."""
    boxes, rooms = {box.id: box for box in drawn(name).boxes}, rooms_of(name)
    for way in skips(name):
        y, (tip, end) = boxes[way[0].source].frame.cy, way[-1].points[-1]
        room, (start, first) = rooms[way[-1].target], way[0].points[0]
        if first != y:
            # One from a map that others of its row follow rises from its upper border and goes over them all.
            assert is_followed(boxes[way[0].source], name)
            assert first == boxes[way[0].source].hull.y > way[0].points[1][1] == way[0].points[2][1]
            assert 0 < room.y - end <= 10 and room.x < tip < room.right
            continue
        assert way[0].points[0] == (boxes[way[0].source].hull.right, y)
        assert way[-1].target not in boxes or boxes[way[-1].target].kind == "copied"
        start, own = way[0].points[0][0], half(way[-1].target)
        row = [box for box in maps(name) if box.frame.cy == y and half(box.id) != own]
        if not any(start < box.frame.x < room.x for box in row):
            assert all(at == y for arrow in way for _, at in arrow.points)
            assert 0 < room.x - tip <= 3
        else:
            assert 0 < boxes[way[-1].target].hull.y - end <= 3 and room.x < tip < room.right


def is_followed(box: Box, name: str) -> bool:
    """Say whether an arrow leads on from a map in its row."""
    lines = [arrow for arrow in arrows(name, "conv", "flow") if half(arrow.source) == half(box.id)]
    return any(arrow.points[0][1] == arrow.points[-1][1] == box.frame.cy for arrow in lines)


@EVERY_U
def test_every_level_that_is_joined_has_one_skip_with_the_words_for_what_it_does(name: str) -> None:
    """By the join: levels of one resolution share a row."""
    found = {join_of(way): words_on(way, name) for way in skips(name)}
    levels = {regions(name)[join].level: words for join, words in found.items()}
    assert levels == {region.level: words_for(name, region) for region in joined(name)}


@EVERY_U
def test_a_dashed_outline_is_where_a_part_goes_on_and_nowhere_else(name: str) -> None:
    boxes = {box.id: box for box in drawn(name).boxes}
    cropped = {
        way[0].source: boxes[way[-1].target] for way in skips(name) if "crop" in words_on(way, name).split(";")[0]
    }
    cropped = {id: box for id, box in cropped.items() if box.shape[1:] != boxes[id].shape[1:]}
    outlines = {outline.of: outline.frame for outline in drawn(name).outlines}
    assert outlines.keys() == cropped.keys()
    for id, frame in outlines.items():
        assert (frame.cx, frame.cy) == (boxes[id].frame.cx, boxes[id].frame.cy)
        assert frame.height == min(cropped[id].frame.height, boxes[id].frame.height - 6)


# 5. Kinds of arrows


@EVERY_U
def test_one_way_leads_down_from_every_level_and_one_up(name: str) -> None:
    lines = {box.frame.cy for box in maps(name)}
    for kind in ("down", "up"):
        tips = [arrow.points[-1][1] for arrow in arrows(name, kind) if arrow.head]
        assert sorted(sum(y < tip for y in lines) for tip in tips) == [*range(1, depth(name) + 1)]


def test_arrows_of_the_paper_have_its_colours() -> None:
    theme = THEMES["paper"]
    rgb = {kind: tuple(bytes.fromhex(theme.colour(kind)[1:])) for kind in ("conv", "down", "up", "skip", "head")}
    assert rgb["conv"][2] > 2 * max(rgb["conv"][:2])
    assert rgb["down"][0] > 2 * max(rgb["down"][1:])
    assert rgb["up"][1] > 2 * max(rgb["up"][0], rgb["up"][2])
    assert len(set(rgb["skip"])) == 1
    assert rgb["head"][1] > 100 and abs(rgb["head"][1] - rgb["head"][2]) < 20 and rgb["head"][0] < 20


# 6. The legend


@EVERY_U
def test_the_legend_lists_exactly_what_arrows_say_they_do(name: str) -> None:
    said = {note.partition(": ")[2] for note in (arrow.note for arrow in drawn(name).arrows)} - {""}
    rows = [row for row in drawn(name).legend.rows if any(isinstance(part, Arrow) for part in row.sample)]
    signs = {box.note.partition(": ")[2].rpartition(", ")[0] for box in drawn(name).boxes if box.kind == "mark"}
    assert {meaning for row in rows for meaning in row.meanings} - signs == said


@EVERY
def test_the_legend_speaks_of_crops_and_kernels_that_there_are(name: str) -> None:
    ops = [node.op for node in sample(name).nodes]
    text = "\n".join(row.text for row in drawn(name).legend.rows)
    kernels = {axes_text(op.kernel) for op in ops if isinstance(op, Conv | ConvTransposed)}
    assert set(re.findall(r"conv (\d+(?:×\d+)*)", text)) <= kernels
    is_cropped = any(
        isinstance(node.op, CropLike) and node.output.shape != node.inputs[0].shape for node in sample(name).nodes
    )
    assert ("crop" in text) is is_cropped
    assert not re.search(r"\d×\d", text) or sample(name).dims > 1


# 7. Shortcuts, gates, heads


@EVERY_U
def test_every_sum_in_a_stage_is_a_sign_in_a_circle_or_behind_one_with_a_name(name: str) -> None:
    shown = {join.path for join in drawn(name).joins}
    named = {regions(name)[box.path].path for box in drawn(name).boxes if box.kind == "mark"}
    for region in sample(name).regions:
        sums = {node.path for node in region.nodes if isinstance(node.op, Add)}
        if region.role in ("encoder", "bottleneck", "decoder"):
            assert sums <= shown or region.path in named


@EVERY_U
def test_into_every_sum_leads_more_than_one_arrow(name: str) -> None:
    for join in drawn(name).joins:
        assert len([arrow for arrow in drawn(name).arrows if arrow.target == join.id]) > 1


@EVERY_U
def test_every_output_has_a_head(name: str) -> None:
    heads = {box.path for box in maps(name) for arrow in arrows(name, "head") if half(arrow.target) == half(box.id)}
    for region in sample(name).regions:
        if region.role == "head" and any(isinstance(node.op, Conv) for node in region.nodes):
            assert heads & {node.path for node in region.nodes}, region.path
    assert all(arrow.hollow for arrow in arrows(name, "head"))


@EVERY_U
def test_every_gate_is_a_sign_on_its_skip_and_hears_something(name: str) -> None:
    gates = [r for r in sample(name).regions if r.role == "skip" and any(isinstance(n.op, Multiply) for n in r.nodes)]
    signs = [label for label in drawn(name).labels if label.bold and label.text.startswith("AG")]
    assert len(signs) == len(gates) == len(arrows(name, "signal"))


# 10. Title and totals


@EVERY
def test_title_and_totals_are_those_of_the_network(name: str) -> None:
    network, drawing = sample(name), drawn(name)
    title = "".join(label.text for label in drawing.labels if label.size == TITLE)
    assert title.replace(" ", "") == network.name.replace(" ", "")
    texts = [label.text for label in drawing.labels]
    for word, total in (
        ("parameters", f"{parameters(network).total:,}"),
        ("MACs", count_text(macs(network).total)),
    ):
        assert texts[texts.index(word) + 1] == total
    sizes = f"{shape_text(network.input.shape)} → {shape_text(network.output.shape)}"
    assert any(text.startswith(sizes) for text in texts)
