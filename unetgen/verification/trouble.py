"""What can go wrong before two networks are compared."""

from __future__ import annotations

__all__ = ["CannotVerify", "TransplantError", "TransplantWarning"]


class CannotVerify(Exception):
    """There is nothing to compare with: a file that is missing or is no vector, an implementation that does not load.

    Args:
        headline: What cannot be done, and why.
        helps: What to do.
    """

    def __init__(self, headline: str, *helps: str) -> None:
        super().__init__(headline)
        self.headline = headline
        self.helps = helps


class TransplantError(ValueError):
    """The weights of one network do not fit the other; the message names the first place where they part."""


class TransplantWarning(UserWarning):
    """Weights were moved, but something about them is worth knowing."""
