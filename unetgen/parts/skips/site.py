"""Where a skip stands: the maps that meet, and what they were made from."""

from __future__ import annotations

from dataclasses import dataclass

from unetgen.ir.network import Value
from unetgen.parts.units import UnitStyle


@dataclass(frozen=True, slots=True)
class JoinSite:
    """The maps of one join.

    Args:
        skips: The encoder's map of the level; in a nested topology all earlier maps of the level, the first one first.
        up: The upsampled map.
        below: The map of the next lower level that `up` was made from.
        style: How the units of the decoder stage look.
    """

    skips: tuple[Value, ...]
    up: Value
    below: Value
    style: UnitStyle
