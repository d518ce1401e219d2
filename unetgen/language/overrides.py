"""Changing single values of a spec before it is validated: `--set skip.fit=crop_up` and the like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from unetgen.language.merging import WORD_KEYS, grown, merge, untitled, without
from unetgen.source.diagnostics import Diagnostic, Label, SpecError
from unetgen.source.text import SourceFile, Span, SpecPath
from unetgen.source.yamltree import Entry, Mapping, Node, Scalar, parse_fragment
from unetgen.source.yamltree import Sequence as YamlSequence


@dataclass(frozen=True, slots=True)
class Override:
    """A value for one key.

    Args:
        key: Dotted: `depth`, `encoder.norm`, `filters.0` (items of a list count from 0).
        text: The value as YAML.
    """

    key: str
    text: str

    @property
    def name(self) -> str:
        """What messages call the place of the value."""
        return f"--set {self.key}"


def override(tree: Mapping, changes: Sequence[Override]) -> Mapping:
    """Give the tree with every change made, the later ones last; keys on the way are made where they are missing.

    The file's `expect` is left out, since it speaks of the unchanged network; `--set expect.params=...` puts one in.
    With another name, the title of the picture is left out too.

    Raises:
        SpecError: Values that are not YAML, or keys that lead nowhere; everything found.
    """
    if changes:
        tree = without(tree, "expect")
    if any(change.key == "name" for change in changes):
        tree = untitled(tree)
    found: list[Diagnostic] = []
    for change in changes:
        try:
            tree = _changed(tree, change)
        except SpecError as error:
            found += error.diagnostics
    if found:
        raise SpecError(found)
    return tree


def _changed(tree: Mapping, change: Override) -> Mapping:
    value = parse_fragment(change.text, change.name)
    steps = tuple(int(step) if step.isascii() and step.isdigit() else step for step in change.key.split("."))
    placed = _Descent(change, steps).put(tree, 0, value)
    assert isinstance(placed, Mapping)  # a mapping stays one, whatever is put into it
    return placed


@dataclass(frozen=True, slots=True)
class _Descent:
    """One change on its way down the tree."""

    change: Override
    steps: SpecPath

    def put(self, node: Node | None, at: int, value: Node) -> Node:
        """Give the node with the value over what the steps from `at` on lead to."""
        key = str(self.steps[at - 1]) if at else ""
        if at == len(self.steps):
            return value if node is None else merge(node, value, key)
        node = _opened(node, key, self.steps[at])
        match node, self.steps[at]:
            case None, str(step):
                return Mapping((Entry(self._word(at), self.put(None, at + 1, value)),), value.span)
            case Mapping(), step:
                return self._into_mapping(node, str(step), at, value)
            case YamlSequence(), int(index) if index < len(node.items):
                items = list(node.items)
                items[index] = self.put(items[index], at + 1, value)
                return replace(node, items=tuple(items))
        raise SpecError([self._astray(node, at)])

    def _into_mapping(self, node: Mapping, step: str, at: int, value: Node) -> Mapping:
        old = node.find(step)
        new = Entry(self._word(at), self.put(old.value if old else None, at + 1, value))
        if old is None:
            return replace(node, entries=(*node.entries, new))
        return replace(node, entries=tuple(new if entry is old else entry for entry in node.entries))

    def _word(self, at: int) -> Scalar:
        """Give one step of the key as a key of the tree, placed in what was typed."""
        typed = SourceFile("--set", f"{self.change.key}={self.change.text}")
        start = 1 + len(".".join(map(str, self.steps[:at]))) + (at > 0)
        word = str(self.steps[at])
        return Scalar(word, word, Span(typed, 1, start, 1, start + len(word)))

    def _astray(self, node: Node | None, at: int) -> Diagnostic:
        parent, word = ".".join(map(str, self.steps[:at])), self._word(at)
        labels = [Label(word.span, "leads nowhere"), *([Label(node.span, _kind(node))] if node else [])]
        headline = f"`{parent}` is {_kind(node)}: there is no `{word.text}` in it"
        return Diagnostic("U110", headline, tuple(labels), (_way_out(node, parent),), path=self.steps)


def _opened(node: Node | None, key: str, step: str | int) -> Node | None:
    """Write a short value as the mapping that a step leads into: `skip.fit` may be set where `skip: add` is written."""
    if node is None or isinstance(node, Mapping) or isinstance(step, int):
        return node
    opened = grown(node, key)
    is_word = key in WORD_KEYS
    return node if is_word and isinstance(opened, Mapping) and opened.find(step) is None else opened


def _kind(node: Node | None) -> str:
    match node:
        case None:
            return "not written"
        case YamlSequence():
            return f"a list of {len(node.items)}"
        case Mapping():
            return "a mapping"
        case Scalar():
            return f'"{node.text}"'


def _way_out(node: Node | None, parent: str) -> str:
    match node:
        case YamlSequence():
            return f"write an index from 0 to {len(node.items) - 1}, or set the whole list: `--set {parent}=[...]`"
        case Scalar():
            return f"set the whole value, such as `--set '{parent}={{...}}'`"
    return f"set the whole value: `--set {parent}=...`"
