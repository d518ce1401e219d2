"""Values as YAML again: on one line, or a whole spec as a person would lay it out. What is read back is the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from unetgen.source.diagnostics import is_hidden
from unetgen.source.yamltree import Mapping, Node, Scalar, Sequence, to_plain
from unetgen.source.yamltree.scalars import resolve

_WIDTH: Final = 88
"""Columns of a line of a spec."""
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_BREAK: Final = re.compile(r"(?<! ) (?! )")
"""Where a text in quotes may be broken: YAML reads a line break with its indentation as one space."""


def write_spec(tree: Mapping) -> str:
    """Write the tree of a spec, its name first; its places and comments are left behind.

    What fits on a line stands there, as `skip: {join: add}`; everything else in a block.
    """
    entries = sorted(tree.entries, key=lambda entry: entry.key.value != "name")
    return "".join(f"{line}\n" for line in _entries(Mapping(tuple(entries), tree.span), ""))


def _entries(mapping: Mapping, indent: str) -> Iterator[str]:
    for entry in mapping.entries:
        yield from _value(f"{indent}{flow(entry.key.value)}:", entry.value, f"{indent}  ")


def _value(lead: str, node: Node, indent: str) -> Iterator[str]:
    """Write a value behind its key or dash: on the same line where it fits, else in a block, indented as given."""
    line = f"{lead} {flow(to_plain(node))}"
    match node:
        case Mapping(entries=(_, *_)) if len(line) > _WIDTH:
            yield lead
            yield from _entries(node, indent)
        case Sequence(items=(_, *_)) if len(line) > _WIDTH:
            yield lead
            for item in node.items:
                yield from _item(item, indent)
        case Scalar(value=str()) if len(line) > _WIDTH:
            yield from _broken(line, indent)
        case _:
            yield line


def _item(node: Node, indent: str) -> Iterator[str]:
    """Write an item of a block list, which starts on the line of its dash."""
    first, *rest = _value(f"{indent}-", node, f"{indent}  ")
    if rest and isinstance(node, Mapping | Sequence):
        second, *rest = rest
        first = f"{first} {second.lstrip()}"
    yield first
    yield from rest


def _broken(line: str, indent: str) -> Iterator[str]:
    """Break a line that ends in a text in quotes, wherever a single space allows it."""
    first, *others = _BREAK.split(line)
    for piece in others:
        if len(first) + 1 + len(piece) > _WIDTH and '"' in first:
            yield first
            first = f"{indent}{piece}"
        else:
            first += f" {piece}"
    yield first


def flow(value: object) -> str:
    """Write a value on one line.

    Example:
        >>> print(flow({"join": "add", "order": ["skip", "up"], "name": "no", "dropout": 1e-05}))
        {join: add, order: [skip, up], name: "no", dropout: 1e-05}
    """
    match value:
        case dict():
            return f"{{{', '.join(f'{flow(key)}: {flow(item)}' for key, item in value.items())}}}"
        case list():
            return f"[{', '.join(map(flow, value))}]"
        case str():
            return value if _WORD.fullmatch(value) and resolve(value) == value else _quoted(value)
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
    return repr(value)


def _quoted(text: str) -> str:
    """Quote a text. JSON's quotes are YAML's; what cannot be seen is written as its number.

    Example:
        >>> print(_quoted("say \\"no\\""), _quoted("a\\u202eb"))
        "say \\"no\\"" "a\\u202eb"
    """
    return "".join(_escaped(char) for char in json.dumps(text, ensure_ascii=False))


def _escaped(char: str) -> str:
    if not is_hidden(char):
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
