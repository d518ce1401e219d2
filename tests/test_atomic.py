"""Writing files: whole or untouched, never through a link, never elsewhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unetgen.source.files import write_file, write_files

needs_posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links as POSIX has them")
needs_a_user = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is read-only to root")


@pytest.fixture
def umask() -> Iterator[int]:
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_written(tmp_path: Path) -> None:
    paths = write_files(tmp_path, {"a.py": "x = 'é'\n", "b.svg": b"\x00\r\n"})
    assert paths == (tmp_path / "a.py", tmp_path / "b.svg")
    assert contents(tmp_path) == {"a.py": b"x = '\xc3\xa9'\n", "b.svg": b"\x00\r\n"}


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    assert write_files(tmp_path / "a/b", {"c": "d"})[0].read_text() == "d"


def test_a_file_is_replaced(tmp_path: Path) -> None:
    write_file(tmp_path / "a", "a long text")
    assert write_file(tmp_path / "a", "short").read_text() == "short"


def test_no_files_are_no_trouble(tmp_path: Path) -> None:
    assert write_files(tmp_path, {}) == ()


def test_paths_may_be_text(tmp_path: Path) -> None:
    assert write_file(f"{tmp_path}/a", "x") == tmp_path / "a"


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failure_leaves_everything_as_it_was(tmp_path: Path, failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_file(tmp_path / "a", "old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(OSError, match="No space"):
        write_files(tmp_path, {"a": "new", "b": "new"})
    assert contents(tmp_path) == {"a": b"old"}


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(tmp_path / "a", "new")
    assert contents(tmp_path) == {}


def test_text_that_is_no_unicode_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write_files(tmp_path, {"a": "fine", "b": "\ud800"})
    assert contents(tmp_path) == {}


def test_a_folder_in_the_way_is_noticed_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(IsADirectoryError):
        write_files(tmp_path, {"a": "new", "b": "new"})
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "/a", "a\\b", "a\0b", "C:\\a"])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not the plain name of a file"):
        write_files(tmp_path / "out", {"fine": "x", name: "x"})
    assert contents(tmp_path) == {}


@given(name=st.text(max_size=12), other=st.text(max_size=12))
def test_nothing_is_written_outside_of_the_folder(
    tmp_path_factory: pytest.TempPathFactory, name: str, other: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    folder = outside / "folder"
    try:
        paths = write_files(folder, {name: "x", other: "y"})
    except (ValueError, OSError):
        paths = ()
    assert all(path.resolve().parent == folder.resolve() for path in paths)
    assert {path.name for path in outside.iterdir()} <= {"folder"}


@needs_posix
def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("precious")
    (tmp_path / "link").symlink_to("target")
    with pytest.raises(OSError, match="symbolic link"):
        write_file(tmp_path / "link", "new")
    assert ((tmp_path / "target").read_text(), (tmp_path / "link").is_symlink()) == ("precious", True)


@needs_posix
def test_a_link_to_nothing_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    with pytest.raises(OSError, match="symbolic link"):
        write_files(tmp_path, {"link": "new"})
    assert not (tmp_path / "target").exists()


@needs_posix
def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="Not a regular file"):
        write_file(tmp_path / "pipe", "new")
    assert (tmp_path / "pipe").is_fifo()


@needs_posix
def test_a_device_is_not_replaced() -> None:
    with pytest.raises(OSError, match="Not a regular file"):
        write_file("/dev/null", "new")


@needs_posix
def test_a_new_file_has_the_permissions_of_a_plain_open(tmp_path: Path, umask: int) -> None:
    (tmp_path / "plain").write_text("x")
    assert mode(write_file(tmp_path / "ours", "x")) == mode(tmp_path / "plain") == 0o666 & ~umask


@needs_posix
def test_an_old_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a", "old")
    path.chmod(0o755)
    assert mode(write_file(path, "new")) == 0o755


@needs_posix
@needs_a_user
def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a", "old")
    path.chmod(0o444)
    with pytest.raises(PermissionError):
        write_file(path, "new")
    assert path.read_text() == "old"


def test_a_missing_parent_of_one_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_file(tmp_path / "none" / "a", "x")
