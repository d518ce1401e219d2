"""`python -m tools.requirements [--lowest]`: list what unetgen and its tests need beside torch, a line each for pip.

With `--lowest`, each is the oldest that pyproject.toml allows, so that its lower bounds are tried and not guessed.
Whatever needs torch is left out: the tests that run on these (`pytest --quick`) know none.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

__all__ = ["lines"]

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]
WITHOUT = {"keras", "torch"}


def lines(*, lowest: bool) -> list[str]:
    """List the requirements of the package and of its extra `test`.

    Example:
        >>> [line for line in lines(lowest=True) if line.startswith(("click", "pytest="))]
        ['click==8.4', 'pytest==8.0']
    """
    wanted = [Requirement(line) for line in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"])]
    return [_oldest(one) if lowest else str(one) for one in wanted if one.name not in WITHOUT]


def _oldest(wanted: Requirement) -> str:
    (bound,) = (one.version for one in wanted.specifier if one.operator == ">=")
    return f"{wanted.name}=={bound}"


if __name__ == "__main__":
    print("\n".join(lines(lowest="--lowest" in sys.argv)))
