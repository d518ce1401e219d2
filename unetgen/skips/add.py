"""The adding join."""

from __future__ import annotations

from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Add
from unetgen.refusal import Refusal
from unetgen.skips.base import Join

__all__ = ["AddJoin"]


class AddJoin(Join):
    """Sum the two maps, which must have equal channels.

    References:
        Chaurasia and Culurciello 2017, "LinkNet", arXiv:1707.03718.
    """

    word: ClassVar[str] = "add"

    def join(self, b: Builder, first: Value, second: Value) -> Value:
        a, c = first.shape.channels, second.shape.channels
        if a != c:
            headline = f"an additive skip needs equal channels: the encoder's map has {a}, the upsampled one {c}"
            help = f"let the upsampling give {a} channels (`channels: skip`, with a convolution), or join by concat"
            raise Refusal("U202", headline, key="skip", help=help)
        return b("add", Add(), first, second)
