"""Blocks that differ in a detour alone share a class: in their shortcut, or in what the signal of a gate goes through.

It is told whether there is such a detour (`projected=True`), or handed it where these are of several kinds
(`shortcut=nn.AvgPool2d(2)`). A block without adds its input, as `nn.Identity` gives it on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from unetgen.ir import ops
from unetgen.plan import Group, Leaf, Step, StepOrRun, explicit_pads


@dataclass(frozen=True, slots=True)
class AnyDetour:
    """The structure of groups without their detours, which differ."""

    structure: Hashable


def detour_of(group: Group) -> Step | None:
    """Give the shortcut of a block, or what the signal of a gate goes through first."""
    return shortcut_of(group) or next((step for step in group.steps if _is_heard(step, group)), None)


def _is_heard(step: Step, group: Group) -> bool:
    """Say whether a step stands between what a gate takes and the module that would else take it, equally wide."""
    if not isinstance(step, Group) or not step.is_a("signal") or not step.name.isidentifier():
        return False
    signal, heard = step.inputs[0], step.output
    alone = [part for part in group.parts if signal in part.inputs] == [step] and signal in group.inputs
    takers = [part for part in group.parts if heard in part.inputs]
    leads_on = len(takers) == 1 and (
        isinstance(takers[0], Group) or (isinstance(takers[0], Leaf) and takers[0].is_module)
    )
    return alone and leads_on and signal.shape == heard.shape


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


def parts_without(group: Group, left_out: Step | None) -> tuple[StepOrRun, ...]:
    """List the parts of a group but one."""
    return tuple(part for part in group.parts if part is not left_out)


Structure = Callable[[Group, Step | None], Hashable]
"""Says everything about a group but its numbers; what it is given beside the group counts as what that takes."""


def alike_but_for_detours(groups: Iterable[Group], structure: Structure) -> dict[str, AnyDetour]:
    """Find the groups that are alike without their detours and differ with them, by path."""
    found: dict[Hashable, list[Group]] = defaultdict(list)
    for group in groups:
        found[structure(group, detour_of(group))].append(group)
    return {
        group.path: AnyDetour(reduced)
        for reduced, members in found.items()
        if len({structure(group, None) for group in members}) > 1 and len(set(_places(members))) == 1
        for group in members
    }


def _places(groups: Iterable[Group]) -> Iterable[tuple[str, int]]:
    """Say what the detours are called, and after how many parts they run."""
    for group in groups:
        if (detour := detour_of(group)) is not None:
            yield detour.name, group.parts.index(detour)


def telling_first(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Put groups first that have a detour, above all one of several layers: the first stands for all."""
    return tuple(sorted(groups, key=lambda group: _rank(detour_of(group))))


def _rank(detour: Step | None) -> int:
    return 2 if detour is None else int(isinstance(detour, Leaf))


def flag_of(detours: Iterable[Step | None]) -> str:
    """Name the argument that says whether there is a detour: after what a shortcut does, else after the detour."""
    known = [step for step in detours if step is not None]
    if not any(map(_is_declared, known)):
        return known[0].name
    return "projected" if projects(known) else "pooled"
