"""draw.io: every box, arrow and word of a picture is a cell at its place, and connectors hold on to what they join."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.drawing_samples import NASTY, PAIRS, SAMPLES, drawn, pair, sample
from unetgen.drawing import Drawing, DrawOptions, draw_network
from unetgen.drawing.model.shapes import Point, Rect
from unetgen.drawing.model.thumbnails import Thumbnail
from unetgen.drawing.write.drawio import UNITS, write_drawio
from unetgen.language.zoo import zoo_names

EVERY = pytest.mark.parametrize("name", [*SAMPLES, *zoo_names()])
Element = ElementTree.Element


@dataclass
class Diagram:
    """A file of draw.io as its program reads it."""

    cells: Mapping[str, Element]

    def frame(self, cell: Element) -> list[float]:
        """Give where a cell is on the page: places are those inside its parents."""
        return [*self.corner(cell), *(float(geometry(cell).attrib[side]) for side in ("width", "height"))]

    def corner(self, cell: Element) -> Point:
        place = cell.find("mxGeometry")
        x, y = (0.0 if place is None else float(place.get(axis, "0")) for axis in "xy")
        parent = self.cells.get(cell.get("parent", ""))
        left, top = (0.0, 0.0) if parent is None else self.corner(parent)
        return x + left, y + top

    def points(self, cell: Element) -> list[Point]:
        left, top = self.corner(self.cells[cell.attrib["parent"]])
        first, last = (geometry(cell).find(f"mxPoint[@as='{role}']") for role in ("sourcePoint", "targetPoint"))
        assert first is not None and last is not None
        way = [first, *geometry(cell).iterfind("Array/mxPoint"), last]
        return [(float(point.attrib["x"]) + left, float(point.attrib["y"]) + top) for point in way]

    def of_kind(self, kind: str) -> Iterator[Element]:
        return (cell for cell in self.cells.values() if cell.get(kind) == "1")


def geometry(cell: Element) -> Element:
    found = cell.find("mxGeometry")
    assert found is not None
    return found


def style(cell: Element) -> dict[str, str]:
    words = (word.partition("=") for word in cell.get("style", "").split(";"))
    return {name: value for name, _, value in words if name}


def read(drawing: Drawing) -> Diagram:
    cells = list(ElementTree.fromstring(write_drawio(drawing)).iter("mxCell"))
    ids = [cell.attrib["id"] for cell in cells]
    assert len(ids) == len(set(ids))
    return Diagram(dict(zip(ids, cells, strict=True)))


def on_paper(frame: Rect, drawing: Drawing) -> object:
    sides = (frame.x, frame.y, frame.width, frame.height)
    return pytest.approx([side * drawing.scale * UNITS for side in sides], abs=0.02)


@EVERY
def test_every_box_and_every_word_is_a_cell_at_its_place(name: str) -> None:
    hold(drawn(name))


@pytest.mark.parametrize("name", zoo_names()[::4])
def test_they_are_at_their_places_on_paper(name: str) -> None:
    hold(draw_network(sample(name), DrawOptions(width="178mm").for_file(Path("u.drawio"))))


def test_a_page_of_two_columns_is_178_millimetres_wide_in_an_editor() -> None:
    drawing = draw_network(sample("paper"), DrawOptions(width="178mm"))
    (page,) = ElementTree.fromstring(write_drawio(drawing)).iter("mxGraphModel")
    assert float(page.attrib["pageWidth"]) == pytest.approx(drawing.paper[0] / 72 * 100, abs=0.01)
    assert float(page.attrib["pageWidth"]) <= 178 / 25.4 * 100 + 0.01


@pytest.mark.parametrize("name", PAIRS)
def test_a_comparison_has_all_its_marks(name: str) -> None:
    drawing, diagram = pair(name), read(pair(name))
    hold(drawing)
    frames = [diagram.frame(cell) for cell in diagram.of_kind("vertex")]
    for outline in drawing.outlines:
        assert any(frame == on_paper(outline.frame, drawing) for frame in frames), outline
    pale = Counter(style(cell)["strokeColor"] for cell in diagram.of_kind("edge"))
    for halo in drawing.halos:
        assert pale[drawing.theme.marker(halo.status).halo]


def hold(drawing: Drawing) -> None:
    """Hold a file to its picture: boxes, joins, words and arrows, once each."""
    diagram = read(drawing)
    for thing in drawing.things:
        cell = diagram.cells[re.sub("[^A-Za-z0-9._-]+", "-", thing.id)]
        frame = thing.hull if not hasattr(thing, "frame") else thing.frame
        assert diagram.frame(cell) == on_paper(frame, drawing), thing
    texts = [cell for cell in diagram.of_kind("vertex") if "text" in style(cell)]
    assert Counter(cell.attrib["value"] for cell in texts) == Counter(label.text for label in drawing.every_label)
    for label in drawing.every_label:
        here = [cell for cell in texts if cell.attrib["value"] == label.text]
        (cell,) = [cell for cell in here if diagram.frame(cell) == on_paper(label.hull, drawing)]
        assert float(style(cell)["fontSize"]) == pytest.approx(label.size * drawing.scale * UNITS, abs=0.006)
    edges = [cell for cell in diagram.of_kind("edge") if "-to-" in cell.attrib["id"]]
    assert len(edges) == len(drawing.arrows)
    wanted = [[n * drawing.scale * UNITS for point in (*a.points[:-1], a.end) for n in point] for a in drawing.arrows]
    found = [[n for point in diagram.points(cell) for n in point] for cell in edges]
    for way in wanted:
        assert sum(other == pytest.approx(way, abs=0.02) for other in found) == 1


@EVERY
def test_a_connector_ends_where_its_arrow_does_at_the_cells_it_joins(name: str) -> None:
    diagram = read(drawn(name))
    ids = {thing.id: re.sub("[^A-Za-z0-9._-]+", "-", thing.id) for thing in drawn(name).things}
    ends = Counter((ids[arrow.source], ids[arrow.target]) for arrow in drawn(name).arrows)
    joined = [cell for cell in diagram.of_kind("edge") if cell.get("source")]
    assert Counter((cell.attrib["source"], cell.attrib["target"]) for cell in joined) == ends
    for cell in joined:
        for role, end, place in (("source", "exit", 0), ("target", "entry", -1)):
            x, y, width, height = diagram.frame(diagram.cells[cell.attrib[role]])
            port = x + float(style(cell)[f"{end}X"]) * width, y + float(style(cell)[f"{end}Y"]) * height
            assert port == pytest.approx(diagram.points(cell)[place], abs=0.06)


@EVERY
def test_words_are_in_the_group_of_their_box(name: str) -> None:
    cells = read(drawn(name)).cells
    for box in drawn(name).boxes:
        id = re.sub("[^A-Za-z0-9._-]+", "-", box.id)
        assert cells[id].attrib["parent"] == f"{id}.group"
        assert cells[f"{id}.group"].attrib["parent"] == "layer.boxes"


@pytest.mark.parametrize("nasty", NASTY)
def test_every_string_is_written_literally(nasty: str) -> None:
    drawing = draw_network(sample("depth 1"), DrawOptions(title=nasty))
    root = ElementTree.fromstring(write_drawio(drawing))
    assert nasty in [cell.get("value") for cell in root.iter("mxCell")]
    labels = [cell.attrib["style"] for cell in root.iter("mxCell") if cell.get("style", "").startswith("text;")]
    assert labels and all("html=0" in label for label in labels)


def test_the_file_is_the_same_every_time_and_says_neither_when_nor_where() -> None:
    text = write_drawio(drawn("paper"))
    assert text == write_drawio(drawn("paper"))
    assert not re.search("modified|host|agent|etag|version", text)


def test_pictures_of_maps_are_cells() -> None:
    box = drawn("depth 1").boxes[0]
    thumbnail = Thumbnail(box.id, box.frame.inset(1), b"\x89PNG", "the image")
    diagram = read(replace(drawn("depth 1"), thumbnails=(thumbnail,)))
    (cell,) = [cell for cell in diagram.of_kind("vertex") if style(cell).get("shape") == "image"]
    assert diagram.frame(cell) == on_paper(thumbnail.frame, drawn("depth 1"))
    assert base64.b64decode(style(cell)["image"].removeprefix("data:image/png,")) == thumbnail.png
