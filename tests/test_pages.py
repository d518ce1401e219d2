"""The pages that are made are those in `docs`; `python -m tools.pages` or `--update-golden` writes them."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import unetgen
from tests.conftest import TESTS, Golden
from tools import feature_maps
from tools.pages import COMPARED, DOCS, comparison, figure, markdown, pages
from tools.pages.contact import contact_page
from tools.pages.gallery import gallery_page
from tools.pages.language import language_page, translations
from tools.pages.pictures import details, pictures_page
from unetgen.api import lower
from unetgen.compiler.pipeline import compile_spec
from unetgen.language.zoo import zoo_names

BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("language.md", language_page),
        ("gallery.md", gallery_page),
        ("contact.md", contact_page),
        ("pictures.md", pictures_page),
    ],
    ids=["language", "gallery", "contact", "pictures"],
)
def test_a_page_is_fresh(name: str, page: object, golden: Golden) -> None:
    assert callable(page)
    golden(DOCS / name, page())


@pytest.mark.parametrize("name", zoo_names())
def test_a_figure_is_fresh(name: str, golden: Golden) -> None:
    golden(DOCS / "figures" / f"{name}.svg", figure(name))


@pytest.mark.parametrize("name", COMPARED)
def test_a_figure_of_two_networks_is_fresh(name: str, golden: Golden) -> None:
    golden(DOCS / "figures" / f"{name}.svg", comparison(name))


@pytest.mark.parametrize("name", details())
def test_a_figure_of_a_detail_is_fresh(name: str, golden: Golden) -> None:
    golden(DOCS / "figures" / f"{name}.svg", details()[name])


def test_the_theme_of_ones_own_is_one(tmp_path: Path) -> None:
    blocks = BLOCK.findall(pictures_page())
    (theme,) = (block for block in blocks if block.startswith("base:"))
    (tmp_path / "mine.yaml").write_text(theme)
    assert unetgen.draw("unet-2015", theme=tmp_path / "mine.yaml").theme.conv == "#3b2f8f"


def test_the_drawing_section_that_is_shown_is_one() -> None:
    (spec,) = (block for block in BLOCK.findall(pictures_page()) if block.startswith("depth:"))
    assert unetgen.draw(unetgen.parse(spec)).title == "Figure 2"


def test_nothing_else_stands_among_the_figures() -> None:
    made = {path for path, _ in pages() if path.suffix == ".svg" and path.stem in zoo_names()}
    assert {path for path in (DOCS / "figures").glob("*.svg") if path.stem in zoo_names()} == made


def test_figures_are_small() -> None:
    assert sum(path.stat().st_size for path in (DOCS / "figures").glob("*.svg")) < 8_000_000


def examples() -> list[str]:
    return BLOCK.findall(language_page())


def compiled(lines: str) -> None:
    """Compile a part of a spec, with what every spec needs besides."""
    written = {line.partition(":")[0] for line in lines.splitlines()}
    needed = (
        []
        if "extends" in written
        else [f"{key}: {n}" for key, n in (("depth", 3), ("filters", 16)) if key not in written]
    )
    compile_spec(unetgen.parse("\n".join([*needed, lines])))


@pytest.mark.parametrize("block", dict.fromkeys(examples()))
def test_an_example_of_the_language_compiles(block: str) -> None:
    compiled(block)


AROUND = {
    "order: nca": "norm: {group: {when_fewer: one}}",
    "groups: depthwise": "decoder: {groups: 1}",
    "block: {residual: {project: tile}}": "decoder: {block: plain}",
    "recurrent: 2": "block: {residual: {project: always, shared: true}}",
}
"""What an option needs beside it."""


@pytest.mark.parametrize("cell", dict.fromkeys(re.findall(r"^\|[^|]+\| (`.*?`)", translations(), re.MULTILINE)))
def test_an_example_in_a_table_compiles(cell: str) -> None:
    line = cell.strip("`")
    compiled("\n".join(filter(None, (line, AROUND.get(line)))))


def test_no_word_of_the_language_is_called_after_a_network() -> None:
    words = re.findall(r"^(?:### |\| )`(\w+)`", language_page(), re.MULTILINE)
    assert len(words) > 100
    assert not {word for word in words if "net" in word or word in zoo_names()}


def test_every_link_within_the_reference_leads_somewhere() -> None:
    text = language_page()
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.*)$", text, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


def test_the_reference_names_networks_of_the_zoo_alone() -> None:
    prose = re.sub(r"`[^`]*`", "", BLOCK.sub("", translations()))
    named = re.findall(r"\[([a-z0-9, -]+)\](?!\()", prose)
    assert {name for group in named for name in group.split(", ")} <= set(zoo_names())


def test_examples_of_the_tools_run() -> None:
    assert doctest.testmod(markdown).attempted and not doctest.testmod(markdown).failed


def test_pages_name_no_place_of_a_machine() -> None:
    for path, text in pages():
        assert str(Path.home()) not in text and str(TESTS.parent) not in text, path


def test_the_figure_of_feature_maps_shows_every_map_of_its_network() -> None:
    network, text = lower(unetgen.parse(feature_maps.SPEC)), feature_maps.FIGURE.read_text("utf-8")
    boxes = unetgen.draw(network, detail="units").boxes
    assert text.count("<image ") == len(boxes)
    assert all(f"<title>{box.note}; " in text for box in boxes)
    assert len(text) < 300_000
