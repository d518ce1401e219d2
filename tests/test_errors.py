"""What a person reads who wrote a wrong spec. Each file in `cases/errors/spec` is one, its text beside it is approved.

A file is called after the code that it must show. Mistakes of YAML itself are `test_yamltree`'s, the general wording of
wrong keys and types is `test_validate`'s.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import TESTS, Golden
from unetgen.analyses.axis_walk import AxisWalk
from unetgen.api import parse
from unetgen.compiler.pipeline import compile_spec
from unetgen.ir import Node
from unetgen.source.diagnostics import CODES, SpecError

CASES = sorted((TESTS / "cases/errors/spec").glob("*.yaml"))
ELSEWHERE = ("U0", "U110", "U111", "U112", "U113")
"""Codes of YAML, of overrides and of bases."""


def refused(path: Path) -> SpecError:
    with pytest.raises(SpecError) as caught:
        compile_spec(parse(path.read_text(), name=path.name))
    return caught.value


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_mistake_is_explained(path: Path, golden: Golden) -> None:
    error = refused(path)
    assert path.stem[:4] in {finding.code for finding in error.diagnostics}
    golden(path.with_suffix(".txt"), str(error))


def test_every_code_has_a_case() -> None:
    shown = {finding.code for path in CASES for finding in refused(path).diagnostics}
    assert {code for code in CODES if not code.startswith(ELSEWHERE)} <= shown


@pytest.mark.parametrize("path", [path for path in CASES if path.stem.startswith("U5")], ids=lambda path: path.stem)
def test_a_limit_is_found_before_the_work_begins(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visits: list[int] = []
    visit = AxisWalk.visit

    def counted(walk: AxisWalk, node: Node, axis: int) -> None:
        visits.append(len(walk.meets))
        visit(walk, node, axis)

    monkeypatch.setattr(AxisWalk, "visit", counted)
    assert refused(path).kind == "limit"
    assert sum(visits) < 10_000  # sizes looked at, in all nodes; they repeat after a million in one of these


def test_an_illegal_size_names_the_level_both_sizes_and_the_nearest_legal_ones() -> None:
    text = str(refused(TESTS / "cases/errors/spec/U301-odd-maps.yaml"))
    for words in ("level 2", "25 pixels", "24 pixels", "96 or 128"):
        assert words in text
