"""Themes in files, and what a spec and a caller may choose about the picture."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings

from tests.spec_strategies import specs, write_yaml
from unetgen import SpecError
from unetgen.api import draw, emit, parse
from unetgen.compiler.pipeline import compile_spec
from unetgen.drawing import DETAILS, THEMES, Drawing
from unetgen.drawing.model.theme import Theme
from unetgen.language.spec import DrawingOptions
from unetgen.language.theme_file import ThemeFile, parse_theme
from unetgen.source.text import SourceFile

SMALL = "{depth: 1, filters: 4}"


def theme(text: str) -> Theme:
    return parse_theme(SourceFile("own.yaml", text))


def test_a_theme_is_laid_over_another() -> None:
    own = theme('{name: ours, base: dark, conv: "#FF0000", map: {line: "#00ff00"}, dotted: [down]}')
    assert (own.name, own.conv, own.map.line, own.dotted) == ("ours", "#FF0000", "#00ff00", ("down",))
    assert own.background == THEMES["dark"].background
    assert own.map.front == THEMES["dark"].map.front


def test_a_front_colours_all_faces_unless_they_have_colours_of_their_own() -> None:
    faces = theme('{map: {front: "#abcdef", side: "#123456"}}').map
    assert (faces.front, faces.top, faces.side) == ("#abcdef", "#abcdef", "#123456")


def test_marks_have_colours_of_their_own() -> None:
    own = theme('{changed: {halo: "#abcdef"}, new: {line: "#123456"}}')
    assert (own.changed.halo, own.changed.line) == ("#abcdef", THEMES["light"].changed.line)
    assert (own.new.line, own.removed) == ("#123456", THEMES["light"].removed)


def test_a_theme_may_colour_everything() -> None:
    """No field of a theme is forgotten in its file."""
    assert set(Theme.__dataclass_fields__) <= set(ThemeFile.model_fields)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{conv: red}", '"conv" cannot be written like this'),
        ('{conv: "#12345"}', '"conv" cannot be written like this'),
        ('{conv: "#123456;}</style>"}', '"conv" cannot be written like this'),
        ('{conv: "#123456\\n"}', '"conv" cannot be written like this'),
        ('{cnv: "#123456"}', 'unknown key "cnv"'),
        ("{base: pink}", 'unknown base "pink"'),
        ("{map: {front: 3}}", "front"),
    ],
)
def test_what_is_no_theme_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        theme(text)
    assert message in str(caught.value)
    assert "own.yaml:1:" in str(caught.value)


def test_a_file_may_be_named_where_a_theme_is(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text('{base: paper, down: "#010203"}', encoding="utf-8")
    for name in (tmp_path / "own.yaml", str(tmp_path / "own.yaml")):
        assert "#010203" in draw(parse(SMALL), theme=name).svg


def test_the_words_of_a_spec_are_those_of_a_drawing() -> None:
    fields = DrawingOptions.model_fields
    assert get_args(fields["theme"].annotation) == get_args(ThemeFile.model_fields["base"].annotation) == tuple(THEMES)
    assert get_args(fields["detail"].annotation) == DETAILS


def words(drawing: Drawing) -> set[str]:
    return {label.text for label in drawing.every_label}


def test_a_spec_says_how_it_is_drawn() -> None:
    said = "{theme: mono, detail: ops, title: Ours, legend: false, totals: false, sizes: false, max_width: 500}"
    drawing = draw(parse(f"{{depth: 1, filters: 4, drawing: {said}}}"))
    assert drawing.theme.name == "mono"
    assert drawing.title == "Ours"
    assert not drawing.legend.rows
    assert not words(drawing) & {"MACs", "256²"}
    assert drawing.boxes != draw(parse(SMALL)).boxes


def test_a_caller_has_the_last_word() -> None:
    spec = parse("{depth: 1, filters: 4, drawing: {theme: mono, legend: false, title: Ours}}")
    drawing = draw(spec, theme="dark", legend=True, title="Theirs")
    assert (drawing.theme.name, drawing.title, bool(drawing.legend.rows)) == ("dark", "Theirs", True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(specs())
def test_how_a_spec_is_drawn_never_changes_the_network(plain: dict[str, object]) -> None:
    drawing = {"theme": "mono", "detail": "blocks", "title": "x", "legend": False, "max_width": 300}
    try:
        form, network = compile_spec(parse(write_yaml(plain)))
    except SpecError:
        return
    again = compile_spec(parse(write_yaml(plain | {"drawing": drawing})))
    assert again == (form, network)
    assert emit(again[1]) == emit(network)
