"""PNG: the same picture with nothing installed, readable, of the size asked for, and always the same bytes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.drawing_samples import NASTY, drawn, sample
from unetgen.drawing import THEMES, Drawing, draw_network
from unetgen.drawing.model.shapes import Rect
from unetgen.drawing.page.page import TITLE
from unetgen.drawing.write.faces import runs
from unetgen.drawing.write.png import MAX_PIXELS, write_png
from unetgen.source.problem import MissingTool

SAVE = """
import sys, unetgen
drawing = unetgen.draw(unetgen.parse("{depth: 2, filters: 8, name: small, reference: 'é → 😀'}"))
sys.stdout.buffer.write(drawing.save(sys.argv[1]).read_bytes())
"""


def pixels(drawing: Drawing, scale: float = 2) -> Image.Image:
    return Image.open(io.BytesIO(write_png(drawing, scale=scale))).convert("RGB")


def ink(image: Image.Image, room: Rect, scale: float = 2) -> int:
    """Count the colours in a part of a picture."""
    left, top, right, bottom = (round(side * scale) for side in (room.x, room.y, room.right, room.bottom))
    return len(image.crop((left, top, right, bottom)).getcolors(1 << 16) or ())


@pytest.mark.parametrize("scale", [1, 2, 3.5])
def test_a_picture_has_as_many_pixels_as_asked_for(scale: float) -> None:
    drawing = drawn("depth 1")
    image = Image.open(io.BytesIO(write_png(drawing, scale=scale)))
    assert image.size == pytest.approx((drawing.width * scale, drawing.height * scale), abs=1)
    assert image.info["dpi"] == pytest.approx((72 * scale, 72 * scale), abs=0.1)


def test_every_text_is_there() -> None:
    """A rasteriser without a font draws no text and says nothing."""
    drawing = drawn("3D")
    image = pixels(drawing)
    for label in drawing.every_label:
        assert ink(image, label.hull) > 1, label.text


@pytest.mark.parametrize("theme", THEMES)
def test_boxes_have_their_colours(theme: str) -> None:
    drawing = draw_network(sample("depth 1"), theme=theme)
    image = pixels(drawing)
    for box in drawing.boxes:
        middle = round(2 * (box.frame.x + 2)), round(2 * (box.frame.y + 4))
        assert image.getpixel(middle) == tuple(bytes.fromhex(drawing.theme.faces(box.kind).front[1:]))


@pytest.mark.parametrize("nasty", [*NASTY, "👩\u200d🔬 🚀", "e\u0301\u0323", "a" * 64])
def test_any_text_is_drawn(nasty: str) -> None:
    """Against the same picture with a space instead: what differs is the text."""
    texts = (nasty, " ")
    with_text, without = (pixels(draw_network(replace(sample("depth 1"), name=text, reference="x"))) for text in texts)
    assert with_text.tobytes() != without.tobytes()


@pytest.mark.parametrize("nasty", NASTY)
def test_all_letters_of_a_title_are_drawn(nasty: str) -> None:
    """A string of which a part were taken for something else would be shorter than its letters are wide."""
    drawing = draw_network(replace(sample("depth 1"), name=nasty))
    room = drawing.labels[0].hull
    box = (round(2 * room.x), round(2 * room.y), round(2 * drawing.width), round(2 * room.bottom))
    ground = Image.new("RGB", (box[2] - box[0], box[3] - box[1]), drawing.theme.background)
    inked = ImageChops.difference(pixels(drawing).crop(box), ground).getbbox()
    assert inked is not None
    wide = sum(run.width * TITLE for run in runs(nasty, bold=True))
    assert inked[2] / 2 == pytest.approx(wide, rel=0.03, abs=2)


def test_an_emoji_is_no_empty_square() -> None:
    def title(text: str) -> bytes:
        return pixels(draw_network(replace(sample("depth 1"), name=text))).tobytes()

    assert len({title(text) for text in ("😀", "🚀", "🧠", "漢")}) == 4
    assert title("漢") == title("字") == title("□")


def test_the_picture_is_the_same_wherever_it_is_drawn(tmp_path: Path) -> None:
    """In another process, with another order of sets, with no fonts, and nothing on the path."""
    found = []
    for seed in ("1", "2"):
        environment = {
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "PATH": "",
            "HOME": str(tmp_path),
        }
        command = [sys.executable, "-c", SAVE, str(tmp_path / f"{seed}.png")]
        found.append(subprocess.run(command, capture_output=True, env=environment, check=True).stdout)
    assert found[0] == found[1]
    assert found[0].startswith(b"\x89PNG")


@pytest.mark.parametrize("scale", [0, -1, float("nan"), 1e-6])
def test_a_picture_of_nothing_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="has nothing to see"):
        write_png(drawn("depth 1"), scale=scale)


@pytest.mark.parametrize("scale", [1e3, 1e300, float("inf")])
def test_a_picture_that_no_memory_holds_is_refused_with_the_scale_that_fits(scale: float) -> None:
    drawing = drawn("depth 1")
    with pytest.raises(ValueError, match=f"more than {MAX_PIXELS:,}; this drawing allows up to"):
        write_png(drawing, scale=scale)


def test_a_missing_rasteriser_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingTool, match="without resvg-py: `pip install resvg-py`"):
        write_png(drawn("depth 1"))


def test_the_system_is_asked_for_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Fonts of the system change nothing: those of this machine, or none."""
    with_fonts = write_png(drawn("depth 1"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("FONTCONFIG_FILE", os.devnull)
    assert write_png(drawn("depth 1")) == with_fonts
