"""Lines of a `forward`: what runs, the variable that holds what it gives, and those that let go then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from unetgen.ir import Value, ops
from unetgen.plan.calls import Call
from unetgen.plan.steps import Group, Leaf, StepOrRun


@dataclass(frozen=True, slots=True)
class Statement:
    """One line: what runs, the variable that holds what it gives, and those that let go then.

    What a variable lets go is read by nobody any more, so the next statements need not have it beside their own maps.
    """

    call: Call
    name: str
    drops: tuple[str, ...]


def let_go(
    calls: tuple[Call, ...], names: dict[int, str], held: tuple[Value, ...], *, views: bool = False
) -> tuple[Statement, ...]:
    """Give calls as statements, in which variables let go of what nobody reads any more.

    Args:
        calls: What runs.
        names: The variable of each value.
        held: What stays anyway.
        views: Whether crops are views of the map that they take.
    """
    drops = _drops(calls, names, held, views)
    return tuple(Statement(call, names[call.value.id], drop) for call, drop in zip(calls, drops, strict=True))


def _drops(
    calls: tuple[Call, ...], names: dict[int, str], held: tuple[Value, ...], views: bool
) -> Iterator[tuple[str, ...]]:
    """Say for each statement which variables let go behind it: those read for the last time.

    Nothing is said of what the caller holds anyway, of a variable that this statement or the next gives a new value,
    and of what is left at the end.
    """
    read = {value: place for place, call in enumerate(calls) for value in call.takes}
    freed = _freed(calls, read, held, views)
    for place, call in enumerate(calls):
        here = (value for value in (*call.takes, *read) if value not in held and freed[value] == place)
        ahead = {value: {names[one.value.id] for one in calls[read[value] : place + 2]} for value in here}
        dead = dict.fromkeys(names[value.id] for value, given in ahead.items() if names[value.id] not in given)
        yield tuple(dead) if place + 1 < len(calls) else ()


def _freed(calls: tuple[Call, ...], read: dict[Value, int], held: tuple[Value, ...], views: bool) -> dict[Value, int]:
    """Say behind which statement nothing needs the memory of each value any more.

    Dropout gives the very map that it takes in eval mode, and a crop may be a view of it: until these are read, to let
    go of the map frees nothing.
    """
    freed = dict(read)
    for call in reversed(calls):
        if call.depth == 1 and _gives_back(call.step, views):
            until = len(calls) if call.value in held else freed.get(call.value, 0)
            whole = call.takes[0]
            freed[whole] = max(freed[whole], until)
    return freed


def _gives_back(step: StepOrRun, views: bool) -> bool:
    """Say whether a step is a dropout, a crop that is a view, or a module of nothing else."""
    if isinstance(step, Leaf):
        return isinstance(step.node.op, ops.Dropout) or (views and isinstance(step.node.op, ops.CropLike))
    return isinstance(step, Group) and all(_gives_back(inside, views) for inside in step.steps)
