"""`unetgen init`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from unetgen.cli.files import save_file
from unetgen.cli.terminal import terminal, terminal_options
from unetgen.source.problem import Problem

_NAME = re.compile(r"^name: *[\w-]+", re.MULTILINE)


@click.command("init", short_help="Write a spec to start from.")
@click.argument("name", required=False)
@click.option("--from", "zoo_name", metavar="ZOO", help="Start from a spec of the zoo instead (`unetgen list`).")
@click.option("-o", "--output", metavar="FILE", help="Where to; `-` is standard output. [default: NAME.yaml]")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@terminal_options
def init_command(name: str | None, zoo_name: str | None, output: str | None, force: bool) -> int:
    """Write a spec to start from: one that explains itself line by line, or a copy of one from the zoo.

    \b
    Examples:
      unetgen init cells                       writes cells.yaml
      unetgen init cells --from unet-2015      the paper's network, under another name
      unetgen init -o -                        prints it
    """
    text = _zoo_text(zoo_name) if zoo_name is not None else _starter_text()
    if name is not None:
        text = _NAME.sub(f"name: {_checked(name)}", text, count=1)
    path = output or f"{name or zoo_name or 'cells'}.yaml"
    if path != "-" and not force and Path(path).exists():
        raise Problem(f'"{path}" exists', "name another file with `-o`", "replace it with `--force`")
    save_file(terminal(), path, text)
    if path != "-":
        terminal().message(f"next: unetgen check {path}")
    return 0


def _checked(name: str) -> str:
    """Hold a name to the language's own rule before it becomes the name of a file."""
    from unetgen.language.spec import NAME_PATTERN

    if re.fullmatch(NAME_PATTERN, name):
        return name
    message = f'"{name}" cannot name a network: up to 64 letters, digits, - and _, beginning with a letter'
    raise click.BadParameter(message, param_hint="'NAME'")


def _starter_text() -> str:
    from unetgen.language.zoo import starter

    return starter()


def _zoo_text(name: str) -> str:
    from unetgen.language.zoo import zoo_source

    try:
        return zoo_source(name).text
    except LookupError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="'--from'") from None
