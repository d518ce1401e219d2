"""`unetgen init`, `unetgen list` and `unetgen explain`: what needs no spec."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from unetgen.cli.files import save_file
from unetgen.cli.terminal import terminal, terminal_options
from unetgen.source.problem import Problem

if TYPE_CHECKING:
    from unetgen.language.vocabulary import ListedWord
    from unetgen.language.zoo import ZooEntry

_NAME = re.compile(r"^name: *[\w-]+", re.MULTILINE)
_ZOO = "zoo"
_GAP = "  "
_WIDTH = 100
"""Columns where no terminal says how many it has."""


@click.command("init", short_help="Write a spec to start from.")
@click.argument("name", required=False)
@click.option("--from", "zoo_name", metavar="ZOO", help="Start from a spec of the zoo instead (`unetgen list`).")
@click.option("-o", "--output", metavar="FILE", help="Where to; `-` is standard output. [default: NAME.yaml]")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@terminal_options
def init_command(name: str | None, zoo_name: str | None, output: str | None, force: bool) -> int:
    """Write a spec to start from: one that explains itself line by line, or a copy of one from the zoo.

    \b
    Examples:
      unetgen init cells                       writes cells.yaml
      unetgen init cells --from unet-2015      the paper's network, under another name
      unetgen init -o -                        prints it
    """
    text = _text(zoo_name)
    if name is not None:
        text = _NAME.sub(f"name: {_checked(name)}", text, count=1)
    path = output or f"{name or zoo_name or 'cells'}.yaml"
    if path != "-" and not force and Path(path).exists():
        raise Problem(f'"{path}" exists', "name another file with `-o`", "replace it with `--force`")
    save_file(terminal(), path, text)
    if path != "-":
        terminal().message(f"next: unetgen check {path}")
    return 0


def _checked(name: str) -> str:
    """Hold a name to the language's own rule before it becomes the name of a file."""
    from unetgen.language.spec import NAME_PATTERN

    if re.fullmatch(NAME_PATTERN, name):
        return name
    message = f'"{name}" cannot name a network: up to 64 letters, digits, - and _, beginning with a letter'
    raise click.BadParameter(message, param_hint="'NAME'")


def _text(zoo_name: str | None) -> str:
    from unetgen.language.zoo import starter, zoo_source

    try:
        return starter() if zoo_name is None else zoo_source(zoo_name).text
    except LookupError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="'--from'") from None


@click.command("list", short_help="List the zoo, or the words of the language.")
@click.argument("topic", default=_ZOO)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")
@terminal_options
def list_command(topic: str, as_json: bool) -> int:
    """List the specs that come with unetgen, or the words of the language by TOPIC.

    Topics: activations, norms, blocks, attentions, skips, fits, steps (on skips), downsamplings, upsamplings,
    topologies.

    \b
    Examples:
      unetgen list
      unetgen list activations
      unetgen list --json | jq -r '.[].name'
    """
    entries = _entries(topic)
    if as_json:
        terminal().data(json.dumps([asdict(entry) for entry in entries], indent=2, ensure_ascii=False) + "\n")
        return 0
    out = terminal()
    rows = [_row(entry) for entry in entries]
    out.data("".join(f"{line}\n" for line in _set(rows, out.width or _WIDTH)))
    return 0


def _entries(topic: str) -> Sequence[ZooEntry | ListedWord]:
    from unetgen.language.vocabulary import TOPICS
    from unetgen.language.zoo import zoo_entries
    from unetgen.source.diagnostics import did_you_mean

    if topic == _ZOO:
        return list(zoo_entries())
    if topic not in TOPICS:
        message = f'no topic "{topic}": {did_you_mean(topic, [_ZOO, *TOPICS])}'
        raise click.BadParameter(message, param_hint="'TOPIC'")
    return TOPICS[topic]()


@dataclass(frozen=True, slots=True)
class _Item:
    """One entry of the list: its name, perhaps a number, and what is said of it, each text on lines of its own."""

    name: str
    number: str
    texts: tuple[str, ...]


def _row(entry: ZooEntry | ListedWord) -> _Item:
    from unetgen.language.vocabulary import ListedWord
    from unetgen.reports.costs import short

    if not isinstance(entry, ListedWord):
        return _Item(entry.name, "" if entry.params is None else short(entry.params), (entry.about,))
    options = ", ".join(f"{name}{'' if value is None else f': {_spelled(value)}'}" for name, value in entry.options)
    texts = (entry.summary, f"options {options}" if options else "", entry.paper)
    return _Item(entry.word, "", tuple(filter(None, texts)))


def _set(rows: Sequence[_Item], width: int) -> Iterator[str]:
    """Set rows in columns: name, number, and what is said, wrapped beside them."""
    name = max(len(row.name) for row in rows)
    number = max(len(row.number) for row in rows)
    margin = name + len(_GAP) + (number + len(_GAP) if number else 0)
    for row in rows:
        lines = [line for text in row.texts for line in wrap(text, max(30, width - margin))]
        lead = f"{row.name:<{name}}{_GAP}" + (f"{row.number:>{number}}{_GAP}" if number else "")
        yield f"{lead}{lines[0]}"
        yield from (f"{'':<{margin}}{line}" for line in lines[1:])


def _spelled(value: object) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)


@click.command("explain", short_help="Explain a finding by its code.")
@click.argument("code", required=False)
@terminal_options
def explain_command(code: str | None) -> int:
    """Explain a finding by its CODE, with an example; without one, list all codes.

    \b
    Examples:
      unetgen explain U301
      unetgen explain
    """
    from unetgen.source.diagnostics import CODES, did_you_mean, suggest

    if code is None:
        terminal().data("".join(f"{row.code}  {row.title}\n" for row in CODES.values()))
        return 0
    row = CODES.get(code.upper())
    if row is None:
        close = suggest(code.upper(), CODES)
        way = did_you_mean(code.upper(), close) if close else "`unetgen explain` lists all codes"
        raise click.BadParameter(f'no code "{code}": {way}', param_hint="'CODE'")
    terminal().data(row.explain() + "\n")
    return 0
