"""Findings: what they hold, how they are shown, and the registry of their codes."""

from __future__ import annotations

import ast
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import unetgen
from tests.conftest import Golden
from unetgen.source.diagnostics import (
    CODES,
    CodeInfo,
    Diagnostic,
    InternalError,
    Label,
    SpecError,
    did_you_mean,
    is_hidden,
    quoted,
    render_github,
    render_json,
    render_text,
    suggest,
    visible,
)
from unetgen.source.diagnostics.characters import width
from unetgen.source.text import SourceFile, Span
from unetgen.source.yamltree import parse_yaml

PACKAGE = Path(unetgen.__file__).parent
SPEC = SourceFile("specs/mine.yaml", "depth: 4\nfilters: [64, 128]\n\n\nencoder:\n  activation: rleu\n")


def span(source: SourceFile, line: int, column: int, length: int) -> Span:
    return Span(source, line, column, line, column + length)


def finding(*labels: Label, code: str = "U105", headline: str = 'unknown activation "rleu"') -> Diagnostic:
    return Diagnostic(code, headline, labels, ('did you mean "relu"?',))


def one_line(text: str, column: int, length: int, label: str = "here") -> Diagnostic:
    return finding(Label(span(SourceFile("x.yaml", text), 1, column, length), label))


UNKNOWN = finding(Label(span(SPEC, 6, 15, 4), "not in the catalogue"))

