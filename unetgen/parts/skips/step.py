"""What every step on the way of a skip has in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.skips.site import JoinSite
from unetgen.parts.words import Word


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
