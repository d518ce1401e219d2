"""The detail `ops`: every op of a stage is drawn, and those that only touch up a map stand against it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.drawing_samples import drawn, sample
from tests.spec_strategies import Drawn, legal_specs
from unetgen.drawing import Drawing, draw_network
from unetgen.drawing.kit.distances import SPACINGS
from unetgen.drawing.model.shapes import Box
from unetgen.drawing.read.branches import branches
from unetgen.drawing.read.figure_reader import read_figure
from unetgen.drawing.rows.u import as_u, plan_of
from unetgen.drawing.rows.u_folds import WIDEST_U
from unetgen.drawing.rows.u_places import Placing
from unetgen.ir import Network, Region

SLABS = ("norm", "activation", "dropout")
STAGES = ("stem", "encoder", "bottleneck", "decoder", "head")


def at_ops(network: Network) -> Drawing:
    return draw_network(network, detail="ops")


def slabs(drawing: Drawing) -> list[Box]:
    return [box for box in drawing.boxes if box.kind in SLABS]


def own(region: Region) -> set[str]:
    """Name the ops of a stage that are not on a shortcut, which is one arrow."""
    return {node.path for node in region.nodes} - branches(region)


def is_too_wide(network: Network) -> bool:
    """Say whether a network has so many ops in a row that its longest stages are shown by units even at this detail."""
    u = as_u(read_figure(network, {region.path: "ops" for region in network.regions}, "ops"))
    return u is not None and Placing(plan_of(u)).at(SPACINGS[-1]).width > WIDEST_U["ops"]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(legal_specs())
def test_every_op_of_a_stage_is_drawn_or_stands_for_one_that_is(drawn: Drawn) -> None:
    drawing = at_ops(drawn.network)
    if drawing.has_boxes_on_top or is_too_wide(drawn.network):
        return
    shown = {thing.path for thing in drawing.things}
    signs = {box.path for box in drawing.boxes if box.kind == "mark"}
    for region in drawn.network.regions:
        paths = {node.path for node in region.nodes}
        if region.role in STAGES and len(region.path.split(".")) < 3 and not signs & paths and own(region) & shown:
            assert own(region) <= shown


@pytest.mark.parametrize(
    "name",
    [
        "paper", "3D", "before the convolution", "residual", "residual, one convolution and a crop",
        "dense, one convolution and a crop", "channel attention", "recurrent",
    ],
)  # fmt: skip
def test_every_op_of_a_stage_has_a_box_or_a_sign_in_a_circle(name: str) -> None:
    shown = {thing.path for thing in at_ops(sample(name)).things}
    for region in sample(name).regions:
        if region.role in STAGES:
            assert own(region) <= shown


def test_a_shortcut_is_no_main_way_however_long_it_is() -> None:
    decoder = next(
        region for region in sample("residual, one convolution and a crop").regions if region.role == "decoder"
    )
    assert own(decoder) == {f"decoder.0.{name}" for name in ("conv1", "norm1", "add", "act")}


def test_what_branches_too_much_keeps_its_sign() -> None:
    kinds = [box.kind for box in at_ops(sample("attention at joins")).boxes]
    assert "mark" in kinds and "norm" in kinds


@pytest.mark.parametrize("name", ["paper", "3D", "before the convolution", "residual", "stem and head"])
def test_slabs_stand_against_the_map_before_them(name: str) -> None:
    drawing = at_ops(sample(name))
    rights = {(box.frame.right, box.frame.y) for box in drawing.boxes}
    assert slabs(drawing)
    assert all((slab.frame.x, slab.frame.y) in rights for slab in slabs(drawing))


@pytest.mark.parametrize("name", ["paper", "3D", "before the convolution", "stem and head", "residual"])
def test_there_is_a_slab_for_every_norm_activation_and_dropout_of_a_stage(name: str) -> None:
    network = sample(name)
    wanted = {
        node.path
        for region in network.regions
        if region.role in STAGES
        for node in region.nodes
        if type(node.op).__name__.lower() in SLABS and node.path in own(region)
    }
    assert {slab.path for slab in slabs(at_ops(network))} == wanted


def test_slabs_of_several_meanings_have_letters() -> None:
    drawing = at_ops(sample("stem and head"))
    said = [meaning for row in drawing.legend.rows for meaning in row.meanings]
    assert {"batch norm", "ReLU", "softmax", "dropout 0.1"} <= set(said)
    written = [label for row in drawing.legend.rows for label in row.labels]
    (y,) = (label.y for label in written if label.text == "softmax")
    letters = [label.text for label in written if label.y == y and label.text != "softmax"]
    frames = [slab.frame for slab in slabs(drawing) if slab.path.startswith("output") or "softmax" in slab.note]
    assert (
        letters
        and [label.text for label in drawing.labels for frame in frames if (label.x, label.y) == (frame.cx, frame.cy)]
        == letters
    )


def test_ops_take_little_more_room_than_units() -> None:
    for name in ("paper", "depth 8", "residual", "3D"):
        assert at_ops(sample(name)).width <= max(1.25 * drawn(name).width, 1220)


def test_ops_show_no_less_than_units() -> None:
    for name in ("dense", "inner Us", "recurrent", "channel attention", "residual, repeated"):
        assert len(at_ops(sample(name)).boxes) > len(drawn(name).boxes)
