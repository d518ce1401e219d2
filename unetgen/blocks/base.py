"""What every block has in common: it turns a map into another, with the widths and the style of its stage."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.units import UnitStyle
from unetgen.words import Word

__all__ = ["Block", "StagePlan"]


@dataclass(frozen=True, slots=True)
class StagePlan:
    """The channels of each convolution of a stage and how its units look."""

    widths: tuple[int, ...]
    style: UnitStyle


class Block(Word):
    """A recipe of units. Its fields are its options in YAML."""

    @abstractmethod
    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        """Write the block's nodes and give its output.

        Raises:
            Refusal: The block cannot be built with this plan.
        """
