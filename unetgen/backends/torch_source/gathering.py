"""Joins to which each map comes through a module of its own: where these differ in class, a join is handed them.

FullScaleSkip(ConvNormAct(64, 64), ResizeConvNormAct(128, 64, factor=2))

Else each join would have its own class, alike but for the classes of the modules that it makes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from unetgen.ir import ops
from unetgen.plan import Group, Leaf, Step


@dataclass(frozen=True, slots=True)
class AnyWays:
    """The structure of joins whose maps come through modules of several classes.

    Args:
        ways: What each module is called, and which map it takes.
        order: Which modules give the maps that are concatenated.
    """

    ways: tuple[tuple[str, int], ...]
    order: tuple[int, ...]


def ways_of(group: Group) -> tuple[Group, ...]:
    """Give the modules through which the maps of a join come to it; none where a group is no such join."""
    *ways, join = group.steps
    found = tuple(step for step in ways if isinstance(step, Group) and _is_way(step, group))
    is_join = isinstance(join, Leaf) and isinstance(join.node.op, ops.Concat)
    given = {way.output for way in found}
    return found if is_join and len(found) == len(ways) > 1 and set(join.inputs) == given else ()


def _is_way(step: Group, group: Group) -> bool:
    return step.is_a("step") and len(step.inputs) == 1 and step.inputs[0] in group.inputs


def handed_ways(steps: Iterable[Step], keys: Mapping[str, Hashable]) -> dict[str, Hashable]:
    """Find joins of a network that are of several kinds for their ways alone, and give them one kind, by path."""
    alike: dict[AnyWays, list[Group]] = defaultdict(list)
    for step in steps:
        if isinstance(step, Group) and (ways := ways_of(step)):
            alike[_structure(step, ways)].append(step)
    return {
        group.path: ways
        for ways, groups in alike.items()
        if len({keys[group.path] for group in groups}) > 1
        for group in groups
    }


def _structure(group: Group, ways: tuple[Group, ...]) -> AnyWays:
    given = [way.output for way in ways]
    return AnyWays(
        tuple((way.name, group.inputs.index(way.inputs[0])) for way in ways),
        tuple(given.index(value) for value in group.steps[-1].inputs),
    )
