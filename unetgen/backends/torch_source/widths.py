"""Channel counts as formulas over constructor parameters: `in_channels + 2 * growth`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from itertools import compress

from unetgen.ir import ops
from unetgen.plan import Group, Leaf, Run


@dataclass(frozen=True, slots=True)
class Term:
    """A sum of parameters, each with a factor, and a constant; a fraction of a parameter is whole in every instance."""

    parameters: tuple[tuple[str, Fraction], ...] = ()
    constant: int = 0

    @classmethod
    def of(cls, parameter: str, factor: Fraction | int = 1) -> Term:
        """Give a multiple or a fraction of one parameter."""
        return cls(((parameter, Fraction(factor)),))

    def __add__(self, other: Term) -> Term:
        factors = dict(self.parameters)
        for name, factor in other.parameters:
            factors[name] = factors.get(name, Fraction(0)) + factor
        return Term(tuple(factors.items()), self.constant + other.constant)

    def divided(self, by: int) -> Term | None:
        """Give a whole fraction of it; None if that is no sum of whole multiples."""
        if self.constant % by or any((factor / by).denominator > 1 for _, factor in self.parameters):
            return None
        return Term(tuple((name, factor / by) for name, factor in self.parameters), self.constant // by)

    def value(self, numbers: Mapping[str, int]) -> Fraction:
        """Give what it comes to."""
        return sum((factor * numbers[name] for name, factor in self.parameters), Fraction(self.constant))

    def __str__(self) -> str:
        """Write it as Python.

        Example:
            >>> str(Term.of("in_channels") + Term.of("growth", 2) + Term((), 3))
            'in_channels + 2 * growth + 3'
            >>> half = Term.of("channels", Fraction(1, 2))
            >>> str(half), str(half + half), str(half + half + half)
            ('channels // 2', 'channels', '3 * (channels // 2)')
        """
        parts = [_multiple(name, factor) for name, factor in self.parameters]
        return " + ".join([*parts, str(self.constant)] if self.constant or not parts else parts)


def _multiple(name: str, factor: Fraction) -> str:
    times, parts = factor.numerator, factor.denominator
    if parts == 1:
        return name if times == 1 else f"{times} * {name}"
    return f"{name} // {parts}" if times == 1 else f"{times} * ({name} // {parts})"


Widths = tuple[int, ...]
"""One number of channels per instance."""

_FACTORS = range(2, 17)
"""How many times one width may be another for this to be more than chance."""
_POWERS = (2, 4, 8, 16)
"""The same where there is one instance, or none that differs."""


class WidthTerms:
    """The channel parameters of one class, and the channels of each value in terms of them.

    What enters and leaves the class is a parameter. A width inside is one of these, a literal, a multiple or a fraction
    of one, or, where it varies on its own, a parameter `mid_channels` (`mid1_channels`, ... if `numbered`). That of a U
    inside is one too, constant or a fraction as it may be: all its levels have it, and it is what papers list.
    """

    def __init__(self, groups: Sequence[Group], *, numbered: bool = False) -> None:
        self.parameters: dict[str, Widths] = {}
        self.middles = 0
        self._growths = 0
        self._numbered = numbered
        self._terms: dict[int, Term] = {}
        self._literals: set[int] = set()
        first = groups[0]
        self._levels = _holds_levels(first)
        self._joins = dict(_joins(first))
        taken = [tuple(g.inputs[place].shape.channels for g in groups) for place in range(len(first.inputs))]
        given = tuple(group.output.shape.channels for group in groups)
        # That two maps of a single instance are equally wide may be chance, so each has its parameter.
        names = _names(first, taken, given)
        self._alone = alone = len(groups) == 1 and len(set(names)) > 1
        for value, widths, name in zip(first.inputs, taken, names, strict=True):
            known = None if alone else self.named(widths)
            self._terms[value.id] = Term.of(known or self._declare(name, widths))
        if alone or self.named(given) is None:
            self._declare("out_channels", given)

    def among(self, chosen: Sequence[bool]) -> WidthTerms:
        """Give the same for some instances alone."""
        one = copy(self)
        one.parameters = {name: tuple(compress(widths, chosen)) for name, widths in self.parameters.items()}
        one._terms, one._literals = dict(self._terms), set(self._literals)
        return one

    def known(self, value: int) -> Term | None:
        """Give the channels of a value of the first instance, by its id, if they were noted."""
        return self._terms.get(value)

    def step(self, widths: Widths) -> Term:
        """Say by how many channels one item of a list takes more than the one before."""
        if len(set(widths)) == 1:
            self._literals.add(widths[0])
            return Term((), widths[0])
        return Term.of(self.named(widths) or self._growth(widths))

    def note(self, value: int, term: Term) -> None:
        """Remember the channels of a value."""
        self._terms[value] = term

    def joined(self, value: int, widths: Widths) -> Term | None:
        """Say widths as the sum of those that a loop concatenates, if these were noted and it is true of all instances.

        Example: `2 * mid_channels` of two maps of `mid_channels`, even where that happens to be `channels`.
        """
        terms = [self._terms.get(part) for part in self._joins.get(value, ())]
        known = [term for term in terms if term is not None]
        if not known or len(known) < len(terms):
            return None
        found = sum(known[1:], known[0])
        numbers = ({name: row[i] for name, row in self.parameters.items()} for i in range(len(widths)))
        return found if tuple(map(found.value, numbers)) == widths else None

    def named(self, widths: Widths) -> str | None:
        """Find a parameter with these widths; what leaves goes before what enters."""
        names = [name for name in self.parameters if name == "out_channels" or not self._alone]
        names.sort(key=lambda name: name != "out_channels")
        return next((name for name in names if self.parameters[name] == widths), None)

    def resolve(self, widths: Widths) -> Term:
        """Say widths in terms of the parameters; declare one if nothing else says them."""
        if (name := self.named(widths)) is not None:
            return Term.of(name)
        constant = len(set(widths)) == 1
        if constant and (widths[0] in {1, *self._literals} or not (self._all_constant or self._levels)):
            return Term((), widths[0])
        for name, base in self.parameters.items() if not self._alone else ():
            if (term := _scaled(widths, name, base, fractions=not self._levels)) is not None:
                return term
        return Term((), widths[0]) if constant and not self._levels else Term.of(self._middle(widths))

    @property
    def _all_constant(self) -> bool:
        """Whether all instances take and give the same widths, as a single one does."""
        return all(len(set(widths)) == 1 for widths in self.parameters.values())

    def _middle(self, widths: Widths) -> str:
        self.middles += 1
        return self._declare(f"mid{self.middles if self._numbered else ''}_channels", widths)

    def _growth(self, widths: Widths) -> str:
        self._growths += 1
        return self._declare(f"growth{self._growths if self._growths > 1 else ''}", widths)

    def _declare(self, name: str, widths: Widths) -> str:
        self.parameters[name] = widths
        return name


def _scaled(widths: Widths, name: str, base: Widths, *, fractions: bool) -> Term | None:
    """Say widths as a multiple of a parameter, or as a fraction where these are wanted."""
    for factor in _FACTORS if len(set(base)) > 1 else _POWERS:
        if all(width == factor * b for width, b in zip(widths, base, strict=True)):
            return Term.of(name, factor)
        if fractions and all(width * factor == b for width, b in zip(widths, base, strict=True)):
            return Term.of(name, Fraction(1, factor))
    return None


def _joins(group: Group) -> Iterator[tuple[int, tuple[int, ...]]]:
    """List the concatenations in the rounds of loops: the value that each gives, and those that it takes."""
    rounds = (steps for part in group.parts if isinstance(part, Run) for steps in part.rounds)
    for step in (step for steps in rounds for step in steps):
        if isinstance(step, Leaf) and isinstance(step.node.op, ops.Concat):
            yield step.output.id, tuple(value.id for value in step.inputs)


def _holds_levels(group: Group) -> bool:
    """Say whether a loop of a group, or of one inside, goes through levels: a round may keep a map for a later one."""
    loops = (part for part in group.parts if isinstance(part, Run))
    return any(loop.keeps for loop in loops) or any(_holds_levels(one) for one in group.steps if isinstance(one, Group))


def _names(group: Group, taken: Sequence[Widths], given: Widths) -> tuple[str, ...]:
    """Name the parameters for the channels of what enters.

    They are `channels` where there is one number alone, `in_channels` of a single map whose channels change, and
    `skip_channels` and `up_channels` of several maps.
    """
    if len(set(taken)) == 1 and (len(taken) > 1 or taken[0] == given):
        return ("channels",) * len(taken)
    if len(taken) == 1:
        return ("in_channels",)
    return tuple(f"{name}_channels" for name in group.names)
