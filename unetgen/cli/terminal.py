"""What is written to the terminal: which stream, whether in colour, how wide."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TextIO, TypeVar

import click

Colour = Literal["auto", "always", "never"]
F = TypeVar("F", bound=Callable[..., object])

_BOLD, _RED, _CYAN, _PLAIN = "\x1b[1m", "\x1b[1;31m", "\x1b[1;36m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Terminal:
    """The two streams of one run: data goes to standard output, messages to standard error."""

    colour: Colour = "auto"
    quiet: bool = False

    @property
    def coloured_data(self) -> bool:
        """Whether data may be coloured."""
        return self._coloured(sys.stdout)

    @property
    def coloured_messages(self) -> bool:
        """Whether messages may be coloured."""
        return self._coloured(sys.stderr)

    @property
    def width(self) -> int | None:
        """Columns that data may fill; None where no person reads along."""
        return shutil.get_terminal_size().columns if _is_terminal(sys.stdout) else None

    def data(self, text: str) -> None:
        """Write what was asked for; the text brings its line breaks."""
        click.echo(text, nl=False, color=self.coloured_data)

    def message(self, text: str) -> None:
        """Write a line that a person may like to know, unless asked to be quiet."""
        if not self.quiet:
            click.echo(text, err=True, color=self.coloured_messages)

    def complaint(self, text: str) -> None:
        """Write findings or an error: even a quiet run says why it failed."""
        click.echo(text, err=True, color=self.coloured_messages)

    def error(self, headline: str, *helps: str) -> None:
        """Write an error that has no place in a spec."""
        lines = [self._styled(_RED, "error") + self._styled(_BOLD, f": {headline}")]
        lines += [f"  = {self._styled(_CYAN, 'help')}: {text}" for text in helps]
        self.complaint("\n".join(lines))

    def _styled(self, style: str, text: str) -> str:
        return f"{style}{text}{_PLAIN}" if self.coloured_messages else text

    def _coloured(self, stream: TextIO | None) -> bool:
        if self.colour != "auto":
            return self.colour == "always"
        return _is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _is_terminal(stream: TextIO | None) -> bool:
    # A process that was started with its output closed has no stream at all.
    return stream is not None and stream.isatty()


def terminal() -> Terminal:
    """Give the terminal of the running command."""
    context = click.get_current_context(silent=True)
    found = context.find_root().obj if context is not None else None
    return found if isinstance(found, Terminal) else Terminal()


def terminal_options(command: F) -> F:
    """Give a command the options that every command has, before and after its name."""
    for option in (_COLOUR, _QUIET):
        command = option(command)
    return command


def _set_colour(context: click.Context, _parameter: click.Parameter, colour: Colour | None) -> None:
    if colour is not None:
        context.find_root().obj = replace(terminal(), colour=colour)


def _set_quiet(context: click.Context, _parameter: click.Parameter, quiet: bool) -> None:
    if quiet:
        context.find_root().obj = replace(terminal(), quiet=True)


_COLOUR = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    expose_value=False,
    is_eager=True,
    callback=_set_colour,
    help="Colour the output (auto: on a terminal, unless NO_COLOR is set).",
)
_QUIET = click.option(
    "-q", "--quiet", is_flag=True, expose_value=False, is_eager=True, callback=_set_quiet, help="Print errors alone."
)
