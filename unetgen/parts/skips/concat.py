"""The concatenating join."""

from __future__ import annotations

from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Concat
from unetgen.parts.skips.base import Join


class ConcatJoin(Join):
    """Stack channels: `n a s...`, `n b s... -> n a+b s...`.

    References:
        Ronneberger et al. 2015, "U-Net", arXiv:1505.04597.
    """

    word: ClassVar[str] = "concat"
    ordered: ClassVar[bool] = True

    def join(self, b: Builder, maps: tuple[Value, ...]) -> Value:
        return b("concat", Concat(), *maps)
