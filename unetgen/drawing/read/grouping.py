"""Region -> steps: nodes that a picture shows one by one, and groups of them that it shows as one sign.

# NOTE: [Signs for groups]
A gate, a squeeze-and-excite, what happens on the way of a skip: each is a dozen nodes and one idea, so it is one sign
on an arrow, explained in the legend. A unit that runs again is the unit and a sign with the number of its runs. Which
nodes belong together is said by their names. A whole region may be asked for as a sign, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from unetgen.analyses.op_names import op_name
from unetgen.drawing.model.figure import Badge
from unetgen.drawing.read.wording import chain_text
from unetgen.ir import Node, Region, Value
from unetgen.ir.ops import (
    Activation,
    Add,
    Concat,
    Conv,
    ConvTransposed,
    Dropout,
    GlobalPool,
    Multiply,
    Norm,
    Pool,
    Resize,
)

__all__ = ["Step", "describe", "name_of", "sign_of", "steps_of", "unit_of"]

AGAIN: Final = "again"
ATTENTION: Final = "attention"
WALKED: Final = ("skip",)
"""The roles of regions in which a scope is a step on the way of a skip."""


@dataclass(frozen=True, slots=True)
class Step:
    """Nodes that turn one value into another: one node without a sign, or several under one."""

    nodes: tuple[Node, ...]
    badge: Badge | None = None
    shown: tuple[Node, ...] = ()
    """Those of the nodes that an arrow speaks of besides the sign."""

    @property
    def given(self) -> Value:
        """What goes in first."""
        return self.nodes[0].inputs[0]

    @property
    def output(self) -> Value:
        return self.nodes[-1].output

    @property
    def heard(self) -> tuple[Value, ...]:
        """What else goes in."""
        inside = {node.output for node in self.nodes}
        taken = dict.fromkeys(value for node in self.nodes for value in node.inputs)
        return tuple(value for value in taken if value not in inside and value != self.given)


def steps_of(region: Region) -> Iterator[Step]:
    """Sort the nodes of a region into steps, see [Signs for groups]."""
    grouped = [(group, tuple(nodes)) for group, nodes in groupby(region.nodes, lambda node: _group(node, region))]
    for (group, nodes), (after, again) in pairwise((*grouped, ("", ()))):
        match group.partition(" "):
            case ("unit", _, unit) if after == f"{AGAIN} {unit}":
                yield from _recurrent(nodes, again)
            case ("attention", *_):
                yield Step(nodes, _excitation(nodes))
            case ("walk", _, scope):
                yield _walked(nodes, scope)
            case ("again", *_):
                pass  # went with the unit before
            case _:
                yield from (Step((node,)) for node in nodes)


def _group(node: Node, region: Region) -> str:
    """Name the group that a node belongs to."""
    scopes = node.path.removeprefix(f"{region.path}.").split(".")[:-1]
    if region.role in WALKED and scopes:
        return f"walk {scopes[0]}"
    for place, scope in enumerate(scopes):
        within = ".".join(scopes[:place])
        if scope == ATTENTION:
            return f"{ATTENTION} {within}"
        if scope.startswith(AGAIN):
            return f"{AGAIN} {within}:{scope.removeprefix(AGAIN).rpartition('_')[0]}"
    return f"unit {'.'.join(scopes)}:{unit_of(node.path)[1]}"


def unit_of(path: str) -> tuple[str, str]:
    """Give the scope and the number in a node's path: `encoder.0.conv1` is unit 1 of `encoder.0`."""
    scope, _, name = path.rpartition(".")
    return scope, name[len(name.rstrip("0123456789")) :]


def _recurrent(nodes: tuple[Node, ...], again: tuple[Node, ...]) -> Iterator[Step]:
    """Show what stands before a unit, and then the unit with all its runs as one step."""
    joined = max((place for place, node in enumerate(nodes) if len(node.inputs) > 1), default=-1) + 1
    yield from (Step((node,)) for node in nodes[:joined])
    unit = nodes[joined:]
    runs = 1 + sum(isinstance(node.op, Add) for node in again)
    weights = "the same weights" if any(node.shares for node in again) else "weights of its own each time"
    meaning = f"runs {runs} times, each on the input plus the last result, with {weights}"
    yield Step((*unit, *again), Badge(again[-1].path, f"×{runs}", meaning, again[-1].output.shape), unit)


def _excitation(nodes: tuple[Node, ...]) -> Badge:
    by_channel = any(isinstance(node.op, GlobalPool) for node in nodes)
    excited = sum(isinstance(node.op, Multiply) for node in nodes)
    convs = [node for node in nodes if isinstance(node.op, Conv)]
    ratio = nodes[0].inputs[0].shape.channels // convs[0].output.shape.channels
    narrow = f", {ratio}× narrower inside" if ratio > 1 else ""
    path, shape = nodes[-1].path, nodes[-1].output.shape
    if excited == 2:
        join = op_name(nodes[-1])
        return Badge(path, "scSE", f"squeeze and excite by channel and by position{narrow}; their {join}", shape)
    if by_channel:
        return Badge(path, "SE", f"squeeze and excite by channel{narrow}", shape)
    return Badge(path, "sSE", "squeeze and excite by position", shape)


