"""The residual block: the units' output plus the block's input."""

from __future__ import annotations

from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.blocks.base import StagePlan
from unetgen.parts.blocks.chain import Chain, Sees, given_channels, write_chain
from unetgen.parts.blocks.summed import Summed
from unetgen.parts.units import UnitStyle
from unetgen.source.problem import Refusal


class Residual(Summed, Chain):
    """Convolutions whose result is added to the block's input: Y = act(F(X) + X).

    The last unit's activation comes after the sum, unless it stands before its convolution (pre-activation orders such
    as `nac`), where nothing follows the sum. With `padding: valid` the input is cropped to the size of the result. With
    `gives: new` the result is a concatenation of all convolutions' maps, with `sees: all` these are connected densely.

    References:
        He et al. 2016, "Deep Residual Learning for Image Recognition", arXiv:1512.03385; with pre-activation:
        He et al. 2016, "Identity Mappings in Deep Residual Networks", arXiv:1603.05027; with concatenated maps:
        Ibtehaz and Rahman 2019, "MultiResUNet", arXiv:1902.04049; with dense connections: Zhang et al. 2018, "Residual
        Dense Network for Image Super-Resolution", arXiv:1802.08797.
    """

    word: ClassVar[str] = "residual"
    sign: ClassVar[str] = "res"
    says: ClassVar[str] = "residual block"
    says_many: ClassVar[str] = "residual blocks"
    sums: ClassVar[bool] = True

    sees: Sees = "last"
    """What each convolution takes: the `last` one's map, or the block's input and `all` maps before it."""

    def moves_activation(self, stage: StagePlan) -> bool:
        # Where every map comes out, the last one is as active as the others.
        return self.gives == "last" and super().moves_activation(stage)

    def result(self, x: Value, stage: StagePlan) -> int:
        if self.shared and self.keeps_input:
            headline = "a result that holds the projected input has more channels than the projection it is added to"
            help = "take `shared` out, or write `gives: new`"
            raise Refusal("U211", headline, key="block", help=help)
        return given_channels(self.gives, x.shape.channels, stage.widths)

    def run(self, b: Builder, x: Value, stage: StagePlan, units: tuple[UnitStyle, ...]) -> Value:
        return write_chain(b, x, stage, sees=self.sees, gives=self.gives, units=units, numbered=True)