SHOWN = {
    "one-label": UNKNOWN,
    "two-lines": Diagnostic(
        "U107",
        "2 filters for 5 levels",
        (
            Label(span(SPEC, 2, 10, 9), "2 filters are listed; 5 are needed"),
            Label(span(SPEC, 1, 8, 1), "depth is 4 here"),
        ),
        ("write 5 numbers", "or write `filters: 64`, which doubles at every level"),
        ("a network of depth d has d + 1 levels",),
    ),
    "far-lines": finding(Label(span(SPEC, 6, 15, 4), "here"), Label(span(SPEC, 1, 1, 5), "because of this")),
    "one-line-between": finding(Label(span(SPEC, 6, 15, 4), "here"), Label(span(SPEC, 4, 1, 0), "an empty line")),
    "same-line": finding(Label(span(SPEC, 2, 15, 3), "the second"), Label(span(SPEC, 2, 11, 2), "the first")),
    "two-files": finding(
        Label(span(SPEC, 6, 15, 4), "here"), Label(span(SourceFile("base.yaml", "a: 1\nb: 2\n"), 2, 4, 1), "set here")
    ),
    "several-lines": finding(Label(Span(SPEC, 2, 10, 6, 3), "goes on below")),
    "no-text": finding(Label(span(SourceFile("empty.yaml", ""), 1, 1, 0), "nothing")),
    "no-label": Diagnostic("U104", "expected a whole number", path=("encoder", "stages", 0, "filters")),
    "no-place": Diagnostic("U104", "expected a whole number"),
    "bare-label": finding(Label(span(SPEC, 1, 8, 1), "")),
    "long-help": Diagnostic("U104", "wrong", help=("write\n  depth: 4\n  filters: 64",), notes=("one\ntwo",)),
    "tabs": one_line("a:\tb\t# \tc", 5, 3),
    "wide": one_line("名前: ネット # e\u0301 x", 5, 3),
    "end-of-line": one_line("depth:", 7, 0),
    "hundredth-line": finding(Label(span(SourceFile("long.yaml", "#\n" * 99 + "a: 1\n#\n"), 100, 4, 1), "here")),
    "long-line-start": one_line("x" * 300, 3, 5),
    "long-line-middle": one_line("-" * 150 + "HERE" + "-" * 150, 151, 4),
    "long-line-end": one_line("x" * 300, 299, 2),
    "long-line-two": finding(
        Label(span(SourceFile("x", "a" * 400), 1, 300, 3), "one"),
        Label(span(SourceFile("x", "a" * 400), 1, 2, 3), "two"),
    ),
    "long-span": one_line("x" * 300, 50, 250),
    "hidden": one_line("a: \x1b[31m\u202e", 4, 1),
    "hostile-words": Diagnostic(
        "U104", "a\x1b[2Jb", (Label(span(SourceFile("x\x1b\n.yaml", "a"), 1, 1, 1), "c\u202e"),), ("d\r",)
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_finding_is_shown(name: str, golden: Golden) -> None:
    golden(f"cases/diagnostics/{name}.txt", render_text([SHOWN[name]]))


def test_a_finding_is_shown_in_colour(golden: Golden) -> None:
    shown = render_text([SHOWN["two-lines"], UNKNOWN], colour=True)
    golden("cases/diagnostics/colour.txt", shown.replace("\x1b", "ESC"))


def test_colour_changes_nothing_but_colour() -> None:
    for diagnostic in SHOWN.values():
        coloured = render_text([diagnostic], colour=True)
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_text([diagnostic])


def test_findings_are_json(golden: Golden) -> None:
    golden("cases/diagnostics/findings.json", render_json([SHOWN["two-lines"], SHOWN["no-label"]]))


def test_findings_are_workflow_commands(golden: Golden) -> None:
    golden("cases/diagnostics/findings.github", render_github(SHOWN.values()))


def test_workflow_commands_escape_what_ends_them() -> None:
    source = SourceFile("a,b:c%.yaml", "x")
    command = render_github([Diagnostic("U104", "1%\r\n::error::2", (Label(span(source, 1, 1, 1), ""),))])
    assert (
        command == "::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=1,endColumn=2,title=U104::1%25%0D%0A::error::2"
    )


_ANY = st.text(max_size=30)


@given(_ANY, _ANY, _ANY, st.text(min_size=1, max_size=200), st.data())
def test_renderers_let_no_hidden_character_through(
    name: str, headline: str, label: str, text: str, data: st.DataObject
) -> None:
    source = SourceFile(name, text)
    line = data.draw(st.integers(1, text.count("\n") + 1))
    column = data.draw(st.integers(1, len(source.line(line)) + 1))
    diagnostic = Diagnostic(
        "U104", headline, (Label(span(source, line, column, 3), label),), (label,), (headline,), (name,)
    )
    for render in (render_text, render_json, render_github):
        assert not any(is_hidden(char) for char in render([diagnostic]).replace("\n", ""))


@given(st.text(st.sampled_from("abc é漢字ｗ😀#:"), min_size=1, max_size=120), st.data())
def test_carets_stand_below_what_is_marked(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(1, len(text)))
    length = data.draw(st.integers(1, min(8, len(text) - start + 1)))
    lines = render_text([one_line(f"{text}|", start, length, "")]).split("\n")
    assert "".join(shown_below(lines[3][5:], lines[4][5:])) == text[start - 1 : start - 1 + length]


def shown_below(shown: str, carets: str) -> list[str]:
    """Give the characters of a line that stand above carets, by the columns that a terminal gives them."""
    ends = accumulate(map(width, shown))
    return [char for char, end in zip(shown, ends, strict=True) if carets[end - 1 : end] == "^"]


# -- errors ------------------------------------------------------------------------------------------------------------


def test_an_error_sorts_its_findings_by_place() -> None:
    late, early = UNKNOWN, finding(Label(span(SPEC, 1, 1, 1), ""))
    nowhere = Diagnostic("U104", "x")
    assert SpecError([nowhere, late, early]).diagnostics == (early, late, nowhere)


def test_an_error_has_a_finding() -> None:
    with pytest.raises(InternalError):
        SpecError([])


def test_an_error_says_what_it_found() -> None:
    assert str(SpecError([UNKNOWN])) == render_text([UNKNOWN])


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_survives_pickling(protocol: int) -> None:
    error = SpecError([UNKNOWN] * 200)
    copy = pickle.loads(pickle.dumps(error, protocol))
    assert isinstance(copy, SpecError)
    assert (copy.diagnostics, str(copy)) == (error.diagnostics, str(error))


def test_an_error_says_how_much_it_leaves_out() -> None:
    error = SpecError([UNKNOWN] * 1_234)
    assert (len(error.diagnostics), error.diagnostics[-1].notes) == (100, ("1,134 more findings are not shown",))


def test_a_limit_beside_a_mistake_is_a_mistake() -> None:
    limit = finding(code="U001")
    assert (SpecError([limit]).kind, SpecError([limit, UNKNOWN]).kind) == ("limit", "spec")


# -- words -------------------------------------------------------------------------------------------------------------

ACTIVATIONS = ["relu", "leaky_relu", "elu", "prelu", "gelu", "silu", "mish", "selu", "tanh", "sigmoid", "none"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("rleu", ("relu",)),
        ("RELU", ("relu",)),
        ("Leaky-ReLU", ("leaky_relu",)),
        ("leakyrelu", ("leaky_relu",)),
        ("leaky", ("leaky_relu",)),
        ("sigmod", ("sigmoid",)),
        ("non", ("none",)),
        ("felu", ("relu", "elu", "gelu", "selu")),
        ("hardswish", ()),
        ("", ()),
        ("x" * 4_096, ()),
    ],
)
def test_close_words_are_suggested(word: str, meant: tuple[str, ...]) -> None:
    assert suggest(word, ACTIVATIONS) == meant


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=10))
def test_a_suggestion_is_of_the_catalogue(word: str, catalogue: list[str]) -> None:
    found = suggest(word, catalogue)
    assert set(found) <= set(catalogue)
    assert len(found) <= 4


