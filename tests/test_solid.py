"""Solids: every box stands out, in the colour of the arrow that makes it, and nothing else differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drawing_checks import problems
from unetgen.api import lower
from unetgen.drawing import DETAILS, THEMES, WRITERS, Drawing, DrawOptions, draw_network
from unetgen.drawing.model.options import LOOKS
from unetgen.drawing.model.shapes import ArrowKind, Box
from unetgen.language.zoo import zoo_names

MADE = {"conv": "conv map", "flow": "conv map", "down": "down map", "up": "up map", "head": "head map"}


def solid(name: str, **options: str) -> Drawing:
    return draw_network(lower(name), DrawOptions(look="solid", **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("width", ["none", "178mm"])
@pytest.mark.parametrize("name", zoo_names())
def test_solids_are_drawn_without_a_flaw(name: str, width: str) -> None:
    drawing = draw_network(lower(name), DrawOptions(look="solid", width=width, is_wished=True))
    assert problems(drawing) == []


@pytest.mark.parametrize("name", ["unet-2015", "attention-unet", "resunet", "monai-unet", "segresnet"])
def test_a_solid_has_the_colour_of_its_arrow(name: str) -> None:
    drawing = solid(name)
    boxes = {box.id: box for box in drawing.boxes}
    made = [(boxes[a.target], MADE[a.kind]) for a in drawing.arrows if a.kind in MADE and a.target in boxes and a.head]
    checked = [(box, kind) for box, kind in made if box.kind not in ("mark", "copied", "end")]
    entered = {box.id for box, _ in checked}
    assert len(entered) > 8
    for id in entered:
        kinds = {kind for box, kind in checked if box.id == id}
        assert boxes[id].kind in (kinds - {"conv map"} or kinds)


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", ["unet-2015", "unetpp"])
def test_only_looks_differ(name: str, detail: str) -> None:
    def shown(box: Box) -> tuple[object, ...]:
        return box.id, box.path, box.shape, box.note, box.value

    flat = draw_network(lower(name), DrawOptions(detail=detail))  # type: ignore[arg-type]
    other = solid(name, detail=detail)
    assert [*map(shown, flat.boxes)] == [*map(shown, other.boxes)]
    assert not any(box.depth for box in flat.boxes)
    assert all(box.depth for box in other.boxes if box.kind not in ("mark", "end"))


@pytest.mark.parametrize("theme", THEMES)
def test_tints_have_three_tones_and_the_line_of_their_arrow(theme: str) -> None:
    kinds: tuple[ArrowKind, ...] = ("conv", "down", "up", "head")
    for kind in kinds:
        faces = THEMES[theme].faces(f"{kind} map")  # type: ignore[arg-type]
        assert len({faces.front, faces.top, faces.side, THEMES[theme].background}) == 4
        assert faces.line == THEMES[theme].colour(kind)


def test_a_page_to_explore_mixes_tints_in_the_colours_of_its_reader(tmp_path: Path) -> None:
    text = solid("unet-2015").save(tmp_path / "x.html").read_text(encoding="utf-8")
    assert 'fill="color-mix(in srgb, var(--down) 30%, var(--background))"' in text


@pytest.mark.parametrize("suffix", [writer.suffix for writer in WRITERS if writer.suffix != ".html"])
def test_every_format_has_the_tints(suffix: str, tmp_path: Path) -> None:
    flat, other = (draw_network(lower("unet-2015"), DrawOptions(look=look)) for look in LOOKS)
    paths = [drawing.save(tmp_path / f"{n}{suffix}") for n, drawing in enumerate((flat, other))]
    assert paths[0].read_bytes() != paths[1].read_bytes()
    if suffix in (".svg", ".dot", ".drawio", ".tex"):
        front = THEMES["light"].faces("down map").front.removeprefix("#")
        assert front.lower() in paths[1].read_text(encoding="utf-8").lower()
