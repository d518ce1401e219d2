"""The normal form as YAML, with the origin of every value as a comment. It is a legal spec of the same network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from unetgen.compiler.forms import NormalForm, Origin
from unetgen.language.spec import Spec
from unetgen.language.writing import flow
from unetgen.source.diagnostics import visible
from unetgen.source.text import Span, SpecPath
from unetgen.source.yamltree import Mapping, Node, Scalar, Sequence, child_of

_DEFAULT = "default"
"""What is said of a value that the spec does not write."""
_WIDEST = 64
"""Columns after which a comment no longer lines up with the others."""


def show_form(form: NormalForm, spec: Spec) -> str:
    """Write a normal form as YAML that has this normal form again.

    Args:
        form: What is written.
        spec: What it was made from, which knows the places of its values.
    """
    lines = list(_SpecWriter(form, spec).entries(form.to_plain(), (), ""))
    longest = max(len(line.code) for line in lines if len(line.code) <= _WIDEST)
    return "".join(f"{_commented(line, longest)}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class _SpecLine:
    """A line of YAML, and where its value comes from; nothing for a line that only opens a mapping or a list."""

    code: str
    origin: str = ""


def _commented(line: _SpecLine, column: int) -> str:
    return f"{line.code:<{column}}  # {visible(line.origin)}" if line.origin else line.code


@dataclass(frozen=True, slots=True)
class _SpecWriter:
    """One form on its way to text. Paths are those of the form; the spec may say the same in a shorter way."""

    form: NormalForm
    spec: Spec

    def entries(self, mapping: dict[str, object], path: SpecPath, indent: str) -> Iterator[_SpecLine]:
        """Write the entries of a block mapping."""
        for key, value in mapping.items():
            yield from self._entry(f"{indent}{key}:", value, (*path, key), f"{indent}  ")

    def _entry(self, lead: str, value: object, path: SpecPath, indent: str) -> Iterator[_SpecLine]:
        """Write a value behind its key: on the same line where it has one origin, else in a block below."""
        # What is empty has no lines of its own to hang an origin on.
        origin = None if value not in ({}, []) and self._is_made_of_parts(path) else self._one_origin(value, path)
        if origin is not None:
            yield _SpecLine(f"{lead} {flow(value)}", origin)
        elif isinstance(value, dict):
            yield _SpecLine(lead)
            yield from self.entries(value, path, indent)
        elif isinstance(value, list):
            yield _SpecLine(lead)
            for number, item in enumerate(value):
                yield from self._item(item, (*path, number), indent)

    def _item(self, item: object, path: SpecPath, indent: str) -> Iterator[_SpecLine]:
        """Write an item of a block list, which starts on the line of its dash."""
        # A block has an empty line where a key would stand.
        first, *rest = (line for line in self._entry("", item, path, f"{indent}  ") if line.code)
        yield _SpecLine(f"{indent}- {first.code.lstrip()}", first.origin)
        yield from rest

    def _is_made_of_parts(self, path: SpecPath) -> bool:
        """Say whether origins are known of what is inside: a stage, or a list of stages."""
        return any(len(known) > len(path) and known[: len(path)] == path for known in self.form.origins)

    def _one_origin(self, value: object, path: SpecPath) -> str | None:
        """Give the comment for a value on one line; None if its parts were written on several lines."""
        own = self._origin(path, value)
        parts = {leaf: self._origin(leaf, item) for leaf, item in _leaves(value, path)}
        if len({own, *parts.values()} - {_DEFAULT}) > 1:
            return None
        idle = dict.fromkeys(str(leaf[-1]) for leaf, origin in parts.items() if origin == _DEFAULT)
        return f"{own}; {', '.join(idle)} by default" if idle and own != _DEFAULT else own

    def _origin(self, path: SpecPath, value: object) -> str:
        return origin_of(self.form, self.spec, path, value)


def _leaves(value: object, path: SpecPath) -> Iterator[tuple[SpecPath, object]]:
    """List what is inside a value, down to scalars and lists of them."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for number, item in enumerate(value):
            yield from _leaves(item, (*path, number))
    else:
        yield path, value


def origin_of(form: NormalForm, spec: Spec, path: SpecPath, value: object) -> str:
    """Say where the value at a path of the normal form comes from: `cells.yaml:7`, `--set depth`, `default`, ...

    A value inside one whose origin is known, such as an option of a word, is looked up in the spec itself.
    """
    known = next(path[:end] for end in range(len(path), -1, -1) if end == 0 or path[:end] in form.origins)
    origin = form.origins.get(known, Origin(known))
    if origin.path is None:
        return origin.reason
    if spec.tree is None:
        return "given"
    span = _find(spec.tree, (*origin.path, *path[len(known) :]), value)
    return _DEFAULT if span is None else _place(span)


def _find(root: Node, path: SpecPath, value: object) -> Span | None:
    """Find where a value is written, perhaps shorter than the path has it; None if it is not.

    `encoder: [...]` is written for `encoder: {stages: [...]}`, one value for a list of them, a word for its mapping.
    """
    node = root
    for at, step in enumerate(path):
        match node, step:
            case (Mapping(), str()) | (Sequence(), int()):
                child = child_of(node, step)
                if child is None:
                    return None
                node = child
            case Scalar(), str():
                return node.span if _says(node, path[at:], value) else None
    return node.span


def _says(scalar: Scalar, rest: SpecPath, value: object) -> bool:
    """Say whether a single value stands for what is at the rest of a path: its word, or the one option it gives."""
    if len(rest) == 1 and rest[0] == scalar.value:
        return True
    values = value if isinstance(value, list) else [value]
    return all(type(item) is type(scalar.value) and item == scalar.value for item in values)


def _place(span: Span) -> str:
    """Name a line of a source; a source of one line, such as `--set depth`, by its name alone."""
    source = span.source
    return f"{source.name}:{span.line}" if "\n" in source.text else source.name
