"""What networks are called under other names: the words alone change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import given, settings

from tests.renaming import rename
from tests.spec_strategies import Drawn, legal_specs
from unetgen.api import draw, draw_difference, emit, lower, parse, summarize
from unetgen.drawing import Drawing
from unetgen.drawing.model.options import Detail
from unetgen.drawing.write.html import write_html
from unetgen.ir import Network
from unetgen.ir.verify import verify
from unetgen.language.zoo import zoo_names


@pytest.mark.parametrize("name", zoo_names())
def test_a_network_under_other_names_is_that_network(name: str) -> None:
    network = lower(name)
    renamed = rename(network, seed=7)
    verify(renamed.network)
    assert rename(renamed.network).words.keys().isdisjoint(renamed.words)
    for region, other in zip(network.regions, renamed.network.regions, strict=True):
        assert renamed.back(other.path) == region.path
        for node, twin in zip(region.nodes, other.nodes, strict=True):
            assert (renamed.back(twin.path), len(twin.path)) == (node.path, len(node.path))
            assert twin.path != node.path


@pytest.mark.parametrize("name", zoo_names())
def test_source_and_summary_differ_in_these_words_alone(name: str) -> None:
    network = lower(name)
    source, summary = emit(network), summarize(network).to_json()
    renamed = rename(network, seed=3, text=source)
    assert renamed.back(summarize(renamed.network).to_json()) == summary
    assert apart(renamed.back_in_source(emit(renamed.network))) == apart(source)


def apart(source: str) -> str:
    """Leave out the underscore by which a variable differs from another one of the same word."""
    return re.sub(r"(?<=\w)_\b", "", source)


@pytest.mark.parametrize("name", zoo_names())
def test_pictures_differ_in_these_words_alone(name: str) -> None:
    hold(lower(name), seed=1)


@settings(max_examples=25, derandomize=True)
@given(legal_specs())
def test_pictures_of_any_network_differ_in_these_words_alone(drawn: Drawn) -> None:
    hold(drawn.network, seed=2)


def test_a_comparison_of_networks_of_the_same_names_differs_in_these_words_alone() -> None:
    text = "depth: 2\ninput_size: 32\nblock: residual\nattention: channel\nskip: {path: additive_gate}\n"
    pair = [lower(parse(f"{text}{own}")) for own in ("filters: 8\nnorm: batch\n", "filters: 12\nnorm: instance\n")]
    drawing = draw_difference(*pair)
    one, other = (rename(network, taken=words(drawing)) for network in pair)
    assert one.words == other.words
    again = draw_difference(one.network, other.network)
    assert [one.back(text) for text in written(again)] == [*written(drawing)]


def hold(network: Network, *, seed: int) -> None:
    """Hold all pictures of a network under other names to those of its own."""
    pictures = [draw(network, detail=detail) for detail in get_args(Detail)]
    renamed = rename(network, seed=seed, taken={word for drawing in pictures for word in words(drawing)})
    for drawing, detail in zip(pictures, get_args(Detail), strict=True):
        other = draw(renamed.network, detail=detail)
        assert renamed.back_in_ids(other.dot) == drawing.dot
        assert [renamed.back(text) for text in written(other)] == [*written(drawing)]


def words(drawing: Drawing) -> set[str]:
    return {word for text in (*written(drawing), drawing.dot) for word in re.findall(r"[A-Za-z_]\w*", text)}


def written(drawing: Drawing) -> Iterator[str]:
    yield drawing.svg
    yield write_html(drawing)
