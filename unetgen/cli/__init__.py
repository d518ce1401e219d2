"""The command line: the only room that prints, colours and exits. One file per group of commands."""

from __future__ import annotations

import gc

__all__ = ["main"]


def main() -> None:
    """Run the command line on the arguments of the process, and exit."""
    # A command lives for a fraction of a second: collecting cycles while modules load would be a tenth of that.
    gc.disable()
    from unetgen.cli.app import app

    app.main(prog_name="unetgen")
