"""The normal form as YAML: it has itself as normal form, and says where every value comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

import unetgen
from tests.spec_strategies import Drawn, legal_specs, write_yaml
from unetgen.api import normal_form
from unetgen.compiler.pipeline import compile_spec
from unetgen.language.spec import Spec
from unetgen.language.zoo import zoo_names
from unetgen.reports.show import show_form


def shown(spec: Spec) -> str:
    return show_form(compile_spec(spec)[0], spec)


def comment(text: str, line: str) -> list[str]:
    """Collect the comments of all lines that begin so, whatever their indentation."""
    return [row.partition("  # ")[2] for row in text.splitlines() if row.lstrip(" -").startswith(line)]


def assert_shows_itself(spec: Spec) -> None:
    text = shown(spec)
    assert normal_form(unetgen.parse(text)) == normal_form(spec)


@pytest.mark.parametrize("name", zoo_names())
def test_what_is_shown_of_the_zoo_has_the_same_normal_form(name: str) -> None:
    assert_shows_itself(unetgen.load(name))


@settings(max_examples=100, deadline=None)
@given(legal_specs())
def test_what_is_shown_has_the_same_normal_form(drawn: Drawn) -> None:
    assert_shows_itself(unetgen.parse(write_yaml(drawn.plain)))


@pytest.mark.parametrize(
    "text",
    [
        'name: "no"',
        'name: "null"',
        'notes: "1e3"',
        'notes: ["a: b # c", "- d", "", "*e", "&f", "%g", "@h", "`i`", "{j}", "[k]"]',
        'notes: ["x\\ty\\nz", "back\\\\slash", "\\"q\\""]',
        "reference: '名前 é 🙂 ''quoted'' '",
        "notes: 'ends in a colon:'",
    ],
)
def test_any_text_is_shown_as_that_text(text: str) -> None:
    assert_shows_itself(unetgen.parse(f"depth: 1\nfilters: 4\n{text}\n"))


def test_every_value_has_an_origin() -> None:
    for line in shown(unetgen.load("unet-3d")).splitlines():
        assert re.search(r"  # \S", line) or line.endswith(":"), line


def test_origins_are_lines_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "depth: 2\nfilters: 4\nnorm:\n  group:\n    groups: 2\nskip: add\nencoder:\n  - {norm: none}\n  - {convs: 1}\n"
    )
    text = shown(unetgen.load(path)).replace(str(tmp_path), "")
    assert comment(text, "depth:") == ["/mine.yaml:1"]
    assert comment(text, "dims:") == ["default"]
    assert comment(text, "filters:") == [*["/mine.yaml:2"] * 3, "mirrors encoder.0", "mirrors encoder.1"]
    assert comment(text, "norm: none") == ["/mine.yaml:8"]
    assert comment(text, "{join: add") == ["/mine.yaml:6; fit, at by default"] * 2


def test_a_value_written_on_several_lines_is_shown_on_several_lines() -> None:
    spec = unetgen.parse("depth: 1\nfilters: 4\nnorm:\n  group:\n    groups: 2\n    eps: 0.001\n", name="x.yaml")
    assert comment(shown(spec), "groups: 2")[0] == "x.yaml:5"
    assert comment(shown(spec), "eps: 0.001")[0] == "x.yaml:6"
    assert comment(shown(spec), "affine: true")[0] == "default"


def test_a_spec_of_python_has_no_lines() -> None:
    assert "depth: 1" in shown(Spec(depth=1, filters=(4, 8)))
    assert comment(shown(Spec(depth=1, filters=(4, 8))), "depth:") == ["given"]


def test_nothing_invisible_is_shown() -> None:
    spec = Spec(depth=1, filters=(4, 8), notes="a\u202eb\x1b")
    assert '"a\\u202eb\\u001b"' in shown(spec)
