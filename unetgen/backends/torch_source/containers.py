"""Modules under dotted names: lists by level (`self.encoder[0]`), dicts where these had holes (`self.skip["2"]`).

A node's path is its prefix in the state_dict, so what lies under `up.3` is item 3 of `self.up`, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from unetgen.backends.torch_source.layout import Bracket, Expr, Repeated, call, flat, listed, prefixed
from unetgen.backends.torch_source.text import identifier
from unetgen.source.diagnostics import InternalError


@dataclass(frozen=True, slots=True)
class Tree:
    """What lies under one name: a module, or further names."""

    made: Expr | None = None
    inside: dict[str, Tree] = field(default_factory=dict)

    @property
    def is_list(self) -> bool:
        """Whether the names inside are 0, 1, 2, ... without a hole."""
        return set(self.inside) == set(map(str, range(len(self.inside))))

    def access(self, name: str) -> str:
        """Write how a `forward` reaches a module.

        Example:
            >>> tree_of([("up.0", "Up()"), ("skip.2", "Gate()")]).access("skip.2")
            'self.skip["2"]'
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
            return call("nn.ModuleList", _items([self.inside[str(i)] for i in range(len(self.inside))]))
        return call("nn.ModuleDict", _entries({name: tree.expression() for name, tree in self.inside.items()}))


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
    """Write the items of a list; equal ones as one and a count."""
    items = [tree.expression() for tree in trees]
    texts = set(map(flat, items))
    if len(items) > 1 and len(texts) == 1:
        return Repeated(items[0], str(len(items)))
    return listed(*items, exploded=len(items) > 2)


def _entries(made: dict[str, Expr]) -> Expr:
    """Write the entries of a dict; equal ones under numbers in a row as one and the numbers."""
    names, first = list(made), next(iter(made))
    if len(names) > 1 and first.isdecimal() and len(set(map(flat, made.values()))) == 1:
        start, end = int(first), int(first) + len(names)
        if names == list(map(str, range(start, end))):
            entry = prefixed("str(i): ", made[first])
            return Bracket("{", (Repeated(entry, f"{start}, {end}", numbered=True),), "}")
    entries = tuple(prefixed(f'"{name}": ', one) for name, one in made.items())
    return Bracket("{", entries, "}", exploded=len(entries) > 2)
