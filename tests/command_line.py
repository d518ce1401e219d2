"""The command line for tests: in this process, and as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import TESTS
from unetgen.cli.app import app

SMALL = "name: small\ndepth: 2\nfilters: 4\ninput_size: 32\n"
WRONG = "depth: 2\nfilters: 4\nactivation: rleu\n"
COMMAND = [sys.executable, "-m", "unetgen"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder with a right and a wrong spec."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    Path("small.yaml").write_text(SMALL)
    Path("wrong.yaml").write_text(WRONG)
    return tmp_path


def run(*args: str, text: str | None = None) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(app, args, input=text)


def environment(**more: str) -> Mapping[str, str]:
    """Give the environment in which a process of its own finds this checkout."""
    return {**os.environ, "PYTHONPATH": str(TESTS.parent), "PYTHONIOENCODING": "utf-8", **more}


def process(*args: str, text: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own, with variables added to its environment."""
    return subprocess.run(
        [*COMMAND, *args], input=text, capture_output=True, encoding="utf-8", env=environment(**more), timeout=60
    )
