"""The house stands: imports point one way, only the command line speaks, torch stays out, functions stay short.

A room is a module or a package directly inside `unetgen`, or inside a large room. A new one is a line in `ROOMS`.
"""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import TESTS

PACKAGE = TESTS.parent / "unetgen"

ROOMS = {
    # texts and what is wrong with them
    "source": "",
    "source.problem": "",
    "source.text": "",
    "source.version": "",
    "source.diagnostics": "source.text",
    "source.files": "source.diagnostics source.text",
    "source.yamltree": "source.diagnostics source.files source.text",
    "notebook": "",
    # the network, and what can be asked of it
    "ir": "notebook source.diagnostics source.text",
    "plan": "ir parts.catalog",
    "analyses": "ir parts.catalog plan source.diagnostics",
    # what a U is made of
    "parts": "",
    "parts.catalog": "ir",
    "parts.words": "source.diagnostics source.text",
    "parts.unit_words": "ir parts.catalog parts.words source.diagnostics",
    "parts.topologies": "parts.words",
    "parts.units": "ir parts.catalog parts.unit_words source.problem",
    "parts.extra_convolutions": "ir parts.units parts.words",
    "parts.attention": "ir parts.units parts.words",
    "parts.downsampling": "ir parts.extra_convolutions parts.units parts.words source.problem",
    "parts.upsampling": "ir parts.extra_convolutions parts.units parts.words source.problem",
    "parts.blocks": "ir parts.downsampling parts.units parts.upsampling parts.words source.problem",
    "parts.skips": "ir parts.blocks parts.extra_convolutions parts.unit_words parts.units parts.words source.problem",
    # network -> source, picture
    "backends": "",
    "backends.torch_source": "analyses ir parts.catalog plan source.diagnostics",
    "backends.torch_module": "",
    "backends.onnx": "analyses backends.run backends.torch_module backends.torch_source backends.weights ir"
    " parts.catalog source.problem source.version",
    "backends.weights": "ir source.diagnostics source.problem",
    "backends.run": "backends.torch_module backends.torch_source backends.weights ir plan source.diagnostics"
    " source.problem",
    "drawing.model": "ir",
    "drawing.write": "drawing.model source.problem",
    "drawing.drawing": "drawing.model drawing.write source.files",
    "drawing.read": "analyses drawing.model ir source.diagnostics source.problem",
    "drawing.kit": "drawing.model drawing.read ir",
    "drawing.rows": "drawing.kit drawing.model drawing.read ir",
    "drawing.grid": "drawing.kit drawing.model drawing.read",
    "drawing.flow": "analyses drawing.kit drawing.model drawing.read ir",
    "drawing.page": "analyses drawing.drawing drawing.flow drawing.grid drawing.kit drawing.model drawing.read"
    " drawing.rows ir source.diagnostics source.problem",
    "drawing": "drawing.drawing drawing.model drawing.page drawing.read drawing.write",
    "featuremaps": "",
    "featuremaps.images": "analyses backends.run drawing.read ir source.diagnostics source.problem",
    "featuremaps.pixels": "backends.run",
    "featuremaps.picture": "analyses backends.run drawing drawing.model drawing.read featuremaps.images"
    " featuremaps.pixels ir",
    # spec -> normal form -> network -> numbers
    "language": "drawing.model notebook parts.attention parts.blocks parts.catalog parts.downsampling"
    " parts.extra_convolutions parts.skips parts.topologies parts.unit_words parts.upsampling parts.words"
    " source.diagnostics source.files source.text source.yamltree",
    "compiler": "analyses ir language parts.attention parts.blocks parts.downsampling parts.extra_convolutions"
    " parts.skips parts.topologies parts.unit_words parts.units parts.upsampling parts.words source.diagnostics"
    " source.problem source.text",
    "reports": "analyses compiler ir language source.diagnostics source.text source.yamltree",
    # what people call
    "api": "analyses backends.onnx backends.torch_module backends.torch_source backends.weights compiler drawing"
    " drawing.model featuremaps.picture ir language notebook reports source.diagnostics source.files source.problem"
    " source.text source.version source.yamltree",
    "verification": "api ir source.problem",
    "unetgen": "api drawing ir language reports source.diagnostics source.version verification",
    "cli": "analyses api backends.torch_source compiler drawing drawing.model drawing.write ir language"
    " reports source.diagnostics source.files source.problem source.text source.yamltree unetgen"
    " verification",
    "__main__": "cli",
}
"""Which rooms a room imports: these, and of rooms inside them none but those named; `unetgen` is the package itself."""

MOST_ROOMS = 17
"""Modules and packages directly inside `unetgen`; two more are reserved, see docs/adr/0014-house.md."""

FOREIGN = {
    "api": "numpy torch",  # for annotations alone
    "backends.onnx": "numpy onnx torch",
    "backends.run": "numpy torch",
    "backends.torch_module": "torch",
    "backends.weights": "safetensors torch",
    "cli": "click",
    "drawing.write": "graphviz pptx reportlab resvg_py",
    "featuremaps.images": "PIL numpy",
    "featuremaps.picture": "numpy",
    "featuremaps.pixels": "numpy",
    "language": "pydantic pydantic_core",
    "parts.attention": "pydantic",
    "parts.blocks": "pydantic",
    "parts.downsampling": "pydantic",
    "parts.extra_convolutions": "pydantic",
    "parts.skips": "pydantic",
    "parts.topologies": "pydantic",
    "parts.upsampling": "pydantic",
    "parts.unit_words": "pydantic pydantic_core",
    "parts.words": "pydantic pydantic_core",
    "source.yamltree": "yaml",
    "verification": "numpy pydantic torch",
}
"""Which packages of others a room may import."""

