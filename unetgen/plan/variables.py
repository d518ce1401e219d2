"""The names of the variables in a `forward`."""

from __future__ import annotations

import re
from collections.abc import Collection

from unetgen.ir import Value, ops
from unetgen.plan.calls import Call
from unetgen.plan.steps import Group, Leaf, Run


def name_variables(group: Group, calls: tuple[Call, ...], taken: Collection[str]) -> dict[int, str]:
    """Give the name of the variable that holds each value, by value id.

    What only the next statement reads goes through one variable, `x`, or `y` where `x` is still needed. The others, and
    each of several outputs, have names that say what they are. What is only cut to size keeps its name, and so does the
    gating signal of a gate behind its convolution.
    """
    return _Names(group, calls, taken).run()


class _Names:
    """The statements of a group, and who reads what last."""

    def __init__(self, group: Group, calls: tuple[Call, ...], taken: Collection[str]) -> None:
        self._group = group
        self._calls = calls
        self._outputs = group.outputs if len(group.outputs) > 1 else ()
        self._last = {value.id: place for place, call in enumerate(calls) for value in call.takes}
        self._last |= {value.id: place + 2 for place, call in enumerate(calls) for value in call.holds}
        self._last |= {value.id: len(calls) for value in group.outputs}
        self._names = {value.id: word for value, word in zip(group.inputs, group.names, strict=True)}
        kept = {self._names[value.id] for value in group.inputs if self._last.get(value.id, 0) > 0}
        self._passing = next(word for word in "xyzuvw" if word not in kept)
        self._taken = {"self", self._passing, *taken}

    def run(self) -> dict[int, str]:
        for place, call in enumerate(self._calls):
            self._names[call.value.id] = self._name(place, call)
            start = call.takes[0] if call.is_loop else None
            if start is not None and place and self._calls[place - 1].value == start and self._last[start.id] == place:
                # What only a loop starts with is called at once as what goes on from round to round.
                self._names[start.id] = self._names[call.value.id]
        return self._names

    def _name(self, place: int, call: Call) -> str:
        if (whole := self._cut(place) or self._heard(place)) is not None:
            return self._names[whole.id]
        if self._passes(place):
            return self._passing
        return _apart(_word(call, self._group), {*self._names.values(), *self._taken})

    def _cut(self, place: int) -> Value | None:
        """Give what a statement only cuts to size, if nobody needs it whole any more."""
        call = self._calls[place]
        crops = isinstance(call.step, Leaf) and isinstance(call.step.node.op, ops.CropLike) and call.depth == 1
        whole = call.takes[0]
        theirs = whole in self._group.inputs or call.value in self._outputs
        return whole if crops and not theirs and self._last[whole.id] == place else None

    def _heard(self, place: int) -> Value | None:
        """Give the gating signal that a statement sends through its convolution, if nobody needs it as it was."""
        call = self._calls[place]
        taken = call.takes[0]
        hears = isinstance(call.step, Group) and call.step.is_a("signal") and call.depth == 1
        return taken if hears and self._last[taken.id] == place else None

    def _passes(self, place: int) -> bool:
        """Say whether only the next statement reads a value, or the one behind those that cut something to its size.

        Example: the first line gives `x` in `x = up(x)`, `skip = crop_like(skip, x)`, `x = torch.cat([skip, x])`.
        """
        value = self._calls[place].value
        reader = place + 1
        while reader < len(self._calls) and self._cut(reader) not in (None, value):
            reader += 1
        return value not in self._outputs and self._last.get(value.id, 0) <= reader


def _word(call: Call, group: Group) -> str:
    """Name a value that is needed later: `skip0`, `x1` in a class after its unit, else after its scope or region."""
    if isinstance(call.step, Run):
        return _variable(call.step.name)
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
        >>> _variable("up.3"), _variable("up0_1"), _variable("attention.channel")
        ('up3', 'up0_1', 'attention_channel')
    """
    return re.sub(r"\.(\d)", r"\1", path, count=1).replace(".", "_")


def _apart(name: str, taken: Collection[str]) -> str:
    """Give a name that is not taken: what `skip` becomes in a module of that name is `skip_map`."""
    name = f"{name}_map" if name in taken else name
    while name in taken:
        name += "_"
    return name
