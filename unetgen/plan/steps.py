"""What a module does one after the other: single nodes, modules inside, and runs of steps that repeat."""

from __future__ import annotations

from dataclasses import dataclass
from keyword import iskeyword
from typing import Literal

from unetgen.ir import Node, Region, Scope, Value
from unetgen.ir.network import ScopeKind
from unetgen.plan.modules import is_module

Family = Literal["network", "stage", "down", "up", "skip", "head", "scope"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One node in the `forward` of a group.

    `name` is its path below the group, `calls` the name of the module that it runs: its own, that of the node whose
    weights it shares, or, where a unit runs again, that of an equal node without weights.
    """

    name: str
    node: Node
    region: Region
    calls: str

    @property
    def path(self) -> str:
        return self.node.path

    @property
    def inputs(self) -> tuple[Value, ...]:
        return self.node.inputs

    @property
    def output(self) -> Value:
        return self.node.output

    @property
    def is_module(self) -> bool:
        """Whether the node makes a module of its own here."""
        return is_module(self.node.op) and self.calls == self.name

    @property
    def within(self) -> str:
        """The name of what the node lies in below the group, or is alone; empty where that is the group itself."""
        names = (scope.name for scope in self.node.scopes if scope.name)
        around = ".".join((self.region.path, *names))
        return self.name if self.path == around else self.name.rpartition(".")[0]

    @property
    def number(self) -> int | None:
        """Which unit of several it belongs to."""
        scope = self.node.scopes[-1] if self.node.scopes else None
        return scope.number if scope is not None and scope.kind == "unit" else None


@dataclass(frozen=True, slots=True)
class Group:
    """A module with a `forward`: its steps in the order in which they run.

    `family` keeps apart what should not share a class even if it looks alike: `stage` (a block is one too), `down`,
    `up`, `skip`, `head`, or `scope` for the parts of these. `region` is the region that it is or lies in; None for
    the network itself. `names` are those of its inputs. `scopes` are those that it lies in below the group around it,
    to its own; none for a region. `parts` are the steps, those that repeat as runs.
    """

    name: str
    path: str
    family: Family
    region: Region | None
    inputs: tuple[Value, ...]
    names: tuple[str, ...]
    outputs: tuple[Value, ...]
    steps: tuple[Step, ...]
    scopes: tuple[Scope, ...] = ()
    parts: tuple[StepOrRun, ...] = ()

    @property
    def output(self) -> Value:
        return self.outputs[-1]

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The steps that are nodes."""
        return tuple(step for step in self.steps if isinstance(step, Leaf))

    @property
    def number(self) -> int | None:
        """Which of several alike it is."""
        return self.scopes[-1].number if self.scopes else None

    @property
    def is_unit(self) -> bool:
        """Whether it is a unit and nothing else: a convolution with its norm, activation and dropout."""
        units = {leaf.node.scopes[-1:] for leaf in self.leaves if leaf.is_module}
        whole = all(isinstance(step, Leaf) and step.is_module for step in self.steps)
        one = len(units) == 1 and [scope.kind for unit in units for scope in unit] == ["unit"]
        return whole and one and len(self.steps) > 1

    @property
    def is_item(self) -> bool:
        """Whether it is one of a list, such as the units of an inner U: these have one name, for all of them."""
        return self.is_a("part") and self.number is not None

    @property
    def word(self) -> str:
        """What it is called without its number, empty for an item."""
        return "" if self.is_item else word_of(self.scopes[-1])

    @property
    def needed(self) -> tuple[Step, ...]:
        """The steps that what leaves the group depends on; all but heads that nobody asks for."""
        wanted = {value.id for value in self.outputs}
        found: list[Step] = []
        for step in reversed(self.steps):
            if step.output.id in wanted:
                found.append(step)
                wanted |= {value.id for value in step.inputs}
        return tuple(reversed(found))

    def is_a(self, kind: ScopeKind) -> bool:
        """Say whether it is a scope of some kind."""
        return bool(self.scopes) and self.scopes[-1].kind == kind


Step = Leaf | Group


@dataclass(frozen=True, slots=True)
class Source:
    """Where a step of a round takes a map from.

    From the `input` of the run of that place, the step of that `place` in the same round, the round `before`, or, the
    last one first, what the loop of that `list` has `kept` at that place of its rounds.
    """

    kind: Literal["input", "place", "before", "kept"]
    place: int = 0
    list: str = ""


Flow = tuple[tuple[Source, ...], ...]
"""The sources of each step of a round, the same in every round."""


@dataclass(frozen=True, slots=True)
class Run:
    """Steps that repeat.

    Args:
        form: See above.
        rounds: The steps of each round; those of a dense run without its concatenations, which the form says.
        lists: The lists that the rounds go through, in the order of their steps.
        inputs: What is taken from outside; the first is what the first round starts with.
        output: What is given in the end.
        flow: What the steps of a loop take.
        gives: What a dense run concatenates in the end: everything, the new maps alone, or nothing (its last map).
        keeps: The places in a round of what a loop keeps for a later one.
    """

    form: Literal["chain", "dense", "loop"]
    rounds: tuple[tuple[Step, ...], ...]
    lists: tuple[str, ...]
    inputs: tuple[Value, ...]
    output: Value
    flow: Flow = ()
    gives: Literal["all", "new", "last"] = "last"
    keeps: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The name of its first list, which stands for all."""
        return self.lists[0]

    def word(self, name: str) -> str:
        """What an item of one of its lists is called, as a name in Python."""
        item = self.items(name)[0]
        scopes = item.scopes if isinstance(item, Group) else item.node.scopes
        scope = next(scope for scope in reversed(scopes) if scope.name)
        word = scope.kind if scope.kind == "block" else word_of(scope)
        return word if word.isidentifier() and not iskeyword(word) else "item"

    def items(self, name: str) -> tuple[Step, ...]:
        """Give the items of one of its lists."""
        return tuple(step for steps in self.rounds for step in steps if list_of(step) == name)

    @property
    def taken_back(self) -> tuple[Source, ...]:
        """What its rounds take back from earlier loops, each once."""
        return tuple(dict.fromkeys(source for sources in self.flow for source in sources if source.kind == "kept"))


StepOrRun = Step | Run


def place_of(step: Step) -> tuple[str, int] | None:
    """Give the list that a step is an item of, and its place there."""
    name, _, number = step.name.rpartition(".")
    listed = bool(name) and "." not in name and number.isdecimal()
    owns = not isinstance(step, Leaf) or step.is_module
    return (name, int(number)) if listed and owns else None


def list_of(step: Step) -> str:
    place = place_of(step)
    return place[0] if place else ""


def word_of(scope: Scope) -> str:
    """Give what a scope is called, without its number."""
    return scope.word or scope.name


def module_of(step: Step) -> Leaf | None:
    """Give the node that makes the module of a step; None for a group that needs a class."""
    return step if isinstance(step, Leaf) else None
