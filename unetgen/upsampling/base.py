"""What every upsampling has in common: the place it stands in, and the rule for its channels."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Axes
from unetgen.refusal import Refusal
from unetgen.units import UnitStyle, write_unit
from unetgen.words import Order, PerAxis, SpecModel, Word, spread

__all__ = ["ChannelRule", "Up", "UpConv", "UpSite", "rule_channels"]

ChannelRule = Literal["skip", "same", "half"] | Annotated[int, Field(ge=1, le=65536)]
"""How many channels come out: as many as the skip has, as go in, half of those, or a number."""


@dataclass(frozen=True, slots=True)
class UpSite:
    """Where an upsampling stands: how much it must enlarge, what it will meet, and the style of the stage above."""

    factor: Axes
    skip_channels: int
    style: UnitStyle


class Up(Word):
    """A way to the next higher level. Its fields are its options in YAML; the factor is the downsampling's."""

    @abstractmethod
    def build(self, b: Builder, x: Value, site: UpSite) -> Value:
        """Write the nodes and give the larger map.

        Raises:
            Refusal: The channel rule cannot be kept.
        """

    def settle(self, dims: int, factor: Axes) -> Up:
        """Give the word with every option written out, those included that follow from the factor."""
        return self.spread(dims)


def rule_channels(rule: ChannelRule, x: Value, site: UpSite) -> int:
    """Work out how many channels a rule asks for.

    Raises:
        Refusal: Half of an odd number is asked for.
    """
    given = x.shape.channels
    match rule:
        case "skip":
            return site.skip_channels
        case "same":
            return given
        case "half" if given % 2:
            headline = f"`channels: half` needs an even number of channels, {given} go in"
            raise Refusal("U203", headline, key="upsample", help="write the number of channels, or `skip`")
        case "half":
            return given // 2
    return rule


class UpConv(SpecModel):
    """A convolution before or after an interpolation."""

    kernel_size: PerAxis = 3
    """Size of the kernel in pixels."""
    at: Literal["after", "before"] = "after"
    """Whether it sees the enlarged map or the small one."""
    channels: ChannelRule = "skip"
    """How many channels it gives: `skip`, `same`, `half`, or a number."""
    order: Order = "c"
    """The parts of the unit; norm and activation are those of the decoder stage."""
    bias: bool | Literal["auto"] = "auto"
    """Whether it has a bias; `auto`: unless a norm follows."""

    def build(self, b: Builder, x: Value, site: UpSite) -> Value:
        """Write the unit; it keeps the size of its map."""
        dims = len(site.factor)
        kernel = spread(self.kernel_size, dims, name="kernel_size")
        # A decoder of valid convolutions still upsamples by whole factors: only "same" padding keeps that promise.
        padding = (
            "same" if site.style.padding == "valid" or isinstance(site.style.padding, tuple) else site.style.padding
        )
        ones = (1,) * dims
        own = replace(
            site.style, kernel_size=kernel, dilation=ones, groups=1, padding=padding, order=self.order, bias=self.bias
        )
        return write_unit(b, x, rule_channels(self.channels, x, site), own)
