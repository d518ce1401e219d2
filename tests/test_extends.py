"""Specs that start from other specs: what passes on, what is replaced, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from hypothesis import given
from pydantic import BaseModel

import unetgen
from tests.spec_strategies import specs, write_yaml
from unetgen.api import draw_options
from unetgen.language.extends import MAX_BASES
from unetgen.language.merging import WORD_KEYS, merge
from unetgen.language.spec import Spec
from unetgen.language.zoo import zoo_names
from unetgen.parts.blocks import Block
from unetgen.parts.unit_words import ActivationWord, DropoutWord, NormWord
from unetgen.parts.words import Word, WordChoice
from unetgen.source.files import read_source
from unetgen.source.text import SourceFile
from unetgen.source.yamltree import Plain, parse_fragment, parse_yaml, to_plain

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        return file

    return write


def merged(base: str, over: str, key: str = "") -> Plain:
    return to_plain(merge(parse_fragment(base, "base"), parse_fragment(over, "over"), key))


def codes(path: Path) -> set[str]:
    with pytest.raises(unetgen.SpecError) as caught:
        unetgen.load(path)
    return {finding.code for finding in caught.value.diagnostics}


@pytest.mark.parametrize("name", zoo_names())
def test_a_spec_that_adds_nothing_is_its_base(name: str) -> None:
    own = {"name", "expect"}
    base, same = (unetgen.normal_form(x).to_plain() for x in (name, unetgen.parse(f"extends: {name}\n")))
    assert {k: v for k, v in base.items() if k not in own} == {k: v for k, v in same.items() if k not in own}


@given(specs().map(write_yaml))
def test_a_spec_over_itself_is_itself(text: str) -> None:
    tree = parse_yaml(SourceFile("spec", text))
    assert to_plain(merge(tree, tree)) == to_plain(tree)


@given(specs().map(write_yaml), specs().map(write_yaml))
def test_what_is_written_above_is_there_in_the_end(below: str, above: str) -> None:
    base, top = (parse_yaml(SourceFile("spec", text)) for text in (below, above))
    result, over = to_plain(merge(base, top)), to_plain(top)
    assert isinstance(result, dict) and isinstance(over, dict)
    assert {key: result[key] for key, value in over.items() if not isinstance(value, dict)} == {
        key: value for key, value in over.items() if not isinstance(value, dict)
    }


@pytest.mark.parametrize(
    ("key", "base", "over", "result"),
    [
        ("", "{a: 1, b: {c: 2, d: 3}}", "{b: {d: 4}}", {"a": 1, "b": {"c": 2, "d": 4}}),
        ("filters", "[1, 2, 3]", "[4]", [4]),
        ("filters", "64", "{cap: 512}", {"base": 64, "cap": 512}),
        ("skip", "add", "{fit: pad_up}", {"join": "add", "fit": "pad_up"}),
        ("skip", "{join: concat, fit: pad_up}", "add", "add"),
        ("encoder", "[{convs: 1}]", "{norm: none}", {"stages": [{"convs": 1}], "norm": "none"}),
        ("init", "he_normal", "{gain: 2}", {"kind": "he_normal", "gain": 2}),
        ("upsample", "{nearest: {after: 1}}", "{linear: {align_corners: true}}", {"linear": {"align_corners": True}}),
        ("upsample", "{nearest: {after: 1}}", "{nearest: {to: skip}}", {"nearest": {"after": 1, "to": "skip"}}),
        ("upsample", "{nearest: {after: 1}}", "nearest", "nearest"),
        ("norm", "{group: {groups: 4}}", "{instance: {affine: false}}", {"instance": {"affine": False}}),
        ("before", "3", "{order: cna}", {"kernel_size": 3, "order": "cna"}),
        ("before", "n", "a", "a"),
    ],
)
def test_mappings_are_merged_and_all_else_is_replaced(key: str, base: str, over: str, result: Plain) -> None:
    assert merged(base, over, key) == result


def test_every_choice_of_the_language_is_known_to_merging() -> None:
    assert set(_choices(Spec)) <= WORD_KEYS


def _choices(model: type[BaseModel]) -> Iterator[str]:
    """Find the keys under which a word stands with its options, in a model and in all that it holds."""
    for name, field in model.model_fields.items():
        parts = list(_parts(field.annotation, field.metadata))
        if any(isinstance(part, WordChoice) or part in (ActivationWord, NormWord, DropoutWord) for part in parts):
            yield name
        for part in parts:
            if isinstance(part, type) and issubclass(part, BaseModel) and not issubclass(part, Word):
                yield from _choices(part)


def _parts(annotation: Any, metadata: list[Any]) -> Iterator[Any]:
    yield from metadata
    if get_origin(annotation) in (None, type):
        yield annotation
        return
    if get_origin(annotation) not in (Union, UnionType):
        yield from getattr(annotation, "__metadata__", ())
    for argument in get_args(annotation):
        yield from _parts(argument, [])


def test_the_search_for_choices_finds_some() -> None:
    assert {"block", "norm", "downsample", "join"} <= set(_choices(Spec))
    assert issubclass(Block, Word)


def test_a_base_below_the_spec_may_have_a_base_beside_it(write: Write) -> None:
    write("bases/first.yaml", "depth: 2\nfilters: 4\n")
    write("bases/second.yaml", "extends: first.yaml\nfilters: 8\n")
    spec = unetgen.load(write("spec.yaml", "extends: bases/second.yaml\nskip: add\n"))
    assert unetgen.normal_form(spec).encoder[0].channels == 8


def test_a_finding_names_the_file_that_it_is_about(write: Write) -> None:
    write("base.yaml", "depth: 2\nfilters: [4, 8]\n")
    with pytest.raises(unetgen.SpecError) as caught:
        unetgen.lower(write("spec.yaml", "extends: base.yaml\n"))
    assert caught.value.diagnostics[0].labels[0].span.source.name.endswith("/base.yaml")


def test_name_and_expectation_stay_with_the_base() -> None:
    form = unetgen.normal_form(unetgen.parse("extends: unet-2015\nfilters: 8\n"))
    assert (form.name, form.expect.params, form.reference) == ("unet", None, "arXiv:1505.04597")


@pytest.mark.parametrize(
    "name", ["../base.yaml", "/etc/base.yaml", "a/../../base.yaml", "C:\\base.yaml", "..\\base.yaml"]
)
def test_a_base_outside_of_the_folder_is_refused(write: Write, name: str) -> None:
    write("base.yaml", "depth: 2\nfilters: 4\n")
    assert codes(write("inner/spec.yaml", f"extends: '{name}'\n")) == {"U111"}


def test_a_link_out_of_the_folder_is_refused(write: Write) -> None:
    outside, spec = write("base.yaml", "depth: 2\nfilters: 4\n"), write("inner/spec.yaml", "extends: link.yaml\n")
    (spec.parent / "link.yaml").symlink_to(outside)
    assert codes(spec) == {"U111"}


@pytest.mark.parametrize("value", ["nowhere", "nowhere.yaml", "unet-2016", "''"])
def test_a_base_that_is_not_there_is_refused(write: Write, value: str) -> None:
    assert codes(write("spec.yaml", f"extends: {value}\n")) == {"U111"}


def test_a_text_without_a_file_has_no_folder() -> None:
    with pytest.raises(unetgen.SpecError, match="U111"):
        unetgen.parse("extends: base.yaml\n")


def test_circles_are_refused(write: Write) -> None:
    write("a.yaml", "extends: b.yaml\n")
    write("b.yaml", "extends: c.yaml\n")
    assert codes(write("c.yaml", "extends: a.yaml\n")) == {"U112"}


@pytest.mark.parametrize(("bases", "refused"), [(MAX_BASES, False), (MAX_BASES + 1, True)])
def test_chains_have_a_limit(write: Write, bases: int, refused: bool) -> None:
    write("0.yaml", "depth: 2\nfilters: 4\n")
    for number in range(1, bases + 1):
        last = write(f"{number}.yaml", f"extends: {number - 1}.yaml\n")
    if refused:
        assert codes(last) == {"U113"}
    else:
        assert unetgen.load(last).depth == 2


def test_a_mistake_in_a_base_says_who_extends_it(write: Write) -> None:
    write("base.yaml", "depth 2\n")
    with pytest.raises(unetgen.SpecError) as caught:
        unetgen.load(write("spec.yaml", "extends: base.yaml\n"))
    assert "extended here" in str(caught.value)


def test_changes_go_over_all(write: Write) -> None:
    from unetgen.api import validated
    from unetgen.language.overrides import Override

    write("base.yaml", "depth: 2\nfilters: 4\n")
    source = read_source(write("spec.yaml", "extends: base.yaml\ndepth: 3\n"))
    assert validated(source, [Override("depth", "1")]).depth == 1


@pytest.mark.parametrize(
    ("written", "title"),
    [("name: mine", None), ("drawing: {title: Mine}", "Mine"), ("drawing: {legend: false}", None)],
)
def test_the_title_of_a_picture_stays_with_its_network(written: str, title: str | None) -> None:
    assert draw_options(unetgen.parse(f"extends: unet-2015\n{written}\n")).title == title
