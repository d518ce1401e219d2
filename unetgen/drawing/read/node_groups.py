"""Region -> groups of nodes: those that a picture shows one by one, and those that it shows as one sign.

# NOTE: [Signs for groups]
A gate, a squeeze-and-excite, what happens on the way of a skip: each is a dozen nodes and one idea, so it is one sign
on an arrow, explained in the legend. A unit that runs again is the unit and a sign with the number of its runs. Which
nodes belong together is said by their scopes. A whole region may be asked for as a sign, too.

# NOTE: [A folded stage]
A stage that takes a map of another level begins with the unit that leads from there, such as a convolution of stride 2.
That unit is the arrow between the levels and ends at a box: the sign stands behind it, in the row, for all the rest.

# NOTE: [The way down is not the stage]
Where a stage's first convolution makes the map smaller, the arrow says so, and not the stage.
Example: `conv 3×3 stride 2` and `conv 3×3` are `2 × conv 3×3`, as in a stage that takes a smaller map. A convolution on
a shortcut stands where channels change: it is said apart, so that stages with and without it are called alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from unetgen.drawing.model.deeds import Said, join
from unetgen.drawing.model.figure import Badge
from unetgen.drawing.read.branches import branches
from unetgen.drawing.read.composition import Composition, composed, is_unit, units, unstrided
from unetgen.drawing.read.links import folds
from unetgen.drawing.read.scopes import Scopes, unit_of, without_lone
from unetgen.drawing.read.words import said
from unetgen.ir import Node, Region, Scope, Value, ops

Nodes = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class NodeGroup:
    """Nodes that turn one value into another: one node without a sign, or several under one.

    Args:
        shown: Those of the nodes that an arrow speaks of besides the sign.
        weighed: What goes in first, where that is not what the first node takes.
    """

    nodes: Nodes
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
    def heard(self) -> tuple[Value, ...]:
        """What else goes in."""
        return tuple(value for value in _taken(self.nodes) if value != self.given)


def _taken(nodes: Nodes) -> tuple[Value, ...]:
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
            return (*without_lone(node.scopes[: place - 1]), replace(scope, name="", number=None))
    return unit_of(node)


def _runs_again(scopes: Scopes, unit: Scopes) -> bool:
    """Say whether scopes are those of further runs of a unit."""
    return bool(scopes) and scopes[-1].kind == "repetition" and scopes[:-1] == unit


def _is_closed(nodes: Nodes, region: Region) -> bool:
    """Say whether nothing but what the last of the nodes gives is taken from them."""
    inside = {node.path for node in nodes}
    taken = {value for node in region.nodes if node.path not in inside for value in node.inputs} | {region.output}
    return taken.isdisjoint(node.output for node in nodes[:-1])


def _groups(scopes: Scopes, nodes: Nodes, region: Region) -> Iterator[NodeGroup]:
    """Give nodes as one group where their scope has a sign, and one by one elsewhere."""
    match scopes:
        case (Scope("step") as scope,) if _is_closed(nodes, region):
            yield _walked(nodes, scope)
        case (Scope("attention") as scope,) if _is_closed(nodes, region):
            yield NodeGroup(nodes, _badge(nodes, scope.sign or "attention", _says(scope, nodes)))
        case _:
            yield from (NodeGroup((node,)) for node in nodes)


def _recurrent(nodes: Nodes, again: Nodes, scope: Scope) -> Iterator[NodeGroup]:
    """Show what stands before a unit, and then the unit with all its runs as one group."""
    joined = max((place for place, node in enumerate(nodes) if len(node.inputs) > 1), default=-1) + 1
    yield from (NodeGroup((node,)) for node in nodes[:joined])
    unit = nodes[joined:]
    nodes = (*unit, *again)
    runs = _badge(nodes, scope.sign or "again", _says(scope, again), runs_again=True)
    yield NodeGroup(nodes, runs, unit)


def _badge(nodes: Nodes, text: str, says: Said, *, runs_again: bool = False) -> Badge:
    """Give a sign for nodes."""
    shape = nodes[-1].output.shape
    return Badge(nodes[-1].path, text, says.text, shape, nodes=nodes, alike=says.alike, runs_again=runs_again)


def _says(scope: Scope, nodes: Nodes) -> Said:
    """Give what a scope says of itself, or else what its nodes do."""
    return Said(scope.says, scope.says) if scope.says else said(nodes)


def _walked(nodes: Nodes, step: Scope) -> NodeGroup:
    """Describe a step on the way of a skip."""
    gate = next((gate for node in nodes if (gate := node.within("gate"))), None)
    if gate is not None:
        weighed = next((value for value in nodes[-1].inputs if value in _taken(nodes)), None)
        return NodeGroup(nodes, _badge(nodes, gate.sign or "gate", _gate(gate, nodes)), weighed=weighed)
    if any(node.within("block") for node in nodes):
        return NodeGroup(nodes, _made_of(composed(nodes), nodes))
    return NodeGroup(nodes, _badge(nodes, step.sign or "conv", _says(step, nodes)))


def _gate(gate: Scope, nodes: Nodes) -> Said:
    """Say what a gate is called, how wide it is inside for what it weighs, and what norms it has."""
    convs = [node for node in nodes if isinstance(node.op, ops.Conv)]
    norms = {said((node,)) for node in nodes if isinstance(node.op, ops.Norm)}
    inside = [_width(convs[-1].inputs[0].shape.channels, nodes[-1].output.shape.channels)] if convs else []
    words, details = gate.says or "gate", join(", ", (*inside, *sorted(norms, key=lambda norm: norm.text)))
    return join("", (words, " (", details, ")")) if details.text else Said(words, words)


def _width(inner: int, weighed: int) -> str:
    width = f"1/{weighed // inner} of" if inner < weighed else "as many" if inner == weighed else "more"
    return f"{width} channels inside"


def sign_of(region: Region) -> NodeGroup:
    """Show a whole region as one sign."""
    return NodeGroup(region.nodes, describe(region))


def folded(region: Region) -> Iterator[NodeGroup]:
    """Show the first unit of a region that leads to another level, and all else as one sign, see [A folded stage]."""
    first = _first_unit(region)
    inside = {node.path for node in first}
    rest = tuple(node for node in region.nodes if node.path not in inside)
    if all(map(folds, rest)):
        yield from (NodeGroup((node,)) for node in region.nodes)
    else:
        yield from (NodeGroup((node,)) for node in first)
        yield NodeGroup(rest, describe(replace(region, nodes=rest)), weighed=first[-1].output)


def _first_unit(region: Region) -> Nodes:
    """Give the nodes on the main way up to where its first unit, or the one that changes its size, ends."""
    aside, size = branches(region), region.inputs[0].shape.size
    main = tuple(node for node in region.nodes if node.path not in aside)
    given, found = list[Node](), list[Node]()
    for unit in units(main):
        given.extend(unit)
        if is_unit(unit) and not found:
            found = [*given]
        if unit[-1].output.shape.size != size:
            return tuple(given)
    return tuple(found)


def describe(region: Region) -> Badge:
    """Find a short name for what a region does, and say what it is made of, the signs in it included."""
    return _made_of(composition_of(region), region.nodes)


def composition_of(region: Region) -> Composition:
    """Say what a region is made of, see [The way down is not the stage]."""
    nodes, signs = named_nodes(unstrided(region))
    return composed(nodes, signs) if nodes else composed(region.nodes)


def _made_of(made: Composition, nodes: Nodes) -> Badge:
    return replace(_badge(nodes, made.short, made.said), shortcut=made.shortcut)


def named_nodes(region: Region) -> tuple[Nodes, tuple[Badge, ...]]:
    """Give the nodes that are named one by one, without crops of nothing, and the signs that others stand under."""
    groups = tuple(node_groups(region))
    nodes = (node for group in groups for node in (group.nodes if group.badge is None else group.shown))
    signs = tuple(group.badge for group in groups if group.badge is not None)
    return tuple(node for node in nodes if not _crops_nothing(node)), signs


def _crops_nothing(node: Node) -> bool:
    return isinstance(node.op, ops.CropLike) and node.output.shape == node.inputs[0].shape
