"""The marks that PDF and TikZ draw are those of the SVG, in its order."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from tests.drawing_samples import PAIRS, SAMPLES, drawn, pair, sample
from tests.pictures import with_pictures
from unetgen.api import lower
from unetgen.drawing import Drawing, draw_network
from unetgen.drawing.write.painting import Circle, Line, Mark, Pixels, Polygon, Rectangle, Words, paint

SVG = "{http://www.w3.org/2000/svg}"
Shape = tuple[str, list[float], dict[str, str]]
"""What is drawn: its kind, its numbers, its looks."""


def same(drawing: Drawing) -> None:
    wanted, found = list(of_svg(drawing.svg)), [shape for mark in paint(drawing) for shape in of_mark(mark)]
    assert [(kind, looks) for kind, _, looks in found] == [(kind, looks) for kind, _, looks in wanted]
    for (_, numbers, looks), (_, others, _) in zip(found, wanted, strict=True):
        assert numbers == pytest.approx(others, abs=0.0051), looks


def of_svg(svg: str) -> Iterator[Shape]:
    """Read the shapes of an SVG; the strokes of a sign, one path there, come one by one."""
    for element in ElementTree.fromstring(svg).iter():
        kind, looks = element.tag.removeprefix(SVG), {key: element.get(key, value) for key, value in LOOKS.items()}
        match kind:
            case "rect":
                yield kind, [float(element.get(name, 0)) for name in ("x", "y", "width", "height", "rx")], looks
            case "circle":
                yield kind, [float(element.attrib[name]) for name in ("cx", "cy", "r")], looks
            case "polygon":
                yield kind, numbers(element.attrib["points"]), looks
            case "image":
                place = [float(element.attrib[name]) for name in ("x", "y", "width", "height")]
                yield kind, place, looks | {"text": element.attrib["href"].partition(",")[2]}
            case "path":
                yield from ((kind, numbers(part), looks) for part in element.attrib["d"].split("M")[1:])
            case "text":
                place = [float(element.attrib[name]) for name in ("x", "y", "font-size")]
                yield kind, place, looks | {"text": "".join(element.itertext())}
            case _:
                assert kind in {"svg", "g", "title", "desc"}


LOOKS = {
    "fill": "", "stroke": "none", "stroke-width": "1", "stroke-dasharray": "", "stroke-linejoin": "miter",
    "text-anchor": "start", "font-weight": "normal",
}  # fmt: skip


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", text)]


def of_mark(mark: Mark) -> Iterator[Shape]:
    match mark:
        case Rectangle(frame, fill, line, radius, dashes, pen):
            place = [frame.x, frame.y, frame.width, frame.height, radius]
            yield "rect", place, look(fill, line, pen, dashes=dashes)
        case Polygon(points, fill, line, pen, round_joins):
            joins = {"stroke-linejoin": "round"} if round_joins else {}
            yield "polygon", [n for point in points for n in point], look(fill, line, pen) | joins
        case Line(points, colour, pen, dashes):
            yield "path", [n for point in points for n in point], look(None, colour, pen, dashes)
        case Circle(x, y, radius, fill, line, pen):
            yield "circle", [x, y, radius], look(fill, line, pen)
        case Pixels(frame, png):
            place = [frame.x, frame.y, frame.width, frame.height]
            yield "image", place, LOOKS | {"text": base64.b64encode(png).decode()}
        case Words(text, x, y, size, anchor, bold, colour):
            words = {"text": text, "text-anchor": anchor, "font-weight": "bold" if bold else "normal"}
            yield "text", [x, y, size], look(colour, None) | words


def look(
    fill: str | None, line: str | None, pen: float = 1, dashes: tuple[float, float] | None = None
) -> dict[str, str]:
    drawn = {"fill": fill or "none", "stroke": line or "none", "stroke-width": f"{pen:g}"}
    return LOOKS | drawn | {"stroke-dasharray": ",".join(f"{n:g}" for n in dashes or ())}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_marks_of_a_sample_are_those_of_its_svg(name: str) -> None:
    same(drawn(name))


@pytest.mark.parametrize("name", PAIRS)
def test_the_marks_of_two_networks_are_those_of_their_svg(name: str) -> None:
    same(pair(name))


@pytest.mark.parametrize("name", ["unetpp", "unet3plus", "u2netp", "attention-unet", "mednext-s", "vnet", "unet-3d"])
def test_the_marks_of_a_network_of_the_zoo_are_those_of_its_svg(name: str) -> None:
    same(draw_network(lower(name), theme="dark"))


@pytest.mark.parametrize("name", ["paper", "1D", "3D", "gates"])
def test_the_marks_of_pictures_in_boxes_are_those_of_the_svg(name: str) -> None:
    same(with_pictures(sample(name)))
