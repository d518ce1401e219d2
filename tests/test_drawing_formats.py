"""SVG and DOT: the same picture from both, nothing but the picture in it, and every string literally."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import dist
from typing import Any, get_args
from xml.etree import ElementTree

import pytest

from tests.conftest import Golden
from tests.drawing_samples import NASTY, PAIRS, SAMPLES, drawn, pair, sample
from tests.needed import program
from unetgen.api import lower, parse
from unetgen.drawing import THEMES, Drawing, DrawOptions, draw_network
from unetgen.drawing.model.shapes import Arrow, Halo, JoinSign, Point, Rect, Status
from unetgen.drawing.page.page import TITLE
from unetgen.drawing.write.marks import BASELINE
from unetgen.language.zoo import zoo_names

Dot = Callable[[Drawing, str], str]
EVERY = pytest.mark.parametrize("name", [*SAMPLES, *zoo_names()])
SVG = "{http://www.w3.org/2000/svg}"
PLACE = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""Where in its width a text is anchored."""


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
    curves = [flat(op["points"]) for edge in edges for op in edge["_draw_"] if op["op"] == "b"]
    lines = [*strokes(drawing), *((*arrow.points[:-1], arrow.neck) for arrow in every_arrow(drawing))]
    assert len(curves) == len(lines)
    for line in lines:
        assert any(near(curve, spline(line, drawing.height)) for curve in curves), line


@EVERY
def test_dot_draws_the_heads_of_arrows_where_they_are(dot: Dot, name: str) -> None:
    """The tips, that is; Graphviz computes barbs from a neck of two decimals."""
    drawing = drawn(name)
    edges = json.loads(dot(drawing, "json"))["edges"]
    heads = [op["points"] for edge in edges for op in edge.get("_hdraw_", ()) if op["op"] in "pP"]
    arrows = [arrow for arrow in every_arrow(drawing) if arrow.head]
    assert len(heads) == len(arrows)
    for arrow in arrows:
        tip, *barbs = ([x, drawing.height - y] for x, y in (arrow.points[-1], *arrow.barbs))
        assert any(
            any(near(tip, corner) for corner in head)
            and all(any(near(barb, corner, 0.03) for corner in head) for barb in barbs)
            for head in heads
        ), arrow


@EVERY
def test_dot_sets_the_words_where_they_are(dot: Dot, name: str) -> None:
    """Sideways to 0.01 points, or half a point if bold, which Graphviz measures itself; up to less than one point."""
    drawing = drawn(name)
    nodes = json.loads(dot(drawing, "json"))["objects"]
    words = [op for node in nodes for op in node.get("_ldraw_", ()) if op["op"] == "T"]
    for label, word in zip(drawing.every_label, words, strict=True):
        x, y = word["pt"]
        start = x + PLACE[label.anchor] * word["width"] if label.bold else x
        assert start == pytest.approx(label.x, abs=0.51 if label.bold else 0.01)
        assert drawing.height - y == pytest.approx(label.y + BASELINE * label.size, abs=0.9)


def every_arrow(drawing: Drawing) -> list[Arrow]:
    """List the arrows of a drawing, those of its legend included."""
    samples = (part for row in drawing.legend.rows for part in row.sample)
    return [*drawing.arrows, *(part for part in samples if isinstance(part, Arrow))]


def strokes(drawing: Drawing) -> list[tuple[Point, ...]]:
    """List the lines of all signs in circles."""
    samples = (part for row in drawing.legend.rows for part in row.sample)
    joins = [*drawing.joins, *(part for part in samples if isinstance(part, JoinSign))]
    return [stroke for join in joins for stroke in join.strokes]


def flat(points: Iterable[Iterable[float]]) -> list[float]:
    return [n for point in points for n in point]


