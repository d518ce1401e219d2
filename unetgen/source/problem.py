"""What cannot be done: why, and what helps.

What is wrong with a spec is a `SpecError`, which holds every finding with its place; all else is a `Problem`.
"""

from __future__ import annotations

from typing import ClassVar, Literal


class Problem(Exception):
    """Something that was asked for cannot be done; the names below it are for callers that tell them apart.

    Args:
        headline: What cannot be done, and why.
        helps: What to do, with the exact commands.

    Example:
        >>> print(Problem("cannot draw PNG without resvg-py", "`pip install resvg-py`"))
        cannot draw PNG without resvg-py: `pip install resvg-py`
    """

    kind: ClassVar[Literal["spec", "limit", "environment"]] = "environment"
    """What is at fault: the spec, a limit that is exceeded, or what lies around (files, packages, programs)."""

    def __init__(self, headline: str, *helps: str) -> None:
        super().__init__(headline, *helps)
        self.headline = headline
        self.helps = helps

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.headline, "; ".join(self.helps))))


class Refusal(Problem):
    """A block, a skip or a resampling that cannot be built as the spec has it; the compiler gives it a place.

    Args:
        code: A code of the registry.
        headline: The fact, with numbers.
        key: The option that is at fault, as the spec calls it.
        help: What to do.
    """

    kind = "spec"

    def __init__(self, code: str, headline: str, *, key: str, help: str) -> None:
        super().__init__(headline, help)
        self.code = code
        self.key = key


class MissingTool(Problem):
    """A package or program that a format needs is not there."""


class CannotRun(Problem):
    """An image or weights are not what the network takes, or more than a machine should be asked for."""


class TooLarge(CannotRun):
    """More is asked for than a limit allows."""

    kind = "limit"


class CannotVerify(Problem):
    """There is nothing to compare with: a file is missing or is no vector, or an implementation does not load."""


class TransplantError(Problem, ValueError):
    """The weights of one network do not fit the other; the headline names the first place where they part."""


class TransplantWarning(UserWarning):
    """Weights were moved, but something about them is worth knowing."""
