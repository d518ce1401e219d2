"""Of the errors that Pydantic gives for every branch of a union, those that speak of the branch that was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from unetgen.language.validate.places import PlacedError
from unetgen.source.yamltree import Path, Scalar

Group: TypeAlias = tuple[PlacedError, ...]
"""Errors that are told as one finding, the most telling first."""

_OF_KEYS: Final = frozenset({"extra_forbidden", "missing"})
_CATALOGUES: Final = frozenset({"literal_error", "enum"})


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

    def is_echo(path: Path) -> bool:
        return any(other[:-1] == path[:-1] and is_close(str(other[-1]), str(path[-1])) for other in unknown)

    return [group for group in groups if group[0].kind != "missing" or not is_echo(group[0].path)]
