"""Modules under dotted names: lists by level (`self.encoder[0]`), dicts where these would be mostly holes.

A node's path is its prefix in the state_dict, so what lies under `up.3` is item 3 of `self.up`, and nothing else. A
level without a module has an `nn.Identity()`, which has no weights, so that the index of a list is the level.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from unetgen.backends.torch_source.layout import Bracket, Expr, Repeated, call, flat, listed, prefixed, starred
from unetgen.backends.torch_source.text import identifier
from unetgen.source.diagnostics import InternalError


@dataclass(frozen=True, slots=True)
class Tree:
    """What lies under one name: a module, or further names."""

    made: Expr | None = None
    inside: dict[str, Tree] = field(default_factory=dict)

    @property
    def is_list(self) -> bool:
        """Whether the names inside are numbers, at least half of those up to the highest."""
        return set(self.inside) <= set(map(str, range(2 * len(self.inside))))

    @property
    def has_holes(self) -> bool:
        """Whether it is a list, or holds one, in which something stands for modules that are not there."""
        holes = self.is_list and len(self.inside) < self._length
        return holes or any(tree.has_holes for tree in self.inside.values())

    @property
    def _length(self) -> int:
        return 1 + max(map(int, self.inside), default=-1)

    def access(self, name: str) -> str:
        """Write how a `forward` reaches a module.

        Example:
            >>> tree = tree_of([("up.0", "Up()"), ("skip.2", "Gate()")])
            >>> tree.access("up.0"), tree.access("skip.2")
            ('self.up[0]', 'self.skip["2"]')
        """
        head, *others = name.split(".")
        tree, text = self.inside[head], f"self.{head}"
        for part in others:
            text += f"[{part}]" if tree.is_list else f'["{part}"]'
            tree = tree.inside[part]
        return text

    def expression(self) -> Expr:
        """Write what makes it."""
        if self.made is not None:
            return self.made
        if self.is_list:
            return call("nn.ModuleList", _items([self.inside.get(str(i), _HOLE) for i in range(self._length)]))
        return call("nn.ModuleDict", _entries({name: tree.expression() for name, tree in self.inside.items()}))


_HOLE: Final = Tree("nn.Identity()")


def tree_of(modules: Iterable[tuple[str, Expr]]) -> Tree:
    """Sort modules under their dotted names."""
    root = Tree()
    for name, made in modules:
        *scopes, last = name.split(".")
        tree = root
        for scope in scopes:
            tree = tree.inside.setdefault(scope, Tree())
        if last in tree.inside or tree.made is not None:
            raise InternalError(f"two modules would be called {name!r}")
        tree.inside[last] = Tree(made)
    for name in root.inside:
        identifier(name)
    return root


def _items(trees: list[Tree]) -> Expr:
    """Write the items of a list; equal ones as one and a count, be it behind what stands for missing ones."""
    items = [tree.expression() for tree in trees]
    start = sum(1 for _ in takewhile(lambda tree: tree is _HOLE, trees))
    rest = items[start:]
    if len(rest) > 1 and len(set(map(flat, rest))) == 1:
        repeated = Repeated(rest[0], str(len(rest)))
        return listed(*items[:start], starred(repeated)) if start else repeated
    return listed(*items, exploded=len(items) > 2)


def _entries(made: dict[str, Expr]) -> Expr:
    """Write the entries of a dict."""
    entries = tuple(prefixed(f'"{name}": ', one) for name, one in made.items())
    return Bracket("{", entries, "}", exploded=len(entries) > 2)
