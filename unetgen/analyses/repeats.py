"""What comes several times in a row, told once: `a b a b c` is two times `a b`, and `c`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def repeats(things: Sequence[T], *, longest: int | None = None) -> Iterator[tuple[Sequence[T], int]]:
    """Give the groups that things are made of, each with how often it comes in a row.

    Args:
        longest: How many things there are in a group at most; None for any number.

    Example:
        >>> [*repeats("ababc")], [*repeats("ababc", longest=1)][:2]
        ([('ab', 2), ('c', 1)], [('a', 1), ('b', 1)])
    """
    at = 0
    while at < len(things):
        left = things[at:]
        most = min(len(left) // 2, longest or len(left))
        counted = [(length, _times(left, length)) for length in range(1, most + 1)]
        # Of groups that cover as much, the shortest; without any, one thing for itself.
        length, times = max(
            (one for one in counted if one[1] > 1), key=lambda one: (one[0] * one[1], -one[0]), default=(1, 1)
        )
        yield left[:length], times
        at += length * times


def _times(things: Sequence[T], length: int) -> int:
    times = 1
    while things[times * length : (times + 1) * length] == things[:length]:
        times += 1
    return times
