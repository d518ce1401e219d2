"""Where the values of a normal form come from, in words for people: a line of a file, or a reason."""

from __future__ import annotations

from unetgen.compiler.forms import NormalForm, Origin, Path
from unetgen.language.spec import Spec
from unetgen.source.text import Span
from unetgen.source.yamltree import Mapping, Node, Scalar, Sequence

DEFAULT = "default"
"""What is said of a value that the spec does not write."""


def origin_of(form: NormalForm, spec: Spec, path: Path, value: object) -> str:
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
    return DEFAULT if span is None else _place(span)


def _find(root: Node, path: Path, value: object) -> Span | None:
    """Find where a value is written, perhaps shorter than the path has it; None if it is not.

    `encoder: [...]` is written for `encoder: {stages: [...]}`, one value for a list of them, a word for its mapping.
    """
    node = root
    for at, step in enumerate(path):
        child: Node | None = node
        match node, step:
            case Mapping(), str():
                entry = node.find(step)
                child = entry.value if entry is not None else None
            case Sequence(), int():
                child = node.items[step] if step < len(node.items) else None
            case Scalar(), str():
                return node.span if _says(node, path[at:], value) else None
        if child is None:
            return None
        node = child
    return node.span


def _says(scalar: Scalar, rest: Path, value: object) -> bool:
    """Say whether a single value stands for what is at the rest of a path: its word, or the one option it gives."""
    if len(rest) == 1 and rest[0] == scalar.value:
        return True
    values = value if isinstance(value, list) else [value]
    return all(type(item) is type(scalar.value) and item == scalar.value for item in values)


def _place(span: Span) -> str:
    """Name a line of a source; a source of one line, such as `--set depth`, by its name alone."""
    source = span.source
    return f"{source.name}:{span.line}" if "\n" in source.text else source.name