FILES = sorted(PACKAGE.rglob("*.py"))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def module_of(file: Path) -> str:
    """Name the module of a file below `unetgen`; the package itself is called `unetgen`."""
    return ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".") or "unetgen"


def room_of(module: str) -> str:
    """Find the innermost room of a module."""
    steps = module.split(".")
    around = (".".join(steps[:count]) for count in range(len(steps), 0, -1))
    return next((room for room in around if room in ROOMS), steps[0])


def imported(file: Path) -> Iterator[str]:
    """List every module that a file imports, wherever in the file."""
    for node in ast.walk(tree(file)):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(str(module), names, 0):
                inner = (f"{module}.{alias.name}" for alias in names)
                yield from {name if name in MODULES else module for name in inner}
            case ast.ImportFrom(_, _, level) if level:
                raise AssertionError(f"{file}: imports are absolute")


MODULES = {f"unetgen.{module}".replace(".unetgen", ""): file for file in FILES for module in [module_of(file)]}
"""Every file by the name of its module."""


def ours(file: Path) -> set[str]:
    """Name the modules of ours that a file imports, as `module_of` does."""
    return {name.removeprefix("unetgen.") for name in imported(file) if name in MODULES}


def test_a_room_imports_what_the_table_says() -> None:
    """Nothing else, and no door stands open that nobody uses."""
    for room, allowed in ROOMS.items():
        files = [file for file in FILES if room_of(module_of(file)) == room]
        assert {room_of(module) for file in files for module in ours(file)} - {room} == set(allowed.split()), room


def test_ops_are_called_by_their_module() -> None:
    """`ops.Add` says what a bare `Add` would not."""
    froms = ((file, node) for file in FILES for node in ast.walk(tree(file)) if isinstance(node, ast.ImportFrom))
    assert {module_of(file) for file, node in froms if node.module == "unetgen.ir.ops"} == {"ir"}


def test_a_room_uses_what_it_may_of_others() -> None:
    for file in FILES:
        foreign = {module.split(".")[0] for module in imported(file)} - sys.stdlib_module_names - {"unetgen"}
        assert foreign <= set(FOREIGN.get(room_of(module_of(file)), "").split()), file


def test_every_room_of_the_tables_stands() -> None:
    standing = {room_of(module_of(file)) for file in FILES}
    assert standing == set(ROOMS)
    assert set(FOREIGN) <= standing


def test_the_folder_list_can_be_read_at_a_glance() -> None:
    assert len({module.split(".")[0] for module in map(module_of, FILES)} - {"unetgen"}) < MOST_ROOMS


def in_a_circle(imports: Mapping[str, set[str]]) -> list[str]:
    """Name what cannot be put in an order, as it imports itself by way of others, or imports what does."""
    left = {name: needs - {name} for name, needs in imports.items()}
    while free := {name for name, needs in left.items() if not needs & set(left)}:
        left = {name: needs for name, needs in left.items() if name not in free}
    return sorted(left)


def test_files_do_not_import_in_circles() -> None:
    assert not in_a_circle({module_of(file): ours(file) for file in FILES})


def test_packages_do_not_import_in_circles() -> None:
    """So the folder list can be read as a pipeline: whatever stands directly inside `unetgen` has its place in it.

    `language` asks for `drawing`, as a spec names options and a theme: `drawing.model` has them, and knows no spec.
    """
    imports: dict[str, set[str]] = {}
    for file in FILES:
        needs = {module.partition(".")[0] for module in ours(file)}
        imports.setdefault(module_of(file).partition(".")[0], set()).update(needs)
    assert not in_a_circle(imports)


def test_a_circle_is_found() -> None:
    assert in_a_circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d"}, "e": {"d"}}) == ["a", "b", "c"]


@pytest.mark.parametrize("part", ["ir", "parts", "compiler", "analyses", "drawing"])
def test_the_middle_of_the_house_has_never_heard_of_torch(part: str) -> None:
    rooms = [room for room in ROOMS if room.partition(".")[0] == part]
    assert rooms and not any("torch" in FOREIGN.get(room, "").split() for room in rooms)


def calls(file: Path) -> set[str]:
    found = {ast.unparse(node.func) for node in ast.walk(tree(file)) if isinstance(node, ast.Call)}
    return found & {"print", "sys.exit", "exit", "quit", "os._exit", "sys.stdout.write", "sys.stderr.write"}


def test_only_the_command_line_prints_and_exits() -> None:
    assert not {file: found for file in FILES if not module_of(file).startswith("cli") and (found := calls(file))}


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function, its docstring aside."""
    docstring = function.body[0] if ast.get_docstring(function) is not None else None
    said = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring is not None else 0
    return (function.end_lineno or 0) - function.lineno + 1 - said


def test_functions_are_short() -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for file in FILES for node in ast.walk(tree(file)) if isinstance(node, kinds)]
    assert statistics.median(map(length, functions)) <= 5
    assert not {function.name: lines for function in functions if (lines := length(function)) > 39}


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
