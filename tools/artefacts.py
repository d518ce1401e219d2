"""`python -m tools.artefacts FOLDER`: write all that unetgen makes of every network of the zoo, for `diff -r`.

Two folders may come from before and after a change, from two versions of Python, from the lowest and the newest
dependencies. All is made by what users call, so that the tool outlives any change inside. The file SHA256SUMS in the
folder has a line for each of the others; `--sums-only` keeps nothing else.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Literal

from click.testing import CliRunner

import unetgen
from unetgen.cli.app import app

SUMS = "SHA256SUMS"
DETAILS: dict[Literal["blocks", "units", "ops"], str] = {"blocks": "paper", "units": "light", "ops": "okabe-ito"}
"""The details of a picture, each in a theme of its own."""
WRITTEN = (".svg", ".dot", ".tex")
SAID = {
    ".summary.txt": ("summary",),
    ".summary.json": ("summary", "--json"),
    ".sizes.txt": ("sizes",),
    ".show.yaml": ("show",),
}


def names() -> list[str]:
    """List the networks of the zoo as the command line does."""
    return [entry["name"] for entry in json.loads(said("list", "--json"))]


def said(*words: str) -> str:
    """Give what a command writes to standard output."""
    ended = CliRunner().invoke(app, words)
    if ended.exit_code:
        raise RuntimeError(f"`unetgen {' '.join(words)}` ended with {ended.exit_code}: {ended.output}")
    return ended.stdout


def artefacts(name: str, folder: Path) -> Iterator[Path]:
    """Write every file of one network, and give their paths."""
    for end, words in SAID.items():
        path = folder / f"{name}{end}"
        path.write_bytes(said(*words, name).encode())
        yield path
    said("build", name, "-o", os.fspath(folder / name))
    yield from sorted((folder / name).iterdir())
    for detail, theme in DETAILS.items():
        free, printed = (unetgen.draw(name, detail=detail, theme=theme, width=width) for width in ("none", "178mm"))
        yield from (free.save(folder / f"{name}.{detail}.free{end}") for end in (".svg", ".html"))
        yield from (printed.save(folder / f"{name}.{detail}{end}") for end in WRITTEN)
    yield unetgen.draw_difference("unet-2015", name).save(folder / f"{name}.difference.svg")


def sums_of(name: str, folder: Path) -> list[str]:
    """Write every file of one network, and give a line with the sum of each."""
    return [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in artefacts(name, folder)
    ]


def write(folder: Path) -> str:
    """Write the files of the whole zoo on all cores, and give their sums."""
    with ProcessPoolExecutor() as workers:
        return "".join(line for lines in workers.map(partial(sums_of, folder=folder), names()) for line in lines)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="made if it is missing")
    parser.add_argument("--sums-only", action="store_true", help=f"write {SUMS} alone")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as passing:
        sums = write(Path(passing) if wanted.sums_only else wanted.folder)
    (wanted.folder / SUMS).write_text(sums, encoding="utf-8")


if __name__ == "__main__":
    main()
