"""The command line as a process: exit codes, streams that are closed, full, terminals or pipes, and interruptions."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command_line import COMMAND, SMALL, WRONG, environment, folder, process, run
from unetgen.ir import Network
from unetgen.source.diagnostics import InternalError
from unetgen.source.files import MAX_BYTES

__all__ = ["folder"]

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
needs_a_user = pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")


# -- exit codes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["check", "small.yaml"], 0),
        (["--version"], 0),
        (["check", "wrong.yaml"], 1),
        (["check"], 2),
        (["frobnicate"], 2),
        (["check", "small.yaml", "--frobnicate"], 2),
        (["check", "-", "-"], 2),
        (["check", "missing.yaml"], 3),
        (["check", "."], 3),
        (["build", "small.yaml", "-o", "small.yaml"], 3),
        (["check", "large.yaml"], 4),
    ],
)
def test_the_exit_code_says_how_it_ended(args: list[str], code: int) -> None:
    Path("large.yaml").write_text("#" * (MAX_BYTES + 1))
    ended = process(*args)
    assert ended.returncode == code
    assert "Traceback" not in ended.stderr


def broken(network: Network) -> None:
    raise InternalError("a promise\x1b is broken")


def test_a_bug_is_told_from_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unetgen.compiler.pipeline.verify", broken)
    ended = run("check", "small.yaml")
    assert ended.exit_code == 70
    assert ended.stderr.startswith("error: a bug in unetgen: a promise<U+001B> is broken\n")
    assert "small.yaml" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_bug_shows_where_it_happened_if_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unetgen.compiler.pipeline.verify", broken)
    monkeypatch.setenv("UNETGEN_TRACEBACK", "1")
    ended = run("summary", "small.yaml")
    assert ended.exit_code == 70
    assert "Traceback" in ended.stderr
    assert "in broken" in ended.stderr


# A job in the background of a script inherits that interruptions are ignored; this one listens all the same.
LISTENING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from unetgen.cli import main
main()
"""


def test_an_interruption_has_its_own_code() -> None:
    command = [sys.executable, "-c", LISTENING, "check", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as running:
        assert running.stdin is not None
        running.stdin.write("depth: 2\n")
        running.stdin.flush()
        _wait_until_reading(running.pid)
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=30) == 130
        assert running.stderr is not None
        assert running.stderr.read() == "error: interrupted\n"


def _wait_until_reading(pid: int) -> None:
    """Wait until a process waits for its input, so that it is past its imports."""
    channel = Path(f"/proc/{pid}/wchan")
    for _ in range(600):
        if "pipe" in channel.read_text():
            return
        time.sleep(0.05)


# -- streams ----------------------------------------------------------------------------------------------------------


def test_a_spec_is_read_from_standard_input() -> None:
    ended = process("check", "-", text=WRONG)
    assert ended.returncode == 1
    assert "--> <stdin>:3:13" in ended.stderr


def test_data_goes_to_standard_output_and_messages_do_not() -> None:
    ended = process("draw", "-", "-o", "-", text=SMALL)
    assert ended.stdout.startswith("<svg ")
    assert ended.stdout.endswith("</svg>\n")
    assert ended.stderr == ""


