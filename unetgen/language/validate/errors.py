"""Pydantic's errors: where each is in the tree, and which of them speak of what was meant.

Pydantic's own locations name the branches of unions, which no YAML has, and it gives errors for every branch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pydantic_core import ErrorDetails

from unetgen.language.validate.language import Language, Schemas
from unetgen.source.text import SpecPath
from unetgen.source.yamltree import Node, Scalar, child_of, node_at

_Step: TypeAlias = tuple[str | int, bool]
_OF_KEYS: Final = frozenset({"extra_forbidden", "missing"})
"""Errors whose location ends with a key, whatever the schema says of it."""
_CATALOGUES: Final = frozenset({"literal_error", "enum"})


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
    loc: SpecPath
    is_label: tuple[bool, ...]
    path: SpecPath
    node: Node
    schemas: Schemas
    words: tuple[object, ...]


Group: TypeAlias = tuple[PlacedError, ...]
"""Errors that are told as one finding, the most telling first."""


def place(root: Node, language: Language, error: ErrorDetails) -> PlacedError:
    """Find the place of an error."""
    loc, kind = error["loc"], error["type"]
    is_label, schemas = _labels(language, loc, kind)
    path = _deepest(root, list(zip(loc, is_label, strict=True)))[1]
    node, words = node_at(root, path), language.words(schemas)
    return PlacedError(kind, error["msg"], error.get("ctx", {}), loc, is_label, path, node, schemas, words)


def _labels(language: Language, loc: SpecPath, kind: str) -> tuple[tuple[bool, ...], Schemas]:
    schemas: Schemas = (language.root,)
    is_label: list[bool] = []
    keys = loc[:-1] if kind in _OF_KEYS else loc
    for key in keys:
        inside = language.inside(schemas, key)
        branches = () if inside else language.branches(schemas, key)
        is_label.append(bool(branches))
        schemas = inside or branches
    return (*is_label, *(False for _ in loc[len(keys) :])), schemas


def _deepest(node: Node | None, steps: list[_Step]) -> tuple[int, SpecPath]:
    """Choose the parts to drop so that the path leads as deep into the tree as it can.

    A label may be the very key that was written (`max_pool` in `downsample: {max_pool: {kernel_size: 3}}`), or not be
    there at all; a key may have been filled in (`stages` where a list of stages is written for a mapping that has one).
    Gives the depth that exists, and the path.
    """
    if not steps:
        return 0, ()
    (key, is_label), *rest = steps
    child = child_of(node, key) if node is not None else None
    below, path = _deepest(child, rest)
    kept = below + (child is not None), (key, *path)
    if child is not None and not is_label:
        return kept
    dropped = _deepest(node, rest)
    is_better = dropped[0] > kept[0] or (is_label and dropped[0] == kept[0])
    return dropped if is_better else kept


def choose(errors: Sequence[PlacedError], depth: int = 0) -> list[Group]:
    """Sort errors that share the first `depth` parts of their location into findings."""
    here = [error for error in errors if len(error.loc) == depth]
    below = [error for error in errors if len(error.loc) > depth]
    fields = _by_part((error for error in below if not error.is_label[depth]), depth)
    branches = _by_part((error for error in below if error.is_label[depth]), depth)
    groups: list[Group] = [(error,) for error in here]
    for field in fields:
        groups += choose(field, depth + 1)
    if branches:
        groups += _meant([choose(branch, depth + 1) for branch in branches], depth)
    return groups


def is_wrong_kind(error: PlacedError) -> bool:
    """Say whether an error means: not this kind of value at all."""
    if error.kind in _CATALOGUES:
        types = {type(word) for word in error.words}
        return not (isinstance(error.node, Scalar) and type(error.node.value) in types)
    return error.kind.endswith("_type") or error.kind == "none_required"


def _by_part(errors: Iterable[PlacedError], depth: int) -> list[list[PlacedError]]:
    groups: dict[str | int, list[PlacedError]] = {}
    for error in errors:
        groups.setdefault(error.loc[depth], []).append(error)
    return list(groups.values())


def _meant(branches: list[list[Group]], depth: int) -> list[Group]:
    if len(branches) == 1:
        return branches[0]
    right = [branch for branch in branches if not any(_refuses_kind(group, depth) for group in branch)]
    direct = [error for branch in branches for group in branch for error in group if _is_direct(error, depth)]
    if not right or all(len(branch) == 1 and _is_direct(branch[0][0], depth) for branch in right):
        return [tuple(sorted(direct, key=is_wrong_kind))]
    return _best(right)


def _is_direct(error: PlacedError, depth: int) -> bool:
    """Say whether an error is about the union's own value, and not about something inside of it."""
    return all(error.is_label[depth:])


def _refuses_kind(group: Group, depth: int) -> bool:
    return all(_is_direct(error, depth) and is_wrong_kind(error) for error in group)


def _best(branches: list[list[Group]]) -> list[Group]:
    """Choose the branch with the fewest wrong keys; where several have as few, report what all of them refuse."""
    fewest = min(map(_misfit, branches))
    best = [branch for branch in branches if _misfit(branch) == fewest]
    if len(best) == 1 or not fewest[0]:
        return best[0]
    return _merged(best, "extra_forbidden") or _merged(best, "missing") or best[0]


def _misfit(branch: list[Group]) -> tuple[int, int]:
    return sum(group[0].kind in _OF_KEYS for group in branch), len(branch)


def _merged(branches: list[list[Group]], kind: str) -> list[Group]:
    """Join the errors of one kind: those about one unknown key, or those about all keys that a mapping misses."""
    found: dict[object, list[PlacedError]] = {}
    for error in (error for branch in branches for group in branch for error in group if error.kind == kind):
        found.setdefault(error.path if kind == "extra_forbidden" else error.path[:-1], []).append(error)
    return [tuple(errors) for errors in found.values()]


def without_echoes(groups: Sequence[Group], is_close: Callable[[str, str], bool]) -> list[Group]:
    """Drop a missing key where an unknown key beside it was meant for it: one slip of the pen, one finding."""
    unknown = [group[0].path for group in groups if group[0].kind == "extra_forbidden"]

    def is_echo(path: SpecPath) -> bool:
        return any(other[:-1] == path[:-1] and is_close(str(other[-1]), str(path[-1])) for other in unknown)

    return [group for group in groups if group[0].kind != "missing" or not is_echo(group[0].path)]
