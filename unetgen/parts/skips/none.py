"""No join: the decoder hears nothing from the encoder at this level."""

from __future__ import annotations

from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.skips.base import Join


class NoJoin(Join):
    """Leave the upsampled map alone."""

    word: ClassVar[str] = "none"
    meets: ClassVar[bool] = False

    def join(self, b: Builder, maps: tuple[Value, ...]) -> Value:
        return maps[-1]
