"""Groups that are built alike share one class: equal structure, numbers that may differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from unetgen.backends.torch_source.gathering import handed_ways, ways_of
from unetgen.backends.torch_source.layout import Expr, call, prefixed
from unetgen.backends.torch_source.lists import kinds_in_order, stretches
from unetgen.backends.torch_source.shortcuts import (
    AnyDetour,
    alike_but_for_detours,
    detour_of,
    parts_without,
    telling_first,
)
from unetgen.backends.torch_source.text import Number, literal
from unetgen.backends.torch_source.torch_ops import Constructor, constructor
from unetgen.ir import ops
from unetgen.plan import (
    Group,
    Run,
    Step,
    StepOrRun,
    explicit_pads,
    groups_inside,
    is_module,
    list_of,
    module_of,
    overwriting,
    place_of,
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a class: its type in Python, and what each instance gives it, in the order of the instances.

    Channels are positional and have no default; other numbers are given by name, with torch's own default, and say the
    `argument` of one of torch's constructors.
    """

    name: str
    annotation: str
    values: tuple[Number, ...]
    positional: bool
    default: Number | None = None
    argument: str = ""

    @property
    def declaration(self) -> str:
        """Write it as the class declares it."""
        default = "" if self.default is None else f" = {literal(self.default)}"
        return f"{self.name}: {self.annotation}{default}"

    def passed(self, text: str) -> str | None:
        """Write it as a call passes it; None where that says nothing."""
        if self.positional:
            return text
        return None if self.default is not None and text == literal(self.default) else f"{self.name}={text}"


