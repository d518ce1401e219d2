"""The tree of modules: which nodes get a class of their own together, read from scopes and wiring alone.

A *group* is a set of nodes that run one after the other and give one value: it becomes a module with a `forward`. Each
region is a group, and each scope with a name inside a region (`shortcut`, `block1`) too. Where a scope is not closed in
that way (its nodes do not run side by side, give several values, or share weights across its border), or only wraps
another scope, its nodes stay *leaves* of the group around it, under their dotted names. So any graph can be written;
the usual ones are written well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from unetgen.ir import Network, Node, Region, Scope, Value, ops
from unetgen.plan.modules import is_module
from unetgen.plan.runs import find_runs
from unetgen.plan.steps import Family, Group, Leaf, Step


def group_network(network: Network) -> Group:
    """Give the network as one group, its regions inside."""
    grouper = _Grouper(network)
    outputs = (network.output,) if network.returns.form == "last" else network.outputs
    steps = tuple(step for region in network.regions for step in grouper.region(region))
    steps = _made_once(_pooled_late(steps, outputs))
    return Group("", "", "network", None, (network.input,), ("x",), outputs, steps, parts=steps)


def groups_inside(group: Group) -> Iterator[Group]:
    """List all groups inside a group, each after those that it is made of."""
    for step in group.steps:
        if isinstance(step, Group):
            yield from groups_inside(step)
            yield step


def run_order(network: Network) -> tuple[Node, ...]:
    """List the nodes of a network in the order in which its module runs them, see [Run order]."""
    return tuple(_nodes(group_network(network).steps))


def _nodes(steps: Iterable[Step]) -> Iterator[Node]:
    for step in steps:
        if isinstance(step, Leaf):
            yield step.node
        else:
            yield from _nodes(step.steps)


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """Where nodes are sorted into groups: in a region, in the scopes of a group and in further ones below it.

    `base` is what is left out of the names of steps: the path of the group, with its dot.
    """

    region: Region
    base: str
    above: tuple[Scope, ...] = ()
    below: tuple[Scope, ...] = ()

    @property
    def path(self) -> str:
        return ".".join((self.region.path, *(scope.name for scope in (*self.above, *self.below))))

    def next(self, node: Node) -> Scope | None:
        """Give the outermost scope with a name that a node lies in here."""
        named = [scope for scope in node.scopes if scope.name]
        return next(iter(named[len(self.above) + len(self.below) :]), None)

    def into(self, scope: Scope) -> _Surroundings:
        """Go into a scope."""
        return replace(self, below=(*self.below, scope))

    def grouped(self) -> _Surroundings:
        """Give the same place below a group of its own."""
        return _Surroundings(self.region, f"{self.path}.", (*self.above, *self.below))


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
        place = _Surroundings(region, "")
        if _is_layer(region.nodes, region.path) or not self._closed(region.nodes):
            return self._steps(region.nodes, place)
        inputs = tuple(sorted(_taken(region.nodes), key=lambda value: _rank(value, region.inputs)))
        names = _input_names(region, inputs, self._givers)
        steps, given = self._steps(region.nodes, place.grouped()), self._given(region.nodes)
        parts = find_runs(steps, given)
        return (Group(region.path, region.path, _family(region), region, inputs, names, given, steps, parts=parts),)

    def _scope(self, nodes: Sequence[Node], place: _Surroundings) -> Group:
        """Give the nodes of a scope as one step."""
        region, path = place.region, place.path
        inputs = tuple(sorted(_taken(nodes), key=lambda value: _rank(value, region.inputs)))
        is_block = place.below[-1].kind == "block"
        outside = dict(zip(region.inputs, _input_names(region, region.inputs, self._givers), strict=True))
        words = tuple(outside.get(value, "x") for value in inputs)
        if all(node.within("gate") for node in nodes) and "skip" in words:
            words = tuple(word if word == "skip" else "gating" for word in words)
        names = _numbered(words)
        steps, given = self._steps(nodes, place.grouped()), self._given(nodes)
        family: Family = "stage" if is_block else "scope"
        name, parts = path.removeprefix(place.base), find_runs(steps, given)
        return Group(name, path, family, region, inputs, names, given, steps, place.below, parts)

    def _steps(self, nodes: Sequence[Node], place: _Surroundings) -> tuple[Step, ...]:
        """Give nodes in run order, those of a closed scope as one step."""
        groups = self._scopes(nodes, place)
        steps: dict[str, Step] = {}
        for node in nodes:
            step = groups.get(node.path) or _leaf(node, place, steps.values())
            steps[step.path] = step
        return tuple(steps.values())

    def _scopes(self, nodes: Sequence[Node], place: _Surroundings) -> dict[str, Group]:
        """Find the groups among nodes, by the path of each node in them."""
        found: dict[str, Group] = {}
        scopes: dict[str, tuple[Scope, list[Node]]] = {}
        for node in nodes:
            if (scope := place.next(node)) is not None:
                scopes.setdefault(scope.name, (scope, []))[1].append(node)
        for scope, members in scopes.values():
            core, inside = _core(members), place.into(scope)
            grouped = self._closed(core) and not _only_wraps(core, inside) and _side_by_side(core, nodes)
            if grouped and not _is_layer(core, inside.path):
                group = self._scope(core, inside)
                found |= {node.path: group for node in core}
            else:
                found |= self._scopes(members, inside)
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


def _pooled_late(steps: tuple[Step, ...], outputs: tuple[Value, ...]) -> tuple[Step, ...]:
    """Let a pooling run where what it gives is first taken, if what it takes is there until then anyway.

    A nested U makes its rows between a stage and the next one, and would hold the map between these all the while. A
    pooling has no weights and draws no random numbers, so that nothing else tells when it ran.
    """
    order = list(steps)
    for step in steps:
        if not isinstance(step, Leaf) or not isinstance(step.node.op, ops.Pool):
            continue
        users = [other for other in order if step.output in other.inputs]
        taken = step.inputs[0]
        rest = order[order.index(users[0]) :] if users else []
        if rest and (taken in outputs or any(taken in other.inputs for other in rest)):
            order.remove(step)
            order.insert(order.index(users[0]), step)
    return tuple(order)


def _made_once(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Let equal layers without weights that belong to no level be one module, called after what it does.

    The ten resizes of a nested U are one `self.up`, the last activation of all outputs is one `self.output_activation`,
    as a person would write it.
    """
    alike: dict[str, list[Leaf]] = defaultdict(list)
    for step in steps:
        if isinstance(step, Leaf) and step.is_module and (word := _common_word(step.region)):
            alike[word].append(step)
    names = {step.name.partition(".")[0] for step in steps}
    once: dict[str, Leaf] = {}
    for role, leaves in alike.items():
        same = len({leaf.node.op for leaf in leaves}) == 1 and not leaves[0].node.weights()
        if same and len(leaves) > 1 and role not in names:
            once |= {leaf.path: replace(leaf, calls=role) for leaf in leaves}
            once[leaves[0].path] = replace(leaves[0], name=role, calls=role)
    return tuple(once.get(step.path, step) for step in steps)


def _common_word(region: Region) -> str:
    """Say what the one module of all regions of a kind would be called; empty where each has its own."""
    if region.use == "output":
        return "output_activation"
    return region.role if region.column else ""


def _family(region: Region) -> Family:
    around = [set(node.scopes) for node in region.nodes]
    if any(scope.kind == "block" for scope in set.intersection(*around)):
        return "stage"
    match region.role:
        case "stem" | "encoder" | "bottleneck" | "decoder":
            return "stage"
        case role:
            return role


def _leaf(node: Node, place: _Surroundings, before: Iterable[Step]) -> Leaf:
    """Give a node as a step of its own, with the module that it runs."""
    name = node.path.removeprefix(place.base)
    if node.shares is not None:
        return Leaf(name, node, place.region, node.shares.removeprefix(place.base))
    again = node.within("repetition")
    if again is None or not is_module(node.op) or node.weights():
        return Leaf(name, node, place.region, name)
    # Without weights there is nothing to share, so `shares` is silent; one module that runs twice is enough.
    names = (scope.name for scope in node.scopes if scope.name and scope is not again)
    first = ".".join((place.region.path, *names, node.name)).removeprefix(place.base)
    known = any(isinstance(step, Leaf) and step.name == first and step.node.op == node.op for step in before)
    return Leaf(name, node, place.region, first if known else name)


