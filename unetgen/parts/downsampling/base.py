"""What every downsampling has in common: a factor, and a map that becomes smaller."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Axes
from unetgen.parts.extra_convolutions import SideConv, grow_side_conv
from unetgen.parts.units import UnitStyle
from unetgen.parts.words import PerAxis, Word, spread
from unetgen.source.problem import Refusal

DownChannels = Literal["same", "next"] | Annotated[int, Field(ge=1, le=65536)]
"""How many channels come out: as many as go in, as the next stage has, or a number."""


@dataclass(frozen=True, slots=True)
class DownSite:
    """Where a downsampling stands: the channels of the stage below, and the style of the stage above.

    The channels are None where they hang on what the stage takes from the downsampling.
    """

    next_channels: int | None
    style: UnitStyle


class DownConv(SideConv):
    """A convolution before a downsampling."""

    channels: DownChannels = "same"
    """How many channels it gives: `same`, `next`, or a number."""

    def build(self, b: Builder, x: Value, site: DownSite) -> Value:
        """Write the unit."""
        return self.write(b, x, down_channels(self.channels, x, site), site.style)


class Down(Word):
    """A way to the next lower level. Its fields are its options in YAML."""

    axes: ClassVar[tuple[str, ...]] = ("factor",)
    in_stage: ClassVar[bool] = False
    """Whether the stage below moves by the factor itself, so that nothing stands between the levels."""

    factor: PerAxis = 2
    """By how much the map shrinks, for all axes or for each; 1 leaves an axis as it is."""
    before: Annotated[DownConv | None, BeforeValidator(grow_side_conv)] = None
    """A convolution on the large map; none unless given."""

    def build(self, b: Builder, x: Value, site: DownSite) -> Value:
        """Write the nodes and give the smaller map."""
        if self.before is not None:
            with b.scope("before"):
                x = self.before.build(b, x, site)
        return self.shrink(b, x, site)

    @abstractmethod
    def shrink(self, b: Builder, x: Value, site: DownSite) -> Value:
        """Write the downsampling itself."""

    def factors(self, dims: int) -> Axes:
        """Give the factor of every axis."""
        return spread(self.factor, dims, name="factor")

    def settle(self, dims: int) -> Down:
        """Give the word with every option written out, those included that follow from others."""
        return self.spread(dims)


def down_channels(rule: DownChannels, x: Value, site: DownSite) -> int:
    """Work out how many channels a rule asks for.

    Raises:
        Refusal: The stage below has the channels of the downsampling and more.
    """
    if rule == "same":
        return x.shape.channels
    if rule != "next":
        return rule
    if site.next_channels is None:
        headline = "`channels: next` has no answer: the stage below adds its own maps to those that it takes"
        raise Refusal("U212", headline, key="downsample", help="write the number of channels, or `same`")
    return site.next_channels
