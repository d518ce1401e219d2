"""The tree of modules: which nodes get a class of their own together, read from paths and wiring alone.

A *group* is a set of nodes that run one after the other and give one value: it becomes a module with a `forward`. Each
region is a group, and each scope inside a region (`shortcut`, `block1`) too. Where a scope is not closed in that way
(its nodes do not run side by side, give several values, or share weights across its border), or only wraps another
scope, its nodes stay *leaves* of the group around it, under their dotted names. So any graph can be written; the
usual ones are written well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from unetgen.backends.torch_source.inputs import input_names, scope_names
from unetgen.backends.torch_source.modules import is_module
from unetgen.ir.network import Network, Node, Region, Value
from unetgen.ir.ops import Conv, ConvTransposed, Multiply

__all__ = ["Family", "Group", "Leaf", "Step", "group_network", "groups_inside", "module_of"]


Family = Literal["network", "stage", "down", "up", "skip", "head", "scope"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One node in the `forward` of a group.

    `name` is its path below the group, `calls` the name of the module that it runs: its own, that of the node whose
    weights it shares, or, where a unit runs again, that of an equal node without weights.
    """

    name: str
    node: Node
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


@dataclass(frozen=True, slots=True)
class Group:
    """A module with a `forward`: its steps in the order in which they run.

    `family` keeps apart what should not share a class even if it looks alike: `stage` (a block is one too), `down`,
    `up`, `skip`, `head`, or `scope` for the parts of these. `region` is the region that it is or lies in; None for
    the network itself. `names` are those of its inputs.
    """

    name: str
    path: str
    family: Family
    region: Region | None
    inputs: tuple[Value, ...]
    names: tuple[str, ...]
    outputs: tuple[Value, ...]
    steps: tuple[Step, ...]

    @property
    def output(self) -> Value:
        return self.outputs[-1]

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

    @property
    def only(self) -> Leaf | None:
        """The module that stands for the whole group: the only step, if it owns no weights and takes what comes in."""
        if len(self.steps) != 1 or not isinstance(leaf := self.steps[0], Leaf):
            return None
        return leaf if leaf.is_module and not leaf.node.weights() and leaf.inputs == self.inputs else None


Step = Leaf | Group


def module_of(step: Step) -> Leaf | None:
    """Give the node that makes the module of a step; None for a group that needs a class."""
    return step if isinstance(step, Leaf) else step.only


def group_network(network: Network) -> Group:
    """Give the network as one group, its regions inside."""
    grouper = _Grouper(network)
    steps = tuple(step for region in network.regions for step in grouper.region(region))
    outputs = (network.output,) if network.returns.form == "last" else network.outputs
    return Group("", "", "network", None, (network.input,), ("x",), outputs, steps)


def groups_inside(group: Group) -> Iterator[Group]:
    """List all groups inside a group, each after those that it is made of."""
    for step in group.steps:
        if isinstance(step, Group):
            yield from groups_inside(step)
            yield step


