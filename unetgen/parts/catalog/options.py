"""An option of a catalogue row."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Option"]


@dataclass(frozen=True, slots=True)
class Option:
    """A number that a row may be given: its name in YAML, its default, what it does, and its bounds (inclusive)."""

    name: str
    default: float
    summary: str
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    """Whether only whole numbers make sense."""
