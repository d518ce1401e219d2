"""The additions that CONTRIBUTING.md walks through work as they stand there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import TESTS

ROOT = TESTS.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
SPEC = "name: tried\ndepth: 2\nfilters: 8\ninput_size: 32\nactivation: hardswish\nblock: gated\nskip: max\n"
USE = """
import torch, unetgen
network = unetgen.lower("spec.yaml")
net = unetgen.build(network)
assert net(torch.zeros(2, 1, 32, 32)).shape == (2, 2, 32, 32)
assert sum(p.numel() for p in net.parameters()) == unetgen.summarize(network).params
assert unetgen.draw(network).svg.startswith("<svg ")
print(*sorted({node.path.split(".")[-1] for node in network.nodes}))
"""


def code(first_words: str) -> str:
    """Give the first Python block after some words of the document."""
    return TEXT.partition(first_words)[2].partition("```python\n")[2].partition("```")[0]


def insert(file: Path, opening: str, line: str, *, above: str = "") -> None:
    """Put a line behind the opening of a list, and perhaps another one before the first import."""
    text = file.read_text("utf-8")
    assert text.count(opening) == 1
    text = text.replace(opening, f"{opening}\n{line}")
    file.write_text(re.sub(r"^from unetgen", f"{above}from unetgen", text, count=1, flags=re.MULTILINE))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Copy the package and make the three additions."""
    package = tmp_path / "unetgen"
    shutil.copytree(ROOT / "unetgen", package, ignore=shutil.ignore_patterns("__pycache__"))
    insert(package / "catalog/activations.py", "    for row in (", code("## Add an activation"))
    (package / "blocks/gated.py").write_text(code("`unetgen/parts/blocks/gated.py`"))
    (package / "skips/max.py").write_text(code("`unetgen/parts/skips/max.py`"))
    blocks, skips = package / "blocks/__init__.py", package / "skips/joins.py"
    insert(
        blocks, "BLOCKS: tuple[type[Block], ...] = (", "Gated,", above="from unetgen.parts.blocks.gated import Gated\n"
    )
    insert(
        skips, "JOINS: tuple[type[Join], ...] = (", "MaxJoin,", above="from unetgen.parts.skips.max import MaxJoin\n"
    )
    return package


def test_the_additions_of_the_document_compile_run_and_are_drawn(package: Path) -> None:
    work = package.parent
    (work / "spec.yaml").write_text(SPEC)
    ended = subprocess.run([sys.executable, "-c", USE], capture_output=True, text=True, cwd=work, timeout=120)
    assert ended.returncode == 0, ended.stderr
    assert {"weigh1", "weigh2", "max"} <= set(ended.stdout.split())


def test_the_code_of_the_document_is_laid_out_as_ours(package: Path) -> None:
    files = [str(package / "blocks/gated.py"), str(package / "skips/max.py")]
    for command in (["format", "--check"], ["check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--config", str(ROOT / "pyproject.toml"), *files]
        ended = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout
