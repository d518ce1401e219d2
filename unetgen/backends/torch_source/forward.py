"""The body of a `forward`: straight-line statements in run order, named so that a person can follow them.

NOTE: [Run order]
Modules run in exactly the order of the network's nodes: weights move between implementations by call order, and random
numbers of dropout are drawn in it. Nodes are nested into one line (`self.act1(self.norm1(self.conv1(x)))`) only where
the nesting runs in that order too: an expression waits on a stack, and is used by the next one or written down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from unetgen.backends.torch_source.groups import Group, Leaf, Step, module_of
from unetgen.backends.torch_source.helpers import HELPERS
from unetgen.backends.torch_source.layout import Expr, call, flat, lay_out, listed
from unetgen.backends.torch_source.text import IMPORTED, variable
from unetgen.backends.torch_source.torch_ops import expression, is_module, named_inputs, padded
from unetgen.ir.network import Network, Value

_NESTING = 4
"""Calls inside each other that one can read: a convolution, its norm, its activation, its dropout."""
_LONG = 64
"""Columns from which on an expression gets a line and a name of its own."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One line: which value it gives, by which step at last, and what it says once all values have names."""

    value: Value
    step: Step
    takes: tuple[Value, ...]
    write: Callable[[dict[int, str]], Expr]
    depth: int

    def width(self) -> int:
        """Estimate the columns of the expression, with short names."""
        return len(flat(self.write({value.id: "skip0" for value in self.takes})))


def statements(group: Group, access: Callable[[str], str], dims: int) -> tuple[Statement, ...]:
    """Write a group's steps as statements, nesting what reads as one.

    Args:
        group: The group.
        access: Gives the Python expression for the module of a name below the group.
        dims: The number of spatial axes.
    """
    return _Nesting(group, access, dims).run()


class _Nesting:
    """The statements written so far, and the expressions that wait to be used."""

    def __init__(self, group: Group, access: Callable[[str], str], dims: int) -> None:
        self._group = group
        self._access = access
        self._dims = dims
        self._users = Counter(value.id for step in group.needed for value in step.inputs)
        self._users.update(value.id for value in group.outputs)
        self._outputs = {value.id for value in group.outputs}
        self._waiting: list[Statement] = []
        self._written: list[Statement] = []

    def run(self) -> tuple[Statement, ...]:
        for step in self._group.needed:
            self._visit(step)
        self._write_down()
        return tuple(self._written)

    def _visit(self, step: Step) -> None:
        if self._waiting and not self._reads_on(self._waiting[-1], step):
            self._write_down()
        nested = self._nestable(step)
        statement = self._statement(step, nested)
        if nested and (statement.depth > _NESTING or statement.width() > _LONG):
            self._write_down()
            statement = self._statement(step, ())
        elif nested:
            del self._waiting[-len(nested) :]
        self._waiting.append(statement)
        if self._users[step.output.id] != 1 or step.output.id in self._outputs:
            self._write_down()

    def _write_down(self) -> None:
        self._written += self._waiting
        self._waiting.clear()

    def _nestable(self, step: Step) -> tuple[Statement, ...]:
        """Give the waiting expressions that the step takes, if nesting them keeps the run order.

        What waits and is taken must be the last that waits, in the order in which the step takes it.
        """
        waiting = {statement.value.id: statement for statement in self._waiting}
        wanted = tuple(waiting[value.id] for value in step.inputs if value.id in waiting)
        named = named_inputs(step.node.op) if isinstance(step, Leaf) else ()
        if not wanted:
            return ()
        in_order = tuple(self._waiting[-len(wanted) :]) == wanted
        if in_order and not any(step.inputs[place].id in waiting for place in named):
            return wanted
        self._write_down()
        return ()

    def _statement(self, step: Step, nested: tuple[Statement, ...]) -> Statement:
        inner = {statement.value.id: statement for statement in nested}
        takes = tuple(v for value in step.inputs for v in (inner[value.id].takes if value.id in inner else (value,)))

        def write(names: dict[int, str]) -> Expr:
            inputs = (inner[v.id].write(names) if v.id in inner else names[v.id] for v in step.inputs)
            return self._call(step, tuple(inputs))

        depth = max((statement.depth for statement in nested), default=0) + 1
        return Statement(step.output, step, takes, write, depth)

    def _call(self, step: Step, inputs: tuple[Expr, ...]) -> Expr:
        leaf = module_of(step)
        if leaf is None:
            return call(self._access(step.name), *inputs)
        if not is_module(leaf.node.op):
            return expression(leaf.node, self._dims, inputs)
        name = step.name if isinstance(step, Group) else leaf.calls
        return call(self._access(name), padded(leaf.node, inputs[0]))

    def _reads_on(self, before: Statement, step: Step) -> bool:
        """Say whether a step goes on with what waits: a unit, or in a class what is no unit yet, a single call."""
        if self._unit(before.step) == self._unit(step):
            return True
        single = isinstance(step, Leaf) and before.depth == 1
        joins = isinstance(before.step, Leaf) and not is_module(before.step.node.op)
        return self._group.region is not None and isinstance(before.step, Leaf) and (single or joins)

    def _unit(self, step: Step) -> object:
        """Say what a step belongs to: in the network a region, in a class a scope or one of several units."""
        if self._group.region is None:
            return step.name if isinstance(step, Group) else step.within
        if isinstance(step, Leaf) and step.within and is_module(step.node.op):
            return step.within
        return step.number


