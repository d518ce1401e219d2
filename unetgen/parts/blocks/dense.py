"""The dense block: every convolution sees everything before it."""

from __future__ import annotations

from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.blocks.base import StagePlan
from unetgen.parts.blocks.chain import Chain, Gives, write_chain


class Dense(Chain):
    """Convolutions that each take the block's input and all maps before them: x_n = H_n([x_0, x_1, ..., x_(n-1)]).

    The stage's `filters` are the maps that each convolution adds, its growth. Without the input (`gives: new`) the
    channels do not pile up on the way up.

    References:
        Huang et al. 2016, "Densely Connected Convolutional Networks", arXiv:1608.06993; in a U-Net:
        Jegou et al. 2016, "The One Hundred Layers Tiramisu", arXiv:1611.09326.
    """

    word: ClassVar[str] = "dense"
    sign: ClassVar[str] = "dense"
    says: ClassVar[str] = "dense block"

    gives: Gives = "all"
    """What comes out: the input and `all` maps concatenated, the `new` maps alone, or the `last` convolution's map."""

    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        return write_chain(b, x, stage, sees="all", gives=self.gives)
