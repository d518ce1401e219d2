"""What a `forward` runs, in order: calls, and calls inside calls.

NOTE: [Run order]
Modules run in exactly the order of the network's nodes, poolings aside (`_pooled_late`): weights move between
implementations by call order, and random numbers of dropout are drawn in it. Nodes are nested into one line
(`self.act1(self.norm1(self.conv1(x)))`) only where the nesting runs in that order too: a call waits on a stack, and is
used by the next one or written down.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from unetgen.ir import Value, ops
from unetgen.plan.in_place import overwriting
from unetgen.plan.modules import explicit_pads, is_module, named_inputs
from unetgen.plan.steps import Group, Leaf, Run, StepOrRun, module_of

_NESTING: Final = 4
"""Calls inside each other that one can read: a convolution, its norm, its activation, its dropout."""
_LONG: Final = 64
"""Columns from which on a call gets a line and a name of its own."""
_NAME: Final = 5
"""Columns of a variable such as `skip0`."""
_AROUND: Final[dict[type, int]] = {
    ops.Concat: len("torch.cat([], dim=1)"),
    ops.PadLike: len("replicate_end_like()"),
    ops.ResizeLike: 45,
    ops.Add: 1,
    ops.Multiply: 1,
}
"""Columns that expressions take around their inputs, those of short functions aside."""


@dataclass(frozen=True, slots=True)
class Call:
    """A step or a run that runs on values that have names, and on what calls inside this one give."""

    step: StepOrRun
    inputs: tuple[Value | Call, ...]

    @property
    def value(self) -> Value:
        """What it gives."""
        return self.step.output

    @property
    def takes(self) -> tuple[Value, ...]:
        """The values that have names, in the order in which they are read."""
        return tuple(v for one in self.inputs for v in (one.takes if isinstance(one, Call) else (one,)))

    @property
    def makes(self) -> tuple[Value, ...]:
        """What it gives, and what the calls inside it give."""
        return (*(v for one in self.inputs if isinstance(one, Call) for v in one.makes), self.value)

    @property
    def holds(self) -> tuple[Value, ...]:
        """The values that it reads again and again: what comes into each round of a loop."""
        return self.step.inputs[1:] if isinstance(self.step, Run) else ()

    @property
    def is_loop(self) -> bool:
        """Whether it is written as a loop, which nothing stands around."""
        return isinstance(self.step, Run) and self.step.form == "loop"

    @property
    def depth(self) -> int:
        """How many calls stand inside each other."""
        return 1 + max((one.depth for one in self.inputs if isinstance(one, Call)), default=0)

    @property
    def columns(self) -> int:
        """About how many columns it takes, with short names."""
        inside = (one.columns if isinstance(one, Call) else _NAME for one in self.inputs)
        return _columns(self.step) + sum(inside) + len(", ") * (len(self.inputs) - 1)


def _columns(step: StepOrRun) -> int:
    if isinstance(step, Run):
        return len(f"self.{step.name}()") if step.form == "chain" else len("torch.cat(maps, dim=1)")
    leaf = module_of(step)
    if leaf is not None and not is_module(leaf.node.op):
        return _AROUND.get(type(leaf.node.op), len("crop_like()"))
    called = leaf.calls if leaf is not None and isinstance(step, Leaf) else step.name
    pads = len("F.pad(, (1, 1, 1, 1))") if leaf is not None and explicit_pads(leaf.node.op) else 0
    return len(f"self.{called}()") + len("[]") * called.count(".") + pads


def nest_calls(group: Group, held: tuple[Value, ...] | None = None) -> tuple[Call, ...]:
    """Give a group's steps as calls, one for each statement, nesting what reads as one and holds no more maps.

    `held` is what somebody else holds all the while: what the group takes, unless given.
    """
    held = group.inputs if held is None else held
    nesting = _Nesting(group, held)
    calls = nesting.run()
    # Whoever calls holds what it passes, so the unit that reads it could stand on one line where others need two; alike
    # they read better.
    return _Nesting(group, held, alike=True).run() if nesting.splits_units else calls


class _Nesting:
    """The calls written so far, and those that wait to be used.

    `alike` splits the unit that reads what the group takes as it splits the others.
    """

    def __init__(self, group: Group, held: tuple[Value, ...], *, alike: bool = False) -> None:
        self._group = group
        self._held = held
        self._parts: tuple[StepOrRun, ...] = group.needed if group.region is None else group.parts
        self._users = Counter(value.id for part in self._parts for value in part.inputs)
        self._users.update(value.id for value in group.outputs)
        self._outputs = {value.id for value in group.outputs}
        self._inplace = overwriting(group)
        self._last = {value.id: part.output.id for part in self._parts for value in part.inputs}
        self._alike = alike
        self._waiting: list[Call] = []
        self._written: list[Call] = []
        self.splits_units = False

    def run(self) -> tuple[Call, ...]:
        for part in self._parts:
            if isinstance(part, Run) and part.form != "chain":
                # Its lines stand in front of whatever takes what it gives, and nothing that waits may run after them.
                self._write_down()
            self._visit(part)
        self._write_down()
        return tuple(self._written)

    def _visit(self, step: StepOrRun) -> None:
        if self._waiting and not self._reads_on(self._waiting[-1], step):
            self._write_down()
        nested = self._nestable(step) if not isinstance(step, Run) or step.form == "chain" else ()
        call = _call(step, nested)
        while nested and (call.depth > _NESTING or call.columns > _LONG or self._would_hold(call)):
            # The last one may stand inside alone, as in `y + self.shortcut(x)`.
            nested = nested[1:]
            self._write_down(but=len(nested))
            call = _call(step, nested)
        if nested:
            del self._waiting[-len(nested) :]
        self._waiting.append(call)
        if self._users[step.output.id] != 1 or step.output.id in self._outputs or call.is_loop:
            self._write_down()

    def _write_down(self, *, but: int = 0) -> None:
        """Write down what waits, but for the last ones."""
        done = len(self._waiting) - but
        self._written += self._waiting[:done]
        del self._waiting[:done]

    def _nestable(self, step: StepOrRun) -> tuple[Call, ...]:
        """Give the waiting calls that the step takes, if nesting them keeps the run order.

        What waits and is taken must be the last that waits, in the order in which the step takes it.
        """
        waiting = {call.value.id: call for call in self._waiting}
        wanted = tuple(waiting[value.id] for value in step.inputs if value.id in waiting)
        named = named_inputs(step.node.op) if isinstance(step, Leaf) else ()
        if not wanted:
            return ()
        in_order = tuple(self._waiting[-len(wanted) :]) == wanted
        if in_order and not any(step.inputs[place].id in waiting for place in named):
            return wanted
        self._write_down()
        return ()

    def _would_hold(self, call: Call) -> bool:
        """Say whether a variable would hold a map that nobody reads any more, while the outermost call makes another.

        In `x = norm(conv(x))` the old `x` is there until the norm is done; in `x = conv(x)`, `x = norm(x)` it is not.
        """
        step = call.step
        if isinstance(step, Leaf) and (step.path in self._inplace or isinstance(step.node.op, ops.Dropout)):
            return False
        inside = {value.id for value in call.makes} - {call.value.id}
        number = None if isinstance(step, Run) else step.number
        held_anyway = () if self._alike and number is not None else self._held
        held = any(self._last[value.id] in inside for value in call.takes if value not in held_anyway)
        self.splits_units |= held and number is not None
        return held

    def _reads_on(self, before: Call, step: StepOrRun) -> bool:
        """Say whether a step may stand around the call that waits last: `norm1(conv1(x))`, which are of one unit.

        In a class, so may what is not of its unit: an op around a single other one, or a module around a sum or a crop.
        """
        if self._unit(before.step) == self._unit(step):
            return True
        single = isinstance(step, Leaf) and before.depth == 1
        joins = isinstance(before.step, Leaf) and not is_module(before.step.node.op)
        return self._group.region is not None and isinstance(before.step, Leaf) and (single or joins)

    def _unit(self, step: StepOrRun) -> object:
        """Say what a step belongs to; steps that belong to the same thing may stand on one line.

        In the network that is a region (`decoder.0`), in a class a scope (`shortcut`) or else the number of a unit.
        """
        if self._group.region is None:
            return step.within if isinstance(step, Leaf) else step.name
        if isinstance(step, Leaf) and step.within and is_module(step.node.op):
            return step.within
        return None if isinstance(step, Run) else step.number


def _call(step: StepOrRun, nested: tuple[Call, ...]) -> Call:
    inner = {call.value.id: call for call in nested}
    return Call(step, tuple(inner.get(value.id, value) for value in step.inputs))
