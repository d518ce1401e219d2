"""Pictures of two networks: marks are where nodes differ and nowhere else; each panel is its network's own drawing."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import unetgen
from tests.drawing_checks import problems
from tests.drawing_samples import SAMPLES, sample
from tests.spec_strategies import Drawn, legal_specs
from unetgen.analyses import macs, parameters
from unetgen.analyses.differences import INPUT, differences
from unetgen.api import at_one_size, lower, parse
from unetgen.drawing import DETAILS, THEMES, Detail, Drawing, DrawOptions, draw_difference, draw_network
from unetgen.drawing.model.shapes import Halo, Outline
from unetgen.ir import Builder, Network, ops, trace

TRIES = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
BASE = "depth: 2, filters: 8, input_size: 32"
CHANGES = (
    "filters: 4", "depth: 3", "skip: add", "skip: none", "skip: [concat, add]", "skip: {order: [up, skip]}",
    "skip: {path: additive_gate}", "skip: {path: conv}", "activation: gelu", "norm: none", "norm: {batch: {eps: 0.1}}",
    "block: residual", "block: dense", "convs: 3", "convs: 1",
    "filters: [8, 8, 8], in_channels: 8, convs: 1, skip: add, recurrent: 1", "attention: channel", "bias: true",
    "downsample: strided_conv", "upsample: nearest", "padding: valid, input_size: 44", "input_size: 64",
    "in_channels: 3", "out_channels: 5", "topology: nested", "topology: full_scale", "supervision: {levels: [1]}",
    "stem: {filters: 4}", "dims: 3, input_size: 16", "dropout: 0.3", "decoder: {norm: none}", "kernel_size: 5",
)  # fmt: skip


@cache
def changed(change: str = "") -> Network:
    """Lower the base with a change, whose keys take the place of the base's."""
    keys = yaml.safe_load(f"{{{BASE}}}") | yaml.safe_load(f"{{{change}}}")
    return lower(parse(yaml.safe_dump(keys)))


def marks(drawing: Drawing) -> list[Outline | Halo]:
    return [*(outline for outline in drawing.outlines if outline.look != "crop"), *drawing.halos]


def marked(drawing: Drawing) -> dict[str, str]:
    """Give what is said of marked things, by id."""
    return {outline.of: outline.look for outline in drawing.outlines if outline.look != "crop"}


def raw(network: Network) -> dict[str, object]:
    """Write every node down with all that is known of it, in plain names."""
    names = {network.input.id: "input"} | {node.output.id: node.path for node in network.nodes}
    nodes: dict[str, object] = {
        n.path: (n.op, n.shares, tuple((names[v.id], v.shape) for v in n.inputs), n.output.shape) for n in network.nodes
    }
    ends = {region.path: names[region.output.id] for region in network.regions if region.nodes}
    return nodes | {"": (network.input.shape, [names[value.id] for value in network.outputs], network.main, ends)}


def holds(before: Network, after: Network, detail: Detail = "units") -> None:
    """Hold the law of marks over a pair."""
    drawing = draw_difference(before, after, DrawOptions(detail=detail))
    # Whether a network is drawn without a flaw alone is held elsewhere: two on a page must add none.
    assert problems(drawing) == [] or any(problems(draw_network(one, detail=detail)) for one in (before, after))
    assert bool(marks(drawing)) == (raw(before) != raw(after))
    assert drawing.facts is not None
    facts, found = drawing.facts(), differences(before, after)
    owners = {f"{box.id.split()[0]} {INPUT}": box.id for box in drawing.boxes if box.path == "input"}
    owners |= {f"{stage.path}.{op.name}".removesuffix(".layer"): op.makes for stage in facts.stages for op in stage.ops}
    differing = {f"before {path}" for path in found.changed | found.removed | found.follows}
    differing |= {f"after {path}" for path in found.changed | found.new | found.follows}
    assert {owners[path] for path in differing} <= marked(drawing).keys()
    # What is tinted alone has no op that somebody chose anew.
    chosen = {owners[path] for path in differing if path.partition(" ")[2] not in found.follows}
    tinted = {id for id, look in marked(drawing).items() if look == "follows"}
    assert not tinted & chosen


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("change", CHANGES)
def test_marks_are_where_nodes_differ(change: str, detail: Detail) -> None:
    holds(changed(), changed(change), detail)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_compared_with_another_without_a_flaw(name: str) -> None:
    holds(sample(name), sample("paper"))


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of two networks, where one fails
@settings(TRIES, max_examples=25)
@given(legal_specs(), legal_specs(), st.sampled_from(DETAILS))
def test_marks_are_where_nodes_differ_in_whatever_the_language_says(one: Drawn, other: Drawn, detail: Detail) -> None:
    holds(one.network, other.network, detail)


