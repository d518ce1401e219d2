"""The body of a `forward`: statements, the variables that hold what they give, and when these let go."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from unetgen.backends.plan.calls import Call, nest_calls
from unetgen.backends.plan.groups import Group, Leaf
from unetgen.ir import Network


@dataclass(frozen=True, slots=True)
class Plan:
    """The body of the `forward` of a group.

    Args:
        group: The group.
        calls: What its statements run, one after the other.
        names: The variable that holds each value, by value id.
        early: After how many statements the main output is handed back alone in eval mode; None if never.
    """

    group: Group
    calls: tuple[Call, ...]
    names: dict[int, str]
    early: int | None = None

    @property
    def returns_last(self) -> bool:
        """Whether what the last statement gives is handed back as it is, under no name."""
        return len(self.group.outputs) == 1 and bool(self.calls) and self.calls[-1].value == self.group.output


def plan_forward(group: Group, network: Network, taken: Collection[str] = ()) -> Plan:
    """Plan the `forward` of a group.

    Args:
        group: The network as a group, or a group inside it.
        network: The network.
        taken: Names that no variable may have.
    """
    calls = nest_calls(group)
    return Plan(group, calls, _variables(group, calls, taken), _early(group, calls, network))


def _early(group: Group, calls: tuple[Call, ...], network: Network) -> int | None:
    if len(group.outputs) == 1 or network.returns.in_eval == "return":
        return None
    made = next(place for place, one in enumerate(calls) if one.value == network.output) + 1
    return made if network.returns.in_eval == "skip" else len(calls)


def _variables(group: Group, calls: tuple[Call, ...], taken: Collection[str]) -> dict[int, str]:
    """Give the name of the variable that holds each value, by value id.

    What only the next statement reads goes through one variable, `x`, or `y` where `x` is still needed. The others, and
    each of several outputs, have names that say what they are.
    """
    last = {value.id: place for place, call in enumerate(calls) for value in call.takes}
    last |= {value.id: len(calls) for value in group.outputs}
    names = {value.id: word for value, word in zip(group.inputs, group.names, strict=True)}
    kept = {names[value.id] for value in group.inputs if last.get(value.id, 0) > 0}
    passing = next(word for word in "xyzuvw" if word not in kept)
    outputs = {value.id for value in group.outputs} if len(group.outputs) > 1 else set()
    for place, call in enumerate(calls):
        if last.get(call.value.id, 0) <= place + 1 and call.value.id not in outputs:
            names[call.value.id] = passing
        else:
            names[call.value.id] = _apart(_word(call, group), {*names.values(), "self", passing, *taken})
    return names


def _word(call: Call, group: Group) -> str:
    """Name a value that is needed later: `skip0`, `x1` in a class after its unit, else after its scope or region."""
    step, region = call.step, call.step.region
    name = (step.within or step.name) if isinstance(step, Leaf) else step.name
    if region is not None and name == region.path and region.role == "encoder":
        return f"skip{region.level}"
    if (join := next(filter(None, (_joined(leaf, call) for leaf in group.leaves)), None)) is not None:
        return _variable(join)
    return f"x{step.number}" if isinstance(step, Leaf) and not step.within and step.number else _variable(name)


def _joined(leaf: Leaf, call: Call) -> str:
    """Give the name of the place where a step brings a value together with another; empty if it does not."""
    scope = leaf.node.within("join") if call.value in leaf.inputs else None
    return scope.name if scope is not None else ""


def _variable(path: str) -> str:
    """Make the name of a variable of a path.

    Example:
        >>> _variable("up.3"), _variable("up.0.1"), _variable("attention.channel")
        ('up3', 'up0_1', 'attention_channel')
    """
    return re.sub(r"\.(\d)", r"\1", path, count=1).replace(".", "_")


def _apart(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name += "_"
    return name
