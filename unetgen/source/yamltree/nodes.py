"""A parsed YAML document: values that know where they were written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from unetgen.source.text import Span, SpecPath

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


def child_of(node: Node, step: str | int) -> Node | None:
    """Go one step down: the value of a key, or the item of a list; None where there is no such thing."""
    match node:
        case Mapping():
            entry = node.find(step)
            return entry.value if entry is not None else None
        case Sequence() if isinstance(step, int) and 0 <= step < len(node.items):
            return node.items[step]
        case _:
            return None


def node_at(root: Node, path: SpecPath) -> Node:
    """Find what is written at `path`, or at the deepest part of it that is written."""
    return _follow(root, path)[1]


def span_at(root: Node, path: SpecPath, at: Literal["key", "value"] = "value") -> Span:
    """Find where `path` is written, or the deepest part of it that is.

    So a complaint about a missing key lands on the mapping that lacks it.

    Args:
        at: Whether to point at what stands at the path, or at the key before it (an item of a list has none).
    """
    key, node = _follow(root, path)
    return key if at == "key" else node.span


def _follow(root: Node, path: SpecPath) -> tuple[Span, Node]:
    """Give the key (or the item, which has none) and the value of the deepest part of a path.

    Where a list is written, a word cannot lead on: `stages` is skipped on the way to `("encoder", "stages", 0)` in a
    text that says `encoder: [...]` for `encoder: {stages: [...]}`.
    """
    key, node = root.span, root
    for step in path:
        if isinstance(node, Sequence) and isinstance(step, str):
            continue
        child = child_of(node, step)
        if child is None:
            break
        entry = node.find(step) if isinstance(node, Mapping) else None
        key, node = (child if entry is None else entry.key).span, child
    return key, node
