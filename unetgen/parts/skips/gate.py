"""Attention gates on a skip."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.extra_convolutions import SideConv, grow_side_conv
from unetgen.parts.skips.base import JoinSite, Step
from unetgen.parts.unit_words import NormWord
from unetgen.parts.units import UnitStyle, pointwise, write_unit
from unetgen.parts.words import PerAxis, spread


class AdditiveGate(Step):
    """Weigh each position of the skip by how well it agrees with the decoder: x * sigmoid(psi(relu(W_x x + W_g g))).

    The signal g is the upsampled map or the coarser one below it. With a stride, the agreement is worked out at a
    coarser resolution and enlarged linearly.

    References:
        Oktay et al. 2018, "Attention U-Net", arXiv:1804.03999.
    """

    word: ClassVar[str] = "additive_gate"
    gate: ClassVar[bool] = True
    axes: ClassVar[tuple[str, ...]] = ("stride",)

    channels: Literal["half", "same"] | Annotated[int, Field(ge=1, le=65536)] = "half"
    """Channels in which skip and signal are compared: half of the skip's, as many, or a number."""
    signal: Literal["up", "below"] = "up"
    """What the gate listens to: the upsampled map, or the coarser one it was made from."""
    listen: Annotated[SideConv | None, BeforeValidator(grow_side_conv)] = None
    """A convolution that the signal goes through first, keeping its channels; none unless given."""
    stride: PerAxis = 1
    """Kernel and stride of the convolution on the skip."""
    norm: NormWord = NormWord.parse("batch")
    """Normalisation after the gate's own convolutions."""
    skip_bias: bool = True
    """Whether the convolution on the skip has a bias; the other two have one."""
    signal_first: bool = True
    """Whether the signal is convolved before the skip; it changes the order of weights, never the result."""

    @property
    def hears_below(self) -> bool:
        return self.signal == "below"

    def build(self, b: Builder, skip: Value, site: JoinSite) -> Value:
        with b.scope("gate", kind="gate", sign="AG", says="additive attention gate"):
            agreement = self._agreement(b, skip, site)
            y = b("act", ops.Activation("relu"), agreement)
            with b.scope("psi"):
                y = write_unit(b, y, 1, self._style(site))
            y = b("sigmoid", ops.Activation("sigmoid"), y)
            if self._stride(site) != (1,) * len(site.style.kernel_size):
                y = b("enlarge", ops.ResizeLike("linear"), y, skip)
            return b("multiply", ops.Multiply(), skip, y)

    def _agreement(self, b: Builder, skip: Value, site: JoinSite) -> Value:
        """Add the two convolved maps, the signal resized to the skip's where their sizes may differ."""
        heard = self._heard(b, site)
        if self.signal_first:
            signal = self._signal(b, skip, heard, site)
            seen = self._seen(b, skip, site)
        else:
            seen = self._seen(b, skip, site)
            signal = self._signal(b, skip, heard, site)
        if self.signal == "below" or max(self._stride(site)) > 1:
            signal = b("fit", ops.ResizeLike("linear"), signal, seen)
        return b("add", ops.Add(), seen, signal)

    def _seen(self, b: Builder, skip: Value, site: JoinSite) -> Value:
        stride = self._stride(site)
        style = replace(self._style(site), kernel_size=stride, bias=self.skip_bias)
        with b.scope("skip"):
            return write_unit(b, skip, self._width(skip), style, stride=stride)

    def _heard(self, b: Builder, site: JoinSite) -> Value:
        heard = site.below if self.signal == "below" else site.up
        if self.listen is None:
            return heard
        with b.scope("gating_conv", kind="signal", was=("listen", "")):
            return self.listen.write(b, heard, heard.shape.channels, site.style)

    def _signal(self, b: Builder, skip: Value, heard: Value, site: JoinSite) -> Value:
        with b.scope("signal"):
            return write_unit(b, heard, self._width(skip), self._style(site))

    def _width(self, skip: Value) -> int:
        match self.channels:
            case "half":
                return max(1, skip.shape.channels // 2)
            case "same":
                return skip.shape.channels
        return self.channels

    def _stride(self, site: JoinSite) -> ops.Axes:
        return spread(self.stride, len(site.style.kernel_size), name="stride")

    def _style(self, site: JoinSite) -> UnitStyle:
        return pointwise(len(site.style.kernel_size), norm=self.norm)
