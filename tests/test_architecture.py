"""The house stands: imports point one way, only the command line speaks, torch stays out, functions stay short.

A room is a module or a package directly inside `unetgen`. A new room is a line in `ROOMS`.
"""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import TESTS

PACKAGE = TESTS.parent / "unetgen"

ROOMS = {
    # text -> tree
    "source": "diagnostics",  # only to refuse a text: diagnostics are built upon places in a source
    "diagnostics": "source",
    "yamltree": "diagnostics source",
    "atomic": "",
    "notebook": "",
    # the vocabulary, and the network that is made of it
    "catalog": "",
    "ir": "diagnostics notebook source",
    "refusal": "",
    "words": "catalog diagnostics ir",
    "units": "catalog ir refusal words",
    "side_conv": "ir units words",
    "attention": "ir units words",
    "blocks": "downsampling ir refusal units upsampling words",
    "downsampling": "ir refusal side_conv units words",
    "upsampling": "ir refusal side_conv units words",
    "skips": "blocks ir refusal side_conv units words",
    "topologies": "words",
    # spec -> normal form -> network
    "spec": "attention blocks downsampling ir notebook side_conv skips source topologies upsampling words yamltree",
    "validate": "diagnostics yamltree",
    "merging": "yamltree",
    "overrides": "diagnostics merging source yamltree",
    "forms": "attention blocks downsampling ir side_conv skips topologies units upsampling words",
    "findings": "diagnostics forms spec",
    "heights": "attention blocks findings forms ir spec units words",
    "normal": "downsampling findings forms heights ir side_conv skips spec upsampling words",
    "lowering": "blocks downsampling findings forms ir refusal skips topologies units upsampling",
    "sizing": "analyses findings forms ir",
    "budgets": "analyses findings forms ir",
    "expectations": "analyses findings forms ir",
    "pipeline": "budgets expectations findings forms ir lowering normal sizing spec",
    # network -> numbers, source, picture
    "analyses": "diagnostics ir",
    "reports": "analyses catalog ir",
    "backends": "analyses catalog diagnostics ir",
    "drawing": "analyses atomic catalog diagnostics ir",
    "featuremaps": "analyses backends diagnostics drawing ir",
    # what people see
    "origins": "forms source spec yamltree",
    "show": "diagnostics forms origins spec yamltree",
    "vocabulary": "attention blocks catalog downsampling skips topologies upsampling words",
    "zoo": "diagnostics source spec validate yamltree",
    "extends": "diagnostics merging source yamltree zoo",
    "theme_file": "drawing source validate words yamltree",
    "artifacts": "backends drawing forms ir reports unetgen",
    "comparison": "forms ir reports",
    "api": "analyses backends diagnostics drawing extends featuremaps forms ir notebook overrides pipeline reports"
    " source spec theme_file validate yamltree zoo",
    "verification": "analyses api backends diagnostics forms ir source spec",
    "unetgen": "api diagnostics drawing ir reports spec verification",
    "cli": "analyses api artifacts atomic backends comparison diagnostics drawing forms ir overrides pipeline reports"
    " show source spec unetgen verification vocabulary yamltree zoo",
    "__main__": "cli",
}
"""Which rooms a room may import; `unetgen` is the package itself."""

FOREIGN = {
    "api": "numpy torch",  # for annotations alone
    "attention": "pydantic",
    "backends": "numpy safetensors torch",
    "blocks": "pydantic",
    "cli": "click",
    "downsampling": "pydantic",
    "drawing": "graphviz reportlab resvg_py",
    "featuremaps": "PIL numpy",
    "side_conv": "pydantic",
    "skips": "pydantic",
    "spec": "pydantic",
    "theme_file": "pydantic",
    "topologies": "pydantic",
    "upsampling": "pydantic",
    "validate": "pydantic pydantic_core",
    "verification": "numpy pydantic torch",
    "words": "pydantic pydantic_core",
    "yamltree": "yaml",
}
"""Which packages of others a room may import."""

FILES = sorted(PACKAGE.rglob("*.py"))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def room_of(file: Path) -> str:
    first = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "unetgen" if first == "__init__" else first


def imported(file: Path) -> Iterator[str]:
    """List every module that a file imports, wherever in the file."""
    for node in ast.walk(tree(file)):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom("unetgen", names, 0):
                yield from (f"unetgen.{alias.name}" for alias in names)
            case ast.ImportFrom(str(module), _, 0):
                yield module
            case ast.ImportFrom(_, _, level) if level:
                raise AssertionError(f"{file}: imports are absolute")


