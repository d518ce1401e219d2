"""The command itself: its subcommands, found when they are called, and the way every run ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NoReturn

import click

from unetgen import __version__
from unetgen.cli.failures import ExitCode, report, report_usage
from unetgen.cli.terminal import Terminal, terminal, terminal_options

_COMMANDS: Final = {
    "build": "unetgen.cli.build",
    "check": "unetgen.cli.check",
    "diff": "unetgen.cli.comparisons",
    "draw": "unetgen.cli.draw",
    "explain": "unetgen.cli.reference",
    "export": "unetgen.cli.export",
    "init": "unetgen.cli.reference",
    "list": "unetgen.cli.reference",
    "show": "unetgen.cli.reports",
    "sizes": "unetgen.cli.reports",
    "summary": "unetgen.cli.reports",
    "verify": "unetgen.cli.comparisons",
}
"""Where each command lives. Only the one that is called is imported."""


class App(click.Group):
    """A group that imports a command when it is asked for, and ends every run with an exit code of `ExitCode`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(_COMMANDS[cmd_name]), f"{cmd_name}_command")
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from unetgen.source.diagnostics import did_you_mean

        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            ctx.fail(f'no command "{name}": {did_you_mean(name, _COMMANDS)}')
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (Exception, KeyboardInterrupt) as error:
            return report(error, terminal())

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]  # click's own overloads differ by `standalone_mode`, which is always off here
        extra["standalone_mode"] = False
        try:
            code = super().main(args, prog_name, **extra)
            if sys.stdout is not None:
                sys.stdout.flush()
        except click.ClickException as error:
            code = report_usage(error)
        except (Exception, KeyboardInterrupt) as error:
            code = report(error, Terminal())
        sys.exit(int(code or ExitCode.FINE))


@click.group(
    cls=App,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`unetgen COMMAND --help` shows what a command does, with examples.",
)
@click.version_option(__version__, "-V", "--version", message="unetgen %(version)s")
@terminal_options
def app() -> None:
    """A U-Net in a few lines of YAML becomes a PyTorch module and a picture of the U.

    A SPEC is the path of a YAML file, `-` for standard input, or the name of a spec that comes with unetgen
    (`unetgen list`).

    \b
    Start here:
      unetgen init cells               write cells.yaml, a spec that explains itself
      unetgen check cells.yaml         is it right? which sizes fit?
      unetgen summary cells.yaml       shapes, parameters and MACs, level by level
      unetgen build cells.yaml         write cells.py, cells.svg, cells.dot, cells.json

    Exit codes: 0 fine, 1 the spec is wrong, 2 wrong usage, 3 files or streams fail, 4 a limit, 70 a bug of unetgen,
    130 interrupted.
    """
