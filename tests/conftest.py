"""What all tests share: no deadlines for generated examples, and goldens.

A golden is approved text beside a test's input, compared by default, written with `--update-golden`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# A shared machine makes any single example slow now and then; what must be fast has a benchmark.
settings.register_profile("unetgen", deadline=None)
settings.load_profile("unetgen")

Golden = Callable[[Path | str, str], None]

TESTS = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files instead of comparing with them")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare text with the approved text in a file; a relative path starts at `tests/`."""

    def compare(path: Path | str, text: str) -> None:
        file = TESTS / path
        wanted = text if text.endswith("\n") else text + "\n"
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(wanted.encode())
        assert file.exists(), f"{file.name} is not there: run with --update-golden, then read it"
        assert wanted == file.read_bytes().decode()

    return compare