def near(one: list[float], other: list[float], tolerance: float = 0.011) -> bool:
    """Say whether all numbers agree to 0.01 points, as far as two decimals can tell."""
    return len(one) == len(other) and all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def spline(line: tuple[Point, ...], height: float) -> list[float]:
    """Give the straight pieces of a line as cubic ones, y up."""
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
    rects = [rect for group in groups if group.find(f"{SVG}circle") is None for rect in group.iter(f"{SVG}rect")]
    frames = [frame for frame in rects if frame.get("fill") != "none"]
    crops = sorted(corners(outline.frame) for outline in drawing.outlines)
    outlines = sorted(rect(frame) for frame in rects if frame.get("fill") == "none")
    assert outlines == [pytest.approx(crop, abs=0.01) for crop in crops]
    fronts = [pytest.approx(corners(front), abs=0.01) for box in drawing.boxes for front in box.fronts]
    assert [rect(frame) for frame in frames] == fronts
    lines = [points(path.attrib["d"]) for path in root.iter(f"{SVG}path") if not path.get("marker-end")]
    for arrow in (arrow for arrow in drawing.arrows if not arrow.head):
        assert any(near(line, flat(arrow.points)) for line in lines), arrow


@EVERY
def test_svg_draws_the_heads_and_the_words_where_they_are(name: str) -> None:
    """A head is defined once for each look, and put at the end of a line as it comes in."""
    drawing = drawn(name)
    root = ElementTree.fromstring(drawing.svg)
    heads = {marker.attrib["id"]: marker for marker in root.iter(f"{SVG}marker")}
    pointed = [path for path in root.iter(f"{SVG}path") if path.get("marker-end")]
    assert len(pointed) == sum(bool(arrow.head) for arrow in every_arrow(drawing))
    for arrow in (arrow for arrow in drawing.arrows if arrow.head):
        (path,) = [path for path in pointed if near(points(path.attrib["d"]), flat(arrow.points))]
        head = heads[path.attrib["marker-end"].removeprefix("url(#").removesuffix(")")]
        assert near(flat(corners_of(head, arrow.points)), flat((arrow.barbs[0], arrow.points[-1], arrow.barbs[1])))
        assert head[0].get("stroke") == path.get("stroke") == drawing.theme.colour(arrow.kind)
        assert head[0].get("fill") == (drawing.theme.background if arrow.hollow else path.get("stroke"))
        assert head[0].get("stroke-width", "1") == path.get("stroke-width", "1")
    words = [
        ("".join(text.itertext()), float(text.attrib["x"]), float(text.attrib["y"])) for text in root.iter(f"{SVG}text")
    ]
    wanted = [(label.text, label.x, label.y + BASELINE * label.size) for label in drawing.every_label]
    for (text, *place), (label, *its) in zip(sorted(words), sorted(wanted), strict=True):
        assert text == label and near(place, its)


def corners_of(marker: ElementTree.Element, line: tuple[Point, ...]) -> list[Point]:
    """Place the corners of a head as a viewer does: its reference point at the end of the line, turned as that ends."""
    assert (marker.get("orient"), marker.get("markerUnits"), marker.get("overflow")) == (
        "auto",
        "userSpaceOnUse",
        "visible",
    )
    (x0, y0), (x1, y1) = line[-2:]
    dx, dy = ((x1 - x0) / dist(*line[-2:]), (y1 - y0) / dist(*line[-2:]))
    numbers = points(marker[0].attrib["d"])
    corners = zip(numbers[::2], numbers[1::2], strict=True)
    back = float(marker.attrib["refX"])
    # Its first corner is on the other side: y points down.
    return [(x1 + (x - back) * dx - y * dy, y1 + (x - back) * dy + y * dx) for x, y in corners][::-1]


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


@pytest.mark.parametrize("name", PAIRS)
def test_dot_draws_marks_where_they_are(dot: Dot, name: str) -> None:
    drawing = pair(name)
    graph: dict[str, Any] = json.loads(dot(drawing, "json"))
    nodes = {(*points(node["pos"]), node.get("color", "")) for node in graph["objects"]}
    for outline in drawing.outlines:
        centre = (outline.frame.cx, drawing.height - outline.frame.cy)
        assert any(near([*place], [*centre]) and colour == drawing.theme.outline(outline.look)
                   for *place, colour in nodes), outline  # fmt: skip
    curves = [
        (edge["color"], [n for point in op["points"] for n in point])
        for edge in graph["edges"]
        for op in edge["_draw_"]
        if op["op"] == "b"
    ]
    for halo in drawing.halos:
        colour, curve = drawing.theme.marker(halo.status).halo, spline(halo.points, drawing.height)
        assert any(one == colour and near(other, curve) for one, other in curves), halo