@dataclass(frozen=True, slots=True)
class Handed:
    """A module that instances of a class are handed: its name there, the step of each instance, and what makes it.

    Those that all instances are handed are `positional`, and are all that these take.
    """

    name: str
    steps: tuple[Step | None, ...]
    made: tuple[Expr | None, ...]
    positional: bool = False

    @property
    def declaration(self) -> str:
        """Write it as the class declares it."""
        return f"{self.name}: nn.Module{'' if self.positional else ' | None = None'}"

    def passed(self, made: Expr) -> Expr:
        """Write it as a call passes it."""
        return made if self.positional else prefixed(f"{self.name}=", made)


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class of the emitted file.

    `groups` are its instances; the first stands for all. `modules` gives each name below it and what makes it, as
    written inside the class. `keeps` are those of its parameters that `forward` reads.
    """

    name: str
    groups: tuple[Group, ...]
    parameters: tuple[Parameter, ...]
    modules: tuple[tuple[str, Expr], ...]
    handed: tuple[Handed, ...] = ()
    keeps: tuple[str, ...] = ()

    @property
    def declarations(self) -> tuple[str, ...]:
        """Write all that it takes."""
        return (*(one.declaration for one in self.parameters), *(one.declaration for one in self.handed))

    def value(self, path: str, parameter: Parameter) -> Number:
        """Give what one instance gives a parameter."""
        return parameter.values[self.place(path)]

    def place(self, path: str) -> int:
        """Say which of its instances lies under a path."""
        return next(place for place, group in enumerate(self.groups) if group.path == path)

    def made(self, path: str) -> Expr:
        """Write the call that makes one instance, in numbers."""
        arguments = (p.passed(literal(self.value(path, p))) for p in self.parameters)
        handed = ((one, one.made[self.place(path)]) for one in self.handed)
        modules = (one.passed(made) for one, made in handed if made is not None)
        return call(self.name, *filter(None, arguments), *modules)


def plan_gathering(name: str, groups: tuple[Group, ...], inner: Mapping[str, ClassPlan]) -> ClassPlan:
    """Plan the class of joins that are handed the modules through which their maps come."""
    ways = tuple(
        Handed(steps[0].name, steps, tuple(inner[step.path].made(step.path) for step in steps), positional=True)
        for steps in zip(*map(ways_of, groups), strict=True)
    )
    return ClassPlan(name, groups, (), tuple((way.name, way.name) for way in ways), ways)


@dataclass(frozen=True, slots=True)
class Kinds:
    """All groups that need a class, by kind, those first that others are made of; and the kind of each path."""

    groups: dict[Hashable, tuple[Group, ...]]
    keys: dict[str, Hashable]


def find_kinds(network: Group, dims: int) -> Kinds:
    """Sort all groups inside a network by structure: groups of one kind share a class, and differ in its arguments.

    Two stages of one convolution, 3×3 and 5×5, are of one kind. A gate's `psi` and `signal` are of one kind if both are
    1×1, and of two if they are not: a scope has its name from what it is for.
    """
    groups = list(groups_inside(network))
    keys: dict[str, Hashable] = {}
    # What a group is made of must have its kind before the group.
    for height in sorted({_height(group) for group in groups}):
        alike: dict[tuple[str, Hashable], list[Group]] = defaultdict(list)
        members = [group for group in groups if _height(group) == height]
        merged = alike_but_for_detours(members, partial(_structure, dims=dims, keys=keys))
        for group in members:
            alike[_rank(group), merged.get(group.path) or _structure(group, None, dims, keys)].append(group)
        for (rank, structure), members in alike.items():
            for number, together in enumerate(_writable(members, dims, keys)):
                keys |= _keys(rank, (structure, number), together, dims)
    keys |= handed_ways(network.steps, keys)
    found: dict[Hashable, list[Group]] = defaultdict(list)
    for group in groups:
        found[keys[group.path]].append(group)
    return Kinds(
        {key: telling_first(found[key]) if is_merged(key) else tuple(found[key]) for key in _order(found, keys)}, keys
    )


def _order(found: Mapping[Hashable, list[Group]], keys: dict[str, Hashable]) -> Iterator[Hashable]:
    """List kinds, each after those of what its groups are made of."""
    inside = {key: {keys[g.path] for group in groups for g in groups_inside(group)} for key, groups in found.items()}
    done: dict[Hashable, None] = {}
    for key in found:
        done |= dict.fromkeys(other for other in found if other in inside[key])
        done[key] = None
    return iter(done)


def is_merged(key: Hashable) -> bool:
    """Say whether the groups of a kind differ in their detours."""
    return isinstance(key, tuple) and isinstance(key[1], tuple) and isinstance(key[1][0], AnyDetour)


def _keys(rank: str, structure: Hashable, groups: list[Group], dims: int) -> dict[str, Hashable]:
    """Give the kind of groups that differ in numbers alone, by path."""
    numbers = {_numbers(group, dims) for group in groups}
    constant = groups[0].family == "scope" and len(numbers) == 1
    key = ("scope", structure, numbers.pop()) if constant else (rank, structure)
    return dict.fromkeys((group.path for group in groups), key)


def _writable(groups: list[Group], dims: int, keys: dict[str, Hashable]) -> list[list[Group]]:
    """Put groups together whose lists can be written by the same lines: all, or else those of equal lengths."""
    runs = zip(*(_runs(group) for group in groups), strict=True)
    lists = [[run.items(name) for run in twins] for twins in runs for name in twins[0].lists]
    kind = partial(item_kind, dims=dims, keys=keys)
    if all(stretches(items, kind, dims) is not None for items in lists):
        return [groups]
    alike: dict[tuple[int, ...], list[Group]] = defaultdict(list)
    for group in groups:
        alike[tuple(len(run.rounds) for run in _runs(group))].append(group)
    return list(alike.values())


def _runs(group: Group) -> tuple[Run, ...]:
    return tuple(part for part in group.parts if isinstance(part, Run))


def _rank(group: Group) -> str:
    """Say among which groups those of one kind are looked for."""
    if group.is_unit:
        return "unit"
    return group.word if group.family == "scope" else group.family


def _height(group: Group) -> int:
    """Count how deep groups lie in each other; what sums is as high with a shortcut of several layers as without."""
    least = 2 if any(isinstance(leaf.node.op, ops.Add) for leaf in group.leaves) else 1
    return max(least, 1 + max((_height(step) for step in group.steps if isinstance(step, Group)), default=0))


def _numbers(group: Group, dims: int) -> tuple[Hashable, ...]:
    """List all numbers of a group but its channels."""
    found: list[Hashable] = []
    for step in group.steps:
        leaf = module_of(step)
        if leaf is None and isinstance(step, Group):
            found += _numbers(step, dims)
        elif leaf is not None and leaf.is_module:
            found += [a.value for a in constructor(leaf.node, dims).arguments if a.meaning == "number"]
    return tuple(found)


def spelled(make: Constructor) -> Expr:
    """Write a constructor in numbers, leaving out what torch does anyway."""
    said = (a for a in make.arguments if a.value != a.default)
    texts = ((a, literal(a.value)) for a in said)
    return call(make.callee, *(text if a.positional else f"{a.name}={text}" for a, text in texts))


def _structure(group: Group, detour: Step | None, dims: int, keys: dict[str, Hashable]) -> Hashable:
    """Say everything about a group but its numbers, as if its detour gave on what it takes."""
    kept = parts_without(group, detour)
    local = {value.id: place for place, value in enumerate((*group.inputs, *(part.output for part in kept)))}
    local |= {detour.output.id: local[detour.inputs[0].id]} if detour is not None else {}
    inplace = overwriting(group)
    alike = gives_maps(kept)
    parts = tuple(
        (part.name, tuple(local[value.id] for value in part.inputs), _part_structure(part, dims, inplace, keys, alike))
        for part in kept
    )
    return (len(group.inputs), local[group.output.id], parts)


def gives_maps(parts: Sequence[StepOrRun]) -> bool:
    """Say whether parts end in their only run, which gives its maps: an argument may tell if its input is with them."""
    runs = [part for part in parts if isinstance(part, Run)]
    return len(runs) == 1 and runs[0] is parts[-1] and runs[0].form == "dense" and runs[0].gives != "last"


def _part_structure(
    part: StepOrRun, dims: int, inplace: frozenset[str], keys: dict[str, Hashable], gives_maps: bool
) -> Hashable:
    if not isinstance(part, Run):
        return _step_structure(part, dims, inplace, keys)
    kind = partial(item_kind, dims=dims, keys=keys, inplace=inplace)
    lists = tuple((name, kinds_in_order(part.items(name), kind)) for name in part.lists)
    steps = tuple(list_of(step) or _step_structure(step, dims, inplace, keys) for step in part.rounds[0])
    return (part.form, "maps" if gives_maps else part.gives, part.keeps, part.flow, lists, steps)


def item_kind(step: Step, dims: int, keys: dict[str, Hashable], inplace: frozenset[str] = frozenset()) -> Hashable:
    """Say everything about an item of a list but its place and its numbers."""
    structure = _step_structure(step, dims, inplace, keys)
    if isinstance(step, Group) and is_merged(structure) and (place := place_of(step)) is not None and place[1] > 0:
        # The first of a list may be handed a detour that only some lists have; of the others all are alike.
        detour = detour_of(step)
        return structure, None if detour is None else item_kind(detour, dims, keys)
    return structure[1:] if module_of(step) is not None and isinstance(structure, tuple) else structure


def _step_structure(step: Step, dims: int, inplace: frozenset[str], keys: dict[str, Hashable]) -> Hashable:
    leaf = module_of(step)
    if leaf is None:
        return keys[step.path]
    if not is_module(leaf.node.op):
        return leaf.node.op
    make = constructor(leaf.node, dims, inplace=leaf.path in inplace)
    words = tuple((a.name, a.value if a.meaning == "word" else None) for a in make.arguments)
    return (leaf.calls, make.callee, words, explicit_pads(leaf.node.op))
