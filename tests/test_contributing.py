"""The additions that CONTRIBUTING.md walks through work as they stand there, and touch as many files as it says.

A block of Python is a new file, a block of a diff changes one that is there; the last path named before it says which.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import TESTS

ROOT = TESTS.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
STEP = re.compile(r"`(unetgen/[\w/]+\.py)`|^```(python|diff)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPEC = """
name: tried
depth: 2
filters: 8
input_size: 32
activation: hardswish
norm: {local: {alpha: 0.01}}
block: gated
skip: max
reference: someone 2026
"""
USE = """
import json, torch, unetgen
for name in "spec", "grid", "nested":
    network = unetgen.lower(f"{name}.yaml")
    net, summary = unetgen.build(network), unetgen.summarize(network)
    assert net(torch.zeros(2, 1, 32, 32)).shape == (2, 2, 32, 32)
    assert sum(p.numel() for p in net.parameters()) == summary.params
    assert json.loads(summary.to_json())["activations"] == sum(node.output.shape.elements for node in network.nodes)
    assert unetgen.draw(network).svg.startswith("<svg ")
    assert "local norm" in str(summary.stages)
    source = unetgen.emit(network)
    assert "nn.LocalResponseNorm(" in source
    assert "bias=False" not in source  # it subtracts no mean, so a bias before it counts
    model = unetgen.export(network, f"{name}.onnx").read_bytes()
    assert all(word in model for word in (b"LRN", b"HardSwish"))
    print(*sorted({node.path.split(".")[-1] for node in network.nodes}))
    print(unetgen.draw(f"{name}.yaml").save("tried.txt").read_text(), end="\\f")
"""
OWN = (
    "test_writers.py",
    "test_ir_printer.py",
    "test_lower.py",
    "test_reports.py::test_a_table_keeps_its_width_and_names_every_region",
)
"""Tests of ours that read what a walk adds to; other tests of reports show every analysis there is."""
GRID = f"{SPEC}topology: adjacent\ndrawing: {{subtitle: false}}\n"
NESTED = f"{SPEC}topology: nested\n"
"""Where more than two maps meet."""


def sections() -> dict[str, str]:
    """Give every walk by what is added."""
    parts = re.split(r"^## (.*)\n", TEXT, flags=re.MULTILINE)
    titles = (title.removeprefix("Add ").partition(":")[0] for title in parts[1::2])
    walks = dict(zip(titles, parts[2::2], strict=True))
    return {title: walk for title, walk in walks.items() if "```python" in walk or "```diff" in walk}


def steps(walk: str) -> Iterator[tuple[str, str, str]]:
    """Give path, language and text of every block of a walk."""
    path = ""
    for named, language, text in STEP.findall(walk):
        path = named or path
        if language:
            yield path, language, text


def change(file: Path, diff: str) -> None:
    """Change a file as a diff without numbers says."""
    lines = [(line[:1], line[1:]) for line in diff.splitlines(keepends=True)]
    before, after = ("".join(text for sign, text in lines if sign != other) for other in "+-")
    text = file.read_text("utf-8")
    assert text.count(before) == 1, f"{file.name} does not read like this:\n{before}"
    file.write_text(text.replace(before, after), "utf-8")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the package and make all additions."""
    folder = tmp_path_factory.mktemp("walks")
    for name in "unetgen", "tests", "specs":
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for walk in sections().values():
        for path, language, text in steps(walk):
            if language == "diff":
                change(folder / path, text)
            else:
                (folder / path).write_text(text, "utf-8")
    return folder


def test_the_table_counts_the_files_of_every_walk() -> None:
    said = {what: int(files) for what, files in re.findall(r"^\| (an? .*) \| (\d) \|$", TEXT, re.MULTILINE)}
    assert said == {title: len({path for path, *_ in steps(walk)}) for title, walk in sections().items()}


def test_the_additions_of_the_document_compile_run_and_are_drawn(package: Path) -> None:
    (package / "spec.yaml").write_text(SPEC)
    (package / "grid.yaml").write_text(GRID)
    (package / "nested.yaml").write_text(NESTED)
    ended = subprocess.run([sys.executable, "-c", USE], capture_output=True, text=True, cwd=package)
    assert ended.returncode == 0, ended.stderr
    u, grid, nested, _ = ended.stdout.split("\f")
    for said in (u, grid, nested):
        names, _, picture = said.partition("\n")
        assert {"weigh1", "weigh2", "max"} <= set(names.split())
        assert "tried" in picture and "###" in picture
    assert "someone 2026" in u and "someone 2026" not in grid
    assert "X1,1" in grid and "X1,1" not in u


@pytest.mark.parametrize("tests", OWN)
def test_the_tests_hold_with_the_additions(package: Path, tests: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "--quick", "-n0", f"tests/{tests}"]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=package, check=False)
    assert ended.returncode == 0, ended.stdout


def test_help_lists_the_formats_and_options_of_the_document(package: Path) -> None:
    command = [sys.executable, "-m", "unetgen", "draw", "--help"]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=package, check=True)
    assert re.search(r"\.txt +for a terminal or a diff; needs nothing", ended.stdout)
    assert "--no-subtitle" in ended.stdout


def test_the_code_of_the_document_is_laid_out_as_ours(package: Path) -> None:
    files = [str(package / path) for walk in sections().values() for path, *_ in steps(walk)]
    for command in (["format", "--check"], ["check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--config", str(ROOT / "pyproject.toml"), *files]
        ended = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout
