"""`unetgen list`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from unetgen.cli.terminal import terminal, terminal_options

if TYPE_CHECKING:
    from unetgen.vocabulary import Entry
    from unetgen.zoo import ZooEntry

__all__ = ["list_command"]

_ZOO = "zoo"
_GAP = "  "
_WIDTH = 100
"""Columns where no terminal says how many it has."""


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
    entries = _zoo() if topic == _ZOO else _topic(topic)
    if as_json:
        terminal().data(json.dumps([asdict(entry) for entry in entries], indent=2, ensure_ascii=False) + "\n")
        return 0
    out = terminal()
    out.data("".join(f"{line}\n" for line in _set(entries, out.width or _WIDTH)))
    return 0


def _zoo() -> list[ZooEntry] | list[Entry]:
    from unetgen.zoo import zoo_entries

    return list(zoo_entries())


def _topic(topic: str) -> list[ZooEntry] | list[Entry]:
    from unetgen.diagnostics import did_you_mean
    from unetgen.vocabulary import TOPICS

    if topic not in TOPICS:
        message = f'no topic "{topic}": {did_you_mean(topic, [_ZOO, *TOPICS])}'
        raise click.BadParameter(message, param_hint="'TOPIC'")
    return list(TOPICS[topic]())


def _set(entries: Iterable[ZooEntry] | Iterable[Entry], width: int) -> Iterator[str]:
    """Set entries in columns: the word, and what is said of it, wrapped beside it."""
    rows = [_row(entry) for entry in entries]
    column = max(len(word) for word, _ in rows)
    for word, texts in rows:
        lines = [line for text in texts for line in wrap(text, max(30, width - column - len(_GAP)))]
        for number, line in enumerate(lines):
            yield f"{'' if number else word:<{column}}{_GAP}{line}"


def _row(entry: ZooEntry | Entry) -> tuple[str, list[str]]:
    from unetgen.vocabulary import Entry

    if not isinstance(entry, Entry):
        facts = [entry.reference or "", f"{entry.params:,} parameters" if entry.params is not None else ""]
        return entry.name, [entry.about, ", ".join(filter(None, facts))]
    options = ", ".join(f"{name}{'' if value is None else f': {_spelled(value)}'}" for name, value in entry.options)
    return entry.word, [entry.summary, *([f"options {options}"] if options else []), *filter(None, [entry.paper])]


def _spelled(value: object) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)