@pytest.mark.parametrize("args", [["summary"], ["summary", "--json"], ["show"], ["draw", "-o", "-"]], ids=" ".join)
def test_data_is_utf_8_whatever_the_system_is_used_to(args: list[str]) -> None:
    ended = process(*args, "small.yaml", PYTHONIOENCODING="cp1252")
    assert ended.returncode == 0
    assert ended.stdout == process(*args, "small.yaml").stdout


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    with subprocess.Popen(
        [*COMMAND, "show", "unet-2015"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.wait(timeout=30) == 0
        assert running.stderr.read() == b""


@pytest.mark.parametrize("redirection", [">&-", "<&-", "2>&-", ">&- 2>&- <&-"])
def test_closed_streams_are_no_bug(redirection: str) -> None:
    ended = subprocess.run(
        ["sh", "-c", f'"$@" {redirection}', "sh", *COMMAND, "summary", "small.yaml"], env=environment()
    )
    assert ended.returncode == 0


def test_a_closed_input_cannot_be_read() -> None:
    ended = subprocess.run(
        ["sh", "-c", '"$@" <&-', "sh", *COMMAND, "check", "-"], env=environment(), capture_output=True, text=True
    )
    assert ended.returncode == 3


@needs_full
@pytest.mark.parametrize(
    "args", [["show", "unet-2015"], ["explain", "U301"], ["--help"], ["draw", "unet-2015", "-o", "-"]]
)
def test_a_full_disk_is_not_silent(args: list[str]) -> None:
    with open("/dev/full", "w") as full:
        ended = subprocess.run([*COMMAND, *args], stdout=full, stderr=subprocess.PIPE, text=True, env=environment())
    assert ended.returncode == 3
    assert "No space left on device" in ended.stderr


@needs_full
@pytest.mark.parametrize(
    "args",
    [
        ["check", "small.yaml"],
        ["check", "wrong.yaml"],
        ["check", "missing.yaml"],
        ["frobnicate"],
        ["build", "small.yaml"],
    ],
)
def test_messages_that_cannot_be_written_are_an_error_of_streams(args: list[str]) -> None:
    with open("/dev/full", "w") as full:
        ended = subprocess.run([*COMMAND, *args], stdout=subprocess.DEVNULL, stderr=full, env=environment())
    assert ended.returncode == 3


# -- files ------------------------------------------------------------------------------------------------------------


def test_four_files_do_not_fit_into_standard_output() -> None:
    ended = process("build", "small.yaml", "-o", "-")
    assert ended.returncode == 2
    assert not Path("-").exists()


@needs_a_user
def test_a_folder_that_may_not_be_written_is_named() -> None:
    Path("locked").mkdir(mode=0o500)
    ended = process("build", "small.yaml", "-o", "locked")
    assert ended.returncode == 3
    assert 'cannot write "locked": Permission denied' in ended.stderr


def test_a_failure_while_writing_leaves_files_as_they_were(folder: Path) -> None:
    process("build", "small.yaml", "-o", "out")
    before = {path.name: path.read_bytes() for path in Path("out").iterdir()}
    Path("out/small.json").unlink()
    Path("out/small.json").mkdir()
    ended = process("build", "small.yaml", "-o", "out", "--set", "filters=8")
    assert ended.returncode == 3
    after = {path.name: path.read_bytes() for path in Path("out").iterdir() if path.is_file()}
    assert after == {name: content for name, content in before.items() if name != "small.json"}


def test_a_folder_is_no_spec() -> None:
    Path("folder.yaml").mkdir()
    ended = process("check", "folder.yaml")
    assert ended.returncode == 3
    assert ended.stderr == 'error: cannot read "folder.yaml": Is a directory\n'


def test_the_zoo_is_found_from_anywhere() -> None:
    assert process("check", "unet-2015").returncode == 0


# -- colours ----------------------------------------------------------------------------------------------------------


def on_a_terminal(*args: str, **more: str) -> str:
    """Run a command whose messages go to a terminal, and give what it shows."""
    ours, theirs = pty.openpty()
    variables = environment(**{"TERM": "xterm", **more})
    ended = subprocess.run([*COMMAND, *args], stdout=subprocess.DEVNULL, stderr=theirs, env=variables, timeout=60)
    os.close(theirs)
    assert ended.returncode == 1
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    return shown


def test_a_terminal_is_coloured() -> None:
    assert "\x1b[" in on_a_terminal("check", "wrong.yaml")


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colours_has_none(variable: dict[str, str]) -> None:
    assert "\x1b[" not in on_a_terminal("check", "wrong.yaml", **variable)


def test_the_option_counts_more_than_the_environment() -> None:
    assert "\x1b[" in on_a_terminal("check", "wrong.yaml", "--color", "always", NO_COLOR="1")
    assert "\x1b[" not in on_a_terminal("check", "wrong.yaml", "--color", "never")


def test_a_pipe_is_not_coloured() -> None:
    assert "\x1b[" not in process("check", "wrong.yaml").stderr
