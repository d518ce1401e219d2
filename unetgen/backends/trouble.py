"""What to say when a module cannot run on an image, or not with these weights."""

from __future__ import annotations

__all__ = ["CannotRun", "TooLarge"]


class CannotRun(Exception):
    """An image or weights are not what the network takes, or more than a machine should be asked for.

    Args:
        headline: What is wrong, with what was found and what is needed.
        helps: What to do.
    """

    def __init__(self, headline: str, *helps: str) -> None:
        super().__init__(": ".join(filter(None, (headline, "; ".join(helps)))))
        self.headline = headline
        self.helps = helps


class TooLarge(CannotRun):
    """An image asks for more than a limit allows."""
