"""What an author moves, hides and restyles: layers of an SVG, and in them things with their words, under ids."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import get_args
from xml.etree import ElementTree

import pytest

from tests.drawing_reading import is_over, is_under, maps, nearest
from tests.drawing_samples import NASTY, PAIRS, SAMPLES, drawn, pair
from unetgen.drawing.model.shapes import Arrow, Box, TextLabel
from unetgen.drawing.write.groups import Group, Ids, Layer, groups
from unetgen.drawing.write.svg import INKSCAPE
from unetgen.language.zoo import zoo_names

EVERY = pytest.mark.parametrize("name", [*SAMPLES, *zoo_names()])
SVG = "{http://www.w3.org/2000/svg}"
LEGAL = re.compile("[A-Za-z_][A-Za-z0-9._-]*")


@EVERY
def test_everything_is_painted_once_layer_by_layer(name: str) -> None:
    painted = list(groups(drawn(name)))
    layers = [layer for layer, _ in groupby(painted, key=lambda group: group.layer)]
    assert len(layers) == len(set(layers)) and set(layers) <= {*get_args(Layer)}
    shapes = [shape for group in painted for shape in group.shapes]
    assert Counter(map(id, shapes)) == Counter(map(id, drawn(name).shapes))


@pytest.mark.parametrize("name", PAIRS)
def test_marks_of_a_comparison_have_layers_of_their_own(name: str) -> None:
    painted = list(groups(pair(name)))
    shapes = [shape for group in painted for shape in group.shapes]
    assert Counter(map(id, shapes)) == Counter(map(id, pair(name).shapes))
    assert {group.layer for group in painted} >= {"changed boxes", "changed arrows"}


@EVERY
def test_ids_are_legal_unique_and_made_of_names_of_the_network(name: str) -> None:
    root = ElementTree.fromstring(drawn(name).svg)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids)) and all(map(LEGAL.fullmatch, ids))
    for box in drawn(name).boxes:
        assert box.id.replace(" ", "-") in ids


@EVERY
def test_layers_are_those_of_inkscape(name: str) -> None:
    root = ElementTree.fromstring(drawn(name).svg)
    layers = [group for group in root if group.tag == f"{SVG}g"]
    assert all(group.get(f"{{{INKSCAPE}}}groupmode") == "layer" for group in layers)
    labels = [group.get(f"{{{INKSCAPE}}}label") for group in layers]
    assert labels[0] == "background" and {"boxes", "arrows", "legend"} <= {*labels}
    assert {element.tag for element in root} - {f"{SVG}g"} <= {f"{SVG}title", f"{SVG}desc", f"{SVG}defs"}


@EVERY
def test_words_in_a_box_are_in_its_group(name: str) -> None:
    owners = owners_of(name)
    for label in drawn(name).labels:
        inside = [box for box in drawn(name).boxes if is_inside(label, box)]
        if inside and label.ink in ("ink", "muted"):
            smallest = min(inside, key=lambda box: box.frame.width * box.frame.height)
            assert owners[id(label)].shapes[0] == smallest, label


@pytest.mark.parametrize("name", ["unet-2015", "attention-unet", "unet-3d", "vnet", "wave-u-net", "residual", "1D"])
def test_channels_and_sizes_are_in_the_group_of_their_map(name: str) -> None:
    owners = owners_of(name)
    numbers = [label for label in drawn(name).labels if re.fullmatch(r"\d[\d×²³]*", label.text) and label.size < 10]
    assert len(numbers) > len(maps(name)) / 2
    for label in numbers:
        over, under = nearest(label, name, is_over), nearest(label, name, is_under)
        thing = owners[id(label)].shapes[0]
        assert isinstance(thing, Box), label
        assert re.sub(r" \d+$", "", thing.id) in (over, under), label


def test_words_on_a_skip_are_in_its_group() -> None:
    skips = [group for group in groups(drawn("unet-2015")) if group.layer == "skips"]
    said = [" ".join(shape.text for shape in group.shapes if isinstance(shape, TextLabel)) for group in skips]
    sizes = ("568² → 392²", "280² → 200²", "136² → 104²", "64² → 56²")
    assert said == [f"copy and crop {size}" for size in sizes]


@EVERY
def test_a_letter_on_an_arrow_is_in_its_group(name: str) -> None:
    for group in groups(drawn(name)):
        for label in (shape for shape in group.shapes if isinstance(shape, TextLabel)):
            if label.ink not in ("ink", "muted") and group.layer != "legend":
                assert isinstance(group.shapes[0], Arrow) and group.shapes[0].kind == label.ink


def test_the_title_and_the_totals_are_said_first_and_of_nothing() -> None:
    first, *others = (list(group) for _, group in groupby(groups(drawn("unet-2015")), key=lambda group: group.layer))
    said = [shape.text for group in first for shape in group.shapes if isinstance(shape, TextLabel)]
    assert said[:2] == ["unet-2015", "arXiv:1505.04597"] and "31,030,658" in said
    assert all(group.layer != "words" for layer in others for group in layer)


@pytest.mark.parametrize("text", [*NASTY, "3D", "", "-a", "é"])
def test_any_text_gives_an_id_that_no_other_has(text: str) -> None:
    ids = Ids()
    given = [ids.of(text) for _ in range(3)] + [ids.of(f"{text}-2")]
    assert len({*given}) == 4 and all(map(LEGAL.fullmatch, given))


def owners_of(name: str) -> dict[int, Group]:
    """Give the group of every label, by its identity."""
    return {id(shape): group for group in groups(drawn(name)) for shape in group.shapes}


def is_inside(label: TextLabel, box: Box) -> bool:
    frame, hull = box.frame, label.hull
    return frame.x <= hull.cx <= frame.right and frame.y <= hull.cy <= frame.bottom
