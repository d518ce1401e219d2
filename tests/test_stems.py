"""What files of a network are called: nothing that hides what a script imports, and the same on every Python."""

from __future__ import annotations

import re
import sys
from importlib import metadata

import pytest

from unetgen.cli.stems import stem_of


def packages_of(*names: str) -> set[str]:
    """Give the packages of these names, and all that they need and that is installed."""
    found: set[str] = set()
    wanted = list(names)
    while wanted:
        name = re.sub("[-_.]+", "-", wanted.pop()).lower()
        try:
            needed = metadata.requires(name) or [] if name not in found else []
        except metadata.PackageNotFoundError:
            continue
        found.add(name)
        wanted += [re.split(r"[^\w.-]", text)[0] for text in needed if "extra ==" not in text]
    return found


@pytest.mark.skipif(sys.version_info >= (3, 16), reason="nobody knows yet what it will have")
def test_no_file_hides_a_module_of_this_python() -> None:
    public = {name for name in sys.stdlib_module_names if not name.startswith("_")}
    assert [name for name in sorted(public) if not stem_of(name).reason] == []


@pytest.mark.parametrize("name", ["cgi", "imp", "distutils", "annotationlib", "mpmath"])
def test_names_are_the_same_on_every_python(name: str) -> None:
    assert stem_of(name).text == f"{name}_net"


def test_no_file_hides_a_package_that_torch_needs() -> None:
    needed = packages_of("torch", "numpy")
    owners = metadata.packages_distributions()
    modules = [name for name, packages in owners.items() if needed & {p.lower().replace("_", "-") for p in packages}]
    assert [name for name in modules if not name.startswith("_") and not stem_of(name).reason] == []
