"""The tree of modules: which nodes get a class of their own together, read from paths and wiring alone.

A *group* is a set of nodes that run one after the other and give one value: it becomes a module with a `forward`. Each
region is a group, and each scope inside a region (`shortcut`, `block1`) too. Where a scope is not closed in that way (its
nodes do not run side by side, give several values, or share weights across its border) its nodes stay *leaves* of the
group around it, under their dotted names. So any graph can be written; the usual ones are written well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unetgen.backends.torch_source.modules import is_module
from unetgen.ir.network import Network, Node, Region, Value

__all__ = ["Group", "Leaf", "Step", "group_network", "groups_inside", "module_of"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One node in the `forward` of a group; `name` is its path below the group."""

    name: str
    node: Node

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
        return is_module(self.node.op) and self.node.shares is None


@dataclass(frozen=True, slots=True)
class Group:
    """A module with a `forward`: its steps in the order in which they run.

    `family` keeps apart what should not share a class even if it looks alike: `stage`, `down`, `up`, `skip`, `head`, or the
    name of a scope. `region` is the region that it is or lies in; None for the network itself.
    """

    name: str
    path: str
    family: str
    region: Region | None
    inputs: tuple[Value, ...]
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
    return Group("", "", "network", None, (network.input,), outputs, steps)


def groups_inside(group: Group) -> Iterator[Group]:
    """List all groups inside a group, each after those that it is made of."""
    for step in group.steps:
        if isinstance(step, Group):
            yield from groups_inside(step)
            yield step


class _Grouper:
    """Who takes each value and who shares whose weights, in a whole network."""

    def __init__(self, network: Network) -> None:
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
        return (self._group(region.nodes, region, region.path, base=""),)

    def _group(self, nodes: Sequence[Node], region: Region, path: str, base: str) -> Group:
        family = _family(region) if path == region.path else path.rpartition(".")[2].rstrip("0123456789")
        steps = self._steps(nodes, region, below=path + ".", base=path + ".")
        inputs = _taken(nodes)
        if path == region.path:
            inputs = tuple(sorted(inputs, key=lambda value: _place(value, region.inputs)))
        return Group(path.removeprefix(base), path, family, region, inputs, self._given(nodes), steps)

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
            step = groups.get(node.path) or Leaf(node.path.removeprefix(base), node)
            steps[step.path] = step
        return tuple(steps.values())

    def _scopes(self, nodes: Sequence[Node], region: Region, below: str, base: str) -> dict[str, Group]:
        """Find the groups among nodes, by the path of each node in them."""
        found: dict[str, Group] = {}
        for scope in dict.fromkeys(_scope(node, below) for node in nodes):
            members = [node for node in nodes if scope and node.path.startswith(below + scope + ".")]
            core = _core(members)
            if core and self._closed(core) and not _is_list(core, below + scope + ".") and _side_by_side(core, nodes):
                group = self._group(core, region, below + scope, base)
                found |= {node.path: group for node in core}
            elif members:
                found |= self._scopes(members, region, below + scope + ".", base)
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


def _family(region: Region) -> str:
    return "stage" if region.role in ("stem", "encoder", "bottleneck", "decoder") else region.role


def _place(value: Value, inputs: tuple[Value, ...]) -> int:
    return inputs.index(value) if value in inputs else len(inputs)


def _scope(node: Node, below: str) -> str:
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


def _is_list(nodes: Sequence[Node], below: str) -> bool:
    """Say whether a scope only numbers what lies in it."""
    return all(node.path.removeprefix(below).partition(".")[0].isdigit() for node in nodes)


def _side_by_side(some: Sequence[Node], nodes: Sequence[Node]) -> bool:
    first = nodes.index(some[0])
    return list(nodes[first : first + len(some)]) == list(some)
