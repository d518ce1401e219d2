"""What a block, a skip or a resampling raises when it cannot be built: a diagnostic that has no place yet."""

from __future__ import annotations

__all__ = ["Refusal"]


class Refusal(Exception):
    """A combination that cannot be built.

    Args:
        code: A code of the registry.
        headline: The fact, with numbers.
        key: The option that is at fault, as the spec calls it; lowering turns it into a place.
        help: What to do.
    """

    def __init__(self, code: str, headline: str, *, key: str, help: str) -> None:
        super().__init__(headline)
        self.code = code
        self.headline = headline
        self.key = key
        self.help = help