def rooms_imported(file: Path) -> set[str]:
    modules = (module.split(".") for module in imported(file))
    return {steps[1] if len(steps) > 1 else "unetgen" for steps in modules if steps[0] == "unetgen"}


def test_a_room_imports_what_it_may() -> None:
    for file in FILES:
        found = {"unetgen" if name.startswith("__") else name for name in rooms_imported(file)} - {room_of(file)}
        assert found <= set(ROOMS[room_of(file)].split()), file


def test_a_room_uses_what_it_may_of_others() -> None:
    for file in FILES:
        foreign = {module.split(".")[0] for module in imported(file)} - sys.stdlib_module_names - {"unetgen"}
        assert foreign <= set(FOREIGN.get(room_of(file), "").split()), file


def test_every_room_of_the_tables_stands() -> None:
    standing = {room_of(file) for file in FILES}
    assert standing == set(ROOMS)
    assert set(FOREIGN) <= standing


def test_rooms_do_not_import_in_circles() -> None:
    left = {room: set(allowed.split()) for room, allowed in ROOMS.items()}
    left["source"] = set()  # see its line in the table
    while left:
        free = {room for room, needs in left.items() if not needs & set(left)}
        assert free, f"in a circle: {sorted(left)}"
        left = {room: needs for room, needs in left.items() if room not in free}


@pytest.mark.parametrize("room", ["ir", "blocks", "skips", "downsampling", "upsampling", "analyses", "drawing"])
def test_the_middle_of_the_house_has_never_heard_of_torch(room: str) -> None:
    assert "torch" not in FOREIGN.get(room, "").split()


def calls(file: Path) -> set[str]:
    found = {ast.unparse(node.func) for node in ast.walk(tree(file)) if isinstance(node, ast.Call)}
    return found & {"print", "sys.exit", "exit", "quit", "os._exit", "sys.stdout.write", "sys.stderr.write"}


def test_only_the_command_line_prints_and_exits() -> None:
    assert not {file: found for file in FILES if room_of(file) != "cli" and (found := calls(file))}


def test_functions_are_short() -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for file in FILES for node in ast.walk(tree(file)) if isinstance(node, kinds)]
    assert statistics.median((node.end_lineno or 0) - node.lineno + 1 for node in functions) < 12


def test_files_are_of_a_length_to_be_read() -> None:
    files = [*FILES, *sorted(TESTS.rglob("*.py"))]
    long = {str(file): lines for file in files if (lines := len(file.read_text().splitlines())) > 400}
    assert not long


WITHOUT_TORCH = {
    "import": "import unetgen",
    "check": "from unetgen.compiler.pipeline import compile_spec; compile_spec(unetgen.load('unet-2015'))",
    "draw": "drawing = unetgen.draw('unet-2015'); drawing.svg, drawing.dot",
    "summary": "unetgen.summarize('unet-2015').to_json()",
    "sizes": "unetgen.valid_sizes('unet-2015')",
    "emit": "unetgen.emit('unet-2015')",
    "check command": "run('check', 'unet-2015')",
    "build command": "run('build', 'unet-2015')",
    "list command": "run('list', 'blocks')",
}

RUN = """
import sys
import unetgen

def run(*args):
    from unetgen.cli.app import app
    try:
        app.main(args)
    except SystemExit as ended:
        assert ended.code == 0, ended.code

"""


@pytest.mark.parametrize("work", WITHOUT_TORCH.values(), ids=WITHOUT_TORCH)
def test_nothing_but_a_module_needs_torch(work: str, tmp_path: Path) -> None:
    program = f"{RUN}\n{work}\nprint('torch' in sys.modules)"
    path = {"PYTHONPATH": str(TESTS.parent), "PATH": ""}
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, env=path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "False"


def test_importing_the_package_imports_hardly_anything() -> None:
    program = "import sys; before = set(sys.modules); import unetgen; print(*sorted(set(sys.modules) - before))"
    path = {"PYTHONPATH": str(TESTS.parent)}
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=path, check=True)
    heavy = {"pydantic", "yaml", "click", "graphviz", "numpy", "torch"}
    assert not heavy & {module.split(".")[0] for module in ended.stdout.split()}
