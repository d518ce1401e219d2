"""What all tests share: no deadlines for generated examples, goldens, all cores, and a quick run.

A golden is approved text beside a test's input, compared by default, written with `--update-golden`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings

# A shared machine makes any single example slow now and then; what must be fast has a benchmark.
settings.register_profile("unetgen", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=10)
settings.load_profile("unetgen")

if "PYTEST_XDIST_WORKER" in os.environ:
    # There is a worker on every core already: torch would start as many threads again in each.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

Golden = Callable[[Path | str, str], None]

TESTS = Path(__file__).parent

_NOT_QUICK: Final = {
    "torch computes what is compared": "analyses_macs analyses_parameters analyses_receptive_field arguments"
    " blocks contributing emitted_modules everywhere everywhere_deep featuremap_images featuremaps idle ir_ops keras"
    " laws laws_deep memory old_keys onnx runs size_guard strange_parts torch_module torch_source torchscript vectors"
    " first_weights verification zoo zoo_proofs",
    "a browser, TeX or a reader of PDF looks at what is made": "editors_deep html pdf tikz",
    "pictures are drawn by the hundred": "differences drawing drawing_blocks drawing_formats drawing_grid drawing_ops"
    " blank_share drawing_places drawio legends pptx shape_words solid theme_file true_u",
    "it takes longer than most others together": "analyses_receptive_fields cli_process comparison docs doctests"
    " drawing_eleven packaging pages png quick renaming show",
}
NOT_QUICK: Final = frozenset(f"test_{name}.py" for names in _NOT_QUICK.values() for name in names.split())
"""Files that `--quick` leaves out; in all others an import of torch fails there."""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files instead of comparing with them")
    parser.addoption("--quick", action="store_true", help="a minute's worth of tests, without torch, browser or TeX")
    if not pluginmanager.hasplugin("xdist"):  # `-p no:xdist`, for those who profile: its options are ours to take
        parser.addoption("--numprocesses", "--dist", help="how many tests at once; one without pytest-xdist")


def pytest_configure(config: pytest.Config) -> None:
    """Let the quick run generate few examples, and let every import of torch fail in it."""
    if config.getoption("--quick"):
        settings.load_profile("quick")
        unavailable: dict[str, Any] = {"torch": None}
        sys.modules.update(unavailable)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave files out of the quick run before they are imported."""
    return (config.getoption("--quick") and collection_path.name in NOT_QUICK) or None


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
