"""The adding join."""

from __future__ import annotations

from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Add
from unetgen.parts.skips.base import Join
from unetgen.source.problem import Refusal


class AddJoin(Join):
    """Sum the two maps, which must have equal channels.

    References:
        Chaurasia and Culurciello 2017, "LinkNet", arXiv:1707.03718.
    """

    word: ClassVar[str] = "add"

    def join(self, b: Builder, maps: tuple[Value, ...]) -> Value:
        *skips, up = (value.shape.channels for value in maps)
        if any(channels != up for channels in skips):
            headline = f"an additive skip needs equal channels, but encoder gives {skips[0]} and up gives {up}"
            help = f"let the upsampling give {skips[0]} channels (`after: {{channels: skip}}`), or join by concat"
            raise Refusal("U202", headline, key="skip", help=help)
        return b("add", Add(), *maps)