@given(st.sampled_from(ACTIVATIONS), st.data())
def test_one_slip_is_forgiven(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    dropped, doubled = word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]
    assert all(word in suggest(slip, [word, "unrelated_word"]) for slip in (swapped, dropped, doubled))


def test_nobody_close_lists_the_catalogue() -> None:
    assert did_you_mean("xyz", ["concat", "add", "none"]) == 'choose one of "concat", "add" or "none"'


def test_a_long_catalogue_is_cut() -> None:
    assert did_you_mean("?", [f"word{n}" for n in range(100)]).endswith('"word23" and 76 more')


@pytest.mark.parametrize(
    ("catalogue", "help"), [([], "remove it: nothing can be chosen here"), (["auto"], 'write "auto"')]
)
def test_a_tiny_catalogue_is_said_plainly(catalogue: list[str], help: str) -> None:
    assert did_you_mean("xyz", catalogue) == help


@given(st.text())
def test_visible_text_is_visible(text: str) -> None:
    assert not any(is_hidden(char) for char in visible(text))
    assert visible(visible(text)) == visible(text)


@given(st.text())
def test_a_quoted_word_is_short(text: str) -> None:
    assert quoted(text).count("\n") == 0
    assert text in quoted(text) or len(text) > 60 or any(map(is_hidden, text))


# -- the registry ------------------------------------------------------------------------------------------------------


def codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"U\d{3}", node.value):
            yield node.value


def used_codes() -> set[str]:
    files = (path for path in PACKAGE.rglob("*.py") if path.parent.name != "codes")
    return {code for path in files for code in codes_in(path)}


def test_every_code_in_use_is_registered() -> None:
    assert used_codes() - set(CODES) == set()


def test_every_registered_code_is_in_use() -> None:
    assert set(CODES) - used_codes() == set()


def test_no_code_is_registered_twice() -> None:
    rows = [code for path in (PACKAGE / "source/diagnostics/codes").glob("*.py") for code in codes_in(path)]
    assert sorted(rows) == sorted(CODES)


@pytest.mark.parametrize("row", CODES.values(), ids=lambda row: row.code)
def test_a_code_explains_itself(row: CodeInfo) -> None:
    page = row.explain()
    assert page.startswith(f"{row.code}: {row.title}\n\n")
    assert row.explanation.rstrip().endswith(".")
    assert bool(row.wrong) == bool(row.right)
    assert max(map(len, page.splitlines())) <= 100


@pytest.mark.parametrize("row", [row for row in CODES.values() if row.wrong], ids=lambda row: row.code)
def test_the_examples_of_a_code_are_true(row: CodeInfo) -> None:
    with pytest.raises(SpecError) as caught:
        compiled(row, row.wrong)
    assert row.code in {finding.code for finding in caught.value.diagnostics}
    compiled(row, row.right)


def compiled(row: CodeInfo, text: str) -> object:
    """Compile an example; those that are fragments of a spec lack `depth` and `filters`."""
    if row.code < "U1":
        return parse_yaml(SourceFile("example.yaml", text))
    missing = [f"{key}: {n}\n" for key, n in {"depth": 4, "filters": 64}.items() if not has_key(text, key)]
    return unetgen.lower(unetgen.parse(text + "".join(missing)))


def has_key(text: str, key: str) -> bool:
    return any(line.startswith(f"{key}:") for line in text.split("\n"))


def test_the_page_of_a_code(golden: Golden) -> None:
    golden("cases/diagnostics/explain-U012.txt", CODES["U012"].explain())


def test_messages_cost_neither_torch_nor_pydantic() -> None:
    script = "import sys, unetgen.source.yamltree; print(sorted({'torch', 'pydantic', 'numpy'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert run.stdout.strip() == "[]"
