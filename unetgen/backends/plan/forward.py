"""The body of a `forward`: statements, the variables that hold what they give, and when these let it go."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from unetgen.backends.plan.calls import Call, nest_calls
from unetgen.backends.plan.groups import Group
from unetgen.backends.plan.variables import name_variables
from unetgen.ir import Network


@dataclass(frozen=True, slots=True)
class Statement:
    """One line: what runs, the variable that holds what it gives, and those that let go then.

    What a variable lets go is read by nobody any more, so the next statements need not have it beside their own maps.
    """

    call: Call
    name: str
    drops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The body of the `forward` of a group.

    Args:
        group: The group.
        statements: What runs, line by line.
        names: The variable that holds each value, by value id.
        early: After how many statements the main output is handed back alone in eval mode; None if never.
    """

    group: Group
    statements: tuple[Statement, ...]
    names: dict[int, str]
    early: int | None = None

    @property
    def returns_last(self) -> bool:
        """Whether what the last statement gives is handed back as it is, under no name."""
        group, statements = self.group, self.statements
        return len(group.outputs) == 1 and bool(statements) and statements[-1].call.value == group.output


def plan_forward(group: Group, network: Network, taken: Collection[str] = ()) -> Plan:
    """Plan the `forward` of a group.

    Args:
        group: The network as a group, or a group inside it.
        network: The network.
        taken: Names that no variable may have.
    """
    calls = nest_calls(group)
    names = name_variables(group, calls, taken)
    drops = _drops(group, calls, names)
    lines = tuple(Statement(call, names[call.value.id], drop) for call, drop in zip(calls, drops, strict=True))
    return Plan(group, lines, names, _early(group, calls, network))


def _drops(group: Group, calls: tuple[Call, ...], names: dict[int, str]) -> Iterator[tuple[str, ...]]:
    """Say for each statement which variables let go behind it: those read for the last time.

    Nothing is said of what the caller holds anyway, of a variable that this statement or the next gives a new value,
    and of what is left at the end.
    """
    held = (*group.inputs, *group.outputs)
    last = {value.id: place for place, call in enumerate(calls) for value in call.takes}
    for place, call in enumerate(calls):
        ahead = {names[one.value.id] for one in calls[place : place + 2]}
        read = (value for value in call.takes if value not in held and last[value.id] == place)
        dead = dict.fromkeys(names[value.id] for value in read if names[value.id] not in ahead)
        yield tuple(dead) if place + 1 < len(calls) else ()


def _early(group: Group, calls: tuple[Call, ...], network: Network) -> int | None:
    if len(group.outputs) == 1 or network.returns.in_eval == "return":
        return None
    made = next(place for place, one in enumerate(calls) if one.value == network.output) + 1
    return made if network.returns.in_eval == "skip" else len(calls)