def _walked(nodes: tuple[Node, ...], scope: str) -> Step:
    """Describe a step on the way of a skip."""
    path, shape = nodes[-1].path, nodes[-1].output.shape
    if any(isinstance(node.op, Multiply) for node in nodes) and ".gate." in nodes[0].path:
        return Step(_skip_first(nodes, scope), Badge(path, "AG", _gate(nodes), shape))
    if all(isinstance(node.op, Dropout) for node in nodes):
        return Step(nodes, Badge(path, "drop", chain_text(nodes), shape))
    if any(isinstance(node.op, Pool | Resize) for node in nodes):
        return Step(nodes, Badge(path, "conv", chain_text(nodes), shape))
    return Step(nodes, _described(nodes, "conv"))


def _skip_first(nodes: tuple[Node, ...], scope: str) -> tuple[Node, ...]:
    """Set the nodes of a gate so that what goes in first is the map that it weighs."""
    weighing = nodes[-1]
    first = next(node for node in nodes if node.inputs[0] == weighing.inputs[0])
    return (first, *(node for node in nodes if node is not first))


def _gate(nodes: tuple[Node, ...]) -> str:
    norms = {chain_text((node,)) for node in nodes if isinstance(node.op, Norm)}
    inner = next(node for node in nodes if isinstance(node.op, Add)).output.shape.channels
    weighed = nodes[-1].inputs[0].shape.channels
    width = f"1/{weighed // inner} of" if inner < weighed else "as many" if inner == weighed else "more"
    return f"additive attention gate ({', '.join((f'{width} channels inside', *sorted(norms)))})"


def sign_of(region: Region) -> Step:
    """Show a whole region as one sign."""
    return Step(region.nodes, describe(region))


def describe(region: Region) -> Badge:
    """Find a short name for what a region does, and say what it is made of, the signs in it included."""
    steps = tuple(steps_of(region))
    signs = dict.fromkeys((step.badge.text, step.badge.meaning) for step in steps if step.badge is not None)
    plain = tuple(node for step in steps for node in (step.nodes if step.badge is None else step.shown))
    if region.role in WALKED or not signs or not plain:
        return _described(region.nodes, region.kind)
    badge = _described(plain, region.kind)
    text, meaning = (badge.text, *(text for text, _ in signs)), (badge.meaning, *map(": ".join, signs))
    return Badge(region.nodes[-1].path, " · ".join(text), "; ".join(meaning), region.output.shape)


def _described(nodes: tuple[Node, ...], kind: str) -> Badge:
    """Find a short name for nodes, and say what they are made of."""
    units = list(_units(nodes))
    short, long = name_of(nodes, kind, len(units))
    meaning = ": ".join(filter(None, (long, _made_of(units))))
    return Badge(nodes[-1].path, short, meaning, nodes[-1].output.shape)


def name_of(nodes: tuple[Node, ...], kind: str, convs: int) -> tuple[str, str]:
    """Give the name of nodes that stands in a sign, and the one that stands in the legend."""
    sums = sum(isinstance(node.op, Add) for node in nodes)
    stacks = any(isinstance(node.op, Concat) and len(set(node.inputs)) > 1 for node in nodes)
    name, words = _NAMES.get(kind, ("conv", ""))
    if kind == "inner_u":
        downs = sum(isinstance(node.op, Pool) or _is_down(node) for node in nodes)
        return (f"U-{downs}", f"{words} with {downs} ways down") if downs else ("U", f"dilated {words}")
    if name == "conv" and sums:
        return _times("res", sums), _stacked(_many("residual block", sums), stacks=stacks)
    if name == "conv":
        return (_times("dense", convs), "dense block") if stacks else (_times("conv", convs), words)
    count = convs if kind == "dense" else len({scope for node in nodes if (scope := _block(node))}) or 1
    named = words if kind == "dense" else _many(words, count)
    return _times(name, count), _stacked(named, stacks=stacks and kind == "residual")


def _stacked(words: str, *, stacks: bool) -> str:
    return f"{words} of stacked maps" if stacks else words


def _times(name: str, count: int) -> str:
    return f"{name} ×{count}" if count > 1 else name


def _many(name: str, count: int) -> str:
    return f"{count} {name}s" if count > 1 else name


def _is_down(node: Node) -> bool:
    return isinstance(node.op, Conv) and max(node.op.stride) > 1


def _block(node: Node) -> str:
    """Name the block that a node is in, among several of a stage."""
    return next((scope for scope in node.path.split(".") if scope.startswith("block")), "")


_NAMES: Final[dict[str, tuple[str, str]]] = {
    "residual": ("res", "residual block"),
    "dense": ("dense", "dense block"),
    "inverted": ("inv", "inverted residual block"),
    "inner_u": ("U", "inner U"),
}


def _units(nodes: tuple[Node, ...]) -> Iterator[str]:
    """Name the units among nodes, in order."""
    parts = (node for node in nodes if isinstance(node.op, Conv | ConvTransposed | Norm | Activation | Dropout))
    for _, group in groupby(parts, lambda node: unit_of(node.path)):
        unit = tuple(group)
        if any(isinstance(node.op, Conv | ConvTransposed) for node in unit):
            yield chain_text(unit)


def _made_of(units: list[str]) -> str:
    """Sum up units; of many kinds, the most frequent."""
    counted = Counter(units).most_common(3)
    text = "; ".join(f"{number} × {unit}" if number > 1 else unit for unit, number in counted)
    return f"{text}; and others" if len(set(units)) > 3 else text
