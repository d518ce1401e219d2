"""Located YAML: values, places, traps and limits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tests.conftest import TESTS, Golden
from unetgen.source.diagnostics import SpecError, is_hidden
from unetgen.source.files import MAX_BYTES, decode_source
from unetgen.source.text import SourceFile, Span
from unetgen.source.yamltree import (
    Mapping,
    Node,
    Plain,
    Scalar,
    Sequence,
    node_at,
    parse,
    parse_fragment,
    parse_yaml,
    span_at,
    to_plain,
)

CASES = sorted((TESTS / "cases/errors/yaml").glob("*.yaml"))


def tree(text: str) -> Mapping:
    return parse_yaml(SourceFile("spec.yaml", text))


def plain(text: str) -> Plain:
    return to_plain(tree(text))


def refusal(text: str) -> SpecError:
    with pytest.raises(SpecError) as caught:
        tree(text)
    return caught.value


def codes(text: str) -> list[str]:
    return [finding.code for finding in refusal(text).diagnostics]


def written(span: Span) -> str:
    """Give the text at a span."""
    lines = span.source.text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def scalars(node: Node) -> list[Scalar]:
    match node:
        case Scalar():
            return [node]
        case Sequence():
            return [scalar for item in node.items for scalar in scalars(item)]
        case Mapping():
            return [scalar for entry in node.entries for scalar in (entry.key, *scalars(entry.value))]


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_mistake_is_explained(path: Path, golden: Golden) -> None:
    with pytest.raises(SpecError) as caught:
        parse_yaml(decode_source(path.name, path.read_bytes()))
    golden(path.with_suffix(".txt"), str(caught.value))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_named_after_its_code(path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        parse_yaml(decode_source(path.name, path.read_bytes()))
    found = {finding.code for finding in caught.value.diagnostics}
    assert not path.stem.startswith("U") or found == {path.stem[:4]}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_both_parsers_of_pyyaml_lead_to_the_same_code(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> tuple[str, int]:
        with pytest.raises(SpecError) as caught:
            parse_yaml(decode_source(path.name, path.read_bytes()))
        first = caught.value.diagnostics[0]
        return first.code, first.labels[0].span.line

    with_c = found()
    monkeypatch.setattr(parse, "LOADER", yaml.SafeLoader)
    assert found() == with_c


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("U001", "#" * (MAX_BYTES + 1)),
        ("U015", "a: " + "[" * 32 + "]" * 32),
        ("U015", "[" * 100_000),
        ("U015", "- " * 100_000),
        ("U015", "a: " + "{b: " * 60_000),
        ("U016", f"a: [{'1, ' * 20_000}]"),
        ("U016", "".join(f"k{n}: 1\n" for n in range(10_000))),
        ("U017", f"a: {'x' * 4_097}"),
        ("U017", f"a: |\n{' x' * 2_100}"),
        ("U018", f"a: {'9' * 19}"),
        ("U018", f"a: -{'9' * 5_00}"),
        ("U018", "a: 0xFFFFFFFFFFFFFFFF"),
    ],
)
def test_a_limit_is_kept(code: str, text: str) -> None:
    error = refusal(text)
    assert (error.diagnostics[0].code, error.kind) == (code, "limit")


@pytest.mark.parametrize("loader", [parse.LOADER, yaml.SafeLoader], ids=["C", "Python"])
@pytest.mark.parametrize("count", [33, 1_000, 1_001, 100_000])
def test_a_value_that_is_too_deep_is_found_at_its_place(
    loader: type[yaml.SafeLoader], count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parse, "LOADER", loader)
    span = refusal("[" * count).diagnostics[0].labels[0].span
    assert (span.line, span.column) == (1, 33)


def test_limits_are_inclusive() -> None:
    nested = "a: " + "[" * 31 + "]" * 31
    many = f"a: [{'1, ' * 19_980}]"
    long = f"a: {'x' * 4_096}\nb: {'9' * 18}\nc: -{'9' * 18}"
    assert [len(tree(text).entries) for text in (nested, many, long)] == [1, 1, 3]


def test_an_alias_bomb_is_refused_at_once() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert set(codes(bomb)) == {"U010"}


def test_a_hidden_character_does_not_hide_other_findings() -> None:
    assert codes("depth: 4 # \u202e\nnorm: no\ndepth: 3\n") == ["U003", "U013", "U012"]


def test_findings_come_in_the_order_of_the_text() -> None:
    lines = [finding.labels[0].span.line for finding in refusal("a: no\nb: &x 1\na: 2\nc: [1\n").diagnostics]
    assert lines == sorted(lines)


def test_a_thousand_mistakes_give_a_hundred_findings() -> None:
    found = refusal("a: 1\n" * 1_000).diagnostics
    assert (len(found), found[-1].notes) == (100, ("899 more findings are not shown",))


@given(st.text(max_size=300))
@example("\ud800: \ud800")
@example('a: "\\U99999999"')
@example("%YAML 1." + "9" * 50)
@example("\ufeff\ufeff")
@example("a:\u2028 b\x85c: d")
def test_text_gives_a_tree_or_located_findings(text: str) -> None:
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parse, "LOADER", loader)
            check_text(text)


@given(st.lists(st.sampled_from(list("\t\n\r -?:,[]{}#&*!|>'\"%@`\\~<=.0189ax_é\u202e\ufeff")) | st.just("\r\n")))
def test_yaml_characters_give_a_tree_or_located_findings(parts: list[str]) -> None:
    check_text("".join(parts))


@given(st.binary(max_size=300))
def test_bytes_give_a_tree_or_located_findings(data: bytes) -> None:
    try:
        source = decode_source("x", data)
    except SpecError:
        return
    check_text(source.text)


def check_text(text: str) -> None:
    source = SourceFile("spec.yaml", text)
    try:
        root = parse_yaml(source)
    except SpecError as error:
        assert all(is_inside(label.span) for finding in error.diagnostics for label in finding.labels)
        assert all(finding.labels for finding in error.diagnostics)
        assert not any(is_hidden(char) for char in str(error).replace("\n", ""))
    else:
        assert all(is_inside(scalar.span) for scalar in scalars(root))


def is_inside(span: Span) -> bool:
    lines = span.source.text.split("\n")
    if not 1 <= span.line <= span.end_line <= len(lines):
        return False
    last = len(lines[span.end_line - 1]) + 2  # a caret may stand behind the last character
    return 1 <= span.column <= len(lines[span.line - 1]) + 1 and 1 <= span.end_column <= last


# -- what values are ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("none", "none"),
        ("true", True),
        ("FALSE", False),
        ("y", "y"),
        ("4", 4),
        ("-4", -4),
        ("+4", 4),
        ("0", 0),
        ("-0", 0),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("1E-3", 0.001),
        (".5", 0.5),
        ("5.", 5.0),
        ("-1.5e+2", -150.0),
        ("00.5", 0.5),
        ("1.2.3", "1.2.3"),
        ("1505.04597v1", "1505.04597v1"),
        ("arXiv:1505.04597", "arXiv:1505.04597"),
        ("2015-05-18", "2015-05-18"),
        ("3x3", "3x3"),
        ("--", "--"),
        (".", "."),
        ("...x", "...x"),
        ("1e", "1e"),
        ("0x", "0x"),
        ("=", "="),
        ('"4"', "4"),
        ("'no'", "no"),
        ("'1:30'", "1:30"),
        ('""', ""),
        ('"<<"', "<<"),
        ("|-\n  no", "no"),
    ],
)
def test_a_word_has_its_value(text: str, value: object) -> None:
    found = plain(f"key: {text}\n")
    assert isinstance(found, dict)
    assert (found["key"], type(found["key"])) == (value, type(value))


@pytest.mark.parametrize(
    "text", ["yes", "No", "ON", "off", "017", "-08", "0b1", "-0x1", "1_0", "1:30", "190:20:30", "1_0.5"]
)
def test_an_ambiguous_word_says_what_to_write(text: str) -> None:
    finding = refusal(f"key: {text}").diagnostics[0]
    assert finding.code == "U013"
    assert finding.help[-1] == f'quote it if the text is meant: "{text}"'


@pytest.mark.parametrize("text", ["yes", "No", "017", "-08", "0b101", "-0x1F", "1_000", "1:30", "-190:20:30", "0_0.5"])
def test_the_advice_on_an_ambiguous_word_is_legal(text: str) -> None:
    advice = refusal(f"key: {text}").diagnostics[0].help[0]
    assert all(tree(f"key: {word}") for word in advice.split("`")[1::2])


_KEYS = st.text(st.characters(categories=["L"]))
_SEEN = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"))
_NUMBERS = st.integers(-(10**18) + 1, 10**18 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_JSON = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _SEEN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(_KEYS, _JSON, min_size=1), st.sampled_from([None, 0, 2]))
def test_json_is_yaml(value: dict[str, Any], indent: int | None) -> None:
    assert plain(json.dumps(value, indent=indent, ensure_ascii=False)) == value


# -- where values are --------------------------------------------------------------------------------------------------

_WORDS = st.text(st.characters(categories=["L", "P", "S"], exclude_characters="\ufffe\uffff"), max_size=12)
_TEXTS = _WORDS | st.lists(_WORDS, max_size=8).map(" ".join) | st.lists(_WORDS, max_size=3).map("\n".join)
_VALUES = st.recursive(
    _TEXTS | st.integers(-999, 999) | st.booleans() | st.none() | st.floats(0, 1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=10,
)
_STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([True, False, None]),
        "default_style": st.sampled_from([None, None, "'", '"', "|", ">"]),
        "width": st.sampled_from([10, 80]),
        "indent": st.integers(2, 4),
        "allow_unicode": st.just(True),
        "line_break": st.sampled_from(["\n", "\r\n"]),
        "explicit_start": st.booleans(),
    }
)


@given(st.dictionaries(_WORDS, _VALUES, min_size=1, max_size=3), _STYLES)
def test_a_span_holds_its_scalar(value: dict[str, Any], style: dict[str, Any]) -> None:
    text = yaml.safe_dump(value, **style).replace("!!binary ", "")
    try:
        root = tree(text)
    except SpecError as error:
        # PyYAML writes some words plain or tagged that are refused here; that is not the point.
        assert {finding.code for finding in error.diagnostics} <= {"U009", "U013", "U014"}
        return
    for scalar in scalars(root):
        piece = yaml.load("- " + written(scalar.span) + "\n", Loader=yaml.BaseLoader)[0]
        assert piece.split() == scalar.text.split()  # blocks of text are indented otherwise here


def test_a_flow_value_spans_its_brackets() -> None:
    root = tree("a: [1, {b: 2} ] # c\n")
    assert written(span_at(root, ("a",))) == "[1, {b: 2} ]"
    assert written(span_at(root, ("a", 1))) == "{b: 2}"


def test_a_block_value_ends_with_its_last_part() -> None:
    root = tree("a:\n  - 1\n  - b: 2\n    c: |\n      x\n\n\n# end\nd: 3\n")
    assert written(span_at(root, ("a",))) == "- 1\n  - b: 2\n    c: |\n      x"
    assert written(span_at(root, ())) == "a:\n  - 1\n  - b: 2\n    c: |\n      x\n\n\n# end\nd: 3"


def test_columns_count_characters() -> None:
    span = span_at(tree("é漢😀: {ü: x}\r\n"), ("é漢😀", "ü"))
    assert (span.line, span.column, span.end_column) == (1, 10, 11)


def test_a_path_leads_to_its_key_or_its_value() -> None:
    root = tree("encoder:\n  stages: [{filters: 3}]\n")
    path = ("encoder", "stages", 0, "filters")
    assert (written(span_at(root, path, "key")), written(span_at(root, path))) == ("filters", "3")


@pytest.mark.parametrize("rest", [("order",), ("order", 1), (0,), (-1,)])
def test_a_missing_path_leads_to_the_deepest_part_that_is_there(rest: tuple[str | int, ...]) -> None:
    root = tree("skip: {join: add}\n")
    assert written(span_at(root, ("skip", *rest))) == "{join: add}"
    assert written(span_at(root, ("skip", *rest), "key")) == "skip"


def test_a_word_that_stands_for_a_mapping_is_its_place() -> None:
    assert written(span_at(tree("skip: add"), ("skip", "join"))) == "add"


def test_a_list_that_stands_for_a_mapping_is_looked_into() -> None:
    root = tree("encoder: [{norm: batch}, {norm: none}]")
    assert written(span_at(root, ("encoder", "stages", 1, "norm"))) == "none"
    assert node_at(root, ("encoder", "stages", 1, "norm")) == node_at(root, ("encoder", 1, "norm"))


# -- fragments ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [("[1, 2]", [1, 2]), ("relu", "relu"), ("{join: add}", {"join": "add"}), ("4", 4), ('"4"', "4"), ("null", None)],
)
def test_a_fragment_is_one_value(text: str, value: object) -> None:
    assert to_plain(parse_fragment(text, "--set x")) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "U005"), ("no", "U013"), ("[1", "U004"), ("*x", "U010"), ("!!int 4", "U009"), ("\x1b", "U003")],
)
def test_a_fragment_is_held_to_the_rules(text: str, code: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse_fragment(text, "--set x")
    assert caught.value.diagnostics[0].code == code
    assert "--> --set x:1:" in str(caught.value)
