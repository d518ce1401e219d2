"""Steps on the way of a skip: what happens to the encoder's map before it meets the upsampled one."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Dropout
from unetgen.parts.extra_convolutions import SideConv
from unetgen.parts.skips.base import JoinSite, Step
from unetgen.parts.skips.blocks import BlocksStep
from unetgen.parts.skips.gate import AdditiveGate
from unetgen.parts.words import Choice, Order, PerAxis


class ConvStep(Step):
    """A convolution on the skip."""

    word: ClassVar[str] = "conv"

    axes: ClassVar[tuple[str, ...]] = ("kernel_size",)

    kernel_size: PerAxis = 1
    """Size of the kernel in pixels."""
    channels: Literal["same"] | Annotated[int, Field(ge=1, le=65536)] = "same"
    """How many channels it gives: as many as it takes, or a number."""
    order: Order = "c"
    """The parts of the unit; norm, activation and dropout are those of the decoder stage."""
    bias: bool | Literal["auto"] = "auto"
    """Whether it has a bias; `auto`: unless a norm follows."""

    def build(self, b: Builder, skip: Value, site: JoinSite) -> Value:
        channels = skip.shape.channels if self.channels == "same" else self.channels
        conv = SideConv(kernel_size=self.kernel_size, order=self.order, bias=self.bias)
        return conv.write(b, skip, channels, site.style)


class DropoutStep(Step):
    """Dropout on the skip.

    References:
        Milletari et al. 2016, "V-Net", arXiv:1606.04797.
    """

    sign: ClassVar[str] = "drop"

    word: ClassVar[str] = "dropout"

    p: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """Share of values zeroed in training."""
    kind: Literal["elementwise", "channel"] = "channel"
    """Whether single values or whole channels are zeroed."""

    def build(self, b: Builder, skip: Value, site: JoinSite) -> Value:
        return b("drop", Dropout(self.p, self.kind), skip)


STEPS: tuple[type[Step], ...] = (
    ConvStep,
    DropoutStep,
    BlocksStep,
    AdditiveGate,
)

StepWord = Annotated[Step, Choice("step of a skip", STEPS)]
"""The type of a field that holds a step."""
