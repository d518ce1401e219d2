"""`--set`: values changed on the command line, and findings about them."""

from __future__ import annotations

import pytest

from tests.command_line import folder, run
from unetgen.language.overrides import Override, override
from unetgen.source.diagnostics import SpecError
from unetgen.source.text import SourceFile
from unetgen.source.yamltree import parse_yaml, to_plain

__all__ = ["folder"]

TEXT = "depth: 2\nfilters: [4, 8, 16]\nskip: {join: concat}\nencoder: [{norm: batch}, {norm: none}]\nnorm: batch\n"


def changed(*changes: str) -> object:
    pairs = (change.partition("=") for change in changes)
    return to_plain(override(parse_yaml(SourceFile("x.yaml", TEXT)), [Override(key, text) for key, _, text in pairs]))


@pytest.mark.parametrize(
    ("change", "same_as"),
    [
        ("depth=3", TEXT.replace("depth: 2", "depth: 3")),
        ("filters.1=32", TEXT.replace("[4, 8, 16]", "[4, 32, 16]")),
        ("filters=[1, 2, 3]", TEXT.replace("[4, 8, 16]", "[1, 2, 3]")),
        ("skip.join=add", TEXT.replace("concat", "add")),
        ("skip.fit=crop_up", TEXT.replace("{join: concat}", "{join: concat, fit: crop_up}")),
        ("encoder.1.norm={group: {groups: 2}}", TEXT.replace("{norm: none}", "{norm: {group: {groups: 2}}}")),
        ("skip={fit: crop_up}", TEXT.replace("{join: concat}", "{join: concat, fit: crop_up}")),
        ("norm.batch.eps=0.1", TEXT.replace("norm: batch\n", "norm: {batch: {eps: 0.1}}\n")),
        ("encoder.order=ca", TEXT.replace("encoder: [", "encoder: {stages: [").replace("none}]", "none}], order: ca}")),
        ("decoder.norm=none", f"{TEXT}decoder: {{norm: none}}\n"),
        ("name=x", f"{TEXT}name: x\n"),
    ],
)
def test_a_change_is_what_the_file_could_have_said(change: str, same_as: str) -> None:
    assert changed(change) == to_plain(parse_yaml(SourceFile("y.yaml", same_as)))


def test_the_last_change_of_a_key_counts() -> None:
    assert changed("depth=3", "depth=4") == changed("depth=4")


def test_changes_build_upon_each_other() -> None:
    assert changed("decoder.norm=none", "decoder.order=ca") == changed("decoder={norm: none, order: ca}")


@pytest.mark.parametrize(
    ("change", "help"),
    [
        ("filters.3=1", "write an index from 0 to 2"),
        ("filters.x=1", "write an index from 0 to 2"),
        ("norm.eps=1", "--set 'norm={...}'"),
        ("stem.0=1", "set the whole value"),
    ],
)
def test_a_key_that_leads_nowhere_is_shown(change: str, help: str) -> None:
    with pytest.raises(SpecError) as caught:
        changed(change)
    (finding,) = caught.value.diagnostics
    assert finding.code == "U110"
    assert any(help in text for text in finding.help)


def test_every_change_that_is_wrong_is_found() -> None:
    with pytest.raises(SpecError) as caught:
        changed("norm.eps=1", "depth=no", "filters.9=1")
    assert sorted(finding.code for finding in caught.value.diagnostics) == ["U013", "U110", "U110"]


def test_a_wrong_value_is_located_in_its_change() -> None:
    ended = run("check", "small.yaml", "--set", "depth=0")
    assert ended.exit_code == 1
    assert "--> --set depth:1:1" in ended.stderr


def test_an_unknown_key_is_located_in_its_change() -> None:
    ended = run("check", "small.yaml", "--set", "encoder.nrom=none")
    assert ended.exit_code == 1
    assert " 1 | encoder.nrom=none\n   |         ^^^^" in ended.stderr


@pytest.mark.parametrize("text", ["depth", "=3", "depth=", "depth= ", ".a=1", "a..b=1"])
def test_what_is_no_change_is_wrong_usage(text: str) -> None:
    ended = run("check", "small.yaml", "--set", text)
    assert ended.exit_code == 2
    assert "KEY=VALUE" in ended.stderr


def test_a_changed_spec_need_not_meet_what_the_file_expects() -> None:
    assert run("check", "unet-2015", "--set", "filters=8").exit_code == 0
    ended = run("check", "unet-2015", "--set", "filters=8", "--set", "expect.params=1")
    assert ended.exit_code == 1
    assert "U401" in ended.stderr


def test_show_says_which_values_were_changed() -> None:
    lines = run("show", "small.yaml", "--set", "in_channels=3").stdout.splitlines()
    assert [line.split() for line in lines if line.startswith("in_channels")] == [
        ["in_channels:", "3", "#", "--set", "in_channels"]
    ]


@pytest.mark.parametrize("command", [["build"], ["draw", "-o", "-"], ["summary"], ["sizes"], ["show"], ["check"]])
def test_every_command_on_specs_takes_changes(command: list[str]) -> None:
    assert run(*command, "small.yaml", "--set", "depth=1").exit_code == 0
    assert run(*command, "small.yaml", "--set", "depth=0").exit_code == 1
