"""Channel counts as formulas over constructor parameters: `in_channels + 2 * growth`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

__all__ = ["Term"]


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
