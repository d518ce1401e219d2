"""Blocks that differ in their shortcut alone share a class.

It is told whether there is one (`projected=True`), or handed it where these are of several kinds
(`shortcut=nn.AvgPool2d(2)`). A block without adds its input, as `nn.Identity` gives it on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from unetgen.ir import ops
from unetgen.plan import Group, Leaf, Part, Step, explicit_pads


@dataclass(frozen=True, slots=True)
class AnyShortcut:
    """The structure of blocks without their shortcuts, which differ."""

    structure: Hashable


def shortcut_of(group: Group) -> Step | None:
    """Give the module of a block that stands between its input and a sum, and on no other way."""
    return next((step for step in group.steps if _is_shortcut(step, group)), None)


def _is_shortcut(step: Step, group: Group) -> bool:
    takers = [part for part in group.parts if step.output in part.inputs]
    sums = len(takers) == 1 and isinstance(takers[0], Leaf) and isinstance(takers[0].node.op, ops.Add)
    return sums and step.inputs == group.inputs[:1] and step.name.isidentifier() and _is_declared(step)


def _is_declared(step: Step) -> bool:
    if isinstance(step, Group):
        return step.is_a("shortcut")
    return step.is_module and step.node.within("shortcut") is not None and explicit_pads(step.node.op) is None


def projects(shortcuts: Iterable[Step | None]) -> bool:
    """Say whether a convolution stands on one of these shortcuts."""
    return any(isinstance(op, ops.Conv) for one in shortcuts if one is not None for op in _ops(one))


def _ops(step: Step) -> Iterator[ops.Op]:
    if isinstance(step, Leaf):
        yield step.node.op
    else:
        yield from (op for inside in step.steps for op in _ops(inside))


def parts_without(group: Group, left_out: Step | None) -> tuple[Part, ...]:
    """List the parts of a group but one."""
    return tuple(part for part in group.parts if part is not left_out)


Structure = Callable[[Group, Step | None], Hashable]
"""Says everything about a group but its numbers; what it is given beside the group counts as the group's input."""


def alike_but_for_shortcuts(groups: Iterable[Group], structure: Structure) -> dict[str, AnyShortcut]:
    """Find the groups that are alike without their shortcuts and differ with them, by path."""
    found: dict[Hashable, list[Group]] = defaultdict(list)
    for group in groups:
        found[structure(group, shortcut_of(group))].append(group)
    return {
        group.path: AnyShortcut(reduced)
        for reduced, members in found.items()
        if len({structure(group, None) for group in members}) > 1 and len(set(_places(members))) == 1
        for group in members
    }


def _places(groups: Iterable[Group]) -> Iterable[tuple[str, int]]:
    """Say what the shortcuts are called, and after how many parts they run."""
    for group in groups:
        if (shortcut := shortcut_of(group)) is not None:
            yield shortcut.name, group.parts.index(shortcut)


def telling_first(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Put groups first that have a shortcut, above all one of several layers: the first stands for all."""
    return tuple(sorted(groups, key=lambda group: _rank(shortcut_of(group))))


def _rank(shortcut: Step | None) -> int:
    return 2 if shortcut is None else int(isinstance(shortcut, Leaf))
