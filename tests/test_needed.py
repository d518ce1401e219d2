"""What a machine may lack is named; where everything is installed, nothing is passed over."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.conftest import TESTS
from tests.needed import PACKAGES, package, program

OUTCOMES = pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])


@OUTCOMES
@pytest.mark.parametrize("name", PACKAGES)
def test_a_missing_program_is_passed_over_except_on_ci(
    monkeypatch: pytest.MonkeyPatch, name: str, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match=f"no `{name}` on this machine: apt-get install {PACKAGES[name]}"):
        program(name, "another-name")


@OUTCOMES
def test_a_missing_package_is_passed_over_except_on_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no such_a_package in this environment"):
        package("such_a_package")


def test_what_is_there_is_found_under_any_of_its_names() -> None:
    package("pytest")
    assert program("no-such-program", Path(sys.executable).name)


@pytest.mark.parametrize("name", PACKAGES)
def test_ci_installs_every_program_that_a_test_needs(name: str) -> None:
    script = (TESTS.parent / ".ci/run").read_text("utf-8")
    assert all(re.search(rf"\b{each}\b", script) for each in PACKAGES[name].split())
