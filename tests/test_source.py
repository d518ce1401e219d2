"""Sources: what is read, what is refused, and where lines and columns are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unetgen.source.diagnostics import SpecError
from unetgen.source.files import MAX_BYTES, decode_source, read_source
from unetgen.source.text import SourceFile


def refusal(data: bytes) -> SpecError:
    with pytest.raises(SpecError) as caught:
        decode_source("spec.yaml", data)
    return caught.value


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_bytes("depth: 4 # ü\n".encode())
    assert read_source(path) == SourceFile(str(path), "depth: 4 # ü\n")


def test_a_byte_order_mark_is_no_character_of_the_text() -> None:
    assert decode_source("x", b"\xef\xbb\xbfdepth: 4").text == "depth: 4"


def test_only_the_first_byte_order_mark_is_dropped() -> None:
    assert SourceFile("x", "\ufeff\ufeffa").text == "\ufeffa"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_come_without_their_ends(end: str) -> None:
    source = SourceFile("x", f"a{end}b{end}")
    assert [source.line(n) for n in range(5)] == ["", "a", "b", "", ""]


@given(st.lists(st.text(st.characters(exclude_characters="\n\r\ufeff", exclude_categories=["Cs"]))))
def test_lines_are_those_of_the_text(lines: list[str]) -> None:
    source = SourceFile("x", "\n".join(lines))
    assert [source.line(n + 1) for n in range(len(lines))] == lines


@given(st.text(st.characters(exclude_characters="\ufeff", exclude_categories=["Cs"])))
def test_utf8_is_read_back(text: str) -> None:
    assert decode_source("x", text.encode()).text == text


@given(st.binary(max_size=200))
def test_bytes_are_text_or_a_located_refusal(data: bytes) -> None:
    try:
        decode_source("x", data)
    except SpecError as error:
        span = error.diagnostics[0].labels[0].span
        assert 1 <= span.column <= len(span.source.line(span.line)) < span.end_column + 200


def test_the_bad_byte_is_placed() -> None:
    finding = refusal(b"depth: 4\nname: \xc3\xbc\xff").diagnostics[0]
    assert (finding.code, finding.labels[0].span.line, finding.labels[0].span.column) == ("U002", 2, 8)
    assert finding.labels[0].text == "byte 0xff is not UTF-8"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_other_unicode_is_not_read(encoding: str) -> None:
    assert refusal("\ufeffdepth: é".encode(encoding)).diagnostics[0].code == "U002"


def test_utf16_is_recognized() -> None:
    assert "UTF-16" in refusal("depth: 4".encode("utf-16")).diagnostics[0].help[0]


def test_the_limit_itself_is_legal() -> None:
    assert len(decode_source("x", b" " * MAX_BYTES).text) == MAX_BYTES


def test_more_than_the_limit_is_a_limit() -> None:
    error = refusal(b" " * (MAX_BYTES + 1))
    assert (error.diagnostics[0].code, error.kind) == ("U001", "limit")


def test_no_more_than_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a terabyte of nothing
    with pytest.raises(SpecError):
        read_source(path)


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_source(tmp_path / "none.yaml")


def test_a_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        read_source(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_without_a_writer_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="Not a regular file"):
        read_source(tmp_path / "pipe")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no /dev/zero")
def test_a_device_without_an_end_is_not_read() -> None:
    with pytest.raises(OSError, match="Not a regular file"):
        read_source("/dev/zero")
