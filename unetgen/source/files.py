"""Files: specs are read from regular ones of a size that a spec may have, results are written whole or not at all.

This is the one room that writes files: each is there whole, or as it was before.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from unetgen.source.diagnostics import Diagnostic, Label, SpecError
from unetgen.source.text import SourceFile, Span

MAX_BYTES: Final = 1 << 20
"""Largest spec that is read, in bytes. Real specs have a few hundred."""

_FOREIGN_BOMS: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00\x00\xfe\xff": "UTF-32"}
_SEPARATORS: Final = frozenset({"/", "\\", "\0"})
_NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


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


def write_files(folder: str | Path, files: Mapping[str, bytes | str]) -> tuple[Path, ...]:
    """Write several files into one folder, which is made if it is missing.

    Everything is first written beside its destination and only then moved into place, so a full disk or an
    interruption while writing leaves every file as it was. Text is written as UTF-8, line breaks as they are.

    Args:
        files: Name in the folder (no path) to content.

    Returns:
        The paths written, in the order of `files`.

    Raises:
        OSError: A file cannot be written, or something other than a regular file is in its place.
        ValueError: A name is not the plain name of a file.
    """
    for name in files:
        _check_name(name)
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    return _write({root / name: content for name, content in files.items()})


def write_file(path: str | Path, data: bytes | str) -> Path:
    """Write one file, in a folder that exists, as `write_files` does."""
    return _write({Path(path): data})[0]


def _check_name(name: str) -> None:
    if name in {"", ".", ".."} or _SEPARATORS & set(name) or Path(name).name != name:
        raise ValueError(f"{name!r} is not the plain name of a file")


def _write(files: Mapping[Path, bytes | str]) -> tuple[Path, ...]:
    modes = [_mode_to_keep(path) for path in files]
    written: list[Path] = []
    try:
        for (path, content), mode in zip(files.items(), modes, strict=True):
            written.append(path.with_name(f".unetgen-{secrets.token_hex(8)}.tmp"))
            _write_new(written[-1], content, mode)
        for temporary, path in zip(written, files, strict=True):
            os.replace(temporary, path)
    finally:
        for temporary in written:
            with suppress(FileNotFoundError):
                temporary.unlink()
    return tuple(files)


def _mode_to_keep(path: Path) -> int | None:
    """Give the permissions of the regular file that is in place, None for no file.

    Raises:
        OSError: Something else is in place, or a file that a plain open() could not write either.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, "Is a symbolic link, which is not written through", str(path))
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "Not a regular file", str(path))
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return stat.S_IMODE(mode)


def _write_new(path: Path, content: bytes | str, mode: int | None) -> None:
    data = content.encode("utf-8") if isinstance(content, str) else content
    # NOTE: 0o666 is what open() asks for; the kernel takes the umask away, without a race on reading it.
    with open(os.open(path, _NEW_FILE, 0o666), "wb") as file:
        file.write(data)
        file.flush()
        if mode is not None:
            os.chmod(path, mode)
        os.fsync(file.fileno())
