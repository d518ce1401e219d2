"""Steps on the way of a skip: what happens to the encoder's map before it meets the upsampled one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.blocks import BlockWord, Plain, StagePlan, write_blocks
from unetgen.parts.extra_convolutions import SideConv
from unetgen.parts.skips.base import JoinSite, Step
from unetgen.parts.skips.gate import AdditiveGate
from unetgen.parts.words import Order, PerAxis, WordChoice


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
        return b("drop", ops.Dropout(self.p, self.kind), skip)


class BlocksStep(Step):
    """Blocks on the skip, such as a chain of residual ones.

    References:
        Ibtehaz and Rahman 2019, "MultiResUNet", arXiv:1902.04049.
    """

    word: ClassVar[str] = "blocks"
    axes: ClassVar[tuple[str, ...]] = ("kernel_size",)

    block: BlockWord = Plain.model_construct()
    """How the units of a block are put together."""
    channels: Literal["same"] | Annotated[int, Field(ge=1, le=65536)] = "same"
    """How many channels each convolution gives: as many as the skip has, or a number."""
    convs: Annotated[int, Field(ge=1, le=64)] | None = None
    """How many convolutions a block has (default 1, or what the block decides)."""
    repeat: Annotated[int, Field(ge=1, le=64)] = 1
    """How many blocks follow each other."""
    kernel_size: PerAxis = 3
    """Size of the kernels in pixels."""
    order: Order = "cna"
    """The parts of the units; norm, activation and dropout are those of the decoder stage."""
    bias: bool | Literal["auto"] = "auto"
    """Whether the convolutions have a bias; `auto`: unless a norm follows."""

    @property
    def idle(self) -> Mapping[str, str]:
        decided = f"for `{self.block.word}` blocks, which have their own number of convolutions"
        return {} if self.block.convs is None else {"convs": decided}

    def build(self, b: Builder, skip: Value, site: JoinSite) -> Value:
        channels = skip.shape.channels if self.channels == "same" else self.channels
        conv = SideConv(kernel_size=self.kernel_size, order=self.order, bias=self.bias)
        widths = (channels,) * (self.block.convs or self.convs or 1)
        plan = StagePlan.uniform(self.block, widths, conv.style(site.style))
        return write_blocks(b, skip, self.block, plan, repeat=self.repeat)


STEPS: tuple[type[Step], ...] = (
    ConvStep,
    DropoutStep,
    BlocksStep,
    AdditiveGate,
)

StepWord = Annotated[Step, WordChoice("step of a skip", STEPS)]
"""The type of a field that holds a step."""
