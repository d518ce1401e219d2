"""A U for every encoder: arrows down join boxes of rows that lie a step lower and further right.

Measured on drawings of the zoo, of samples and of whatever the language says.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from tests.drawing_reading import US
from tests.drawing_samples import sample
from tests.spec_strategies import Drawn, legal_specs
from unetgen.api import lower, parse
from unetgen.drawing import Drawing, DrawOptions, draw_network
from unetgen.drawing.model.shapes import Arrow, Box, JoinSign, Rect
from unetgen.ir import Node, ops

ALONG = ("conv", "flow", "head")
"""Arrows that lead on in a row."""


def flaws(drawing: Drawing) -> list[str]:
    """List what keeps a picture of rows from being a U; nothing of grids, where every box is a stage."""
    if drawing.has_boxes_on_top:
        return []
    things = {thing.id: thing for thing in drawing.things}
    downs = [arrow for arrow in drawing.arrows if arrow.kind == "down"]
    # A strided convolution leads down by what it does, even where a map of one position stays one.
    ends = [(things[arrow.source], things[arrow.target]) for arrow in downs if not any(map(_strides, arrow.nodes))]
    kept = [(one, other) for one, other in ends if _sizes(one) == _sizes(other) and not _is_sign(other)]
    twice = [f"{one.id} and {other.id} are of one resolution and stand in two rows" for one, other in kept]
    # Op by op, what runs before a strided convolution stands in its row.
    is_by_op = any(box.kind in ("norm", "activation") for box in drawing.boxes)
    return [
        *(() if is_by_op or _is_flat(drawing) else twice),
        *(flaw for arrow in downs for flaw in _flaws(arrow, drawing, things)),
    ]


def _flaws(arrow: Arrow, drawing: Drawing, things: dict[str, Box | JoinSign]) -> Iterator[str]:
    """List what is wrong with an arrow down."""
    source, target = things[arrow.source], things[arrow.target]
    if _is_sign(target) or _is_sign(source):
        # One that is no stage may run before the way down; what runs behind that stands in the row.
        if _is_sign(target) and _sizes(source) != _sizes(target):
            yield f"a sign stands on the arrow down from {arrow.source}"
        return
    row = [other for other in drawing.arrows if other.kind in ALONG and _is_level(other)]
    if any(other.target == arrow.target for other in row):
        yield f"{arrow.target} is not the first of its row"
    if any(_thing(other.source) == _thing(arrow.source) for other in row):
        yield f"{arrow.source} is not the last of its row"
    if target.hull.y <= _front(source).bottom:
        yield f"{arrow.target} is no row lower than {arrow.source}"
    if _front(target).cx <= _front(_first(arrow.source, row, things)).cx:
        yield f"{arrow.target} is no step further right than {arrow.source}"


def _first(id: str, row: list[Arrow], things: dict[str, Box | JoinSign]) -> Box | JoinSign:
    """Walk back along a row to what it begins with."""
    before = {_thing(arrow.target): arrow.source for arrow in row}
    signs = [thing for thing in things.values() if isinstance(thing, Box) and thing.kind == "mark"]
    against = {(sign.frame.right, sign.frame.cy): sign.id for sign in signs}
    ends = ((thing.id, (_front(thing).x, _front(thing).cy)) for thing in things.values())
    before |= {_thing(id): against[place] for id, place in ends if place in against}
    while _thing(id) in before:
        id = before[_thing(id)]
    return things.get(f"{_thing(id)} 0", things[id])


def _is_sign(thing: Box | JoinSign) -> bool:
    return isinstance(thing, Box) and thing.kind == "mark"


def _sizes(thing: Box | JoinSign) -> tuple[int, ...]:
    return thing.shape[1:] if isinstance(thing, Box) else ()


def _strides(node: Node) -> bool:
    return isinstance(node.op, ops.Conv) and max(node.op.stride) > 1


def _is_flat(drawing: Drawing) -> bool:
    """Say whether all maps are of one resolution, so that there is nothing but rows to make a U of."""
    return len({box.shape[1:] for box in drawing.boxes if box.kind in ("map", "copied")}) == 1


def _is_level(arrow: Arrow) -> bool:
    return len({y for _, y in arrow.points}) == 1


def _thing(id: str) -> str:
    """Give the id without the number of a part."""
    base, _, number = id.rpartition(" ")
    return base if number.isdigit() else id


def _front(thing: Box | JoinSign) -> Rect:
    return thing.frame if isinstance(thing, Box) else thing.hull


def test_what_runs_before_the_stride_is_part_of_the_way_down() -> None:
    network = lower(parse("{depth: 1, filters: 8, input_size: 32, downsample: {first_conv: {before: {}}}}"))
    drawing = draw_network(network)
    assert flaws(drawing) == []
    assert "down.0" not in {box.path for box in drawing.boxes}
    assert ["down.0", "bottleneck.conv1"] in [[node.path for node in arrow.nodes][:2] for arrow in drawing.arrows]


@pytest.mark.parametrize("width", ["none", "178mm"])
@pytest.mark.parametrize("name", US)
def test_every_picture_is_a_true_u(name: str, width: str) -> None:
    for detail in ("units", "ops"):
        assert flaws(draw_network(sample(name), DrawOptions(detail=detail, width=width, is_wished=True))) == []


def test_a_map_of_one_position_leads_down_as_any_other() -> None:
    keys = "{dims: 1, depth: 4, filters: 1, downsample: strided_conv, skip: {fit: crop_up}, input_size: 2}"
    assert flaws(draw_network(lower(parse(keys)))) == []


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of a network, where one fails
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=60)
@given(legal_specs())
def test_whatever_the_language_says_is_a_true_u(drawn: Drawn) -> None:
    assert flaws(draw_network(drawn.network)) == []
    assert flaws(draw_network(drawn.network, DrawOptions(width="178mm", is_wished=True))) == []
