"""Where one of Pydantic's errors is in the tree. Its own location names union branches, which no YAML has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic_core import ErrorDetails

from unetgen.language.validate.language import Language, Schemas
from unetgen.source.yamltree import Entry, Node, Path, child_of, node_at

_Step: TypeAlias = tuple[str | int, bool]

_NAMES_A_KEY = frozenset({"extra_forbidden", "missing"})
"""Errors whose location ends with a key, whatever the schema says of it."""


@dataclass(frozen=True, slots=True)
class PlacedError:
    """One of Pydantic's errors with its place.

    Args:
        kind: Pydantic's name for the error, such as `int_type`.
        context: What else Pydantic, or the validator that raised it, says; its keys differ by kind.
        loc: Pydantic's location.
        is_label: For each part of `loc`, whether it names a branch of a union instead of a key or an index.
        path: Keys and indices alone, as the tree has them.
        node: What is written at `path`, or at the deepest part of it that is written.
        schemas: What is accepted at `loc`; around it if `loc` ends with an unknown or a missing key.
        words: The values of every closed catalogue that is accepted there.
    """

    kind: str
    message: str
    context: Mapping[str, Any]
    loc: Path
    is_label: tuple[bool, ...]
    path: Path
    node: Node
    schemas: Schemas
    words: tuple[object, ...]


def place(root: Node, language: Language, error: ErrorDetails) -> PlacedError:
    """Find the place of an error."""
    loc, kind = error["loc"], error["type"]
    is_label, schemas = _labels(language, loc, kind)
    path = _deepest(root, list(zip(loc, is_label, strict=True)))[1]
    node, words = node_at(root, path), language.words(schemas)
    return PlacedError(kind, error["msg"], error.get("ctx", {}), loc, is_label, path, node, schemas, words)


def _labels(language: Language, loc: Path, kind: str) -> tuple[tuple[bool, ...], Schemas]:
    schemas: Schemas = (language.root,)
    is_label: list[bool] = []
    keys = loc[:-1] if kind in _NAMES_A_KEY else loc
    for key in keys:
        inside = language.inside(schemas, key)
        branches = () if inside else language.branches(schemas, key)
        is_label.append(bool(branches))
        schemas = inside or branches
    return (*is_label, *(False for _ in loc[len(keys) :])), schemas


def _deepest(node: Node | None, steps: list[_Step]) -> tuple[int, Path]:
    """Choose the parts to drop so that the path leads as deep into the tree as it can.

    A label may be the very key that was written (`max_pool` in `downsample: {max_pool: {kernel_size: 3}}`), or not be
    there at all; a key may have been filled in (`stages` where a list of stages is written for a mapping that has one).
    Gives the depth that exists, and the path.
    """
    if not steps:
        return 0, ()
    (key, is_label), *rest = steps
    child = child_of(node, key) if node is not None else None
    below, path = _deepest(child.value if isinstance(child, Entry) else child, rest)
    kept = below + (child is not None), (key, *path)
    if child is not None and not is_label:
        return kept
    dropped = _deepest(node, rest)
    is_better = dropped[0] > kept[0] or (is_label and dropped[0] == kept[0])
    return dropped if is_better else kept
