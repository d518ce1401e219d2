"""The command line through click's runner: what each command writes where, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import SMALL, folder, run
from tests.conftest import TESTS
from unetgen.api import load, parse
from unetgen.cli.app import app
from unetgen.compiler.pipeline import compile_spec
from unetgen.language.vocabulary import TOPICS
from unetgen.language.zoo import zoo_names
from unetgen.source.diagnostics import CODES
from unetgen.source.files import MAX_BYTES

ROOT = TESTS.parent

__all__ = ["folder"]


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {
        "small.yaml",
        "wrong.yaml",
    }


# -- check ------------------------------------------------------------------------------------------------------------


def test_check_says_that_a_spec_is_fine_and_what_it_gives() -> None:
    ended = run("check", "small.yaml")
    assert ended.exit_code == 0
    assert ended.stderr == "small.yaml: fine, 1×32×32 -> 2×32×32, 7,482 parameters\n"
    assert ended.stdout == ""


def test_check_shows_what_is_wrong_with_its_place() -> None:
    ended = run("check", "wrong.yaml")
    assert ended.exit_code == 1
    assert 'error[U105]: unknown activation "rleu"\n  --> wrong.yaml:3:13' in ended.stderr
    assert ended.stdout == ""


def test_check_looks_at_every_spec_before_it_ends() -> None:
    ended = run("check", "wrong.yaml", "small.yaml", "missing.yaml")
    assert ended.exit_code == 3
    for part in ("wrong.yaml:3:13", "small.yaml: fine", 'no file "missing.yaml"'):
        assert part in ended.stderr


def test_the_gravest_end_counts() -> None:
    Path("vast.yaml").write_text("#" * (MAX_BYTES + 1))
    assert run("check", "vast.yaml", "wrong.yaml").exit_code == 4


def test_check_writes_all_findings_as_one_json_array() -> None:
    ended = run("check", "--format", "json", "wrong.yaml", "small.yaml", "wrong.yaml", "--set", "depth=0")
    assert ended.exit_code == 1
    assert [(finding["code"], finding["file"]) for finding in json.loads(ended.stdout)] == [
        ("U106", "--set depth"),
        ("U105", "wrong.yaml"),
        ("U106", "--set depth"),
    ]


def test_no_findings_are_an_empty_array() -> None:
    assert json.loads(run("check", "--format", "json", "small.yaml").stdout) == []


def test_check_writes_annotations() -> None:
    ended = run("check", "--format", "github", "wrong.yaml")
    assert ended.stdout.startswith("::error file=wrong.yaml,line=3,")
    assert ended.stdout.count("\n") == 1


def test_a_quiet_check_says_why_it_failed_and_nothing_else() -> None:
    assert run("-q", "check", "small.yaml").output == ""
    assert run("check", "-q", "small.yaml").output == ""
    assert "U105" in run("-q", "check", "wrong.yaml").stderr


# -- build ------------------------------------------------------------------------------------------------------------


def test_build_writes_four_files_and_says_so(folder: Path) -> None:
    ended = run("build", "small.yaml", "-o", "out")
    assert ended.exit_code == 0
    assert names(folder) == {f"out/small.{suffix}" for suffix in ("py", "dot", "svg", "json")}
    assert ended.stderr.splitlines() == [f"wrote out/small.{suffix}" for suffix in ("py", "dot", "svg", "json")]
    assert ended.stdout == ""


def test_the_record_holds_the_summary_and_the_normal_form() -> None:
    run("build", "small.yaml")
    record = json.loads(Path("small.json").read_text())
    summary = json.loads(run("summary", "small.yaml", "--json").stdout)
    assert record.items() >= summary.items()
    assert parse(json.dumps(record["spec"])).name == "small"
    assert compile_spec(parse(json.dumps(record["spec"])))[0] == compile_spec(load("small.yaml"))[0]


def test_what_build_writes_may_be_written_again(folder: Path) -> None:
    run("build", "small.yaml")
    first = {name: (folder / name).read_bytes() for name in names(folder)}
    assert run("build", "small.yaml").exit_code == 0
    assert {name: (folder / name).read_bytes() for name in names(folder)} == first


def test_one_wrong_spec_keeps_build_from_writing_anything(folder: Path) -> None:
    ended = run("build", "small.yaml", "wrong.yaml", "-o", "out")
    assert ended.exit_code == 1
    assert names(folder) == set()


@pytest.mark.parametrize("suffix", ["py", "dot", "svg", "json"])
def test_what_somebody_else_wrote_is_not_replaced_unasked(suffix: str, folder: Path) -> None:
    mine = Path(f"small.{suffix}")
    mine.write_text("my own work\n")
    ended = run("build", "small.yaml")
    assert ended.exit_code == 3
    assert "was not written by unetgen" in ended.stderr
    assert names(folder) == {mine.name}
    assert mine.read_text() == "my own work\n"
    assert run("build", "small.yaml", "--force").exit_code == 0
    assert "my own work" not in mine.read_text()


def test_two_networks_of_one_name_cannot_share_a_folder(folder: Path) -> None:
    Path("other.yaml").write_text(SMALL)
    ended = run("build", "small.yaml", "other.yaml")
    assert ended.exit_code == 2
    assert '"small.yaml" and "other.yaml" are both named "small"' in ended.stderr
    assert names(folder) == {"other.yaml"}


def test_a_file_in_the_place_of_the_folder_is_an_error() -> None:
    ended = run("build", "small.yaml", "-o", "wrong.yaml")
    assert ended.exit_code == 3
    assert 'error: cannot write "wrong.yaml"' in ended.stderr


# -- draw, summary, sizes, show ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "start"), [("u.svg", "<svg "), ("u.dot", "digraph "), ("U.SVG", "<svg ")])
def test_draw_writes_the_format_of_the_suffix(name: str, start: str) -> None:
    ended = run("draw", "small.yaml", "-o", name)
    assert (ended.exit_code, ended.stderr) == (0, f"wrote {name}\n")
    assert Path(name).read_text().startswith(start)


def test_draw_writes_to_standard_output() -> None:
    ended = run("draw", "small.yaml", "-o", "-", "--theme", "dark")
    assert ended.stdout.startswith("<svg ")
    assert ended.stdout != run("draw", "small.yaml", "-o", "-").stdout
    assert ended.stderr == ""


def test_draw_names_the_formats_it_has() -> None:
    ended = run("draw", "small.yaml", "-o", "u.bmp")
    assert ended.exit_code == 2
    assert ".svg" in ended.stderr


def test_a_drawing_goes_into_a_folder_that_exists() -> None:
    ended = run("draw", "small.yaml", "-o", "nowhere/u.svg")
    assert ended.exit_code == 3
    assert "make the folder first" in ended.stderr


def test_summary_is_a_table_without_colours() -> None:
    ended = run("summary", "small.yaml")
    assert ended.exit_code == 0
    assert ended.stdout.startswith("small\n")
    assert "bottleneck" in ended.stdout
    assert "\x1b" not in ended.stdout


def test_colours_can_be_forced_and_forbidden() -> None:
    assert "\x1b[1m" in run("summary", "small.yaml", "--color", "always").stdout
    assert "\x1b[1m" in run("--color", "always", "summary", "small.yaml").stdout
    assert "\x1b[1;31m" in run("check", "wrong.yaml", "--color", "always").stderr
    assert "\x1b" not in run("--color", "always", "check", "wrong.yaml", "--color", "never").stderr


def test_sizes_lists_the_nearest_legal_ones() -> None:
    ended = run("sizes", "unet-2015", "--near", "570")
    assert ended.stdout == "legal sizes  188 + 16·k\nnear 570     572, 556, 588, 540, 604\n"


def test_sizes_are_json_for_programs() -> None:
    found = json.loads(run("sizes", "unet-2015", "--near", "100", "--count", "2", "--json").stdout)
    assert (found["near"], found["nearest"]) == (100, [188, 204])
    assert [(axis["min"], axis["step"]) for axis in found["input_sizes"]] == [(188, 16), (188, 16)]


def test_show_is_a_spec_of_the_same_network() -> None:
    shown = run("show", "small.yaml").stdout
    assert compile_spec(parse(shown))[0] == compile_spec(load("small.yaml"))[0]
    assert run("check", "-", text=shown).exit_code == 0


def test_show_can_show_the_network() -> None:
    assert run("show", "small.yaml", "--ir").stdout.startswith('network "small" dims 2 (%0: 1x32x32)')


# -- init, list, explain ----------------------------------------------------------------------------------------------


def test_init_writes_a_spec_that_is_right() -> None:
    assert run("init", "mine").exit_code == 0
    assert load("mine.yaml").name == "mine"
    assert run("check", "mine.yaml").exit_code == 0


def test_init_copies_the_zoo_under_another_name() -> None:
    assert run("init", "mine", "--from", "unet-2015").exit_code == 0
    assert load("mine.yaml").name == "mine"
    assert load("mine.yaml").expect == load("unet-2015").expect


def test_init_copies_the_zoo_as_it_is() -> None:
    assert run("init", "--from", "unet-2015").exit_code == 0
    assert Path("unet-2015.yaml").read_bytes() == (ROOT / "specs/unet-2015.yaml").read_bytes()


def test_init_replaces_nothing_unasked() -> None:
    ended = run("init", "small")
    assert ended.exit_code == 3
    assert Path("small.yaml").read_text() == SMALL
    assert run("init", "small", "--force").exit_code == 0
    assert Path("small.yaml").read_text() != SMALL


@pytest.mark.parametrize("args", [("a b",), ("../x",), ("x\ny",), ("--from", "unet-2014")])
def test_init_refuses_what_is_no_name(args: tuple[str, ...], folder: Path) -> None:
    assert run("init", *args).exit_code == 2
    assert names(folder) == set()


def test_list_shows_the_zoo() -> None:
    shown = run("list").stdout
    assert all(name in shown for name in zoo_names())
    assert "unet-2015" + " " * (len(max(zoo_names(), key=len)) - 9) + "  31.03 M  The network of the paper" in shown


@pytest.mark.parametrize("topic", TOPICS)
def test_list_shows_every_word_of_a_topic(topic: str) -> None:
    found = json.loads(run("list", topic, "--json").stdout)
    assert [entry["word"] for entry in found] == [entry.word for entry in TOPICS[topic]()]
    assert all(entry["summary"] for entry in found)
    shown = run("list", topic).stdout
    assert all(any(line.startswith(f"{entry['word']} ") for line in shown.splitlines()) for entry in found)


def test_list_knows_what_was_meant() -> None:
    ended = run("list", "activation")
    assert ended.exit_code == 2
    assert 'did you mean "activations"?' in ended.stderr


@pytest.mark.parametrize("code", CODES)
def test_explain_explains_every_code(code: str) -> None:
    assert run("explain", code.lower()).stdout.startswith(f"{code}: {CODES[code].title}\n")


def test_explain_lists_the_codes() -> None:
    assert [line.split()[0] for line in run("explain").stdout.splitlines()] == list(CODES)


def test_explain_knows_what_was_meant() -> None:
    ended = run("explain", "U3O1")
    assert ended.exit_code == 2
    assert "U301" in ended.stderr


# -- help -------------------------------------------------------------------------------------------------------------

COMMANDS = app.list_commands(app.make_context("unetgen", ["check"], resilient_parsing=True))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_by_example(command: str) -> None:
    for flag in ("--help", "-h"):
        ended = run(command, flag)
        assert ended.exit_code == 0
        assert f"unetgen {command}" in ended.stdout.partition("Examples:")[2]


def test_a_mistyped_command_is_met_with_a_question() -> None:
    ended = run("chekc")
    assert ended.exit_code == 2
    assert 'did you mean "check"?' in ended.stderr


def test_the_version_is_that_of_the_package() -> None:
    from unetgen import __version__

    assert run("--version").stdout == f"unetgen {__version__}\n"