def _rank(value: Value, inputs: tuple[Value, ...]) -> int:
    return inputs.index(value) if value in inputs else len(inputs)


def _taken(nodes: Sequence[Node]) -> tuple[Value, ...]:
    """List the values that nodes take from others, in the order of first use."""
    own = {node.output.id for node in nodes}
    return tuple(dict.fromkeys(value for node in nodes for value in node.inputs if value.id not in own))


def _core(nodes: list[Node]) -> list[Node]:
    """Leave out expressions at the end that need a value from elsewhere, as cropping a shortcut does.

    The scope is then a plain function of what comes in, and the expression stands where both its inputs are known:
    in `crop_like(self.shortcut(x), y)`, the shortcut has never heard of `y`.
    """
    core = nodes
    while core and not is_module(core[-1].op) and len(_taken(core)) > len(_taken(core[:-1])):
        core = core[:-1]
    return core


def _only_wraps(nodes: Sequence[Node], place: _Surroundings) -> bool:
    """Say whether a scope holds nothing but one other scope."""
    scopes = {place.next(node) for node in nodes}
    return len(scopes) == 1 and None not in scopes


def _is_layer(nodes: Sequence[Node], path: str) -> bool:
    """Say whether what lies under a path is one layer, beside what fits maps to it."""
    return any(node.path == path for node in nodes)


def _side_by_side(some: Sequence[Node], nodes: Sequence[Node]) -> bool:
    first = nodes.index(some[0])
    return list(nodes[first : first + len(some)]) == list(some)


# Names of what a `forward` takes: `x` if it is one map, else after where the maps come from


def _input_names(region: Region, inputs: tuple[Value, ...], givers: Mapping[int, Region]) -> tuple[str, ...]:
    """Name what a region takes; `givers` are the regions that give values, by value id."""
    return _numbered(tuple(_word(region, value, inputs, givers) for value in inputs))


def _word(region: Region, value: Value, inputs: tuple[Value, ...], givers: Mapping[int, Region]) -> str:
    """Say what a map is to a region: a skip, the upsampled map, the one that was upsampled, or just a map."""
    giver = givers.get(value.id)
    ups = [other for other in inputs if (maker := givers.get(other.id)) is not None and maker.role == "up"]
    if region.role not in ("skip", "up") or (region.role == "skip" and len(ups) != 1 and len(inputs) > 2):
        return "x"
    if giver is not None and giver.role == "up":
        return "up"
    if region.role == "up":
        return "x" if value == inputs[0] else "skip"
    if ups and value in givers[ups[0].id].inputs and value == inputs[-1]:
        return "below"
    return "skip" if ups or value == inputs[0] else "x"


def _numbered(names: tuple[str, ...]) -> tuple[str, ...]:
    """Number names that occur more than once, from 0; one alone is `x`.

    Example:
        >>> _numbered(("skip",)), _numbered(("skip", "up", "below")), _numbered(("x", "x"))
        (('x',), ('skip', 'up', 'below'), ('x0', 'x1'))
    """
    if len(names) == 1:
        return ("x",)
    places = (names[:place].count(name) for place, name in enumerate(names))
    return tuple(f"{name}{place}" if names.count(name) > 1 else name for name, place in zip(names, places, strict=True))
