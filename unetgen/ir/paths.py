"""Short paths: a layer alone in what it lies in has no name of its own, nor has a group alone in another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from unetgen.ir import ops
from unetgen.ir.network import Node, Scope

_Names = tuple[str, ...]


def shortest_paths(region: str, nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Give the nodes of a region under their shortest paths.

    A layer that is alone in its region or scope is called as that: the convolution of `up.0` is `up.0`, not
    `up.0.conv`. What takes several maps is no layer and keeps its name; what only fits or stacks them may stand beside
    one. A scope that is all that another holds leaves no trace: a step that is a gate is `additive_gate`, not
    `additive_gate.gate`. Nor does one that holds nothing but a list of its own name: `blocks.0`, not `blocks.blocks.0`.
    """
    shortening = _Shortening()
    shortening.visit(tuple(nodes), 0)
    paths = {node.path: shortening.path(region, node) for node in nodes}
    return tuple(
        replace(
            node,
            path=paths[node.path],
            shares=node.shares and paths.get(node.shares, node.shares),
            scopes=shortening.scopes(node),
        )
        for node in nodes
    )


@dataclass(frozen=True, slots=True)
class _Shortening:
    """What has no name any more: scopes, by their names and those around them, and nodes, by their old paths."""

    dropped: set[_Names] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)

    def visit(self, nodes: tuple[Node, ...], depth: int) -> None:
        """Look at what a region, or a scope with so many names around and on it, holds."""
        layer = _only_layer(nodes, depth)
        if layer is not None:
            self.alone.add(layer.path)
            names = _names(layer)
            self.dropped.update(names[:end] for end in range(depth + 1, len(names) + 1))
            return
        inside = _inside(nodes, depth)
        around = _names(nodes[0])[:depth]
        if all(len(_names(node)) > depth for node in nodes):
            if len(inside) == 1:
                self.dropped.add(_names(nodes[0])[: depth + 1])
            if around and all(name.startswith(f"{around[-1]}.") for name in inside):
                self.dropped.add(around)
        for members in inside.values():
            if len(_names(members[0])) > depth:
                self.visit(members, depth + 1)

    def path(self, region: str, node: Node) -> str:
        """Give the path of a node."""
        names = _names(node)
        kept = (name for end, name in enumerate(names, start=1) if names[:end] not in self.dropped)
        return ".".join((region, *kept, *(() if node.path in self.alone else (node.name,))))

    def scopes(self, node: Node) -> tuple[Scope, ...]:
        """Give the scopes of a node, those without a name that lost it; they are called as before."""
        return tuple(self._renamed(node))

    def _renamed(self, node: Node) -> Iterator[Scope]:
        around: _Names = ()
        for scope in node.scopes:
            around = (*around, scope.name) if scope.name else around
            lost = scope.name and around in self.dropped
            yield replace(scope, name="", word=scope.word or scope.name) if lost else scope


def _names(node: Node) -> _Names:
    """List the names of the scopes around a node, from the outside: `block1`, `shortcut`."""
    return tuple(scope.name for scope in node.scopes if scope.name)


def _only_layer(nodes: tuple[Node, ...], depth: int) -> Node | None:
    """Give the one layer, if nothing else lies in the scopes around it below this one."""
    layers = [node for node in nodes if not isinstance(node.op, ops.Fitting)]
    if len(layers) != 1 or isinstance(layers[0].op, ops.Add | ops.Maximum | ops.Multiply):
        return None
    further = _names(layers[0])[depth:]
    beside = [node for node in nodes if further and _names(node)[depth : depth + 1] == further[:1]]
    return layers[0] if len(beside) <= 1 else None


def _inside(nodes: tuple[Node, ...], depth: int) -> dict[str, tuple[Node, ...]]:
    """Sort nodes by the scope or the name that they have next."""
    found: dict[str, tuple[Node, ...]] = {}
    for node in nodes:
        name = ".".join((*_names(node), node.name)) if len(_names(node)) == depth else _names(node)[depth]
        found[name] = (*found.get(name, ()), node)
    return found
