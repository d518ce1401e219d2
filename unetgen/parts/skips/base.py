"""Where a skip stands, and what every join and every step on its way has in common."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.units import UnitStyle
from unetgen.parts.words import Word


@dataclass(frozen=True, slots=True)
class JoinSite:
    """The maps of one join.

    Args:
        skips: The encoder's map of the level; in a nested topology all earlier maps of the level, the first one first.
        up: The upsampled map.
        below: The map of the next lower level that `up` was made from.
        style: How the units of the decoder stage look.
    """

    skips: tuple[Value, ...]
    up: Value
    below: Value
    style: UnitStyle


class Join(Word):
    """A meeting of maps of one size, two as a rule. Sizes are reconciled before, by `fit`, which every join shares."""

    ordered: ClassVar[bool] = False
    """Whether the order of the maps matters."""
    meets: ClassVar[bool] = True
    """Whether the encoder's map is used at all."""

    @abstractmethod
    def join(self, b: Builder, maps: tuple[Value, ...]) -> Value:
        """Write the nodes and give the joined map.

        `maps` stand in the order of the skip, the upsampled one last where the order means nothing.

        Raises:
            Refusal: The maps cannot meet.
        """


class Step(Word):
    """Something that happens to the encoder's map on its way to the decoder."""

    sign: ClassVar[str] = "conv"
    """What stands for the step in a sign of a picture."""
    says: ClassVar[str] = ""
    """What it is called in legends; nothing where its ops say it all."""
    gate: ClassVar[bool] = False
    """Whether the step weighs the map by what the decoder says."""

    @property
    def hears_below(self) -> bool:
        """Whether the step looks at the coarser map that the upsampled one was made from."""
        return False

    @abstractmethod
    def build(self, b: Builder, skip: Value, site: JoinSite) -> Value:
        """Write the nodes and give the changed map; it keeps its size.

        Raises:
            Refusal: The step cannot be taken here.
        """
