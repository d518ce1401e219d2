"""What to say when a format needs something that is not installed."""

from __future__ import annotations

__all__ = ["MissingTool"]


class MissingTool(Exception):
    """A package or program that a format needs is not there.

    Args:
        headline: What cannot be done, and for want of what.
        helps: What to do, with the exact commands.
    """

    def __init__(self, headline: str, *helps: str) -> None:
        super().__init__(": ".join((headline, "; ".join(helps))))
        self.headline = headline
        self.helps = helps
