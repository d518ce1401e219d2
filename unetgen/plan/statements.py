"""Lines of a `forward`: what runs, the variable that holds what it gives, and those that let go then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from unetgen.ir import Value
from unetgen.plan.calls import Call


@dataclass(frozen=True, slots=True)
class Statement:
    """One line: what runs, the variable that holds what it gives, and those that let go then.

    What a variable lets go is read by nobody any more, so the next statements need not have it beside their own maps.
    """

    call: Call
    name: str
    drops: tuple[str, ...]


def let_go(calls: tuple[Call, ...], names: dict[int, str], held: tuple[Value, ...]) -> tuple[Statement, ...]:
    """Give calls as statements, in which variables let go of what nobody reads any more; `held` stays anyway."""
    drops = _drops(calls, names, held)
    return tuple(Statement(call, names[call.value.id], drop) for call, drop in zip(calls, drops, strict=True))


def _drops(calls: tuple[Call, ...], names: dict[int, str], held: tuple[Value, ...]) -> Iterator[tuple[str, ...]]:
    """Say for each statement which variables let go behind it: those read for the last time.

    Nothing is said of what the caller holds anyway, of a variable that this statement or the next gives a new value,
    and of what is left at the end.
    """
    last = {value.id: place for place, call in enumerate(calls) for value in call.takes}
    for place, call in enumerate(calls):
        ahead = {names[one.value.id] for one in calls[place : place + 2]}
        read = (value for value in call.takes if value not in held and last[value.id] == place)
        dead = dict.fromkeys(names[value.id] for value in read if names[value.id] not in ahead)
        yield tuple(dead) if place + 1 < len(calls) else ()