def variables(group: Group, lines: tuple[Statement, ...]) -> dict[int, str]:
    """Give the name of the variable that holds each value, by value id.

    What only the next line reads goes through one variable, `x`, or `y` where `x` is still needed. The others, and
    each of several outputs, have names that say what they are.
    """
    last = {value.id: place for place, line in enumerate(lines) for value in line.takes}
    last |= {value.id: len(lines) for value in group.outputs}
    names = {value.id: word for value, word in zip(group.inputs, group.names, strict=True)}
    kept = {names[value.id] for value in group.inputs if last.get(value.id, 0) > 0}
    passing = next(word for word in "xyzuvw" if word not in kept)
    outputs = {value.id for value in group.outputs} if len(group.outputs) > 1 else set()
    taken = {"self", passing, *IMPORTED, *HELPERS}
    for place, line in enumerate(lines):
        if last.get(line.value.id, 0) <= place + 1 and line.value.id not in outputs:
            names[line.value.id] = passing
        else:
            names[line.value.id] = _apart(_word(line, group), {*names.values(), *taken})
    return names


def _word(line: Statement, group: Group) -> str:
    """Name a value that is needed later: `skip0`, `x1` in a class after its unit, else after its scope or region."""
    step, region = line.step, line.step.region
    name = (step.within or step.name) if isinstance(step, Leaf) else step.name
    if region is not None and name == region.path and region.role == "encoder":
        return f"skip{region.level}"
    if (join := next(filter(None, (_joined(leaf, line.value) for leaf in group.leaves)), None)) is not None:
        return variable(join)
    return f"x{step.number}" if isinstance(step, Leaf) and not step.within and step.number else variable(name)


def _joined(leaf: Leaf, value: Value) -> str:
    """Give the name of the place where a step brings a value together with another; empty if it does not."""
    scope = leaf.node.within("join") if value in leaf.inputs else None
    return scope.name if scope is not None else ""


def _apart(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


# What a forward pass with several outputs hands back, in training and in eval mode


Lines = tuple[str, ...]


def result_type(network: Network) -> str:
    """Annotate what `forward` gives."""
    if len(network.outputs) == 1 or network.returns.form != "list":
        return "Tensor"
    return "list[Tensor]" if network.returns.in_eval == "return" else "Tensor | list[Tensor]"


def write_returns(network: Network, lines: tuple[Statement, ...], names: dict[int, str], written: list[Lines]) -> Lines:
    """Add to the statements of a network what it hands back.

    Where the further outputs are of no use in eval mode, the main one is returned before the others are computed
    (`skip`), or after (`compute`: the order in which modules run is then the same in both modes).
    """
    main = names[network.output.id]
    early = ("        if not self.training:", f"            return {main}")
    made = next(place for place, line in enumerate(lines) if line.value == network.output) + 1
    parts = {
        "return": (*written,),
        "compute": (*written, early),
        "skip": (*written[:made], early, *written[made:]),
    }[network.returns.in_eval]
    last = lay_out(_returned(network, names), 8, before="return ")
    return tuple(text for texts in (*parts, last) for text in texts)


def _returned(network: Network, names: dict[int, str]) -> Expr:
    outputs = listed(*(names[value.id] for value in network.outputs))
    return call("torch.stack", outputs, "dim=1") if network.returns.form == "stack" else outputs
