"""What every block has in common: it turns a map into another, with the widths and the style of its stage."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Axes
from unetgen.units import UnitStyle, write_unit
from unetgen.words import Word

__all__ = ["Block", "StagePlan"]


@dataclass(frozen=True, slots=True)
class StagePlan:
    """The channels of each convolution of a block, how its units look, and by how much the first one moves."""

    widths: tuple[int, ...]
    units: tuple[UnitStyle, ...]
    style: UnitStyle
    stride: Axes

    @property
    def strided(self) -> bool:
        """Whether the block makes its map smaller by moving in larger steps."""
        return max(self.stride) > 1

    def write_units(self, b: Builder, x: Value, units: tuple[UnitStyle, ...] | None = None) -> Value:
        """Write the units one after the other, numbered from 1; `units` replaces the plan's own styles."""
        for number, (channels, style) in enumerate(zip(self.widths, units or self.units, strict=True), start=1):
            stride = self.stride if number == 1 else None
            x = write_unit(b, x, channels, style, suffix=str(number), stride=stride)
        return x


class Block(Word):
    """A recipe of units. Its fields are its options in YAML."""

    @abstractmethod
    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        """Write the block's nodes and give its output.

        Raises:
            Refusal: The block cannot be built with this plan.
        """
