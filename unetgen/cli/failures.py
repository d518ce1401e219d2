"""What went wrong, said in a few lines, and the exit code that tells a script the same."""

from __future__ import annotations

import os
import sys
import traceback
from enum import IntEnum
from typing import Final

import click

from unetgen.cli.terminal import Terminal
from unetgen.source.diagnostics import InternalError, SpecError, visible
from unetgen.source.problem import Problem


class ExitCode(IntEnum):
    """How a command ended; of several endings the largest number counts."""

    FINE = 0
    WRONG = 1
    USAGE = 2
    ENVIRONMENT = 3
    LIMIT = 4
    BUG = 70
    INTERRUPTED = 130


_CODES: Final = {"spec": ExitCode.WRONG, "limit": ExitCode.LIMIT, "environment": ExitCode.ENVIRONMENT}


def report(error: BaseException, terminal: Terminal) -> ExitCode:
    """Say what went wrong on standard error and give the exit code for it.

    Where standard error itself fails, the code is all that is left to say so.
    """
    try:
        return _report(error, terminal)
    except OSError:
        return ExitCode.ENVIRONMENT


def _report(error: BaseException, terminal: Terminal) -> ExitCode:
    match error:
        case SpecError():
            from unetgen.source.diagnostics import render_text

            terminal.complaint(render_text(error.diagnostics, colour=terminal.coloured_messages))
            return _CODES[error.kind]
        case Problem():
            terminal.error(visible(error.headline), *map(visible, error.helps))
            return _CODES[error.kind]
        case BrokenPipeError():
            return _stop_writing()
        case OSError():
            terminal.error(visible(said_by_system(error)))
            return ExitCode.ENVIRONMENT
        case MemoryError():
            terminal.error("out of memory")
            return ExitCode.ENVIRONMENT
        case KeyboardInterrupt() | click.Abort():
            terminal.error("interrupted")
            return ExitCode.INTERRUPTED
    return _own_bug(error, terminal)


def report_usage(error: click.ClickException) -> ExitCode:
    """Say what is wrong with the command line itself."""
    try:
        error.show()
    except OSError:
        return ExitCode.ENVIRONMENT
    return ExitCode.USAGE


def said_by_system(error: OSError) -> str:
    """Give the system's words for an error, with the file they are about."""
    reason = error.strerror or str(error)
    return f'"{error.filename}": {reason}' if error.filename is not None else reason


def _stop_writing() -> ExitCode:
    """Let the reader of a pipe go: `unetgen show unet-2015 | head` is no error.

    Whatever is still buffered goes nowhere, so that closing the stream cannot fail a second time.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return ExitCode.FINE


def _own_bug(error: BaseException, terminal: Terminal) -> ExitCode:
    wanted = bool(os.environ.get("UNETGEN_TRACEBACK"))
    if wanted:
        terminal.complaint("".join(traceback.format_exception(error)).rstrip())
    kind = "" if isinstance(error, InternalError) else f"{type(error).__name__}: "
    helps = ["this is not your fault: please report it, with the spec and the command"]
    helps += [] if wanted else ["UNETGEN_TRACEBACK=1 shows where it happened; add that to the report"]
    terminal.error(f"a bug in unetgen: {visible(kind + str(error))}", *helps)
    return ExitCode.BUG
