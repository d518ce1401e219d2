"""From Pydantic's errors to located findings, on a small language with every kind of field that a large one has."""

from __future__ import annotations

import json
from collections.abc import Mapping as Dictionary
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    Tag,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from tests.conftest import TESTS, Golden
from unetgen.language.validate import validate
from unetgen.source.diagnostics import CODES, Diagnostic, InternalError, SpecError
from unetgen.source.text import SourceFile
from unetgen.source.yamltree import parse_yaml

T = TypeVar("T")
CASES = sorted((TESTS / "cases/errors/validate").glob("*.yaml"))


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Join(Model):
    join: Literal["concat", "add"] = "concat"
    fit: Literal["error", "crop_skip"] = "error"
    weights: list[float] = []


class Plain(Model):
    kind: Literal["plain"]
    kernel: Annotated[int, Field(gt=0, le=99, multiple_of=1)] = 3


class Residual(Model):
    kind: Literal["residual"]
    kernel: int = 3
    project: bool
    pre: Annotated[float, Field(ge=0, lt=1)] = 0.0


class Pool(Model):
    size: int = 2


class Strided(Model):
    kernel_size: int = 2
    size: int = 2


def _word(value: object) -> str:
    return next(iter(value)) if isinstance(value, Dictionary) and value else str(value)


def _options(value: object) -> object:
    return next(iter(value.values())) if isinstance(value, Dictionary) else {}


class Leaky(Model):
    leaky: Pool


class Clipped(Model):
    clipped: Annotated[float, Field(gt=0)]
    below: float = 0


class Stage(Model):
    filters: Annotated[int, Field(ge=1)] | list[Annotated[int, Field(ge=1)]] = 64
    skip: Join | None = None


class Section(Model):
    stages: list[Stage] = []
    bias: bool | Literal["auto"] = "auto"


class Rows(RootModel[list[Literal["a", "b"]]]):
    pass


class Pair(Model, Generic[T]):
    first: T
    second: T


Down = Annotated[
    Annotated[Pool, BeforeValidator(_options), Tag("max_pool")]
    | Annotated[Strided, BeforeValidator(_options), Tag("strided")],
    Discriminator(_word),
]


class Spec(Model):
    depth: Annotated[int, Field(ge=1, le=8)]
    filters: int | list[int | list[int]] = 64
    skip: Literal["concat", "add", "none"] | Join | list[Literal["concat", "add"] | Join] = "concat"
    block: Annotated[Plain | Residual, Field(discriminator="kind")] | None = None
    blocks: list[Annotated[Plain | Residual, Field(discriminator="kind")]] = []
    down: Down = Pool()
    activation: Literal["relu", "elu"] | Leaky | Clipped = "relu"
    dims: Literal[1, 2, 3] = 2
    eps: Annotated[float, Field(gt=0, le=1)] = 1e-5
    name: Annotated[str, Field(pattern="^[a-z]+$", min_length=2, max_length=8)] = "unet"
    flag: bool = True
    sizes: Annotated[list[int], Field(min_length=2, max_length=3)] = [1, 2]
    encoder: Annotated[Section, BeforeValidator(lambda v: {"stages": v} if isinstance(v, list) else v)] = Section()
    decoder: Section = Section()
    named: dict[str, Plain] = {}
    rows: Rows = Rows(["a"])
    pair: Pair[int] | None = None
    out_channels: Annotated[int, Field(alias="classes")] = 2
    odd: int = 1

    @field_validator("odd")
    @classmethod
    def _odd(cls, value: int) -> int:
        if value % 2:
            return value
        raise PydanticCustomError(
            "odd", "{value} is even", {"code": "U106", "value": value, "help": "write an odd number"}
        )

    @field_validator("flag")
    @classmethod
    def _flag(cls, value: bool) -> bool:
        if not value:
            raise ValueError("Flags are up here")
        return value

    @model_validator(mode="after")
    def _as_many_filters_as_levels(self) -> Spec:
        if isinstance(self.filters, list) and len(self.filters) != self.depth + 1:
            context: dict[str, Any] = {
                "code": "U107",
                "path": ("filters",),
                "label": f"{len(self.filters)} are listed; {self.depth + 1} are needed",
                "labels": [(("depth",), "because of this depth", "key")],
                "help": ["list more", "or write one number"],
                "notes": "a network of depth d has d + 1 levels",
            }
            raise PydanticCustomError("levels", "filters do not fit the depth", context)
        return self


