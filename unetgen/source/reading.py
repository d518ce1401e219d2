"""Reading the text of a spec: from a regular file, of a size that a spec may have, as UTF-8."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Final

from unetgen.source.diagnostics import Diagnostic, Label, SpecError
from unetgen.source.text import SourceFile, Span

MAX_BYTES: Final = 1 << 20
"""Largest spec that is read, in bytes. Real specs have a few hundred."""

_FOREIGN_BOMS: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00\x00\xfe\xff": "UTF-32"}


def read_source(path: str | Path) -> SourceFile:
    """Read a spec from a regular file, at most `MAX_BYTES` of it.

    Raises:
        OSError: The file is missing, unreadable, or not a regular file (a pipe or device might never end).
        SpecError: The file is larger than `MAX_BYTES`, or is not UTF-8.
    """
    return replace(decode_source(str(path), _read_regular(path)), path=Path(path))


def decode_source(name: str, data: bytes) -> SourceFile:
    """Decode a spec that was read elsewhere, such as from standard input.

    The caller need not read more than `MAX_BYTES + 1` bytes to be told that there are too many.

    Raises:
        SpecError: There are more than `MAX_BYTES` bytes, or they are not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise too_large(name)
    try:
        return SourceFile(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _not_utf8(name, data, error) from None


def _read_regular(path: str | Path) -> bytes:
    # NOTE: a pipe would block in open() itself, hence the non-blocking open before the look at what it is.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "Not a regular file (a spec can be piped to `-`)", str(path))
        return file.read(MAX_BYTES + 1)


def _refuse(code: str, span: Span, headline: str, label: str, *help: str) -> SpecError:
    return SpecError([Diagnostic(code, headline, (Label(span, label),), help)])


def too_large(name: str) -> SpecError:
    """Refuse a text of more than `MAX_BYTES`, without looking into it."""
    return _refuse(
        "U001",
        Span(SourceFile(name, ""), 1, 1, 1, 1),
        f"the spec is larger than {MAX_BYTES:,} bytes",
        "too large to be a spec",
        "check that this is the right file: the spec of a deep U-Net has a few thousand bytes",
    )


def _not_utf8(name: str, data: bytes, error: UnicodeDecodeError) -> SpecError:
    before = SourceFile(name, data[: error.start].decode("utf-8")).text
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    shown = SourceFile(name, data.decode("utf-8", errors="replace"))
    encoding = next((word for mark, word in _FOREIGN_BOMS.items() if data.startswith(mark)), None)
    return _refuse(
        "U002",
        Span(shown, line, column, line, column + 1),
        "the spec is not UTF-8 text",
        f"byte 0x{data[error.start]:02x} is not UTF-8",
        f"the file looks like {encoding}; save it as UTF-8" if encoding else "save the file as UTF-8",
    )
