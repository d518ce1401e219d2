"""`unetgen build`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from unetgen.cli.failures import ExitCode, report, said_by_system
from unetgen.cli.files import save_files
from unetgen.cli.specs import Compiled, compile_several, several_specs
from unetgen.cli.terminal import terminal, terminal_options
from unetgen.drawing.model.theme import THEMES
from unetgen.source.problem import Problem

if TYPE_CHECKING:
    from unetgen.language.overrides import Override

_ENOUGH = 1 << 20
"""Bytes of an existing file in which unetgen's mark is looked for."""


@click.command("build", short_help="Write a network as PyTorch source and as a picture.")
@several_specs
@click.option("-o", "--output", "folder", default=".", metavar="DIR", help="The folder; made if it is missing.")
@click.option("--theme", metavar="THEME", help=f"Of the pictures: {', '.join(THEMES)}, or a theme's own .yaml file.")
@click.option("--force", is_flag=True, help="Also replace files that unetgen has not written.")
@terminal_options
def build_command(
    specs: Sequence[str], changes: Sequence[Override], folder: str, theme: str | None, force: bool
) -> int:
    """Write each network as PyTorch source and as a picture.

    For a spec named `cells` these are cells.py (a module that needs torch alone), cells.svg, cells.dot (the same
    picture for Graphviz) and cells.json (the spec in full, shapes, parameters, MACs). Either all files are written or
    none: one wrong spec leaves everything as it was.

    \b
    Examples:
      unetgen build cells.yaml
      unetgen build unet-2015 -o models
      unetgen build specs/*.yaml -o models --theme paper
      unetgen build unet-2015 --set name=slim --set filters=16
    """
    if folder == "-":
        raise click.UsageError("four files do not fit into standard output: name a folder with `-o`")
    out, code = terminal(), ExitCode.FINE

    def fail(error: Exception) -> None:
        nonlocal code
        code = max(code, report(error, out))

    networks = compile_several(specs, changes, fail)
    if code:
        return code
    _refuse_one_name_twice(networks)
    files = {name: text for one in networks for name, text in _artifacts(one, theme).items()}
    if not force:
        _refuse_foreign_files(Path(folder), files)
    save_files(out, folder, files)
    return code


def _artifacts(one: Compiled, theme: str | None) -> Mapping[str, str]:
    from unetgen.api import draw_options
    from unetgen.cli.artifacts import artifacts
    from unetgen.cli.themes import read_theme

    return artifacts(one.form, one.network, draw_options(one.spec).changed({"theme": read_theme(theme)}))


def _refuse_one_name_twice(networks: Iterable[Compiled]) -> None:
    first: dict[str, Compiled] = {}
    for one in networks:
        other = first.setdefault(one.form.name, one)
        if other is not one:
            message = f'"{other.called}" and "{one.called}" are both named "{one.form.name}": give one another name'
            raise click.UsageError(message)


def _refuse_foreign_files(folder: Path, names: Iterable[str]) -> None:
    """Stop before a hand-written `unet.py` is lost to a spec that has no name yet."""
    foreign = [str(folder / name) for name in names if _is_foreign(folder / name)]
    if foreign:
        headline = f"{' and '.join(foreign)} exists and was not written by unetgen"
        raise Problem(headline, "name another folder with `-o`", "replace it with `--force`")


def _is_foreign(path: Path) -> bool:
    from unetgen.cli.artifacts import is_artifact

    # Anything that is no regular file is refused when it is written.
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return not is_artifact(path.suffix, file.read(_ENOUGH))
    except OSError as error:
        raise Problem(f"cannot read {said_by_system(error)}") from None
