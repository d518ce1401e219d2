"""The body of a `forward`: statements, the variables that hold what they give, and when these let it go."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import prod
from typing import Final

from unetgen.ir import Network, Value
from unetgen.plan.calls import Call, nest_calls
from unetgen.plan.modules import crops_are_views
from unetgen.plan.rounds import Round, item_names, plan_round, stack_names
from unetgen.plan.statements import Statement, let_go
from unetgen.plan.steps import Group, Leaf, Run
from unetgen.plan.variables import name_variables

MAPS = "maps"
"""The variable that holds all maps of a dense run."""
_SMALL: Final = 200
"""How many times fewer pixels than the largest map one has that is not let go: 1/256 at level 4 of two axes."""


@dataclass(frozen=True, slots=True)
class ForwardPlan:
    """The body of the `forward` of a group.

    Args:
        group: The group.
        statements: What runs, line by line.
        names: The variable that holds each value, by value id.
        rounds: What the loops do in each round, by the id of the value that a loop gives.
        layers: The variable of an item of each dense run, by the id of the value that it gives.
        early: After how many statements the main output is handed back alone in eval mode; None if never.
    """

    group: Group
    statements: tuple[Statement, ...]
    names: dict[int, str]
    rounds: dict[int, Round]
    layers: dict[int, str]
    early: int | None = None

    @property
    def returns_last(self) -> bool:
        """Whether what the last statement gives is handed back as it is, under no name."""
        group, statements = self.group, self.statements
        alone = len(group.outputs) == 1 and bool(statements) and statements[-1].call.value == group.output
        return alone and not statements[-1].call.is_loop

    def finishing(self, start: int) -> tuple[Leaf, ...]:
        """List what runs from some statement on if that is one module, once for each of the last outputs in order."""
        calls = [line.call for line in self.statements[start:]]
        leaves = tuple(one.step for one in calls if isinstance(one.step, Leaf) and _finishes(one.step, one))
        alone = 1 < len(leaves) == len(calls) and len({leaf.calls for leaf in leaves}) == 1
        given = tuple(leaf.output for leaf in leaves)
        return leaves if alone and given == self.group.outputs[-len(leaves) :] else ()


def _finishes(leaf: Leaf, call: Call) -> bool:
    """Say whether a call does nothing but finish an output, as a last activation does."""
    return leaf.region.use == "output" and call.depth == 1


def plan_forward(group: Group, network: Network, taken: Collection[str] = ()) -> ForwardPlan:
    """Plan the `forward` of a group.

    Args:
        group: The network as a group, or a group inside it.
        network: The network.
        taken: Names that no variable may have.
    """
    calls, stacks = nest_calls(group), stack_names(group)
    taken = {*taken, "self", MAPS}
    names = name_variables(group, calls, {*taken, *stacks.values()})
    held = (*group.inputs, *group.outputs, *_small(group, network), *_heard(group))
    lines = let_go(calls, names, held, views=crops_are_views(network))
    runs = [part for part in group.parts if isinstance(part, Run)]
    rounds = {run.output.id: plan_round(run, group, names, stacks, taken) for run in runs if run.form == "loop"}
    dense = {run.output.id: run for run in runs if run.form == "dense"}
    layers = {id: item_names(run, {*names.values(), *taken})[run.name] for id, run in dense.items()}
    return ForwardPlan(group, lines, names, rounds, layers, _early(group, calls, network))


def _heard(group: Group) -> Iterator[Value]:
    """Give what the gating signal has become: other gates of the class hear it as it was, and their caller holds it."""
    for step in group.steps:
        if isinstance(step, Group) and step.is_a("signal"):
            yield step.output


def _small(group: Group, network: Network) -> tuple[Value, ...]:
    """List the maps of the network that are too small to be worth a line that lets them go: outputs, and low levels.

    Numbers of channels say nothing here: the class takes them as arguments.
    """
    if group.region is not None:
        return ()
    pixels = {value: prod(value.shape.size) for node in network.nodes for value in (*node.inputs, node.output)}
    outputs = {node.output for region in network.regions if region.role == "head" for node in region.nodes}
    most = max(pixels.values())
    return tuple(value for value, count in pixels.items() if value in outputs or count * _SMALL < most)


def _early(group: Group, calls: tuple[Call, ...], network: Network) -> int | None:
    if len(group.outputs) == 1 or network.returns.in_eval == "return":
        return None
    made = next(place for place, one in enumerate(calls) if one.value == network.output) + 1
    return made if network.returns.in_eval == "skip" else len(calls)
