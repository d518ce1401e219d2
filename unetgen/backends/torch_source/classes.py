"""Groups that are built alike share one class: equal structure, numbers that may differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass

from unetgen.backends.torch_source.groups import Group, Step, groups_inside, module_of
from unetgen.backends.torch_source.inplace import overwriting
from unetgen.backends.torch_source.layout import Expr, call
from unetgen.backends.torch_source.modules import Constructor, constructor, explicit_pads
from unetgen.backends.torch_source.text import Number, literal

__all__ = ["ClassPlan", "Kinds", "Parameter", "find_kinds", "spelled"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a class: its type in Python, and what each instance gives it, in the order of the instances."""

    name: str
    annotation: str
    values: tuple[Number, ...]
    positional: bool


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class of the emitted file.

    `groups` are its instances; the first stands for all. `modules` gives each name below it and what makes it, as
    written inside the class.
    """

    name: str
    groups: tuple[Group, ...]
    parameters: tuple[Parameter, ...]
    modules: tuple[tuple[str, Expr], ...]

    def value(self, path: str, parameter: Parameter) -> Number:
        """Give what one instance gives a parameter."""
        return next(v for group, v in zip(self.groups, parameter.values, strict=True) if group.path == path)

    def made(self, path: str) -> Expr:
        """Write the call that makes one instance, in numbers."""
        arguments = ((p, literal(self.value(path, p))) for p in self.parameters)
        return call(self.name, *(text if p.positional else f"{p.name}={text}" for p, text in arguments))


@dataclass(frozen=True, slots=True)
class Kinds:
    """All groups that need a class, by structure, those first that others are made of; and the structure of each path."""

    groups: dict[Hashable, tuple[Group, ...]]
    keys: dict[str, Hashable]


def find_kinds(network: Group, dims: int) -> Kinds:
    """Sort all groups inside a network by structure."""
    found: dict[Hashable, list[Group]] = defaultdict(list)
    keys: dict[str, Hashable] = {}
    for group in groups_inside(network):
        if group.only is None:
            keys[group.path] = key = _structure(group, dims, keys)
            found[key].append(group)
    return Kinds({key: tuple(groups) for key, groups in found.items()}, keys)


def spelled(make: Constructor) -> Expr:
    """Write a constructor in numbers, leaving out what torch does anyway."""
    said = (a for a in make.arguments if a.value != a.default)
    texts = ((a, literal(a.value)) for a in said)
    return call(make.callee, *(text if a.positional else f"{a.name}={text}" for a, text in texts))


def _structure(group: Group, dims: int, keys: dict[str, Hashable]) -> Hashable:
    """Say everything about a group but its numbers."""
    local = {value.id: place for place, value in enumerate((*group.inputs, *(step.output for step in group.steps)))}
    inplace = overwriting(group)
    steps = tuple(
        (step.name, tuple(local[value.id] for value in step.inputs), _step_structure(step, group, dims, inplace, keys))
        for step in group.steps
    )
    return (group.family, len(group.inputs), local[group.output.id], steps)


def _step_structure(
    step: Step, group: Group, dims: int, inplace: frozenset[str], keys: dict[str, Hashable]
) -> Hashable:
    leaf = module_of(step)
    if leaf is None:
        return keys[step.path]
    if leaf.node.shares is not None:
        return leaf.node.shares.removeprefix(group.path)
    if not leaf.is_module:
        return leaf.node.op
    make = constructor(leaf.node, dims, inplace=leaf.path in inplace)
    words = tuple((a.name, a.value if a.meaning == "word" else None) for a in make.arguments)
    return (make.callee, words, explicit_pads(leaf.node.op))
