"""What the documents show is what happens: every console block is run, every example of Python too, figures are fresh.

`--update-golden` writes what the commands show into the documents.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import TESTS, Golden

ROOT = TESTS.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")


def with_blocks(document: Path) -> bool:
    return BLOCK.search(document.read_text("utf-8")) is not None


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """Make a folder to work in, beside one with commands called `unetgen` and `python`."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, words in {"unetgen": "-m unetgen", "python": ""}.items():
        (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        (tools / name).chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    return work


def shown(command: str, work: Path) -> str:
    """Run a command of a document, and give what a reader would see."""
    path = f"{work.parent / 'tools'}{os.pathsep}{os.environ['PATH']}"
    variables = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    ended = subprocess.run(
        ["bash", "-c", command],
        cwd=work,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
    )
    assert "a bug in unetgen" not in ended.stdout
    return ended.stdout


def rerun(block: str, work: Path) -> str:
    """Give a block with what its commands show now."""
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{line}\n{shown(line[2:], work)}" for line in commands)


@pytest.mark.parametrize("document", [one for one in DOCUMENTS if with_blocks(one)], ids=lambda document: document.stem)
def test_commands_of_a_document_show_what_it_says(document: Path, shell: Path, golden: Golden) -> None:
    golden(document, BLOCK.sub(lambda found: rerun(found[0], shell), document.read_text("utf-8")))


def test_the_first_commands_of_the_readme_end_in_a_module(shell: Path) -> None:
    (shell / "specs").symlink_to(ROOT / "specs")
    text = (ROOT / "README.md").read_text("utf-8")
    install, *commands = text.partition("```sh\n")[2].partition("```")[0].splitlines()
    assert install.startswith("pip install ")
    said = [shown(command, shell) for command in commands]
    assert "use: from unet_2015 import UNet2015\n" in said[0]
    assert said[-1].startswith("UNet2015(\n")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.stem)
def test_python_of_a_document_shows_what_it_says(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not doctest.testfile(str(document), module_relative=False, encoding="utf-8").failed


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.stem)
def test_what_a_document_links_to_is_there(document: Path) -> None:
    for target in LINK.findall(document.read_text("utf-8")):
        assert (document.parent / target).exists(), target


def test_documents_name_no_place_of_a_machine() -> None:
    for document in DOCUMENTS:
        assert not re.search(r"(?<![\w.])/(home|root|work|tmp|Users)/", document.read_text("utf-8")), document
