"""Sets of legal sizes as values, of one axis and of all: membership, neighbours, words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice


@dataclass(frozen=True, slots=True)
class AxisSizes:
    """The sizes in pixels that a network accepts along one axis.

    A size `n` is legal if `n >= minimum` and `(n - minimum) % period` is one of `offsets`; or if it is one of `strays`.
    `offsets` is sorted and starts with 0, and `period` is the smallest that describes the set. Without `offsets` no
    pattern exists: only `strays` are legal, and without them nothing is.

    Args:
        minimum: The first size of the pattern.
        period: The pattern repeats after so many pixels.
        offsets: The legal sizes of one period, counted from `minimum`.
        strays: Single legal sizes below `minimum`, sorted. They exist only in networks in which maps of different
            resolution happen to meet; a U of any kind has none.

    Example:
        >>> AxisSizes(188, 16, (0,)).allows(572)
        True
        >>> AxisSizes(188, 16, (0,)).describe()
        '188 + 16·k'
    """

    minimum: int
    period: int
    offsets: tuple[int, ...]
    strays: tuple[int, ...] = ()

    @classmethod
    def of(cls, legal: Iterable[int], *, first: int, period: int) -> AxisSizes:
        """Describe a set from its legal sizes up to `first + period`, knowing that it repeats from `first` on."""
        ordered = sorted(legal)
        pattern = [n for n in ordered if n >= first]
        strays = [n for n in ordered if n < first]
        if not pattern:
            return cls(0, 1, (), tuple(strays))
        residues = {n % period for n in pattern}
        minimum = pattern[0]
        while strays and strays[-1] % period in residues and _follows(strays[-1], minimum, residues, period):
            minimum = strays.pop()
        period = _smallest_period(residues, period)
        offsets = sorted({(n - minimum) % period for n in residues})
        return cls(minimum, period, tuple(offsets), tuple(strays))

    @property
    def empty(self) -> bool:
        """Say whether no size at all is legal."""
        return not self.offsets and not self.strays

    def allows(self, n: int) -> bool:
        """Say whether `n` pixels are legal."""
        return n in self.strays or (n >= self.minimum and (n - self.minimum) % self.period in self.offsets)

    def below(self, n: int) -> int | None:
        """Give the largest legal size of at most `n` pixels."""
        if self.offsets and n >= self.minimum:
            start = n - (n - self.minimum) % self.period
            return max(size for offset in self.offsets if (size := start + offset) <= n)
        return max((size for size in self.strays if size <= n), default=None)

    def above(self, n: int) -> int | None:
        """Give the smallest legal size of at least `n` pixels."""
        stray = min((size for size in self.strays if size >= n), default=None)
        if stray is not None or not self.offsets:
            return stray
        start = self.minimum + max(0, (n - self.minimum) // self.period) * self.period
        later = (*self.offsets, self.period)
        return min(size for offset in later if (size := start + offset) >= n)

    def around(self, n: int, count: int) -> tuple[int, ...]:
        """List up to `count` legal sizes, nearest to `n` first, the smaller one first where two are equally near."""
        lower, upper = _steps(self.below, n, -1), _steps(self.above, n + 1, 1)
        return tuple(islice(merge(lower, upper, key=lambda size: (abs(size - n), size)), count))

    def beyond(self, n: int) -> AxisSizes:
        """Give the same sizes without those of up to `n` pixels."""
        least = max(n + 1, self.minimum)
        first = max([least, *(stray + 1 for stray in self.strays)])
        sizes = {*self.strays, *range(least, first + self.period)}
        return AxisSizes.of((size for size in sizes if size > n and self.allows(size)), first=first, period=self.period)

    def describe(self) -> str:
        """Say it in words: "multiples of 32 from 32", "188 + 16·k", "any size from 23"."""
        pattern = _pattern(self) if self.offsets else ""
        parts = (*map(str, self.strays), pattern) if pattern else tuple(map(str, self.strays))
        return " or ".join(parts) or "no size at all"


@dataclass(frozen=True, slots=True)
class KeptSizes:
    """The legal sizes of one axis for which the output is as large as the input, and what becomes of the others.

    Args:
        sizes: Those that the output keeps.
        least: By how many pixels the output is larger than the input for another size, at least; negative if smaller.
        most: The same, at most; 0 for both where the output keeps every size.
    """

    sizes: AxisSizes
    least: int
    most: int

    @classmethod
    def of(cls, sizes: AxisSizes, apart: Iterable[int]) -> KeptSizes:
        """Sum up by how much outputs differ from inputs, be it by nothing."""
        others = [pixels for pixels in apart if pixels]
        return cls(sizes, min(others, default=0), max(others, default=0))

    def describe(self) -> str:
        """Say it in words: "that of the input for multiples of 16 from 16, else 1 to 3 larger"."""
        return f"that of the input for {self.sizes.describe()}, else {self._apart()}"

    def _apart(self) -> str:
        if self.least < 0 < self.most:
            return f"up to {-self.least} smaller or {self.most} larger"
        low, high = sorted((abs(self.least), abs(self.most)))
        return f"{low if low == high else f'{low} to {high}'} {'larger' if self.most > 0 else 'smaller'}"


@dataclass(frozen=True, slots=True)
class LegalSizes:
    """Every input size that a network accepts.

    A size is legal if it is legal on each axis alone and lies in none of the corners `too_small`: a size that is
    nowhere larger than one of these leaves a single position to an instance norm (or to a group norm over single
    channels), which has no variance. Most networks have no such corner.

    In training a batch norm takes its variance over all images of a batch. Of a single image the corners
    `too_small_alone` leave it a single position; None means that every size does, as behind a global pool.

    `kept` says of each axis which sizes the main output keeps; it is empty where the output has another size, or
    another resolution, for every input.
    """

    axes: tuple[AxisSizes, ...]
    too_small: tuple[tuple[int, ...], ...] = ()
    too_small_alone: tuple[tuple[int, ...], ...] | None = ()
    kept: tuple[KeptSizes, ...] = ()

    def allows(self, size: tuple[int, ...]) -> bool:
        """Say whether the network accepts an input of this size, one number per axis."""
        return all(axis.allows(n) for axis, n in zip(self.axes, size, strict=True)) and not self._cornered(size)

    def allows_alone(self, size: tuple[int, ...]) -> bool:
        """Say whether the network trains on a single image of this size."""
        alone = self.too_small_alone
        return alone is not None and self.allows(size) and not any(covers(corner, size) for corner in alone)

    def nearest(self, size: tuple[int, ...]) -> tuple[tuple[int | None, int | None], ...]:
        """Give, per axis, the nearest legal sizes at or below and at or above; None where there is none.

        All lower ones together are legal, and so are all upper ones together.
        """
        lower = tuple(axis.below(n) for axis, n in zip(self.axes, size, strict=True))
        upper = tuple(axis.above(n) for axis, n in zip(self.axes, size, strict=True))
        while (known := complete(upper)) and self._cornered(known):
            upper = tuple(axis.above(n + 1) for axis, n in zip(self.axes, known, strict=True))
        if (known := complete(lower)) and self._cornered(known):
            lower = (None,) * len(size)
        return tuple(zip(lower, upper, strict=True))

    def describe(self) -> str:
        """Say it in words: "multiples of 32 from 32", "axis 0: any size from 23; axis 1: 188 + 16·k"."""
        each = [axis.describe() for axis in self.axes]
        words = each[0] if len(set(each)) == 1 else "; ".join(f"axis {i}: {text}" for i, text in enumerate(each))
        return f"{words}{self._exception()}"

    def _exception(self) -> str:
        if not self.too_small:
            return ""
        return f", {'but' if self._is_smallest(self.too_small) else 'and'} {self._outside(self.too_small)}"

    def describe_training(self) -> str:
        """Say what one image in training takes beyond that: "at batch 1: larger than 32×32 on some axis", or nothing.

        It follows the words "in training", and is empty where every legal size will do.
        """
        if self.too_small_alone is None:
            return "at batch 1: no size at all"
        return f"at batch 1: {self._outside(self.too_small_alone)}" if self.too_small_alone else ""

    def describe_output(self) -> str:
        """Say for which sizes the output is as large as the input; nothing where it is so for all, or for none.

        It follows the words "output size": "that of the input for multiples of 16 from 16, else 1 larger".
        """
        some = {i: kept.describe() for i, kept in enumerate(self.kept) if kept.most or kept.least}
        if len(some) == len(self.axes) and len(set(some.values())) == 1:
            return some[0]
        return "; ".join(f"axis {i}: {text}" for i, text in some.items())

    def _is_smallest(self, corners: tuple[tuple[int, ...], ...]) -> bool:
        return corners == (tuple(axis.above(1) for axis in self.axes),)

    def _outside(self, corners: tuple[tuple[int, ...], ...]) -> str:
        """Say that a size lies in none of the corners."""
        words = " and ".join("×".join(map(str, corner)) for corner in corners)
        if self._is_smallest(corners):
            return f"not {words}"
        return f"larger than {words}{' on some axis' if len(self.axes) > 1 else ''}"

    def alike(self) -> AxisSizes:
        """Give the side lengths that are legal on all axes at once."""
        if len(set(self.axes)) == 1 and not self.too_small:
            return self.axes[0]
        strays = [n for axis in self.axes for n in axis.strays]
        starts = [axis.minimum for axis in self.axes] + [min(corner) + 1 for corner in self.too_small]
        first, settled = max(starts), max([*starts, *(n + 1 for n in strays)])
        period = math.lcm(*(axis.period for axis in self.axes))
        candidates = {*strays, *range(first, settled + period)}
        legal = (n for n in candidates if self.allows((n,) * len(self.axes)))
        return AxisSizes.of(legal, first=settled, period=period)

    def _cornered(self, size: tuple[int, ...]) -> bool:
        return any(covers(corner, size) for corner in self.too_small)


def complete(size: tuple[int | None, ...]) -> tuple[int, ...] | None:
    """Give the same numbers if none is missing, else None."""
    known = tuple(n for n in size if n is not None)
    return known if len(known) == len(size) else None


def covers(corner: tuple[int, ...], size: tuple[int, ...]) -> bool:
    """Say whether a size is nowhere larger than a corner."""
    return all(n <= c for n, c in zip(size, corner, strict=True))


def _steps(step: Callable[[int], int | None], start: int, direction: int) -> Iterator[int]:
    n = step(start)
    while n is not None:
        yield n
        n = step(n + direction)


def _follows(n: int, minimum: int, residues: set[int], period: int) -> bool:
    """Say whether the pattern, which starts at `minimum`, may as well start at the size `n` below it.

    Example: 16, and all multiples of 16 from 32, are multiples of 16 from 16; 16, and those from 64, are not.
    """
    return not any(between % period in residues for between in range(n + 1, minimum))


def _smallest_period(residues: set[int], period: int) -> int:
    divisors = (d for d in range(1, period + 1) if period % d == 0)
    return next(d for d in divisors if residues == {(n + d) % period for n in residues})


def _pattern(sizes: AxisSizes) -> str:
    if sizes.period == 1:
        return f"any size from {sizes.minimum}"
    if len(sizes.offsets) == 1 and sizes.minimum % sizes.period == 0:
        return f"multiples of {sizes.period} from {sizes.minimum}"
    if len(sizes.offsets) <= 3:
        return " or ".join(f"{sizes.minimum + offset} + {sizes.period}·k" for offset in sizes.offsets)
    left_over = ", ".join(str(n) for n in sorted((sizes.minimum + offset) % sizes.period for offset in sizes.offsets))
    return f"from {sizes.minimum}, sizes that leave {left_over} when divided by {sizes.period}"
