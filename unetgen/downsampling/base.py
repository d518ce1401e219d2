"""What every downsampling has in common: a factor, and a map that becomes smaller."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.units import UnitStyle
from unetgen.words import PerAxis, Word

__all__ = ["Down"]


class Down(Word):
    """A way to the next lower level. Its fields are its options in YAML."""

    axes: ClassVar[tuple[str, ...]] = ("factor",)

    factor: PerAxis = 2
    """By how much the map shrinks, for all axes or for each; 1 leaves an axis as it is."""

    @abstractmethod
    def build(self, b: Builder, x: Value, style: UnitStyle) -> Value:
        """Write the nodes and give the smaller map; the word is spread, `style` is that of the stage above."""

    def settle(self, dims: int) -> Down:
        """Give the word with every option written out, those included that follow from others."""
        return self.spread(dims)
