"""A part of a network -> a chart: units in the order in which they run, where ways meet, and who takes what.

# NOTE: [A box per unit]
A convolution with its norm and its activation is one box, with a line for each op: the units are those that scopes
declare. Where maps meet there is a sign in a circle. An op that only makes its map as large as another is a line too.

# NOTE: [Maps side by side, step by step]
A dense block concatenates `x`, then `x a`, then `x a b`. As `(x a) b` is `x a b`, each concatenation takes the one
before it and what is new: the picture has an arrow for each map, not for each pair of maps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from unetgen.analyses.op_names import op_name
from unetgen.drawing.flow.parts import Part, passed_on
from unetgen.drawing.model.shapes import BoxKind, Symbol
from unetgen.drawing.read.links import folds
from unetgen.drawing.read.scopes import unit_of
from unetgen.drawing.read.words import symbol_of
from unetgen.ir import Node, Shape, Value, ops

MOST_LINES: Final = 5
"""So many ops stand in one box at most."""
RESAMPLES: Final = (ops.Pool, ops.Blur, ops.Resize, ops.ResizeLike, ops.ConvTransposed, ops.PixelShuffle)
"""Ops that lead from one size to another."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A line of a box: what one op is called.

    Args:
        value: The id of what it gives.
        nodes: What it stands for: several, where the line is drawn once for several runs.
    """

    path: str
    text: str
    kind: BoxKind
    value: int
    shape: Shape
    nodes: tuple[Node, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """A box, or a sign in a circle where maps meet.

    Args:
        id: Unique in the chart.
        cells: The lines of a box; none of a sign.
        sources: The ids of the steps that it takes from, in the order of the op.
        shapes: What it gives, first and last, where it is drawn once for several runs.
        times: How often it comes in a row, with the steps of its run.
        on_shortcut: Whether it stands on what is declared a shortcut.
        does: What the arrow to it does, where ops between two sizes are arrows; and whether that leads down or up.
        led: The nodes of that arrow.
    """

    id: str
    path: str
    cells: tuple[Cell, ...]
    sources: tuple[str, ...]
    shapes: tuple[Shape, ...]
    symbol: Symbol | None = None
    is_end: bool = False
    times: int = 1
    on_shortcut: bool = False
    does: str = ""
    led: tuple[Node, ...] = field(default=(), compare=False, repr=False)
    nodes: tuple[Node, ...] = field(default=(), compare=False, repr=False)

    @property
    def shape(self) -> Shape:
        """What it gives at last."""
        return self.shapes[-1]

    @property
    def signature(self) -> tuple[object, ...]:
        """What it has in common with others that do the same on other channels."""
        return (tuple(cell.text for cell in self.cells), self.symbol, self.on_shortcut, self.does)


@dataclass(frozen=True, slots=True)
class Chart:
    """All steps in the order in which they run; the last one is what comes out."""

    steps: tuple[Step, ...]

    def __getitem__(self, id: str) -> Step:
        return next(step for step in self.steps if step.id == id)

    def takers(self, id: str) -> tuple[Step, ...]:
        """List the steps that take what a step gives."""
        return tuple(step for step in self.steps if id in step.sources)


def read_chart(part: Part, *, closed: bool = False) -> Chart:
    """Read what a part does, see [A box per unit].

    Args:
        closed: Whether attentions inside of it are one box each, with their sign.
    """
    return _Reader(part, closed).read()


class _Reader:
    """The steps found so far, and which of them gives each value."""

    def __init__(self, part: Part, closed: bool) -> None:
        self.part = part
        self.closed = closed
        self.steps: dict[str, Step] = {}
        self.givers: dict[int, str] = {}
        self.laid: dict[tuple[int, ...], str] = {}
        self.takers: dict[int, int] = {}
        for node in part.nodes:
            for value in passed_on(node):
                self.takers[value.id] = self.takers.get(value.id, 0) + 1

    def read(self) -> Chart:
        for number, (value, name) in enumerate(self.part.takes, start=1):
            self._put(_end(f"in{number if number > 1 else ''}", name, value), value)
        for nodes in self._groups():
            if len(nodes) > 1:
                self._sign(nodes)
            else:
                self._node(nodes[0])
        last = self.givers[self.part.gives.id]
        self.steps["out"] = replace(_end("out", "out", self.part.gives), sources=(last,))
        return Chart(tuple(self.steps.values()))

    def _groups(self) -> Iterator[tuple[Node, ...]]:
        """Give nodes one by one; those of an attention as one where it is closed."""
        groups: dict[object, list[Node]] = {}
        for node in self.part.nodes:
            attention = node.within("attention") if self.closed else None
            place = node.scopes.index(attention) + 1 if attention else 0
            key = node.scopes[:place] if attention is not None and attention.sign else node.path
            groups.setdefault(key, []).append(node)
        return (tuple(nodes) for nodes in groups.values())

    def _sign(self, nodes: tuple[Node, ...]) -> None:
        """Show an attention as a box with its sign."""
        scope, last = nodes[0].within("attention"), nodes[-1]
        made = {node.output.id for node in nodes}
        taken = dict.fromkeys(v.id for node in nodes for v in passed_on(node) if v.id not in made)
        cell = Cell(last.path, scope.sign if scope else "", "op", last.output.id, last.output.shape, nodes)
        sources = tuple(dict.fromkeys(self.givers[id] for id in taken))
        self._put(Step(last.path, last.path, (cell,), sources, (last.output.shape,), nodes=nodes), last.output)

    def _node(self, node: Node) -> None:
        match node.op:
            case ops.Concat() if len(set(node.inputs)) > 1:
                self._meet(node, "cat", self._laid(node))
            case ops.Add() | ops.Maximum() | ops.Multiply():
                sources = tuple(dict.fromkeys(self.givers[value.id] for value in node.inputs))
                self._meet(node, symbol_of(node.op), sources)
            case _:
                self._line(node)

    def _laid(self, node: Node) -> tuple[str, ...]:
        """Name what a concatenation takes, see [Maps side by side, step by step]."""
        ids = tuple(value.id for value in node.inputs)
        known = next((length for length in range(len(ids), 1, -1) if ids[:length] in self.laid), 0)
        self.laid[ids] = node.path
        first = (self.laid[ids[:known]],) if known else ()
        return tuple(dict.fromkeys((*first, *(self.givers[id] for id in ids[known:]))))

    def _meet(self, node: Node, symbol: Symbol, sources: tuple[str, ...]) -> None:
        step = Step(node.path, node.path, (), sources, (node.output.shape,), symbol, nodes=(node,))
        self._put(replace(step, on_shortcut=node.within("shortcut") is not None), node.output)

    def _line(self, node: Node) -> None:
        """Write an op into the box of what it takes, where it belongs to that, or else into one of its own."""
        giver = self.steps[self.givers[node.inputs[0].id]]
        words = f"{op_name(node)} (weights shared)" if node.shares else str(op_name(node))
        cell = Cell(node.path, words, _kind(node), node.output.id, node.output.shape, (node,))
        if self._goes_on(giver, node):
            longer = replace(giver, cells=(*giver.cells, cell), nodes=(*giver.nodes, node), shapes=(node.output.shape,))
            self._put(longer, node.output)
            return
        sources, shortcut = (giver.id,), node.within("shortcut") is not None
        shapes = (node.output.shape,)
        step = Step(node.path, node.path, (cell,), sources, shapes, on_shortcut=shortcut, nodes=(node,))
        self._put(step, node.output)

    def _goes_on(self, before: Step, node: Node) -> bool:
        """Say whether an op is one more line of the box before it, which nothing else takes from."""
        if not before.cells or before.is_end or self.takers[node.inputs[0].id] > 1 or len(before.cells) >= MOST_LINES:
            return False
        last = before.nodes[-1]
        is_alike = unit_of(last) == unit_of(node) and last.within("unit") == node.within("unit")
        if before.on_shortcut != (node.within("shortcut") is not None) or last.within("attention", "gate") != (
            node.within("attention", "gate")
        ):
            return False
        if folds(node):
            return is_alike or node.within("unit") is None
        return is_alike and all(map(folds, before.nodes))

    def _put(self, step: Step, value: Value) -> None:
        self.steps[step.id] = step
        self.givers[value.id] = step.id


def _end(id: str, name: str, value: Value) -> Step:
    cell = Cell(id, name, "end op", value.id, value.shape)
    return Step(id, id, (cell,), (), (value.shape,), is_end=True)


def _kind(node: Node) -> BoxKind:
    match node.op:
        case ops.Norm():
            return "norm op"
        case ops.Activation():
            return "activation op"
        case ops.Dropout():
            return "dropout op"
        case _:
            return "op"
