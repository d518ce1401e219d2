"""The residual block: the units' output plus the block's input."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from unetgen.blocks.base import Block, StagePlan
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Add, CropLike
from unetgen.refusal import Refusal
from unetgen.units import UnitStyle, write_activation, write_unit

__all__ = ["Residual"]


class Residual(Block):
    """Convolutions whose result is added to the block's input: Y = act(F(X) + X).

    The last unit's activation comes after the sum, unless the activation stands before its convolution
    (pre-activation orders such as `nac`), where nothing follows the sum. With `padding: valid` the input is
    cropped to the size of the result.

    References:
        He et al. 2016, "Deep Residual Learning for Image Recognition", arXiv:1512.03385; with pre-activation:
        He et al. 2016, "Identity Mappings in Deep Residual Networks", arXiv:1603.05027.
    """

    word: ClassVar[str] = "residual"

    project: Literal["when_needed", "always", "never"] = "when_needed"
    """Whether a 1x1 convolution (with the stage's norm) stands on the shortcut: when channels differ, always, never."""

    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        style = stage.style
        act_last = style.order.index("c") < style.order.find("a")
        y = self._units(b, x, stage, act_last=act_last)
        y = b("add", Add(), y, self._shortcut(b, x, y, stage))
        return write_activation(b, "act", y, style.activation) if act_last else y

    def _units(self, b: Builder, x: Value, stage: StagePlan, *, act_last: bool) -> Value:
        last = stage.style.without("a") if act_last else stage.style
        for number, channels in enumerate(stage.widths, start=1):
            style = last if number == len(stage.widths) else stage.style
            x = write_unit(b, x, channels, style, suffix=str(number))
        return x

    def _shortcut(self, b: Builder, x: Value, y: Value, stage: StagePlan) -> Value:
        given, channels = x.shape.channels, y.shape.channels
        if self.project == "never" and given != channels:
            headline = f"a residual block from {given} to {channels} channels needs a projection"
            help = "write `project: when_needed`, or give the block as many channels as it takes"
            raise Refusal("U204", headline, key="block", help=help)
        with b.scope("shortcut"):
            if self.project == "always" or given != channels:
                x = write_unit(b, x, channels, _projection(stage.style))
            return x if stage.style.keeps_size else b("crop", CropLike(), x, y)


def _projection(style: UnitStyle) -> UnitStyle:
    """Give the style of a 1x1 convolution with the same norm and without activation."""
    ones = tuple(1 for _ in style.kernel_size)
    return replace(style, kernel_size=ones, dilation=ones, padding="valid", groups=1, order="cn")
