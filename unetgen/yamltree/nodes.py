"""A parsed YAML document: values that know where they were written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from unetgen.source import Span

Path: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "None | bool | int | float | str | list[Plain] | dict[str, Plain]"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value. A quoted one is always text.

    Args:
        value: The value by the rules of YAML 1.2.
        text: What was written, without quotes: `1e3` for the value 1000.0.
    """

    value: str | int | float | bool | None
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list. The span of a block list goes from its first dash to the end of its last item."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """A key, which is always text, and its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values, in the order of the text, each key once."""

    entries: tuple[Entry, ...]
    span: Span

    def find(self, key: str | int) -> Entry | None:
        """Look a key up."""
        return next((entry for entry in self.entries if entry.key.value == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


def to_plain(node: Node) -> Plain:
    """Forget the places: dicts, lists and scalars."""
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [to_plain(item) for item in node.items]
        case Mapping():
            return {str(entry.key.value): to_plain(entry.value) for entry in node.entries}


def span_at(root: Node, path: Path, at: Literal["key", "value"] = "value") -> Span:
    """Find where `path` is written, or the deepest part of it that is.

    So a complaint about a missing key lands on the mapping that lacks it.

    Args:
        at: Whether to point at what stands at the path, or at the key before it (an item of a list has none).
    """
    key, node = root.span, root
    for step in path:
        found = _step(node, step)
        if found is None:
            break
        key, node = found
    return key if at == "key" else node.span


def _step(node: Node, step: str | int) -> tuple[Span, Node] | None:
    match node:
        case Mapping():
            entry = node.find(step)
            return (entry.key.span, entry.value) if entry else None
        case Sequence() if isinstance(step, int) and 0 <= step < len(node.items):
            return (node.items[step].span, node.items[step])
        case _:
            return None
