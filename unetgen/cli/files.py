"""Writing files for commands: whole or not at all, never over what somebody else wrote, and said aloud."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from unetgen.cli.terminal import Terminal
from unetgen.source.files import write_file, write_files
from unetgen.source.problem import Problem


def save_file(terminal: Terminal, output: str, content: str | bytes) -> None:
    """Write one file, or standard output for `-`.

    Raises:
        Problem: It cannot be written.
    """
    if output == "-":
        _to_stdout(terminal, content)
        return
    try:
        write_file(output, content)
    except OSError as error:
        raise _unwritable(output, error) from None
    terminal.message(f"wrote {output}")


def save_files(terminal: Terminal, folder: str, files: Mapping[str, str | bytes]) -> None:
    """Write all files into a folder, or none.

    Raises:
        Problem: One of them cannot be written.
    """
    try:
        written = write_files(folder, files)
    except OSError as error:
        raise _unwritable(folder, error) from None
    for path in written:
        terminal.message(f"wrote {path}")


def _to_stdout(terminal: Terminal, content: str | bytes) -> None:
    if isinstance(content, str):
        terminal.data(content)
    elif sys.stdout is not None:
        sys.stdout.buffer.write(content)


def _unwritable(output: str, error: OSError) -> Problem:
    # The name of a file that is still being written means nothing to the user.
    named = str(error.filename) if error.filename is not None else output
    place = output if Path(named).name.startswith(".unetgen-") else named
    return Problem(f'cannot write "{place}": {error.strerror or error}', *_ways_out(error))


def _ways_out(error: OSError) -> list[str]:
    match error:
        case FileNotFoundError():
            return ["make the folder first"]
        case PermissionError() | IsADirectoryError() | NotADirectoryError() | FileExistsError():
            return ["name another place with `-o`"]
    return []
