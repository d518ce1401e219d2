"""What a block, a skip or a resampling raises when it cannot be built: a diagnostic that has no place yet."""

from __future__ import annotations

from unetgen.source.problem import Problem


class Refusal(Problem):
    """A combination that cannot be built.

    Args:
        code: A code of the registry.
        headline: The fact, with numbers.
        key: The option that is at fault, as the spec calls it; lowering turns it into a place.
        help: What to do.
    """

    kind = "spec"

    def __init__(self, code: str, headline: str, *, key: str, help: str) -> None:
        super().__init__(headline, help)
        self.code = code
        self.key = key