class _Grouper:
    """Who gives and takes each value and who shares whose weights, in a whole network."""

    def __init__(self, network: Network) -> None:
        self._givers = {region.output.id: region for region in network.regions}
        self._takers: dict[int, set[str]] = defaultdict(set)
        self._kin: dict[str, set[str]] = defaultdict(set)
        for node in network.nodes:
            for value in node.inputs:
                self._takers[value.id].add(node.path)
            if node.shares is not None:
                self._kin[node.shares].add(node.path)
                self._kin[node.path].add(node.shares)
        for value in network.outputs:
            self._takers[value.id].add("")

    def region(self, region: Region) -> tuple[Step, ...]:
        """Give a region as one step, or as its nodes where it cannot be a module."""
        if not self._closed(region.nodes):
            return self._steps(region.nodes, region, below=region.path + ".", base="")
        inputs = tuple(sorted(_taken(region.nodes), key=lambda value: _place(value, region.inputs)))
        names = input_names(region, inputs, self._givers)
        steps = self._steps(region.nodes, region, below=region.path + ".", base=region.path + ".")
        given = self._given(region.nodes)
        return (Group(region.path, region.path, _family(region), region, inputs, names, given, steps),)

    def _scope(self, nodes: Sequence[Node], region: Region, path: str, base: str) -> Group:
        """Give the nodes of a scope as one step."""
        family: Family = "stage" if _family(region) == "stage" and _is_block(nodes, path) else "scope"
        inputs = _taken(nodes)
        outside = dict(zip(region.inputs, input_names(region, region.inputs, self._givers), strict=True))
        names = scope_names(tuple(outside.get(value, "x") for value in inputs))
        steps = self._steps(nodes, region, below=path + ".", base=path + ".")
        return Group(path.removeprefix(base), path, family, region, inputs, names, self._given(nodes), steps)

    def _steps(self, nodes: Sequence[Node], region: Region, below: str, base: str) -> tuple[Step, ...]:
        """Give nodes in run order, those of a closed scope as one step.

        Args:
            nodes: Nodes of one region, in run order.
            region: The region.
            below: What their paths have in common, with its dot.
            base: What is left out of their names: the path of the group around them, with its dot.
        """
        groups = self._scopes(nodes, region, below, base)
        steps: dict[str, Step] = {}
        for node in nodes:
            step = groups.get(node.path) or _leaf(node, base, steps.values())
            steps[step.path] = step
        return tuple(steps.values())

    def _scopes(self, nodes: Sequence[Node], region: Region, below: str, base: str) -> dict[str, Group]:
        """Find the groups among nodes, by the path of each node in them."""
        found: dict[str, Group] = {}
        for scope in filter(None, dict.fromkeys(_head(node, below) for node in nodes)):
            path = below + scope
            members = [node for node in nodes if node.path.startswith(path + ".")]
            core = _core(members)
            if self._closed(core) and not _only_wraps(core, path + ".") and _side_by_side(core, nodes):
                group = self._scope(core, region, path, base)
                found |= {node.path: group for node in core}
            else:
                found |= self._scopes(members, region, path + ".", base)
        return found

    def _closed(self, nodes: Sequence[Node]) -> bool:
        """Say whether nodes can be a module: one owns a module, they give one value, and share weights only inside."""
        paths = {node.path for node in nodes}
        owns = any(is_module(node.op) and node.shares is None for node in nodes)
        return owns and len(self._given(nodes)) == 1 and all(self._kin.get(path, paths) <= paths for path in paths)

    def _given(self, nodes: Sequence[Node]) -> tuple[Value, ...]:
        """List the values that others take."""
        paths = {node.path for node in nodes}
        return tuple(node.output for node in nodes if not self._takers[node.output.id] <= paths)


def _family(region: Region) -> Family:
    match region.role:
        case "stem" | "encoder" | "bottleneck" | "decoder":
            return "stage"
        case role:
            return role


def _is_block(nodes: Sequence[Node], path: str) -> bool:
    """Say whether a scope is a block of its own rather than a unit or a shortcut."""
    convs = sum(isinstance(node.op, Conv | ConvTransposed) for node in nodes)
    weighs = any(isinstance(node.op, Multiply) for node in nodes)
    return (convs > 1 and not weighs) or _stem(path) == "block"


def _stem(path: str) -> str:
    """Give the last word of a path without its number."""
    return path.rpartition(".")[2].rstrip("0123456789_")


def _leaf(node: Node, base: str, before: Iterable[Step]) -> Leaf:
    """Give a node as a step of its own, with the module that it runs.

    A unit that runs again has its nodes in a scope; those without weights run the module of their namesake.
    """
    name = node.path.removeprefix(base)
    if node.shares is not None:
        return Leaf(name, node, node.shares.removeprefix(base))
    again = "." in name and is_module(node.op) and not node.weights()
    alike = (step for step in before if again and isinstance(step, Leaf) and step.is_module and step.name == node.name)
    return Leaf(name, node, next((step.name for step in alike if step.node.op == node.op), name))


def _place(value: Value, inputs: tuple[Value, ...]) -> int:
    return inputs.index(value) if value in inputs else len(inputs)


def _head(node: Node, below: str) -> str:
    """Give the first part of the path below a prefix, if more follows."""
    head, _, rest = node.path.removeprefix(below).partition(".")
    return head if rest else ""


def _taken(nodes: Sequence[Node]) -> tuple[Value, ...]:
    """List the values that nodes take from others, in the order of first use."""
    own = {node.output.id for node in nodes}
    return tuple(dict.fromkeys(value for node in nodes for value in node.inputs if value.id not in own))


def _core(nodes: list[Node]) -> list[Node]:
    """Leave out expressions at the end that need a value from elsewhere, as cropping a shortcut does.

    The scope is then a plain function of what comes in, and the expression stands where both its inputs are known.
    """
    core = nodes
    while core and not is_module(core[-1].op) and len(_taken(core)) > len(_taken(core[:-1])):
        core = core[:-1]
    return core


def _only_wraps(nodes: Sequence[Node], below: str) -> bool:
    """Say whether a scope only numbers what lies in it, or holds nothing but one other scope."""
    heads = {_head(node, below) for node in nodes}
    return "" not in heads and (len(heads) == 1 or all(head.isdigit() for head in heads))


def _side_by_side(some: Sequence[Node], nodes: Sequence[Node]) -> bool:
    first = nodes.index(some[0])
    return list(nodes[first : first + len(some)]) == list(some)
