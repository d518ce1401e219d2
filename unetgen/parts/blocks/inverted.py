"""The inverted residual block: a depthwise convolution, then two pointwise ones, wide in the middle."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.blocks.base import StagePlan, UnitRecipe
from unetgen.parts.blocks.chain import write_chain
from unetgen.parts.blocks.summed import Summed
from unetgen.parts.units import UnitStyle
from unetgen.parts.words import Order

POINTWISE = UnitRecipe(kernel_size=1, padding="same", dilation=1, groups=1)
"""A convolution that looks at one position."""


class Inverted(Summed):
    """A depthwise convolution, a pointwise one that expands, a pointwise one that compresses, added to the input.

    For C channels that go in, C' that come out and the factor e: depthwise with norm, C -> C; 1×1 with activation,
    C -> e C; 1×1, C -> C'. The three are units 1, 2 and 3, each of which `units` may change.

    References:
        Liu et al. 2022, "A ConvNet for the 2020s", arXiv:2201.03545; in a U-Net, with strides and projections:
        Roy et al. 2023, "MedNeXt", arXiv:2303.09975.
    """

    word: ClassVar[str] = "inverted"
    sign: ClassVar[str] = "inv"
    says: ClassVar[str] = "inverted residual block"
    says_many: ClassVar[str] = "inverted residual blocks"
    sums: ClassVar[bool] = True
    convs: ClassVar[int | None] = 1

    expand: Annotated[int, Field(ge=1, le=64)] = 4
    """How many times wider the middle is than the block's input."""
    order: Order = "c"
    """The parts of the shortcut's convolution; the norm is the stage's."""

    def recipe(self) -> tuple[UnitRecipe, ...]:
        return (
            UnitRecipe(groups="depthwise", order="cn"),
            replace(POINTWISE, order="ca"),
            replace(POINTWISE, order="c"),
        )

    def result(self, x: Value, stage: StagePlan) -> int:
        return stage.widths[-1]

    def run(self, b: Builder, x: Value, stage: StagePlan, units: tuple[UnitStyle, ...]) -> Value:
        taken = x.shape.channels
        return write_chain(
            b, x, replace(stage, widths=(taken, self.expand * taken, stage.widths[-1])), units=units, numbered=True
        )
