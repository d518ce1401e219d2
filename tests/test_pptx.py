"""PowerPoint: a slide of the size of the page, with a shape for every box, arrow and word at its place, in groups."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.drawing_samples import NASTY, PAIRS, SAMPLES, drawn, pair, sample
from tests.needed import package
from unetgen.cli.app import app
from unetgen.drawing import Drawing, DrawOptions, draw_network
from unetgen.drawing.model.shapes import Box, Rect
from unetgen.drawing.model.thumbnails import Thumbnail
from unetgen.drawing.write.png import write_png
from unetgen.drawing.write.pptx import EMU, MOST, write_pptx
from unetgen.language.zoo import zoo_names
from unetgen.source.problem import MissingTool

EVERY = pytest.mark.parametrize("name", [*SAMPLES, *zoo_names()])
PLACE = {"start": 0.0, "middle": 0.5, "end": 1.0}


@pytest.fixture(autouse=True)
def _installed() -> None:
    package("pptx")


@dataclass
class Slide:
    """The slide of a file, as python-pptx reads it."""

    file: Any  # as its shapes are, whose types say less than they are
    scale: float

    @property
    def shapes(self) -> list[Any]:
        return [shape for shape, _ in self.in_groups]

    @property
    def in_groups(self) -> list[tuple[Any, str]]:
        """List all shapes but groups, with the name of the group that each is in."""
        return list(_inside(self.file.slides[0].shapes, ""))

    def frame(self, shape: Any) -> list[float]:
        sides = (shape.left, shape.top, shape.width, shape.height)
        return [side / EMU / self.scale for side in sides]


def _inside(shapes: Any, group: str) -> Iterator[tuple[Any, str]]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            # Places inside a group are those on the slide.
            xfrm = shape._element.grpSpPr.xfrm
            assert (xfrm.off.x, xfrm.off.y, xfrm.ext.cx) == (xfrm.chOff.x, xfrm.chOff.y, xfrm.chExt.cx)
            yield from _inside(shape.shapes, shape.name)
        else:
            yield shape, group


def read(drawing: Drawing) -> Slide:
    import pptx

    file: Any = pptx.Presentation(io.BytesIO(write_pptx(drawing)))
    assert len(file.slides) == 1
    return Slide(file, drawing.scale)


def near(frame: Rect) -> object:
    return pytest.approx([frame.x, frame.y, frame.width, frame.height], abs=0.01)


@EVERY
def test_every_box_arrow_and_word_is_a_shape_at_its_place(name: str) -> None:
    hold(drawn(name))


@pytest.mark.parametrize("name", zoo_names()[::4])
def test_they_are_at_their_places_on_paper(name: str) -> None:
    hold(draw_network(sample(name), DrawOptions(width="178mm").for_file(Path("u.pptx"))))


@pytest.mark.parametrize("name", PAIRS)
def test_a_comparison_has_all_of_it_too(name: str) -> None:
    hold(pair(name))


def hold(drawing: Drawing) -> None:
    """Hold a file to its picture."""
    slide = read(drawing)
    size = [slide.file.slide_width / EMU, slide.file.slide_height / EMU]
    assert size == pytest.approx([max(72, length) for length in drawing.paper], abs=0.001)
    by_group: dict[str, list[Any]] = {}
    for shape, group in slide.in_groups:
        by_group.setdefault(group or shape.name, []).append(shape)
    for thing in drawing.things:
        own = by_group[re.sub("[^A-Za-z0-9._-]+", "-", thing.id)]
        for front in thing.fronts if isinstance(thing, Box) else (thing.hull,):
            assert any(slide.frame(shape) == near(front) for shape in own), thing
    hold_words(drawing, slide)
    arrows = [own[0] for name, own in by_group.items() if "-to-" in name]
    assert len(arrows) == len(drawing.arrows)
    rooms = [slide.frame(shape) for shape in arrows]
    for arrow in drawing.arrows:
        xs, ys = zip(*arrow.points[:-1], arrow.end, strict=True)
        room = Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        assert sum(found == near(room) for found in rooms) == 1, arrow
    ends = sum(len(shape._element.findall(".//{*}tailEnd")) for shape in slide.shapes)
    samples = [part for row in drawing.legend.rows for part in row.sample]
    assert ends == sum(bool(getattr(part, "head", 0)) for part in (*drawing.arrows, *samples))


def hold_words(drawing: Drawing, slide: Slide) -> None:
    texts = [shape for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text]
    assert len(texts) == len(list(drawing.every_label))
    for label in drawing.every_label:
        here = [shape for shape in texts if shape.text_frame.text == label.text and is_at(slide.frame(shape), label)]
        assert len(here) == 1, label
        (run,) = here[0].text_frame.paragraphs[0].runs
        assert run.font.size.pt == pytest.approx(label.size * drawing.scale, abs=0.011)
        assert bool(run.font.bold) == label.bold
        assert str(run.font.color.rgb).lower() == drawing.theme.colour(label.ink)[1:]


def is_at(frame: list[float], label: Any) -> bool:
    x, y, width, height = frame
    anchor = (x + PLACE[label.anchor] * width, y + height / 2)
    return width >= label.width and anchor == pytest.approx((label.x, label.y), abs=0.01)


def test_straight_arrows_hold_on_to_the_boxes_they_join() -> None:
    slide = read(drawn("unet-2015"))
    names = {shape.shape_id: group or shape.name for shape, group in slide.in_groups}
    held = {}
    for shape, group in slide.in_groups:
        ends = [shape._element.find(f".//{{*}}{end}Cxn") for end in ("st", "end")]
        if all(end is not None for end in ends):
            held[group or shape.name] = [names[int(end.get("id"))] for end in ends]
    assert held["encoder.0.conv1-to-encoder.0.conv2"] == ["encoder.0.conv1", "encoder.0.conv2"]
    assert held["encoder.0.conv2-to-down.0"] == ["encoder.0.conv2", "down.0"]
    assert all(name == "-to-".join(ends) for name, ends in held.items())
    assert len(held) > len(drawn("unet-2015").arrows) / 2


@pytest.mark.parametrize("nasty", NASTY)
def test_every_string_is_written_literally(nasty: str) -> None:
    slide = read(draw_network(sample("depth 1"), DrawOptions(title=nasty)))
    assert nasty in [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def test_the_file_is_the_same_every_time_and_without_a_date() -> None:
    content = write_pptx(drawn("paper"))
    assert content == write_pptx(drawn("paper"))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        about = file.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", about)) == {"2000-01-01T"}
    assert "unetgen</dc:creator>" in about


def test_pictures_of_maps_are_pictures() -> None:
    box, png = drawn("depth 1").boxes[0], write_png(drawn("smallest"), scale=0.1)
    thumbnail = Thumbnail(box.id, box.frame.inset(1), png, "the image")
    slide = read(replace(drawn("depth 1"), thumbnails=(thumbnail,)))
    (shape,) = [shape for shape in slide.shapes if hasattr(shape, "image")]
    assert slide.frame(shape) == near(thumbnail.frame) and shape.image.blob == png


def test_a_page_larger_than_any_slide_is_refused() -> None:
    with pytest.raises(ValueError, match="a slide is at most 56 inches wide and high; give a --width"):
        write_pptx(replace(drawn("depth 1"), width=MOST + 1))


def test_a_missing_package_ends_with_3_and_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(MissingTool, match=r"`pip install 'unetgen\[pptx\]'`"):
        write_pptx(drawn("depth 1"))
    done = CliRunner().invoke(app, ["draw", "unet-2015", "-o", str(tmp_path / "u.pptx")])
    assert done.exit_code == 3 and "pip install 'unetgen[pptx]'" in done.stderr
    assert list(tmp_path.iterdir()) == []
