"""What every join has in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.words import Word


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
