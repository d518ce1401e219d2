"""Region -> groups of nodes: those that a picture shows one by one, and those that it shows as one sign.

# NOTE: [Signs for groups]
A gate, a squeeze-and-excite, what happens on the way of a skip: each is a dozen nodes and one idea, so it is one sign
on an arrow, explained in the legend. A unit that runs again is the unit and a sign with the number of its runs. Which
nodes belong together is said by their scopes. A whole region may be asked for as a sign, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Final

from unetgen.drawing.model.figure import Badge
from unetgen.drawing.read.words import chain_text
from unetgen.ir import Node, Region, Scope, Value, ops

Scopes = tuple[Scope, ...]


def around(node: Node) -> Scopes:
    """Give the scopes that a node stands in as a part of its unit, its fit or its join."""
    return tuple(scope for scope in node.scopes if scope.kind not in ("unit", "fit", "join"))


def unit_of(node: Node) -> Scopes:
    """Give the scopes that tell the unit of a node from others.

    Example: `norm2` and `act2` of a stage are in a unit with the number 2, which is given; a unit without a number is
    the only one around, and left out.
    """
    return _telling(node.scopes)


def _telling(scopes: Scopes) -> Scopes:
    return tuple(scope for scope in scopes if scope.number is not None or scope.kind not in ("unit", "fit", "join"))


@dataclass(frozen=True, slots=True)
class NodeGroup:
    """Nodes that turn one value into another: one node without a sign, or several under one.

    Args:
        shown: Those of the nodes that an arrow speaks of besides the sign.
        weighed: What goes in first, where that is not what the first node takes.
    """

    nodes: tuple[Node, ...]
    badge: Badge | None = None
    shown: tuple[Node, ...] = ()
    weighed: Value | None = None

    @property
    def given(self) -> Value:
        """What goes in first."""
        return self.weighed or self.nodes[0].inputs[0]

    @property
    def output(self) -> Value:
        return self.nodes[-1].output

    @property
    def is_run_again(self) -> bool:
        """Whether it is a unit with all its runs, rather than something of another kind."""
        return bool(self.shown)

    @property
    def heard(self) -> tuple[Value, ...]:
        """What else goes in."""
        return tuple(value for value in _taken(self.nodes) if value != self.given)


def _taken(nodes: tuple[Node, ...]) -> tuple[Value, ...]:
    """List what goes into nodes from elsewhere."""
    inside = {node.output for node in nodes}
    return tuple(dict.fromkeys(value for node in nodes for value in node.inputs if value not in inside))


def node_groups(region: Region) -> Iterator[NodeGroup]:
    """Sort the nodes of a region into groups, see [Signs for groups]."""
    grouped = [(scopes, tuple(nodes)) for scopes, nodes in groupby(region.nodes, _around_group)]
    before: Scopes = ()
    for (scopes, nodes), (after, again) in pairwise((*grouped, ((), ()))):
        if _runs_again(after, scopes) and _is_closed((*nodes, *again), region):
            yield from _recurrent(nodes, again, after[-1])
            before = after
        elif before != scopes or not scopes:
            yield from _groups(scopes[-1:], nodes, region)
            before = ()


def _around_group(node: Node) -> Scopes:
    """Give the scopes down to the outermost one that may be a sign, or else those of the unit."""
    for place, scope in enumerate(node.scopes, start=1):
        if scope.kind in ("step", "attention"):
            return node.scopes[:place]
        if scope.kind == "repetition":
            # All further runs of a unit are one sign.
            return (*_telling(node.scopes[: place - 1]), replace(scope, name="", number=None))
    return unit_of(node)


def _runs_again(scopes: Scopes, unit: Scopes) -> bool:
    """Say whether scopes are those of further runs of a unit."""
    return bool(scopes) and scopes[-1].kind == "repetition" and scopes[:-1] == unit


def _is_closed(nodes: tuple[Node, ...], region: Region) -> bool:
    """Say whether nothing but what the last of the nodes gives is taken from them."""
    inside = {node.path for node in nodes}
    taken = {value for node in region.nodes if node.path not in inside for value in node.inputs} | {region.output}
    return taken.isdisjoint(node.output for node in nodes[:-1])


def _groups(scopes: Scopes, nodes: tuple[Node, ...], region: Region) -> Iterator[NodeGroup]:
    """Give nodes as one group where their scope has a sign, and one by one elsewhere."""
    match scopes:
        case (Scope("step") as scope,) if _is_closed(nodes, region):
            yield _walked(nodes, scope)
        case (Scope("attention") as scope,) if _is_closed(nodes, region):
            yield NodeGroup(nodes, _badge(nodes, scope.sign or "attention", scope.says or chain_text(nodes)))
        case _:
            yield from (NodeGroup((node,)) for node in nodes)


def _recurrent(nodes: tuple[Node, ...], again: tuple[Node, ...], scope: Scope) -> Iterator[NodeGroup]:
    """Show what stands before a unit, and then the unit with all its runs as one group."""
    joined = max((place for place, node in enumerate(nodes) if len(node.inputs) > 1), default=-1) + 1
    yield from (NodeGroup((node,)) for node in nodes[:joined])
    unit = nodes[joined:]
    nodes = (*unit, *again)
    yield NodeGroup(nodes, _badge(nodes, scope.sign or "again", scope.says or chain_text(again)), unit)


def _badge(nodes: tuple[Node, ...], text: str, meaning: str) -> Badge:
    return Badge(nodes[-1].path, text, meaning, nodes[-1].output.shape, nodes=nodes)


def _walked(nodes: tuple[Node, ...], step: Scope) -> NodeGroup:
    """Describe a step on the way of a skip."""
    gate = next((gate for node in nodes if (gate := node.within("gate"))), None)
    if gate is not None:
        weighed = next((value for value in nodes[-1].inputs if value in _taken(nodes)), None)
        return NodeGroup(nodes, _badge(nodes, gate.sign or "gate", _gate(nodes, gate)), weighed=weighed)
    if any(node.within("block") for node in nodes):
        return NodeGroup(nodes, _described(nodes))
    return NodeGroup(nodes, _badge(nodes, step.sign or "conv", step.says or chain_text(nodes)))


def _gate(nodes: tuple[Node, ...], gate: Scope) -> str:
    """Say what a gate is called, how wide it is inside for what it weighs, and what norms it has."""
    convs = [node for node in nodes if isinstance(node.op, ops.Conv)]
    norms = sorted({chain_text((node,)) for node in nodes if isinstance(node.op, ops.Norm)})
    inside = [_width(convs[-1].inputs[0].shape.channels, nodes[-1].output.shape.channels)] if convs else []
    said = ", ".join((*inside, *norms))
    return f"{gate.says or 'gate'} ({said})" if said else gate.says or "gate"


def _width(inner: int, weighed: int) -> str:
    width = f"1/{weighed // inner} of" if inner < weighed else "as many" if inner == weighed else "more"
    return f"{width} channels inside"


def sign_of(region: Region) -> NodeGroup:
    """Show a whole region as one sign."""
    return NodeGroup(region.nodes, describe(region))


def describe(region: Region) -> Badge:
    """Find a short name for what a region does, and say what it is made of, the signs in it included."""
    groups = tuple(node_groups(region))
    signs = dict.fromkeys((group.badge.text, group.badge.meaning) for group in groups if group.badge is not None)
    plain = tuple(node for group in groups for node in (group.nodes if group.badge is None else group.shown))
    if not signs or not plain:
        return _described(region.nodes)
    badge = _described(plain)
    text, meaning = (badge.text, *(text for text, _ in signs)), (badge.meaning, *map(": ".join, signs))
    return _badge(region.nodes, " · ".join(text), "; ".join(meaning))


def _described(nodes: tuple[Node, ...]) -> Badge:
    """Find a short name for nodes, and say what they are made of."""
    units = list(_units(nodes))
    short, long = name_of(nodes, len(units))
    return _badge(nodes, short, ": ".join(filter(None, (long, _made_of(units)))))


def name_of(nodes: tuple[Node, ...], convs: int) -> tuple[str, str]:
    """Give the name of nodes that stands in a sign, and the one that stands in the legend.

    Blocks that have a sign are counted; where units see each other's maps and meet in no sum, their convolutions are.
    """
    sums = sum(isinstance(node.op, ops.Add) for node in nodes)
    stacks = any(map(_stacks, nodes))
    blocks = [block for block in dict.fromkeys(map(_block, nodes)) if block is not None and block.sign]
    if stacks and not sums:
        return (_times(blocks[0].sign, convs), blocks[0].says) if blocks else (_times("dense", convs), "dense block")
    if not blocks and not sums:
        return _times("conv", convs), ""
    sign, says, count = (blocks[0].sign, blocks[0].says, len(blocks)) if blocks else ("res", "residual block", sums)
    return _times(sign, count), f"{_many(says, count)}{' of stacked maps' if stacks else ''}"


def _stacks(node: Node) -> bool:
    """Say whether maps are laid side by side that are of one way, rather than where ways meet."""
    return isinstance(node.op, ops.Concat) and len(set(node.inputs)) > 1 and node.within("join") is None


def _block(node: Node) -> Scope | None:
    """Give the block of a stage that a node is in."""
    return next((scope for scope in node.scopes if scope.kind == "block"), None)


def _times(name: str, count: int) -> str:
    return f"{name} ×{count}" if count > 1 else name


def _many(name: str, count: int) -> str:
    """Count things by their name.

    Example:
        >>> _many("inner U with 2 ways down", 3), _many("residual block", 1)
        ('3 inner Us with 2 ways down', 'residual block')
    """
    return f"{count} {_NOUN.sub('s', name, count=1)}" if count > 1 and name else name


_NOUN: Final = re.compile(r"(?= of | with |$)")


def _units(nodes: tuple[Node, ...]) -> Iterator[str]:
    """Name the units among nodes, in order."""
    kinds = ops.Conv | ops.ConvTransposed | ops.Norm | ops.Activation | ops.Dropout
    for _, group in groupby((node for node in nodes if isinstance(node.op, kinds)), unit_of):
        unit = tuple(group)
        if any(isinstance(node.op, ops.Conv | ops.ConvTransposed) for node in unit):
            yield chain_text(unit)


def _made_of(units: list[str]) -> str:
    """Sum up units; of many kinds, the most frequent."""
    counted = Counter(units).most_common(3)
    text = "; ".join(f"{number} × {unit}" if number > 1 else unit for unit, number in counted)
    return f"{text}; and others" if len(set(units)) > 3 else text
