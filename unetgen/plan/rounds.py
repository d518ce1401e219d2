"""What a loop does in each round: its statements, their variables, what it keeps for another loop and takes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from unetgen.ir import Value
from unetgen.plan.calls import Call, nest_calls
from unetgen.plan.statements import Statement, let_go
from unetgen.plan.steps import Group, Run, Source

Stacks = Mapping[Source, str]
"""The variables of the lists of maps that loops keep for each other."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a loop.

    Args:
        goes_on: The variable of the map that goes from round to round.
        items: The variable of an item of each list.
        takes_back: The variable of each map that is taken back, and that of the list it comes from.
        statements: What runs, line by line.
        names: The variable that holds each value.
        keeps: The lists that values are put into, by value id.
    """

    goes_on: str
    items: dict[str, str]
    takes_back: tuple[tuple[str, str], ...]
    statements: tuple[Statement, ...]
    names: dict[int, str]
    keeps: dict[int, str]


def stack_names(group: Group) -> Stacks:
    """Name the lists of maps that the loops of a group keep for each other."""
    loops = (part for part in group.parts if isinstance(part, Run))
    kept = [Source("kept", place, run.name) for run in loops for place in run.keeps]
    return {source: "skips" if number == 1 else f"skips{number}" for number, source in enumerate(kept, start=1)}


def plan_round(run: Run, group: Group, names: Mapping[int, str], stacks: Stacks, taken: Collection[str] = ()) -> Round:
    """Plan the rounds of a loop.

    Args:
        run: The loop.
        group: The module that it stands in.
        names: The variables of the values that the loop takes and gives.
        stacks: The lists of maps that loops keep for each other.
        taken: Names that no variable may have.
    """
    return _Planner(run, group, names, stacks, taken).plan()


class _Planner:
    """Gives a variable to everything that a round of a loop computes.

    The round that it looks at is the second one: what the first one takes was made in front of the loop.
    """

    def __init__(
        self, run: Run, group: Group, names: Mapping[int, str], stacks: Stacks, taken: Collection[str]
    ) -> None:
        self._run = run
        self._group = group
        self._stacks = stacks
        self._steps = run.rounds[1]
        self._goes_on = names[run.output.id]
        self._items = item_names(run, {*names.values(), *stacks.values(), *taken})
        self._holds = {value.id: names[value.id] for value in run.inputs[1:]}
        self._names: dict[int, str] = {**self._holds, run.rounds[0][-1].output.id: self._goes_on}
        self._given: dict[int, str] = {}

    def plan(self) -> Round:
        pairs = [pair for pair in self._outside() if pair[0].kind == "kept"]
        back = tuple((self._name(value, "skip"), self._stacks[source]) for source, value in pairs)
        self._given |= self._names
        calls = nest_calls(self._alone(), self._run.inputs[1:])
        for place, call in enumerate(calls):
            self._give_name(call, calls[place + 1 :])
        own = {self._steps[place].output.id: Source("kept", place, self._run.name) for place in self._run.keeps}
        keeps = {id: self._stacks[source] for id, source in own.items()}
        lines = let_go(calls, self._given, (*self._run.inputs[1:], self._steps[-1].output))
        return Round(self._goes_on, self._items, back, lines, self._given, keeps)

    def _alone(self) -> Group:
        """Give the round as a group: what is kept leaves it, too."""
        outputs = (*(self._steps[place].output for place in self._run.keeps), self._steps[-1].output)
        inputs = tuple(value for _, value in self._outside())
        return replace(self._group, inputs=inputs, outputs=outputs, steps=self._steps, parts=self._steps)

    def _outside(self) -> list[tuple[Source, Value]]:
        """List the values that come from outside of the round, and where from."""
        pairs = zip(self._run.flow, self._steps, strict=True)
        each = [pair for sources, step in pairs for pair in zip(sources, step.inputs, strict=True)]
        return list(dict.fromkeys(pair for pair in each if pair[0].kind != "place"))

    def _give_name(self, call: Call, later: Sequence[Call]) -> None:
        """Name what a call gives: as what goes on, unless that is still needed or this is needed for long."""
        holding = {id for id, name in self._names.items() if name == self._goes_on}
        needed = {value.id for other in later for value in other.takes}
        for_long = {value.id for other in later[1:] for value in other.takes}
        if needed & holding or call.value.id in for_long:
            self._given[call.value.id] = self._name(call.value, "y")
            return
        self._names = {id: name for id, name in self._names.items() if id not in holding}
        self._names[call.value.id] = self._given[call.value.id] = self._goes_on

    def _name(self, value: Value, word: str) -> str:
        while word in (*self._names.values(), *self._items.values(), *self._stacks.values()):
            word += "_"
        self._names[value.id] = word
        return word


def item_names(run: Run, taken: Collection[str]) -> dict[str, str]:
    """Name the items of each list after what one is called, apart from all other variables."""
    items: dict[str, str] = {}
    for name in run.lists:
        word = run.word(name)
        while word in taken or word in items.values():
            word += "_"
        items[name] = word
    return items
