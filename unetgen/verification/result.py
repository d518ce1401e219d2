"""What a verification found."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import Final

_FLOAT32: Final = 1e-6
"""Largest difference in float32, relative to the largest value, that counts as rounding everywhere."""
_FLOAT64: Final = 1e-12
"""The same in float64, where only the order of sums is left to differ."""


@dataclass(frozen=True, slots=True)
class Verification:
    """How a compiled network compares with another implementation on the same weights and input.

    Args:
        name: The spec's network.
        against: What it was compared with.
        parameters: Trainable numbers of the modules that run.
        reference_parameters: The same of the other implementation.
        problem: Why the two could not be compared to the end; empty if they could.
        bitwise: Whether every value that was compared is the same float32 number.
        max_abs: Largest difference in float32; None if the two could not be compared.
        relative: That, relative to the largest value.
        relative_f64: The same for runs in float64; None where the bits agree, so that none was needed.
        noise: How far rounding alone takes the other implementation in float32 from its own run in float64.
        first_difference: The first module that differs, in words; empty if none was found.
        notes: What else is worth knowing.
    """

    name: str
    against: str
    parameters: int = 0
    reference_parameters: int = 0
    problem: str = ""
    bitwise: bool = False
    max_abs: float | None = None
    relative: float | None = None
    relative_f64: float | None = None
    noise: float = 0.0
    first_difference: str = ""
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the two networks are the same function: bit for bit, or up to rounding in both precisions.

        In float32 the allowance is 1e-6 of the largest value, or four times what rounding does to the reference itself,
        if that is more: the last bits depend on the processor.
        """
        if self.problem or self.parameters != self.reference_parameters:
            return False
        if self.bitwise or self.relative is None or self.relative_f64 is None:
            return self.bitwise
        return self.relative_f64 <= _FLOAT64 and self.relative <= max(_FLOAT32, 4 * self.noise)

    @property
    def verdict(self) -> str:
        """Say in a few words what was found."""
        if self.problem:
            return "not comparable"
        if self.parameters != self.reference_parameters:
            return "different numbers of parameters"
        if self.bitwise:
            return "equal bit for bit"
        return "the same function, up to rounding" if self.ok else "different"

    def to_text(self) -> str:
        """Write the result for people, with a final line break."""
        lines = [f"{self.name} against {self.against}: {self.verdict}", *(f"  {line}" for line in self._details())]
        return "\n".join(lines) + "\n"

    def to_json(self) -> str:
        """Write the result for programs, with a final line break."""
        values = {name: _finite(value) for name, value in asdict(self).items()}
        return json.dumps({"ok": self.ok, "verdict": self.verdict, **values}, indent=2, allow_nan=False) + "\n"

    def _details(self) -> list[str]:
        lines = [self.problem] if self.problem else [f"parameters: {self.parameters:,}"]
        if self.parameters != self.reference_parameters and not self.problem:
            lines = [f"parameters: {self.parameters:,}, the reference has {self.reference_parameters:,}"]
        lines += [] if self.bitwise else self._distances()
        if self.first_difference:
            lines.append(f"first difference: {self.first_difference}")
        return [*lines, *(f"note: {note}" for note in self.notes)]

    def _distances(self) -> list[str]:
        if self.max_abs is None:
            return []
        lines = [f"float32: at most {self.max_abs:.1e} apart, {self.relative:.1e} of the largest value"]
        if self.relative_f64 is not None:
            lines.append(f"float64: at most {self.relative_f64:.1e} of the largest value apart")
        if self.ok:
            own = f"rounding alone moves the reference by {self.noise:.1e}"
            lines.append(f"reason: the same sums in another order; {own}")
        return lines


def _finite(value: object) -> object:
    """Give null for a number that JSON does not have."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
