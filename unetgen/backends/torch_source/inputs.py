"""Names of what a `forward` takes: `x` if it is one map, else after where the maps come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from unetgen.ir.network import Region, Value

__all__ = ["input_names", "scope_names"]


def input_names(region: Region, inputs: tuple[Value, ...], givers: Mapping[int, Region]) -> tuple[str, ...]:
    """Name what a region takes.

    Args:
        region: The region.
        inputs: What it takes, in the order of its `inputs`.
        givers: The region that gives each value, by value id.

    Returns:
        `("x",)`, for a skip `("skip", "up")` or `("skip", "up", "below")`, and numbered names where there are more.
    """
    if len(inputs) == 1:
        return ("x",)
    return _numbered(tuple(_word(region, value, inputs, givers) for value in inputs))


def _word(region: Region, value: Value, inputs: tuple[Value, ...], givers: Mapping[int, Region]) -> str:
    """Say what a map is to a region: a skip, the upsampled map, the one that was upsampled, or just a map."""
    giver = givers.get(value.id)
    ups = [other for other in inputs if (maker := givers.get(other.id)) is not None and maker.role == "up"]
    if region.role not in ("skip", "up") or (region.role == "skip" and len(ups) != 1 and len(inputs) > 2):
        return "x"
    if giver is not None and giver.role == "up":
        return "up"
    if region.role == "up":
        return "x" if value == inputs[0] else "skip"
    if ups and value in givers[ups[0].id].inputs and value == inputs[-1]:
        return "below"
    return "skip" if ups or value == inputs[0] else "x"


def scope_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Name what a scope takes, given what its maps are called around it, `x` where they have no name.

    Example:
        >>> scope_names(("skip",)), scope_names(("up", "x")), scope_names(("x", "x"))
        (('x',), ('up', 'x'), ('x0', 'x1'))
    """
    return ("x",) if len(names) == 1 else _numbered(names)


def _numbered(names: tuple[str, ...]) -> tuple[str, ...]:
    """Number names that occur more than once, from 0."""
    counts, seen = Counter(names), Counter[str]()
    given = []
    for name in names:
        given.append(f"{name}{seen[name]}" if counts[name] > 1 else name)
        seen[name] += 1
    return tuple(given)
