"""Anti-unification: of several groups that differ in numbers, one class, with a parameter for each number that differs.

What is equal in all instances stays a literal, and what torch does anyway is left out.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from itertools import compress

from unetgen.backends.torch_source.annotations import akin, annotation, per_axis
from unetgen.backends.torch_source.classes import (
    ClassPlan,
    Handed,
    Kinds,
    Parameter,
    is_merged,
    item_kind,
    plan_gathering,
    spelled,
)
from unetgen.backends.torch_source.gathering import AnyWays
from unetgen.backends.torch_source.layout import Conditional, Expr, Repeated, call, flat, listed, starred
from unetgen.backends.torch_source.lists import KindOf, Stretch, stretches
from unetgen.backends.torch_source.loops import WITH_INPUT
from unetgen.backends.torch_source.shortcuts import detour_of, flag_of, parts_without
from unetgen.backends.torch_source.text import Number, literal
from unetgen.backends.torch_source.torch_ops import Argument, Constructor, constructor
from unetgen.backends.torch_source.widths import Term, Widths, WidthTerms
from unetgen.ir import ops
from unetgen.plan import Group, Leaf, Run, Step, StepOrRun, module_of, overwriting


def plan_classes(kinds: Kinds, names: Mapping[Hashable, str], dims: int) -> dict[Hashable, ClassPlan]:
    """Plan the class of each structure; a class stands after those that it uses."""
    plans: dict[Hashable, ClassPlan] = {}
    for key, groups in kinds.groups.items():
        inner = {path: plans[inside] for path, inside in kinds.keys.items() if inside in plans}
        if isinstance(key, AnyWays):
            plans[key] = plan_gathering(names[key], groups, inner)
            continue
        unifier = _Unifier(groups, inner, dims, kinds.keys, WidthTerms(groups))
        plans[key] = unifier.plan(names[key])
        if unifier.widths.middles > 1:
            unifier = _Unifier(groups, inner, dims, kinds.keys, WidthTerms(groups, numbered=True))
            plans[key] = unifier.plan(names[key])
    return plans


@dataclass(frozen=True, slots=True)
class _Site:
    """One step of the class: the first instance's, and that of each instance; of items of a list also the next ones."""

    step: Step
    twins: tuple[Step, ...]
    next: tuple[Step | None, ...] = ()

    def taken(self, place: int = 0) -> Widths:
        return tuple(twin.inputs[place].shape.channels for twin in self.twins)

    def given(self) -> Widths:
        return tuple(twin.output.shape.channels for twin in self.twins)


