"""One picture in every format: TikZ, HTML, PNG and PDF have the boxes of DOT and SVG at the same places."""

from __future__ import annotations

import base64
import builtins
import io
import re
import zlib
from collections.abc import Iterable

import pytest
from PIL import Image

from tests.drawing_reading import GRIDS, US
from tests.drawing_samples import drawn, sample
from tests.needed import package
from unetgen.drawing import DETAILS, DrawOptions, draw_network
from unetgen.drawing.write.html import write_html
from unetgen.drawing.write.marks import BASELINE, number
from unetgen.drawing.write.pdf import write_pdf
from unetgen.drawing.write.png import write_png
from unetgen.drawing.write.tikz import write_tikz

EVERY = pytest.mark.parametrize("name", [*US, *GRIDS])


@EVERY
def test_no_place_depends_on_how_a_version_of_python_sums_floats(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def whole(numbers: Iterable[int], start: int = 0) -> int:
        found = total(numbers, start)
        assert isinstance(found, int), "`sum` of floats rounds otherwise since Python 3.12"
        return found

    total = builtins.sum
    network = sample(name)
    monkeypatch.setattr(builtins, "sum", whole)
    for detail in DETAILS:
        drawing = draw_network(network, DrawOptions(detail=detail))
        assert drawing.svg and drawing.dot and write_tikz(drawing)


@EVERY
def test_tikz_draws_the_same_lines_and_words_at_the_same_places(name: str) -> None:
    source = write_tikz(drawn(name))
    for box in drawn(name).boxes:
        frame = box.frame
        size = f"minimum width={number(frame.width)}bp,minimum height={number(frame.height)}bp]"
        assert (
            f"{size} ({re.sub('[^A-Za-z0-9_-]', '-', box.id)}) at ({number(frame.cx)},{number(frame.cy)}) {{}};"
            in source
        )
        for front in box.fronts if box.bars else ():
            corners = f"({number(front.x)},{number(front.y)}) rectangle ({number(front.right)},{number(front.bottom)});"
            assert corners in source
    for arrow in drawn(name).arrows:
        points = " -- ".join(f"({number(x)},{number(y)})" for x, y in (*arrow.points[:-1], arrow.end))
        assert f"{points};" in source
    for label in drawn(name).every_label:
        assert f"at ({number(label.x)},{number(label.y + BASELINE * label.size)}) " in source


@EVERY
def test_html_holds_the_same_lines_and_words_at_the_same_places(name: str) -> None:
    """All of the SVG but its colours, which are variables of the page and end the ids of heads."""
    page, svg = write_html(drawn(name)), drawn(name).svg
    inside = page[page.index("<svg ") : page.index("</svg>")]
    colours = r'"(#[0-9a-f]{6}|var\([a-z_-]+\))"|(?<=-head-)([0-9.]+)-[0-9a-z-]+(?=["\)])'
    assert re.sub(colours, r"\2", inside) == re.sub(colours, r"\2", svg[: svg.index("</svg>")])


@pytest.mark.parametrize("name", ["unet-2015", "unet-3d", "attention-unet", "unetpp", "wave-u-net", "depth 8"])
def test_png_has_every_box_where_it_is(name: str) -> None:
    """By the colour just inside of every front: no map is drawn over another."""
    drawing = drawn(name)
    image = Image.open(io.BytesIO(write_png(drawing, scale=2))).convert("RGB")
    for box in (box for box in drawing.boxes if not box.radius):
        front = box.fronts[0]
        pixel = image.getpixel((round(2 * front.x + 2.5), round(2 * front.bottom - 7)))
        assert pixel == tuple(bytes.fromhex(drawing.theme.faces(box.kind).front[1:])), box.id


@EVERY
def test_pdf_draws_the_same_boxes_at_the_same_places(name: str) -> None:
    """With the origin below."""
    package("reportlab")
    drawing = drawn(name)
    found = rectangles(write_pdf(drawing))
    for front in (front for box in drawing.boxes if not box.radius for front in box.fronts):
        wanted = (front.x, drawing.height - front.bottom, front.width, front.height)
        assert any(max(abs(a - b) for a, b in zip(wanted, one, strict=True)) <= 0.01 for one in found)


def rectangles(pdf: bytes) -> list[list[float]]:
    """Read the rectangles of a page, whose content is packed and written in letters."""
    packed = re.search(rb"/ASCII85Decode[^>]*>>\s*stream\s+(.*?)~>\s*endstream", pdf, re.DOTALL)
    assert packed is not None
    content = zlib.decompress(base64.a85decode(packed[1])).decode("latin-1")
    return [[float(n) for n in found] for found in re.findall(r"(\S+) (\S+) (\S+) (\S+) re\b", content)]