def test_a_region_called_input_is_not_the_input() -> None:
    def network(*, through: bool) -> Network:
        b = Builder()
        image = b.input(1)
        with b.region("input", role="encoder", level=0, kind="plain", inputs=(image,)):
            y = b.close(b("", ops.Activation("relu"), image))
        taken = y if through else image
        with b.region("head", role="head", level=0, kind="plain", inputs=(taken,)):
            head = b.close(b("", ops.Activation("sigmoid"), taken))
        return trace(Network("small", 2, image, (head,), tuple(b.regions)), (8, 8))

    assert differences(network(through=True), network(through=False)).changed == {"head"}


@settings(TRIES, max_examples=25)
@given(legal_specs())
def test_a_network_and_itself_have_no_marks(one: Drawn) -> None:
    holds(one.network, one.network)


@pytest.mark.parametrize("change", CHANGES)
def test_the_way_back_has_the_same_marks_with_new_for_removed(change: str) -> None:
    there, back = draw_difference(changed(), changed(change)), draw_difference(changed(change), changed())
    turned = {"new": "removed", "removed": "new", "changed": "changed", "follows": "follows"}
    sides = {"before": "after", "after": "before"}
    said = {f"{sides[id.split()[0]]} {id.partition(' ')[2]}": turned[look] for id, look in marked(back).items()}
    assert marked(there) == said
    assert Counter(turned[halo.status] for halo in back.halos) == Counter(halo.status for halo in there.halos)


@pytest.mark.parametrize("change", CHANGES)
def test_each_panel_has_the_boxes_of_the_network_drawn_alone(change: str) -> None:
    """As many, of the same shapes and sizes, at the same distances."""
    both = draw_difference(changed(), changed(change), DrawOptions(detail="blocks"))
    for name, network in (("before", changed()), ("after", changed(change))):
        alone = draw_network(network, detail="blocks")
        panel = [box for box in both.boxes if box.id.startswith(f"{name} ")]
        dx, dy = panel[0].frame.x - alone.boxes[0].frame.x, panel[0].frame.y - alone.boxes[0].frame.y
        assert [(box.path, box.frame, box.shape) for box in panel] == [
            (box.path, box.frame.moved(dx, dy), box.shape) for box in alone.boxes
        ]


def halos(drawing: Drawing) -> Counter[tuple[str, str]]:
    """Count the marked arrows by kind and status."""
    kinds = {arrow.points: arrow.kind for arrow in drawing.arrows}
    return Counter((kinds[halo.points], halo.status) for halo in drawing.halos)


@pytest.mark.parametrize(
    ("change", "arrows"),
    [
        ("activation: gelu", {("conv", "changed"): 20}),
        ("skip: add", {("skip", "changed"): 4, ("flow", "new"): 2}),
        ("downsample: avg_pool", {("down", "changed"): 4}),
        ("upsample: nearest", {("up", "changed"): 4}),
        ("out_channels: 5", {("head", "changed"): 2}),
        ("in_channels: 3", {}),
        ("skip: {path: additive_gate}", {("skip", "changed"): 6, ("signal", "new"): 2}),
    ],
)
def test_arrows_are_marked_where_what_they_do_differs(change: str, arrows: dict[tuple[str, str], int]) -> None:
    assert halos(draw_difference(changed(), changed(change))) == arrows


def test_a_sum_in_place_of_a_concatenation_is_new_and_the_halves_are_removed() -> None:
    said = marked(draw_difference(changed(), changed("skip: add")))
    assert said["before skip.0.concat 0"] == said["before skip.0.concat 1"] == "removed"
    assert said["after skip.0.add join"] == "new"
    assert said["before decoder.0.conv1"] == said["after decoder.0.conv1"] == "follows"
    assert "before decoder.0.conv2" not in said


def test_stages_say_no_more_of_their_arrows_than_maps_do() -> None:
    drawing = draw_difference(changed(), changed("skip: add"), DrawOptions(detail="blocks"))
    assert halos(drawing) == {("skip", "changed"): 4, ("flow", "new"): 2}


def test_a_deeper_network_marks_what_it_adds() -> None:
    said = marked(draw_difference(changed(), changed("depth: 3")))
    assert said["after encoder.2.conv1"] == said["after decoder.2.conv2"] == "new"
    assert not {id for id in said if "encoder.0" in id or "decoder.0" in id}


def words(drawing: Drawing) -> set[str]:
    return {label.text for label in drawing.every_label}


