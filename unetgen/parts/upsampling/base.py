"""What every upsampling has in common: the place it stands in, and the rule for its channels."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Axes
from unetgen.parts.extra_convolutions import SideConv, grow_side_conv
from unetgen.parts.units import UnitStyle
from unetgen.parts.words import Word
from unetgen.source.problem import Refusal

ChannelRule = Literal["skip", "same", "half", "quarter"] | Annotated[int, Field(ge=1, le=65536)]
"""How many channels come out: as many as the skip has, as go in, half or a quarter of those, or a number."""


@dataclass(frozen=True, slots=True)
class UpSite:
    """Where an upsampling stands: how much it must enlarge, the map it will meet, and the style of the stage above."""

    factor: Axes
    skip: Value
    style: UnitStyle


class UpConv(SideConv):
    """A convolution before or after an upsampling."""

    channels: ChannelRule = "skip"
    """How many channels it gives: `skip`, `same`, `half`, `quarter`, or a number."""

    def build(self, b: Builder, x: Value, site: UpSite) -> Value:
        """Write the unit."""
        return self.write(b, x, rule_channels(self.channels, x, site), site.style)


UpConvWord = Annotated[UpConv | None, BeforeValidator(grow_side_conv)]


class Up(Word):
    """A way to the next higher level. Its fields are its options in YAML; the factor is the downsampling's."""

    before: UpConvWord = None
    """A convolution on the small map; none unless given."""
    after: UpConvWord = None
    """A convolution on the large map; none unless given."""

    @property
    def meets_skip(self) -> bool:
        """Whether the upsampling itself looks at the map that it will meet."""
        return False

    def build(self, b: Builder, x: Value, site: UpSite) -> Value:
        """Write the nodes and give the larger map.

        Raises:
            Refusal: A channel rule cannot be kept.
        """
        if self.before is not None:
            with b.scope("before"):
                x = self.before.build(b, x, site)
        x = self.enlarge(b, x, site)
        if self.after is None:
            return x
        with b.scope("after"):
            return self.after.build(b, x, site)

    @abstractmethod
    def enlarge(self, b: Builder, x: Value, site: UpSite) -> Value:
        """Write the upsampling itself."""

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
            return site.skip.shape.channels
        case "same":
            return given
        case "half" | "quarter":
            return _share(rule, given)
    return rule


def _share(rule: Literal["half", "quarter"], given: int) -> int:
    parts = {"half": 2, "quarter": 4}[rule]
    if given % parts:
        headline = f"`channels: {rule}` needs channels that {parts} divides, {given} go in"
        raise Refusal("U203", headline, key="upsample", help="write the number of channels, or `skip`")
    return given // parts
