"""What every join has in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.words import Word

__all__ = ["Join"]


class Join(Word):
    """A meeting of two maps of one size. Sizes are reconciled before, by `fit`, which every join shares."""

    ordered: ClassVar[bool] = False
    """Whether the order of the two maps matters."""
    meets: ClassVar[bool] = True
    """Whether the encoder's map is used at all."""

    @abstractmethod
    def join(self, b: Builder, first: Value, second: Value) -> Value:
        """Write the nodes and give the joined map.

        Raises:
            Refusal: The two maps cannot meet.
        """