def test_totals_show_both_numbers_where_they_differ() -> None:
    before, after = changed(), changed("skip: add")
    counts = [f"{parameters(network).total:,}" for network in (before, after)]
    said = words(draw_difference(before, after))
    assert " → ".join(counts) in said
    assert "1 × 32²" in said


def test_the_legend_says_which_network_a_look_is_of() -> None:
    legend = draw_difference(changed(), changed("activation: gelu")).legend
    rows = {meaning for row in legend.rows for meaning in row.meanings}
    assert {"conv 3×3, batch norm, ReLU (before)", "conv 3×3, batch norm, GELU (after)", "max pool 2×2"} <= rows


def test_panels_are_headed_by_names() -> None:
    drawing = draw_difference(changed(), changed("skip: add"), names=("mine", "mine, skip=add"))
    assert {"before: mine", "after: mine, skip=add"} <= words(drawing)


def test_small_networks_stand_side_by_side_and_large_ones_do_not() -> None:
    def tops(drawing: Drawing) -> set[float]:
        return {box.frame.y for box in drawing.boxes if box.path == "input"}

    small = lower(parse("{depth: 1, filters: 4}"))
    assert len(tops(draw_difference(small, small))) == 1
    assert len(tops(draw_difference(sample("paper"), sample("paper")))) == 2


def test_a_u_is_drawn_as_a_grid_beside_a_grid() -> None:
    drawing = draw_difference(changed(), changed("topology: nested"))
    assert {box.kind for box in drawing.boxes} == {"stage", "nested", "end"}


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_changes_nothing_but_colours(theme: str) -> None:
    drawing = draw_difference(changed(), changed("block: residual"), DrawOptions(theme=theme))
    assert problems(drawing) == []
    assert marked(drawing) == marked(draw_difference(changed(), changed("block: residual")))


def test_a_bare_picture_still_has_marks() -> None:
    bare = DrawOptions(title="", legend=False, totals=False, sizes="none")
    drawing = draw_difference(changed(), changed("skip: add"), bare)
    assert problems(drawing) == []
    assert marks(drawing)


def test_numbers_of_things_are_those_of_their_own_network() -> None:
    before, after = changed(), changed("filters: 4")
    drawing = draw_difference(before, after)
    assert drawing.facts is not None
    things = drawing.facts().things
    for name, network in (("before", before), ("after", after)):
        for word, total in (("parameters", parameters(network).total), ("MACs", macs(network).total)):
            own = [dict(thing.lines) for id, thing in things.items() if id.startswith(f"{name} ")]
            assert sum(int(lines.get(word, "0").replace(",", "")) for lines in own) == total
    assert dict(things["after encoder.0.conv1"].lines)["compared"] == "changed"


def test_python_draws_it_too() -> None:
    drawing = unetgen.draw_difference("unet-2015", "attention-unet", theme="mono", title="Figure 1")
    assert drawing.title == "Figure 1"
    assert drawing.theme.name == "mono"
    assert drawing.svg == unetgen.draw_difference("unet-2015", "attention-unet", theme="mono", title="Figure 1").svg


def test_what_follows_from_a_wider_level_is_tinted_and_not_marked() -> None:
    found = differences(changed(), changed("filters: [8, 16, 64]"))
    assert found.changed == {"bottleneck.conv1", "bottleneck.conv2"}
    assert {"up.1", "bottleneck.act2"} <= found.follows
    said = marked(draw_difference(changed(), changed("filters: [8, 16, 64]")))
    assert said == {
        f"{side} {path}": look
        for side in ("before", "after")
        for path, look in (
            ("bottleneck.conv1", "changed"),
            ("bottleneck.conv2", "changed"),
            ("skip.1.concat 1", "follows"),
        )
    }


@pytest.mark.parametrize(
    ("one", "other", "size"),
    [
        ("{depth: 2, filters: 4, input_size: 64}", "{depth: 3, filters: 4, input_size: 128}", 64),
        ("{depth: 2, filters: 4, input_size: 36}", "{depth: 4, filters: 4, input_size: 64}", 32),
        ("{depth: 2, filters: 4, padding: valid, input_size: 44}", "{depth: 2, filters: 4, input_size: 64}", 44),
    ],
)
def test_networks_of_two_nominal_sizes_are_compared_at_one(one: str, other: str, size: int) -> None:
    pair = at_one_size(lower(parse(one)), lower(parse(other)))
    assert [network.input.shape.size for network in pair] == [(size, size)] * 2


def test_networks_without_a_common_size_stay_as_they_are() -> None:
    pair = lower("unet-2015"), lower("unet-same-bn")
    assert at_one_size(*pair) == pair
