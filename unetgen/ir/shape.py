"""Shapes of feature maps: channels and one size per spatial axis, without the batch axis."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """Channels and sizes of one feature map; axis 0 of `size` is the first spatial axis of the tensor.

    `size` is empty in a network that was built but not yet traced: channels never depend on sizes,
    so the whole structure exists before any input size is chosen.

    Example:
        >>> str(Shape(64, (568, 568)))
        '64x568x568'
    """

    channels: int
    size: tuple[int, ...] = ()

    @property
    def elements(self) -> int:
        """Count the values of one map, all channels together."""
        return self.channels * self.pixels

    @property
    def pixels(self) -> int:
        """Count the positions of one map, each counted once whatever its channels."""
        return math.prod(self.size)

    def as_list(self) -> list[int]:
        """Give channels first, then the sizes, as reports and torch write shapes."""
        return [self.channels, *self.size]

    def __str__(self) -> str:
        return "x".join(map(str, self.as_list()))


class SizeError(ValueError):
    """An operation that cannot take maps of these sizes on one axis.

    Args:
        reason: What was found and what was needed, with numbers, in one lower-case clause.
        resume: A size with which tracing can go on to look for further problems; None when nothing
            sensible follows.
    """

    def __init__(self, reason: str, *, resume: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.resume = resume
