"""The one room that writes files: each is there whole, or as it was before."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

_SEPARATORS: Final = frozenset({"/", "\\", "\0"})
_NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


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
            written.append(_temporary_name(path))
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


def _temporary_name(path: Path) -> Path:
    return path.with_name(f".unetgen-{secrets.token_hex(8)}.tmp")


def _write_new(path: Path, content: bytes | str, mode: int | None) -> None:
    data = content.encode("utf-8") if isinstance(content, str) else content
    # NOTE: 0o666 is what open() asks for; the kernel takes the umask away, without a race on reading it.
    with open(os.open(path, _NEW_FILE, 0o666), "wb") as file:
        file.write(data)
        file.flush()
        if mode is not None:
            os.chmod(path, mode)
        os.fsync(file.fileno())
