"""The joins: how the encoder's map meets the upsampled one. A new one is a file beside this and a line in `JOINS`."""

from __future__ import annotations

from typing import ClassVar

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.skips.base import Join
from unetgen.source.problem import Refusal


class ConcatJoin(Join):
    """Stack channels: `n a s...`, `n b s... -> n a+b s...`.

    References:
        Ronneberger et al. 2015, "U-Net", arXiv:1505.04597.
    """

    word: ClassVar[str] = "concat"
    ordered: ClassVar[bool] = True

    def join(self, b: Builder, maps: tuple[Value, ...]) -> Value:
        return b("concat", ops.Concat(), *maps)


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
            how = "`upsample: {linear: {after: {channels: skip}}}`"
            help = f"let the upsampling give {skips[0]} channels, as {how} does, or join by concat"
            raise Refusal("U202", headline, key="skip", help=help)
        return b("add", ops.Add(), *maps)


class NoJoin(Join):
    """Leave the upsampled map alone."""

    word: ClassVar[str] = "none"
    meets: ClassVar[bool] = False

    def join(self, b: Builder, maps: tuple[Value, ...]) -> Value:
        return maps[-1]


JOINS: tuple[type[Join], ...] = (
    ConcatJoin,
    AddJoin,
    NoJoin,
)
