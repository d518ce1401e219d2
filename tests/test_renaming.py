"""What networks are called under other names: the words alone change."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings

from tests.renaming import rename
from tests.spec_strategies import Drawn, legal_specs
from unetgen.api import draw, draw_difference, emit, lower, parse, summarize
from unetgen.drawing.model.options import Detail
from unetgen.drawing.write.html import write_html
from unetgen.ir import Network
from unetgen.ir.verify import verify
from unetgen.language.zoo import zoo_names

MANY = settings(max_examples=25, derandomize=True)


@pytest.mark.parametrize("name", zoo_names())
@pytest.mark.parametrize("each", [False, True])
def test_a_network_under_other_names_is_that_network(name: str, each: bool) -> None:
    network = lower(name)
    renamed = rename(network, seed=7, each=each)
    verify(renamed.network)
    assert each or rename(renamed.network).words.keys().isdisjoint(renamed.words)
    for region, other in zip(network.regions, renamed.network.regions, strict=True):
        assert renamed.back(other.path) == region.path
        for node, twin in zip(region.nodes, other.nodes, strict=True):
            assert (renamed.back(twin.path), len(twin.path)) == (node.path, len(node.path))
            assert twin.path != node.path


@pytest.mark.parametrize("name", zoo_names())
def test_source_and_summary_differ_in_these_words_alone(name: str) -> None:
    hold_texts(lower(name), seed=3)


@MANY
@given(legal_specs())
def test_texts_of_any_network_differ_in_these_words_alone(drawn: Drawn) -> None:
    hold_texts(drawn.network, seed=4)


def hold_texts(network: Network, *, seed: int) -> None:
    """Hold source and summary of a network under other names to those of its own."""
    source, summary = emit(network), summarize(network).to_json()
    renamed = rename(network, seed=seed, text=source)
    assert renamed.back(summarize(renamed.network).to_json()) == summary
    assert apart(renamed.back_in_source(emit(renamed.network))) == apart(source)
    renamed = rename(network, seed=seed, each=True)
    assert renamed.back(summarize(renamed.network).to_json()) == summary


def apart(source: str) -> str:
    """Leave out the ending by which a variable differs from another one of the same word."""
    return re.sub(r"(?<=\w)(_map)?_*\b", "", source)


@pytest.mark.parametrize("name", zoo_names())
def test_pictures_differ_in_these_words_alone(name: str) -> None:
    hold_pictures(lower(name), seed=1)


@MANY
@given(legal_specs())
def test_pictures_of_any_network_differ_in_these_words_alone(drawn: Drawn) -> None:
    hold_pictures(drawn.network, seed=2)


def test_a_comparison_of_networks_of_the_same_names_differs_in_these_words_alone() -> None:
    text = "depth: 2\ninput_size: 32\nblock: residual\nattention: channel\nskip: {path: additive_gate}\n"
    pair = [lower(parse(f"{text}{own}")) for own in ("filters: 8\nnorm: batch\n", "filters: 12\nnorm: instance\n")]
    drawing = draw_difference(*pair)
    one, other = (rename(network, taken=words(drawing.svg, drawing.dot, write_html(drawing))) for network in pair)
    assert one.words == other.words
    again = draw_difference(one.network, other.network)
    assert one.back(again.svg) == drawing.svg
    assert one.back(write_html(again)) == write_html(drawing)


@pytest.mark.parametrize("detail", get_args(Detail))
@pytest.mark.parametrize("topology", ["u", "nested"])
def test_the_image_is_told_by_its_value_where_a_region_is_called_input(topology: str, detail: Detail) -> None:
    network = lower(parse(f"{{depth: 1, filters: 4, norm: none, input_size: 16, topology: {topology}}}"))
    first, *others = network.regions
    nodes = tuple(replace(node, path=node.path.replace(first.path, "input")) for node in first.nodes)
    renamed = replace(network, regions=(replace(first, path="input", nodes=nodes), *others))
    image = np.random.default_rng(0).standard_normal((1, 16, 16))
    notes, same = (
        [thumbnail.note for thumbnail in draw(each, detail=detail, image=image).thumbnails]
        for each in (network, renamed)
    )
    assert notes == same
    assert notes.count("the image") == 1


KINDS = {
    "fused": "depth: 3\nsupervision: {levels: [1, 2], fuse: true}\n",
    "resized": "depth: 3\noutput_activation: sigmoid\nsupervision: {levels: [1, 2]}\nskip: add\nblock: residual\n",
    "a path first": "depth: 2\nskip: {path: {blocks: {block: residual}}, path_first: true}\n",
}


@pytest.mark.parametrize("kind", ["path", "resize", "fuse", "output", "plain", "residual", "own"])
@pytest.mark.parametrize("text", KINDS.values(), ids=[*KINDS])
def test_the_kind_of_a_region_is_shown_and_means_nothing(text: str, kind: str) -> None:
    """A part may have any word: also one by which the house knows what it writes itself."""
    network = lower(parse(f"filters: 8\ninput_size: 32\n{text}"))
    other = replace(network, regions=tuple(replace(region, kind=kind) for region in network.regions))
    assert emit(other) == emit(network)
    for detail in get_args(Detail):
        assert draw(other, detail=detail).svg == draw(network, detail=detail).svg


def hold_pictures(network: Network, *, seed: int) -> None:
    """Hold all pictures of a network under other names to those of its own."""
    pictures = [draw(network, detail=detail) for detail in get_args(Detail)]
    svgs, dots, page = [each.svg for each in pictures], [each.dot for each in pictures], write_html(pictures[-1])
    for each in (False, True):
        renamed = rename(network, seed=seed, taken=words(*svgs, *dots, page), each=each)
        others = [draw(renamed.network, detail=detail) for detail in get_args(Detail)]
        assert [renamed.back_in_ids(other.dot) for other in others] == dots
        assert [renamed.back(other.svg) for other in others] == svgs
        # Every detail has the same facts behind it; the last one shows most of them.
        assert renamed.back(write_html(others[-1])) == page


def words(*texts: str) -> set[str]:
    return {word for text in texts for word in re.findall(r"[A-Za-z_]\w*", text)}
