"""No upsampling, for a level that has the resolution of the one below."""

from __future__ import annotations

from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.upsampling.base import Up, UpSite
from unetgen.source.problem import Refusal


class NoUp(Up):
    """The map as it is; possible where the downsampling's factor is 1."""

    word: ClassVar[str] = "none"

    def enlarge(self, b: Builder, x: Value, site: UpSite) -> Value:
        if max(site.factor) > 1:
            headline = f"the map must grow by {' x '.join(map(str, site.factor))} here, and `upsample: none` keeps it"
            help = "choose an upsampling, or a downsampling of factor 1 at this level"
            raise Refusal("U207", headline, key="upsample", help=help)
        return x
