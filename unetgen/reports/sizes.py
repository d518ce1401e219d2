"""Which input sizes a network accepts, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass

from unetgen.analyses import LegalSizes, legal_sizes
from unetgen.ir import Network
from unetgen.reports.summary import sizes_to_plain


@dataclass(frozen=True, slots=True)
class SizeReport:
    """The legal sizes of a network in pixels, and those around one of them, nearest first."""

    name: str
    sizes: LegalSizes
    near: int
    nearest: tuple[int, ...]

    def to_text(self) -> str:
        """Write a line about all sizes and a line with the nearest ones."""
        found = ", ".join(map(str, self.nearest)) or "none"
        return f"legal sizes  {self.sizes.describe()}\nnear {self.near:<8}{found}\n"

    def to_json(self) -> str:
        """Write it as JSON; ends in a line break."""
        record = {"name": self.name, **sizes_to_plain(self.sizes), "near": self.near, "nearest": [*self.nearest]}
        return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def sizes_near(network: Network, near: int, *, count: int) -> SizeReport:
    """List the legal side lengths around `near` pixels, with all spatial axes alike."""
    sizes = legal_sizes(network)
    return SizeReport(network.name, sizes, near, sizes.alike().around(near, count))
