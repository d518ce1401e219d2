"""Channel counts as formulas over constructor parameters: `in_channels + 2 * growth`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from unetgen.backends.plan import Group


@dataclass(frozen=True, slots=True)
class Term:
    """A sum of parameters, each with a factor, and a constant.

    `atoms` are what may be named: parameters, or quotients of one such as `channels // 2`.
    """

    atoms: tuple[tuple[str, int], ...] = ()
    constant: int = 0

    @classmethod
    def of(cls, atom: str, factor: int = 1) -> Term:
        """Give a multiple of one atom."""
        return cls(((atom, factor),))

    def __add__(self, other: Term) -> Term:
        counts = Counter(dict(self.atoms))
        counts.update(dict(other.atoms))
        return Term(tuple(counts.items()), self.constant + other.constant)

    def divided(self, by: int) -> Term | None:
        """Give a whole fraction of it; None if that is no sum of whole multiples."""
        if self.constant % by or any(factor % by for _, factor in self.atoms):
            return None
        return Term(tuple((atom, factor // by) for atom, factor in self.atoms), self.constant // by)

    def __str__(self) -> str:
        """Write it as Python.

        Example:
            >>> str(Term.of("in_channels") + Term.of("growth", 2) + Term((), 3))
            'in_channels + 2 * growth + 3'
        """
        parts = [_multiple(atom, factor) for atom, factor in self.atoms]
        return " + ".join([*parts, str(self.constant)] if self.constant or not parts else parts)


def _multiple(atom: str, factor: int) -> str:
    if factor == 1:
        return atom
    return f"{factor} * ({atom})" if " " in atom else f"{factor} * {atom}"


Widths = tuple[int, ...]
"""One number of channels per instance."""

_FACTORS = range(2, 17)
"""How many times one width may be another for this to be more than chance."""


class WidthTerms:
    """The channel parameters of one class, and the channels of each value in terms of them.

    What enters and leaves the class is a parameter. A width inside is one of these, a literal, a multiple or a fraction
    of one, or, where it varies on its own, a parameter `mid_channels` (`mid1_channels`, ... if `numbered`).
    """

    def __init__(self, groups: Sequence[Group], *, numbered: bool = False) -> None:
        self.parameters: dict[str, Widths] = {}
        self.middles = 0
        self._numbered = numbered
        self._terms: dict[int, Term] = {}
        first = groups[0]
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

    def of(self, value: int) -> Term:
        """Give the channels of a value of the first instance, by its id."""
        return self._terms[value]

    def note(self, value: int, term: Term) -> None:
        """Remember the channels of a value."""
        self._terms[value] = term

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
        if constant and (widths[0] == 1 or not self._all_constant):
            return Term((), widths[0])
        for name, base in self.parameters.items() if not self._alone else ():
            if (term := _scaled(widths, name, base)) is not None:
                return term
        return Term((), widths[0]) if constant else Term.of(self._middle(widths))

    @property
    def _all_constant(self) -> bool:
        """Whether all instances take and give the same widths, as a single one does."""
        return all(len(set(widths)) == 1 for widths in self.parameters.values())

    def _middle(self, widths: Widths) -> str:
        self.middles += 1
        return self._declare(f"mid{self.middles if self._numbered else ''}_channels", widths)

    def _declare(self, name: str, widths: Widths) -> str:
        self.parameters[name] = widths
        return name


def _scaled(widths: Widths, name: str, base: Widths) -> Term | None:
    """Say widths as a multiple or a fraction of a parameter."""
    for factor in _FACTORS:
        if all(width == factor * b for width, b in zip(widths, base, strict=True)):
            return Term.of(name, factor)
        if all(width * factor == b for width, b in zip(widths, base, strict=True)):
            return Term.of(f"{name} // {factor}")
    return None


def _names(group: Group, taken: Sequence[Widths], given: Widths) -> tuple[str, ...]:
    """Name the parameters for what enters: `channels` if there is no other number, else after what enters."""
    if len(set(taken)) == 1 and (len(taken) > 1 or taken[0] == given):
        return ("channels",) * len(taken)
    if len(taken) == 1:
        return ("in_channels",)
    return tuple(f"{name}_channels" for name in group.names)
