"""SVG and DOT: the same picture from both, nothing but the picture in it, and every string literally."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.conftest import Golden
from tests.drawing_samples import SAMPLES, drawn, sample
from tests.needed import program
from unetgen.api import lower, parse
from unetgen.drawing import Drawing, draw_network
from unetgen.drawing.shapes import Arrow, Rect

Dot = Callable[[Drawing, str], str]
EVERY = pytest.mark.parametrize("name", SAMPLES)
SVG = "{http://www.w3.org/2000/svg}"
NASTY = (
    "<b>bold</b>", "a & b &amp; c", r"\N \G \L \\ \x", "ends in \\", "\"quoted\" 'too'", "a:b->c{}[];",
    "]]> <!-- x -->", "ünï 漢 😀",
)  # fmt: skip


@pytest.fixture
def dot() -> Dot:
    """Run `dot`, which must have nothing to complain of."""
    program("dot")
    return run_dot


@cache
def run_dot(drawing: Drawing, form: str) -> str:
    done = subprocess.run(["dot", f"-T{form}"], input=drawing.dot.encode(), capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode()


def points(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d[\d.e+-]*", text)]


@EVERY
def test_dot_draws_the_page_and_its_boxes_where_they_are(dot: Dot, name: str) -> None:
    drawing = drawn(name)
    graph: dict[str, Any] = json.loads(dot(drawing, "json"))
    assert points(graph["bb"]) == pytest.approx([0, 0, drawing.width, drawing.height], abs=0.01)
    nodes = {node["name"]: node for node in graph["objects"]}
    for box in drawing.boxes:
        node = nodes[re.sub("[^A-Za-z0-9]", "_", box.id)]
        centre = [box.frame.cx, drawing.height - box.frame.cy]
        assert points(node["pos"]) == pytest.approx(centre, abs=0.01)
        size = [72 * float(node["width"]), 72 * float(node["height"])]
        assert size == pytest.approx([box.frame.width, box.frame.height], abs=0.01)


@EVERY
def test_dot_draws_the_arrows_where_they_are(dot: Dot, name: str) -> None:
    drawing = drawn(name)
    edges = json.loads(dot(drawing, "json"))["edges"]
    curves = [op["points"] for edge in edges for op in edge["_draw_"] if op["op"] == "b"]
    found = [[n for point in curve for n in point] for curve in curves]
    for arrow in drawing.arrows:
        assert any(near(curve, spline(arrow, drawing.height)) for curve in found), arrow


def near(one: list[float], other: list[float]) -> bool:
    """Say whether all numbers agree to 0.01 points, as far as two decimals can tell."""
    return len(one) == len(other) and all(abs(a - b) <= 0.011 for a, b in zip(one, other, strict=True))


def spline(arrow: Arrow, height: float) -> list[float]:
    """Give the straight pieces of an arrow's line as cubic ones, y up."""
    line = [*arrow.points[:-1], arrow.neck]
    controls = [line[0]]
    for (x0, y0), (x1, y1) in pairwise(line):
        controls += [((2 * x0 + x1) / 3, (2 * y0 + y1) / 3), ((x0 + 2 * x1) / 3, (y0 + 2 * y1) / 3), (x1, y1)]
    return [n for x, y in controls for n in (x, height - y)]


@EVERY
def test_svg_draws_the_same_boxes_and_arrows(name: str) -> None:
    drawing = drawn(name)
    root = ElementTree.fromstring(drawing.svg)
    assert points(root.attrib["viewBox"]) == [0, 0, drawing.width, drawing.height]
    groups = [group for group in root.iter(f"{SVG}g") if group.get("data-path")]
    frames = [frame for group in groups if group.find(f"{SVG}circle") is None for frame in group.iter(f"{SVG}rect")]
    fronts = [pytest.approx(corners(front), abs=0.01) for box in drawing.boxes for front in box.fronts]
    assert [rect(frame) for frame in frames] == fronts
    lines = [points(path.attrib["d"]) for path in root.iter(f"{SVG}path")]
    for arrow in drawing.arrows:
        wanted = [n for point in (*arrow.points[:-1], arrow.neck) for n in point]
        assert any(near(line, wanted) for line in lines), arrow


def rect(element: ElementTree.Element | None) -> list[float]:
    assert element is not None
    return [float(element.attrib[name]) for name in ("x", "y", "width", "height")]


def corners(frame: Rect) -> list[float]:
    return [frame.x, frame.y, frame.width, frame.height]


@EVERY
def test_both_formats_say_the_same_words(dot: Dot, name: str) -> None:
    drawing = drawn(name)
    words = sorted(label.text for label in drawing.every_label)
    assert sorted(texts(drawing.svg)) == words
    assert sorted(texts(dot(drawing, "svg"))) == words


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("nasty", NASTY)
def test_every_string_is_drawn_literally(dot: Dot, nasty: str) -> None:
    """In bold (the title) and not (the reference)."""
    network = replace(sample("depth 1"), name=nasty, reference=nasty)
    drawing = draw_network(network)
    assert texts(drawing.svg).count(nasty) == 2
    assert [text.replace("\xa0", " ") for text in texts(dot(drawing, "svg"))].count(nasty) == 2


def test_svg_has_a_title_and_a_description_and_nothing_that_runs() -> None:
    root = ElementTree.fromstring(drawn("paper").svg)
    assert root.findtext(f"{SVG}title") == "unet"
    assert "31,030,658 parameters" in (root.findtext(f"{SVG}desc") or "")
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "rect", "polygon", "path", "circle", "text"}
    assert not any(name.startswith("on") or "href" in name for element in root.iter() for name in element.attrib)


def test_svg_names_every_box_after_its_node() -> None:
    paths = [group.get("data-path") for group in ElementTree.fromstring(drawn("paper").svg).iter(f"{SVG}g")]
    assert {"input", "encoder.0.conv1", "down.0.pool", "skip.0.crop", "up.0.conv", "head.conv"} <= set(paths)


def test_dot_has_an_edge_for_every_arrow_between_the_maps_it_joins() -> None:
    assert "encoder_0_conv1 -> encoder_0_conv2" in drawn("paper").dot
    assert "encoder_0_conv2 -> skip_0_concat_0" in drawn("paper").dot


@pytest.mark.parametrize("name", ["paper", "residual, strided", "3D up first"])
def test_the_dot_of_a_few_drawings_is_approved(golden: Golden, name: str) -> None:
    golden(f"golden/drawing/{name.replace(',', '').replace(' ', '-')}.dot", drawn(name).dot)


def test_the_svg_of_a_small_drawing_is_approved(golden: Golden) -> None:
    golden("golden/drawing/smallest.svg", drawn("smallest").svg)


def test_an_overview_is_the_same_from_dot(dot: Dot) -> None:
    network = lower(parse("{depth: 2, filters: 4, topology: nested}"))
    drawing = draw_network(network)
    assert drawing.has_boxes_on_top
    assert sorted(texts(dot(drawing, "svg"))) == sorted(label.text for label in drawing.every_label)