class _Unifier:
    """The parameters found so far of one class."""

    def __init__(
        self,
        groups: tuple[Group, ...],
        inner: Mapping[str, ClassPlan],
        dims: int,
        keys: dict[str, Hashable],
        widths: WidthTerms,
    ) -> None:
        self.widths = widths
        self._groups = groups
        self._inner = inner
        self._merged = is_merged(keys[groups[0].path])
        self._dims = dims
        self._kind: KindOf = partial(item_kind, dims=dims, keys=keys)
        self._inplace = frozenset().union(*map(overwriting, groups))
        self._numbers: dict[str, tuple[Number, ...]] = {}
        self._defaults: dict[str, Number | None] = {}
        self._arguments: dict[str, str] = {}
        self._handed: dict[str, Handed] = {}
        self._some = False
        self._keeps: tuple[str, ...] = ()

    def plan(self, name: str) -> ClassPlan:
        """Go through the steps in order and give the class."""
        modules: dict[str, Expr] = {}
        for twins in self._twins():
            if runs := tuple(twin for twin in twins if isinstance(twin, Run)):
                modules |= self._make_lists(runs)
                continue
            steps = tuple(twin for twin in twins if not isinstance(twin, Run))
            if len(steps) < len(self._groups):
                modules[steps[0].name] = ""
                continue
            made = self._make(_Site(steps[0], steps))
            if made is not None:
                modules[steps[0].name] = made
        # By now all numbers of the class are known, so that a detour can be said in them.
        modules |= {name: self._detour(name) for name, made in modules.items() if not made}
        used = set(re.findall(r"\w+", " ".join(map(flat, modules.values()))))
        widths = sorted(self.widths.parameters.items(), key=lambda pair: pair[0] == "out_channels")
        channels = (Parameter(n, "int", v, positional=True) for n, v in widths if n in used)
        numbers = [
            Parameter(n, annotation(v), v, False, self._default(n, v), self._arguments[n])
            for n, v in self._numbers.items()
        ]
        numbers.sort(key=lambda parameter: parameter.default is not None)
        handed = tuple(self._handed.values())
        return ClassPlan(name, self._groups, (*channels, *numbers), tuple(modules.items()), handed, self._keeps)

    def _twins(self) -> Iterator[tuple[StepOrRun, ...]]:
        """Give each part of the first instance with those of the others; nothing for a detour that differs."""
        detours = [detour_of(group) for group in self._groups] if self._merged else [None] * len(self._groups)
        rests = zip(*(parts_without(*pair) for pair in zip(self._groups, detours, strict=True)), strict=True)
        for part in self._groups[0].parts:
            yield (part,) if part is detours[0] else next(rests)

    def _detour(self, name: str) -> Expr:
        """Write a detour that only some instances have: made if stride or a flag says so, handed if kinds differ."""
        steps = tuple(detour_of(group) for group in self._groups)
        flags = tuple(step is not None for step in steps)
        word, own = flag_of(steps), self._among(flags)
        known = tuple(step for step in steps if step is not None)
        if len({self._kind(step) for step in known}) == 1:
            made = own._make(_Site(known[0], known))
            if made is not None and own._names == self._names and word not in self._names:
                if flags == tuple(stride != 1 for stride in self._numbers.get("stride", ())):
                    return Conditional(made, "stride != 1", "nn.Identity()")
                self._numbers[word], self._defaults[word], self._arguments[word] = flags, False, word
                return Conditional(made, word, "nn.Identity()")
        self._handed[name] = Handed(name, steps, tuple(self._in_numbers(step) for step in steps))
        return f"nn.Identity() if {name} is None else {name}"

    def _among(self, chosen: Sequence[bool]) -> _Unifier:
        """Give a unifier of some instances alone, which says their numbers as the class does."""
        one = copy(self)
        one._some = True
        one._groups = tuple(compress(self._groups, chosen))
        one.widths = self.widths.among(chosen)
        one._numbers = {name: tuple(compress(numbers, chosen)) for name, numbers in self._numbers.items()}
        one._defaults, one._arguments, one._handed = dict(self._defaults), dict(self._arguments), dict(self._handed)
        return one

    @property
    def _names(self) -> set[str]:
        """What the class takes, as far as is known."""
        return {*self.widths.parameters, *self._numbers, *self._handed}

    def _in_numbers(self, step: Step | None) -> Expr | None:
        if step is None:
            return None
        leaf = module_of(step)
        return self._inner[step.path].made(step.path) if leaf is None else spelled(constructor(leaf.node, self._dims))

    def _make(self, site: _Site) -> Expr | None:
        """Write what makes the module of a step, and note the channels of what it gives."""
        leaf = module_of(site.step)
        if leaf is None:
            return self._make_group(site, self._inner[site.step.path])
        made = self._make_leaf(site) if leaf.is_module else None
        self.widths.note(leaf.output.id, self._given(site, leaf))
        return made

    # Lists

    def _make_lists(self, runs: tuple[Run, ...]) -> Iterator[tuple[str, Expr]]:
        for name in runs[0].lists:
            items = tuple(run.items(name) for run in runs)
            yield name, self._make_list(runs, name, stretches(items, self._kind, self._dims) or ())
        if len({run.gives for run in runs}) > 1:
            self._keeps = (WITH_INPUT,)
            self._numbers[WITH_INPUT] = tuple(run.gives == "all" for run in runs)
            self._defaults[WITH_INPUT], self._arguments[WITH_INPUT] = True, WITH_INPUT
        given = tuple(run.output.shape.channels for run in runs)
        self.widths.note(runs[0].output.id, self.widths.resolve(given))

    def _make_list(self, runs: tuple[Run, ...], name: str, parts: tuple[Stretch, ...]) -> Expr:
        single = sum(not part.repeated for part in parts)
        entries: list[Expr] = []
        for part in parts:
            firsts = tuple(items[0] if items else None for items in part.items)
            known = next(step for step in firsts if step is not None)
            nexts = tuple(items[1] if len(items) > 1 else None for items in part.items)
            # Where an instance has no such item, any will do.
            site = _Site(known, tuple(step or known for step in firsts), nexts if part.repeated else ())
            made = self._make(site) or ""
            if part.repeated:
                made = Repeated(made, self._range(runs, name, single))
            entries.append(made)
        chain = runs[0].form == "chain"
        if len(entries) == 1 and not chain:
            return call("nn.ModuleList", *entries)
        written = (starred(entry) if isinstance(entry, Repeated) else entry for entry in entries)
        return call("nn.Sequential", *written) if chain else call("nn.ModuleList", listed(*written))

    def _range(self, runs: tuple[Run, ...], name: str, single: int) -> str:
        """Say how many items a list has beside single ones."""
        counts = tuple(len(run.items(name)) for run in runs)
        if len(set(counts)) == 1:
            return str(counts[0] - single)
        is_u = any(run.keeps or run.taken_back for run in runs)
        parameter = self._count_of("depth" if is_u else name, counts)
        return f"{parameter} - {single}" if single else parameter

    def _count_of(self, name: str, counts: tuple[int, ...]) -> str:
        for known, given in self._numbers.items():
            if given == counts and self._arguments[known] == "count":
                return known
        self._numbers[name], self._defaults[name], self._arguments[name] = counts, None, "count"
        return name

    def _stepped(self, text: str, values: tuple[Number, ...], nexts: tuple[Number | None, ...]) -> str:
        """Add to what the first item takes by how much the next ones take more, times their number."""
        steps = tuple(
            0 if after is None or isinstance(after, tuple) or isinstance(value, tuple) else after - value
            for value, after in zip(values, nexts, strict=True)
        )
        whole = tuple(step for step in steps if isinstance(step, int))
        if not any(steps) or len(whole) < len(steps):
            return text
        return f"{text} + {self.widths.step(whole)} * i"

    # Modules of torch

    def _make_leaf(self, site: _Site) -> Expr:
        makes = [make for twin in site.twins if (make := self._constructor(twin)) is not None]
        after = [self._constructor(twin) if twin is not None else None for twin in site.next]
        written: dict[int, str] = {}
        rows = [*enumerate(zip(*(make.arguments for make in makes), strict=True))]
        # A padding may be said by a dilation, which torch takes behind it.
        for place, arguments in sorted(rows, key=lambda row: row[1][0].name == "padding"):
            text = self._argument(site, arguments)
            if text is None:
                continue
            if after:
                values = tuple(argument.value for argument in arguments if not isinstance(argument.value, str))
                nexts = tuple(_number_of(make, place) for make in after)
                text = self._stepped(text, values, nexts) if len(values) == len(nexts) else text
            written[place] = text if arguments[0].positional else f"{arguments[0].name}={text}"
        return call(makes[0].callee, *(written[place] for place in sorted(written)))

    def _constructor(self, step: Step) -> Constructor | None:
        leaf = module_of(step)
        return None if leaf is None else constructor(leaf.node, self._dims, inplace=leaf.path in self._inplace)

    def _argument(self, site: _Site, arguments: tuple[Argument, ...]) -> str | None:
        """Write an argument; None if it says what torch does anyway."""
        match arguments[0].meaning:
            case "taken":
                return str(self._channels(site))
            case "given":
                return str(self.widths.resolve(site.given()))
            case "count":
                return self._count(site, arguments) or self._value(site, arguments)
            case "number" | "word":
                return self._value(site, arguments)

    def _count(self, site: _Site, arguments: tuple[Argument, ...]) -> str | None:
        """Say a number of groups in channels, where there is one per channel."""
        counts = tuple(int(a.value) for a in arguments if isinstance(a.value, int))
        constant = len(set(counts)) == 1
        # As many groups as channels are a depthwise convolution; of a norm, where the number never varies, they are
        # chance.
        if counts == site.taken() and set(counts) != {1} and not (constant and arguments[0].name == "num_groups"):
            return str(self._channels(site))
        return None if constant else self.widths.named(counts)

    def _value(self, site: _Site, arguments: tuple[Argument, ...]) -> str | None:
        first = arguments[0]
        if len({a.value for a in arguments}) == 1:
            return None if first.value == first.default else self._known(arguments) or literal(first.value)
        values = tuple(a.value for a in arguments if not isinstance(a.value, str))
        if first.name == "padding" and (said := self._padding(values)):
            return said
        if first.instead and {a.instead for a in arguments} == {first.instead}:
            return literal(first.instead)
        default = first.default if not isinstance(first.default, str) else None
        return self._number(site.step.name, first.name, per_axis(values, self._dims), default)

    def _known(self, arguments: tuple[Argument, ...]) -> str:
        """Find the parameter that says what some of the instances are given, all of them the same."""
        values = tuple(argument.value for argument in arguments)
        names = (
            name
            for name, given in self._numbers.items()
            if given == values and self._arguments[name] == arguments[0].name
        )
        return next(names, "") if self._some else ""

    def _padding(self, values: tuple[Number, ...]) -> str:
        """Say these paddings as half of a kernel, or as a dilation, which three pixels reach; else say nothing."""
        for name, given in self._numbers.items():
            halves = tuple(kernel // 2 for kernel in given if isinstance(kernel, int))
            if self._arguments[name] == "kernel_size" and halves == values:
                return f"{name} // 2"
            if self._arguments[name] == "dilation" and given == per_axis(values, self._dims):
                return name
        return ""

    def _number(self, node: str, argument: str, values: tuple[Number, ...], default: Number | None) -> str:
        """Find or declare the parameter for numbers that differ; torch's own default is one that all its uses share."""
        for known, given in self._numbers.items():
            if given == values and akin(self._arguments[known], argument):
                self._defaults[known] = default if self._defaults[known] == default else None
                return known
        name = {"p": "dropout", "scale_factor": "factor"}.get(argument, argument)
        if name in self._numbers or name in self.widths.parameters:
            name = f"{node.replace('.', '_')}_{name}"
        self._numbers[name], self._defaults[name], self._arguments[name] = values, default, argument
        return name

    def _default(self, name: str, values: tuple[Number, ...]) -> Number | None:
        """Give the default of a parameter: torch's, if some instance wants it."""
        default = self._defaults[name]
        return default if default in values else None

    def _given(self, site: _Site, leaf: Leaf) -> Term:
        """Say the channels of what a node gives."""
        taken = [self._channels(site, place) for place in range(len(leaf.inputs))]
        match leaf.node.op:
            case ops.Conv() | ops.ConvTransposed():
                return self.widths.resolve(site.given())
            case ops.Concat():
                return sum(taken[1:], taken[0])
            case ops.PixelShuffle():
                ratios = {a // b for a, b in zip(site.taken(), site.given(), strict=True)}
                share = taken[0].divided(ratios.pop()) if len(ratios) == 1 else None
                return share or self.widths.resolve(site.given())
            case _:
                return taken[0]

    # Modules of another class of the file

    def _make_group(self, site: _Site, inner: ClassPlan) -> Expr:
        arguments: list[Expr] = []
        for parameter in inner.parameters:
            values = tuple(inner.value(twin.path, parameter) for twin in site.twins)
            written = self._passed(site, parameter, values)
            if site.next:
                nexts = (None if twin is None else inner.value(twin.path, parameter) for twin in site.next)
                written = self._stepped(written, values, tuple(nexts))
            text = parameter.passed(written)
            arguments += [text] if text else []
        arguments += filter(None, (self._pass_on(site, one, inner) for one in inner.handed))
        self.widths.note(site.step.output.id, self._given_by_group(site))
        return call(inner.name, *arguments)

    def _passed(self, site: _Site, parameter: Parameter, values: tuple[Number, ...]) -> str:
        """Write what an inner module is given: channels of a value that it takes, or of another, or a number."""
        if not parameter.positional:
            if len(set(values)) == 1:
                return literal(values[0])
            return self._number(site.step.name, parameter.argument, values, parameter.default)
        widths = tuple(int(v) for v in values if isinstance(v, int))
        if parameter.name == "out_channels" and (name := self.widths.named(widths)):
            return name
        for place in range(len(site.step.inputs)):
            if values == site.taken(place):
                return str(self._channels(site, place))
        return str(self.widths.resolve(widths))

    def _pass_on(self, site: _Site, handed: Handed, inner: ClassPlan) -> Expr | None:
        """Write the module that an inner one is handed: made here where it is alike in all instances, or taken."""
        places = [inner.place(twin.path) for twin in site.twins]
        steps = [handed.steps[place] for place in places]
        known = tuple(step for step in steps if step is not None)
        if not known:
            return None
        if len(known) == len(steps) and len({self._kind(step) for step in known}) == 1:
            nexts = (None if twin is None else handed.steps[inner.place(twin.path)] for twin in site.next)
            return handed.passed(self._make(_Site(known[0], known, tuple(nexts))) or "")
        self._handed[handed.name] = Handed(handed.name, tuple(steps), tuple(handed.made[place] for place in places))
        return handed.passed(handed.name)

    def _given_by_group(self, site: _Site) -> Term:
        for place in range(len(site.step.inputs)):
            if site.given() == site.taken(place):
                return self._channels(site, place)
        return self.widths.resolve(site.given())

    def _channels(self, site: _Site, place: int = 0) -> Term:
        """Say the channels of what a step takes; within a loop little is known of them but their numbers."""
        value, taken = site.step.inputs[place].id, site.taken(place)
        return self.widths.known(value) or self.widths.joined(value, taken) or self.widths.resolve(taken)


def _number_of(make: Constructor | None, place: int) -> Number | None:
    value = None if make is None else make.arguments[place].value
    return None if isinstance(value, str) else value
