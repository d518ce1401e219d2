"""The plain block: units one after the other."""

from __future__ import annotations

from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.blocks.base import StagePlan
from unetgen.parts.blocks.chain import Chain, write_chain


class Plain(Chain):
    """Convolutions one after the other, each with its norm and activation.

    References:
        Ronneberger et al. 2015, "U-Net", arXiv:1505.04597 (two 3x3 convolutions).
    """

    word: ClassVar[str] = "plain"

    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        return write_chain(b, x, stage, gives=self.gives)
