"""The command line: the only room that prints, colours and exits. One file per group of commands."""

from __future__ import annotations

import gc
import io
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line on the arguments of the process, and exit."""
    # A command lives for a fraction of a second: collecting cycles while modules load would be a tenth of that.
    gc.disable()
    _settle_output()
    from unetgen.cli.app import app

    app.main(prog_name="unetgen")


def _settle_output() -> None:
    """Let files and pipes get UTF-8, which JSON, YAML and SVG are, and terminals whatever they can show."""
    # NOTE: a system may encode redirected output as cp1252, which has neither the lines of a table nor an arrow.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=None if sys.stdout.isatty() else "utf-8", errors="replace")