@pytest.mark.parametrize("name", PAIRS)
def test_halos_lie_under_all_arrows_in_what_dot_draws(dot: Dot, name: str) -> None:
    drawing = pair(name)
    colours = {drawing.theme.marker(status).halo for status in get_args(Status)}
    root = ElementTree.fromstring(dot(drawing, "svg"))
    edges = [group for group in root.iter(f"{SVG}g") if group.get("class") == "edge"]
    strokes = [next(group.iter(f"{SVG}path")).get("stroke") in colours for group in edges]
    assert strokes == sorted(strokes, reverse=True)
    samples = [part for row in drawing.legend.rows for part in row.sample if isinstance(part, Halo)]
    assert sum(strokes) == len(drawing.halos) + len(samples)


@pytest.mark.parametrize("nasty", NASTY)
def test_every_string_is_drawn_literally(dot: Dot, nasty: str) -> None:
    """In bold (the title) and not (the reference)."""
    drawing = draw_network(replace(sample("depth 1"), name=nasty, reference=nasty))
    assert texts(drawing.svg).count(nasty) == 2
    assert [text.replace("\xa0", " ") for text in texts(dot(drawing, "svg"))].count(nasty) == 2


@pytest.mark.parametrize("nasty", [(2 * "".join(NASTY))[:64], '<&"\\N\\' * 12, "W" * 64, "🚀" * 64, "א" * 64])
def test_a_name_of_64_characters_is_drawn_literally(dot: Dot, nasty: str) -> None:
    """In as many lines as it needs."""
    drawing = draw_network(replace(sample("paper"), name=nasty))
    title = [label.text for label in drawing.labels if label.size == TITLE]
    assert "".join("".join(title).split()) == "".join(nasty.split())
    for svg in (drawing.svg, dot(drawing, "svg")):
        words = [text.replace("\xa0", " ") for text in texts(svg)]
        assert all(words.count(line) == title.count(line) for line in title)


@pytest.mark.parametrize("nasty", NASTY)
def test_a_title_of_ones_own_is_drawn_as_a_name_is(nasty: str) -> None:
    """So that every format draws it as it draws a name, with a legend and without."""
    network, renamed = sample("depth 1"), replace(sample("depth 1"), name=nasty)
    for legend in (True, False):
        chosen = draw_network(network, DrawOptions(title=nasty, legend=legend))
        named = draw_network(renamed, DrawOptions(legend=legend))
        assert replace(chosen, description=named.description) == named


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["unet-2015", "vnet", "attention-unet", "unetpp", "unet3plus", "1D", "fused"])
def test_dot_is_silent_and_says_the_same_in_every_theme(dot: Dot, name: str, theme: str) -> None:
    drawing = draw_network(sample(name), theme=theme)
    assert sorted(texts(dot(drawing, "svg"))) == sorted(label.text for label in drawing.every_label)


def test_svg_has_a_title_and_a_description_and_nothing_that_runs() -> None:
    root = ElementTree.fromstring(drawn("paper").svg)
    assert root.findtext(f"{SVG}title") == "unet"
    assert "31,030,658 parameters" in (root.findtext(f"{SVG}desc") or "")
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "marker", "g", "rect", "polygon", "path", "circle", "text"}
    assert not any(name.startswith("on") or "href" in name for element in root.iter() for name in element.attrib)


def test_svg_names_every_box_after_its_node() -> None:
    paths = [group.get("data-path") for group in ElementTree.fromstring(drawn("paper").svg).iter(f"{SVG}g")]
    assert {"input", "encoder.0.conv1", "down.0", "skip.0.crop", "up.0", "head"} <= set(paths)


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
