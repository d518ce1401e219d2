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
from unetgen.drawing import Drawing, DrawOptions, draw_network
from unetgen.drawing.model.shapes import Arrow, Box, Rect

ALONG = ("conv", "flow", "head")
"""Arrows that lead on in a row."""


def flaws(drawing: Drawing) -> list[str]:
    """List what keeps a picture of rows from being a U; nothing of grids, where every box is a stage."""
    if drawing.has_boxes_on_top:
        return []
    return [flaw for arrow in drawing.arrows if arrow.kind == "down" for flaw in _flaws(arrow, drawing)]


def _flaws(arrow: Arrow, drawing: Drawing) -> Iterator[str]:
    """List what is wrong with an arrow down."""
    things = {thing.id: thing for thing in drawing.things}
    source, target = things[arrow.source], things[arrow.target]
    if any(isinstance(end, Box) and end.kind == "mark" for end in (source, target)):
        yield f"a sign stands on the arrow down from {arrow.source} to {arrow.target}"
    row = [other for other in drawing.arrows if other.kind in ALONG and _is_level(other)]
    if any(other.target == arrow.target for other in row):
        yield f"{arrow.target} is not the first of its row"
    if any(_thing(other.source) == _thing(arrow.source) for other in row):
        yield f"{arrow.source} is not the last of its row"
    if target.hull.y <= _front(source).bottom:
        yield f"{arrow.target} is no row lower than {arrow.source}"


def _is_level(arrow: Arrow) -> bool:
    return len({y for _, y in arrow.points}) == 1


def _thing(id: str) -> str:
    """Give the id without the number of a part."""
    base, _, number = id.rpartition(" ")
    return base if number.isdigit() else id


def _front(thing: object) -> Rect:
    return thing.frame if isinstance(thing, Box) else getattr(thing, "hull")  # noqa: B009 - for mypy


@pytest.mark.parametrize("width", ["none", "178mm"])
@pytest.mark.parametrize("name", US)
def test_every_picture_is_a_true_u(name: str, width: str) -> None:
    for detail in ("units", "ops"):
        assert flaws(draw_network(sample(name), DrawOptions(detail=detail, width=width, is_wished=True))) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=60)
@given(legal_specs())
def test_whatever_the_language_says_is_a_true_u(drawn: Drawn) -> None:
    assert flaws(draw_network(drawn.network)) == []
    assert flaws(draw_network(drawn.network, DrawOptions(width="178mm", is_wished=True))) == []
