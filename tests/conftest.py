"""What all tests share: no deadlines for generated examples, goldens, and all cores.

A golden is approved text beside a test's input, compared by default, written with `--update-golden`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# A shared machine makes any single example slow now and then; what must be fast has a benchmark.
settings.register_profile("unetgen", deadline=None)
settings.load_profile("unetgen")

if "PYTEST_XDIST_WORKER" in os.environ:
    # There is a worker on every core already: torch would start as many threads again in each.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

Golden = Callable[[Path | str, str], None]

TESTS = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files instead of comparing with them")
    if not pluginmanager.hasplugin("xdist"):  # `-p no:xdist`, for those who profile: its options are ours to take
        parser.addoption("--numprocesses", "--dist", help="how many tests at once; one without pytest-xdist")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Write goldens one after the other, for several tests may share one; otherwise take every core."""
    return 0 if config.getoption("--update-golden") else None


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