def check(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(SpecError) as caught:
        validate(parse_yaml(SourceFile("spec.yaml", text)), Spec)
    return caught.value.diagnostics


def only(line: str) -> Diagnostic:
    """Give the one finding about a line beside `depth: 4`."""
    (finding,) = check(f"depth: 4\n{line}\n")
    return finding


def marked(finding: Diagnostic) -> str:
    """Give the text under the first caret."""
    span = finding.labels[0].span
    return span.source.line(span.line)[span.column - 1 : span.end_column - 1]


def test_a_good_spec_becomes_a_model() -> None:
    spec = validate(parse_yaml(SourceFile("x", "depth: 4\nskip: [add, {join: concat}]\nclasses: 3\n")), Spec)
    assert (spec.skip, spec.out_channels) == (["add", Join()], 3)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_mistake_is_explained(path: Path, golden: Golden) -> None:
    with pytest.raises(SpecError) as caught:
        validate(parse_yaml(SourceFile(path.name, path.read_text("utf-8"))), Spec)
    golden(path.with_suffix(".txt"), str(caught.value))


@pytest.mark.parametrize(
    ("line", "code", "place", "headline"),
    [
        # types are taken literally, at every depth
        ("sizes: [1, true]", "U104", "true", "expected a whole number, found the truth value true"),
        ("sizes: [1, '2']", "U104", "'2'", 'expected a whole number, found the text "2"'),
        ("sizes: [1, ' 2 ']", "U104", "' 2 '", 'expected a whole number, found the text " 2 "'),
        ("sizes: [1, 2.0]", "U104", "2.0", "expected a whole number, found the number 2.0"),
        ("blocks: [{kind: residual, project: 1}]", "U104", "1", "expected true or false, found the number 1"),
        ("skip: {weights: [x]}", "U104", "x", 'expected a number, found the text "x"'),
        ("eps: true", "U104", "true", "expected a number, found the truth value true"),
        ("name: 4", "U104", "4", "expected text, found the number 4"),
        ("name: 1e3", "U104", "1e3", "expected text, found the number 1e3"),
        ("sizes: 4", "U104", "4", "expected a list, found the number 4"),
        ("decoder: [1, 2]", "U104", "[1, 2]", "expected a mapping, found a list of 2"),
        ("name: {a: 1}", "U104", "{a: 1}", "expected text, found a mapping"),
        ("eps:", "U104", "", "expected a number, found nothing"),
        ("eps: ~", "U104", "~", "expected a number, found ~"),
        # ranges, lengths, forms
        ("eps: 0", "U106", "0", '"eps" is 0, but must be greater than 0'),
        ("eps: 1.5", "U106", "1.5", '"eps" is 1.5, but must be at most 1'),
        ("block: {kind: plain, kernel: 100}", "U106", "100", '"kernel" is 100, but must be at most 99'),
        ("sizes: [1]", "U107", "[1]", '"sizes" has 1 item, but needs at least 2'),
        ("sizes: [1, 2, 3, 4]", "U107", "[1, 2, 3, 4]", '"sizes" has 4 items, but needs at most 3'),
        ("name: a", "U107", "a", '"name" has 1 character, but needs at least 2'),
        ("name: abcdefghij", "U107", "abcdefghij", '"name" has 10 characters, but needs at most 8'),
        ("name: a b", "U108", "a b", '"name" cannot be written like this'),
        # words
        ("skip: cocat", "U105", "cocat", 'unknown skip "cocat"'),
        ("skip: [add, ad]", "U105", "ad", 'unknown skip "ad"'),
        ("skip: {join: ad}", "U105", "ad", 'unknown join "ad"'),
        ("dims: 4", "U105", "4", '"dims" is 4, but must be 1, 2 or 3'),
        ("rows: [a, c]", "U105", "c", 'unknown rows "c"'),
        ("block: {kind: plane}", "U105", "plane", 'unknown kind "plane"'),
        ("block: {kernel: 3}", "U103", "block", 'the key "kind" is missing'),
        # unions: one finding, about the branch that was meant
        ("filters: x", "U104", "x", 'expected a whole number or a list, found the text "x"'),
        ("filters: [1, x]", "U104", "x", 'expected a whole number or a list, found the text "x"'),
        ("filters: [1, [2, x]]", "U104", "x", 'expected a whole number, found the text "x"'),
        ("skip: 4", "U104", "4", 'expected "concat", "add" or "none", a mapping or a list, found the number 4'),
        ("skip: [[add]]", "U104", "[add]", 'expected "concat" or "add" or a mapping, found a list of 1'),
        ("skip: {jion: add}", "U101", "jion", 'unknown key "jion"'),
        ("skip: {weights: x}", "U104", "x", 'expected a list, found the text "x"'),
        ("decoder: {bias: atuo}", "U105", "atuo", 'unknown bias "atuo"'),
        ("decoder: {bias: 3}", "U104", "3", 'expected true or false or "auto", found the number 3'),
        ("decoder: {stages: [{filters: 0}]}", "U106", "0", '"filters" is 0, but must be at least 1'),
        ("decoder: {stages: [{filters: [1, 0]}]}", "U106", "0", 'an item of "filters" is 0, but must be at least 1'),
        ("activation: {leaky: {size: x}}", "U104", "x", 'expected a whole number, found the text "x"'),
        ("activation: {clipped: 0}", "U106", "0", '"clipped" is 0, but must be greater than 0'),
        ("activation: {below: 1}", "U103", "activation", 'the key "clipped" is missing'),
        ("activation: {clip: 1}", "U101", "clip", 'unknown key "clip"'),
        ("activation: {}", "U103", "activation", 'one of the keys "leaky" or "clipped" is missing'),
        ("pair: {first: 1, second: x}", "U104", "x", 'expected a whole number, found the text "x"'),
        # keys
        ("named: {a: {kind: plain, kernle: 3}}", "U101", "kernle", 'unknown key "kernle"'),
        ("block: {kind: residual}", "U103", "block", 'the key "project" is missing'),
        ("out_channels: 3", "U101", "out_channels", 'unknown key "out_channels"'),
        ("fit: error", "U102", "fit", 'the key "fit" does not belong here'),
        ("decoder: {depth: 3}", "U102", "depth", 'the key "depth" does not belong here'),
        ("down: {max_pool: {kernel_size: 3}}", "U102", "kernel_size", 'the key "kernel_size" does not belong here'),
        ("block: {kind: plain, project: true}", "U102", "project", 'the key "project" does not belong here'),
        # words and lists that stand for mappings; tags that are keys
        ("encoder: [{filters: 1}, {filter: 2}]", "U101", "filter", 'unknown key "filter"'),
        ("encoder: [{filters: 1}, 4]", "U104", "4", "expected a mapping, found the number 4"),
        ("down: {strided: {size: x}}", "U104", "x", 'expected a whole number, found the text "x"'),
        ("down: {strided: 3}", "U104", "3", "expected a mapping, found the number 3"),
        ("down: strided_", "U105", "strided_", 'unknown down "strided_"'),
        # a validator's own words
        ("odd: 4", "U106", "4", "4 is even"),
        ("flag: false", "U109", "false", "flags are up here"),
        ("filters: [1, 2]", "U107", "[1, 2]", "filters do not fit the depth"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_and_placed(line: str, code: str, place: str, headline: str) -> None:
    finding = only(line)
    assert (finding.code, marked(finding), finding.headline) == (code, place, headline)


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("sizes: [1, '2']", "write 2 without quotes"),
        ("sizes: [1, 2.0]", "write 2"),
        ("sizes: 1, 2", "write a list: [1, 2]"),
        ("name: 2015", 'quote it: "2015"'),
        ("eps:", "write a value after the colon, or take the key out"),
        ("eps: null", "take the key out"),
        ("flag: 'true'", "write true without quotes"),
        ("pair: 3", "write a mapping; its keys are `first`, `second`"),
        ("skip: cocat", 'did you mean "concat"?'),
        ("skip: xyz", 'choose one of "concat", "add" or "none"'),
        ("decoder: {bias: xyz}", 'write "auto"'),
        ("skip: {jion: add}", 'did you mean "join"?'),
        ("fit: error", '"fit" belongs under `skip`'),
        ("decoder: {depth: 3}", '"depth" belongs at the top level of the spec'),
        ("down: {max_pool: {kernel_size: 3}}", '"kernel_size" goes with "strided"'),
        ("block: {kind: plain, project: true}", '"project" goes with "residual"'),
        ("block: {kind: residual}", "add `project: ...`"),
        ("pair: {third: 1}", 'choose one of "first" or "second"'),
        ("odd: 4", "write an odd number"),
    ],
)  # fmt: skip
def test_a_mistake_has_a_way_out(line: str, help: str) -> None:
    assert help in [text for finding in check(f"depth: 4\n{line}\n") for text in finding.help]


def test_all_mistakes_are_found_at_once() -> None:
    found = check("depth: 9\nskip: cocat\nblock: {kind: residual, kernel: x}\nzzz: 1\n")
    assert [finding.code for finding in found] == ["U106", "U105", "U103", "U104", "U101"]


def test_a_misspelt_key_is_not_missing_too() -> None:
    assert [finding.headline for finding in check("depht: 4\n")] == ['unknown key "depht"']


def test_the_path_of_a_finding_is_the_path_in_the_file() -> None:
    assert only("encoder: [{filters: 1}, {filters: x}]").path == ("encoder", 1, "filters")
    assert only("down: {strided: {size: x}}").path == ("down", "strided", "size")
    assert only("blocks: [{kind: plain, kernel: x}]").path == ("blocks", 0, "kernel")


def test_a_validator_may_mark_more_than_one_place() -> None:
    finding = only("filters: [1, 2]")
    assert [(label.text, label.span.line, label.span.column) for label in finding.labels] == [
        ("2 are listed; 5 are needed", 2, 10),
        ("because of this depth", 1, 1),
    ]
    assert finding.notes == ("a network of depth d has d + 1 levels",)


def test_a_field_that_no_yaml_can_fill_is_our_mistake() -> None:
    class Careless(Model):
        sizes: tuple[int, ...]

    with pytest.raises(InternalError, match='"sizes" takes a type that no YAML has'):
        validate(parse_yaml(SourceFile("x", "sizes: [1]\n")), Careless)


def test_thousands_of_mistakes_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("unetgen.source.diagnostics.suggest")  # the package has a function of this name
    compared = Mock(wraps=module._distance)
    monkeypatch.setattr(module, "_distance", compared)

    def comparisons(mistakes: int) -> int:
        compared.reset_mock()
        found = check("depth: 4\nskip: [" + ", ".join(["cocat"] * mistakes) + "]\n")
        assert len(found) == 100 and len(str(SpecError(found))) < 100_000
        return compared.call_count

    assert comparisons(9_000) == comparisons(1_000) > 0


_WORDS: list[object] = ["x", "concat", "add", "auto", "residual", "relu", 0, 1, 4, 2.5, True, None, [], {}]
_LEAVES = st.sampled_from(_WORDS)
_KEYS = st.sampled_from([*Spec.model_fields, *Join.model_fields, *Residual.model_fields, "leaky", "max_pool", "stages"])
_TREES = st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3))


@given(st.dictionaries(_KEYS, _TREES, max_size=6))
def test_any_tree_is_a_model_or_located_findings(value: dict[str, object]) -> None:
    tree = parse_yaml(SourceFile("x", json.dumps({"depth": 4, **value})))
    try:
        validate(tree, Spec)
    except SpecError as error:
        assert all(finding.labels and finding.code in CODES for finding in error.diagnostics)
        places = [(finding.labels[0].span, finding.headline) for finding in error.diagnostics]
        assert len(places) == len(set(places))
