"""The examples in docstrings show what happens."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from tests.conftest import TESTS

ROOT = TESTS.parent
WITH_EXAMPLES = [file for file in sorted((ROOT / "unetgen").rglob("*.py")) if ">>> " in file.read_text("utf-8")]


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("name", [module_name(file) for file in WITH_EXAMPLES])
def test_the_examples_of_a_module_show_what_happens(name: str) -> None:
    assert not doctest.testmod(import_module(name)).failed
