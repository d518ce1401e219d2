"""Programs and packages that a test compares with: where one is missing the test is skipped, except on CI."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from typing import Final, NoReturn

import pytest

__all__ = ["package", "program"]

PACKAGES: Final = {
    "dot": "graphviz",
    "chromium": "chromium",
    "pdftotext": "poppler-utils",
    "pdfinfo": "poppler-utils",
    "pdflatex": "texlive-pictures",
    "pdftoppm": "poppler-utils",
    "lualatex": "texlive-pictures texlive-luatex lmodern",
}
"""What to install on Debian for a program; `.ci/run` installs all of it."""
EDITORS: Final = {
    "inkscape": "inkscape",
    "soffice": "libreoffice-impress",
    "drawio": "drawio (not of Debian: github.com/jgraph/drawio-desktop)",
}
"""The same for programs of deep tests alone, which are large."""


def program(name: str, *others: str) -> str:
    """Give the path of a program, which may have other names."""
    found = next(filter(None, map(shutil.which, (name, *others))), None)
    return found or _without(f"no `{name}` on this machine: apt-get install {(PACKAGES | EDITORS)[name]}")


def package(name: str) -> None:
    """Go on if a package of Python is installed."""
    if find_spec(name) is None:
        _without(f"no {name} in this environment: pip install '.[test]'")


def _without(reason: str) -> NoReturn:
    """Skip a test; on CI, where nothing is missing, a test that would be skipped is one that never runs."""
    outcome = pytest.fail.Exception if os.environ.get("CI") else pytest.skip.Exception
    raise outcome(reason)
