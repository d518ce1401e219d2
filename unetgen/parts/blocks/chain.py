"""Blocks of units one after the other: what each unit sees, and what comes out of all."""

from __future__ import annotations

from typing import ClassVar, Literal

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Scope, Value
from unetgen.parts.blocks.base import Block, StagePlan, crop_to
from unetgen.parts.units import UnitStyle, unit_scope, write_unit
from unetgen.source.problem import Refusal

Sees = Literal["last", "all"]
"""What a unit takes: the map of the unit before it, or a concatenation of the input and of all maps before it."""
Gives = Literal["last", "new", "all"]
"""What comes out: the map of the last unit, a concatenation of the maps of all units, or of the input and all maps."""


class Chain(Block):
    """Units of the stage's widths, one after the other."""

    gives: Gives = "last"
    """What comes out: the `last` convolution's map, all `new` maps concatenated, or the input and `all` maps."""

    @property
    def keeps_input(self) -> bool:
        return self.gives == "all"

    def channels(self, taken: int, widths: tuple[int, ...]) -> int:
        return given_channels(self.gives, taken, widths)

    def mirror(self, block: Block, widths: tuple[int, ...]) -> int | tuple[int, ...]:
        if self.gives == "last" or not isinstance(block, Chain) or block.gives == "last":
            return super().mirror(block, widths)
        # Both concatenate what their convolutions give: repeat the convolutions, not their sum.
        return widths if len(set(widths)) > 1 else widths[-1]


class Plain(Chain):
    """Convolutions one after the other, each with its norm and activation.

    References:
        Ronneberger et al. 2015, "U-Net", arXiv:1505.04597 (two 3×3 convolutions).
    """

    word: ClassVar[str] = "plain"

    @property
    def called(self) -> Scope:
        if self.gives == "last":
            return super().called
        return Scope("block", sign="stack", says="block of stacked maps", says_many="blocks of stacked maps")

    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        return write_chain(b, x, stage, gives=self.gives)


class Dense(Chain):
    """Convolutions that each take the block's input and all maps before them: x_n = H_n([x_0, x_1, ..., x_(n-1)]).

    The stage's `filters` are the maps that each convolution adds, its growth. Without the input (`gives: new`) the
    channels do not pile up on the way up.

    References:
        Huang et al. 2016, "Densely Connected Convolutional Networks", arXiv:1608.06993; in a U-Net:
        Jegou et al. 2016, "The One Hundred Layers Tiramisu", arXiv:1611.09326.
    """

    word: ClassVar[str] = "dense"
    sign: ClassVar[str] = "dense"
    says: ClassVar[str] = "dense block"
    says_many: ClassVar[str] = "dense blocks"

    gives: Gives = "all"
    """What comes out: the input and `all` maps concatenated, the `new` maps alone, or the `last` convolution's map."""

    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        return write_chain(b, x, stage, sees="all", gives=self.gives)


def given_channels(gives: Gives, taken: int, widths: tuple[int, ...]) -> int:
    """Count the channels that come out of a chain."""
    match gives:
        case "last":
            return widths[-1]
        case "new":
            return sum(widths)
    return taken + sum(widths)


def write_chain(
    b: Builder, x: Value, stage: StagePlan, *, sees: Sees = "last", gives: Gives = "last",
    units: tuple[UnitStyle, ...] | None = None, numbered: bool = False,
) -> Value:  # fmt: skip
    """Write the units of a stage and give what comes out; `units` replaces the plan's own styles.

    Several units are numbered from 1, or stand in the list `layers` where each sees all. One alone has no number,
    unless it is to be `numbered` because further nodes stand beside it.

    Raises:
        Refusal: The first unit has a stride, and what it makes smaller would meet the input.
    """
    styles = units or stage.units
    _need_one_size(stage, sees, gives)
    maps = [x]
    for number, (channels, style) in enumerate(zip(stage.widths, styles, strict=True), start=1):
        stride = stage.stride if number == 1 else None
        if len(styles) == 1 and not numbered:
            with b.formerly("1"):
                maps.append(write_unit(b, x, channels, style, stride=stride))
            continue
        if sees == "last" or len(styles) == 1:
            maps.append(write_unit(b, maps[-1], channels, style, suffix=str(number), stride=stride))
            continue
        with unit_scope(b, str(number)):
            taken = _stacked(b, maps, styles[: number - 1], suffix=str(number))
        with b.scope(f"layers.{number - 1}", kind="part", number=number, word="layer", was=("", str(number))):
            maps.append(write_unit(b, taken, channels, style, stride=stride))
    if gives == "last":
        return maps[-1]
    return _stacked(b, maps, styles) if gives == "all" else _stacked(b, maps[1:], styles[1:])


def _need_one_size(stage: StagePlan, sees: Sees, gives: Gives) -> None:
    if stage.strided and "all" in (sees, gives):
        headline = "a block that concatenates its input with its own maps cannot make the map smaller"
        help = "choose a downsampling between the levels, such as `max_pool`, in place of `first_conv`"
        raise Refusal("U210", headline, key="block", help=help)


def _stacked(b: Builder, maps: list[Value], units: tuple[UnitStyle, ...], suffix: str = "") -> Value:
    """Concatenate maps, `units` standing between one and the next; all have the size of the last."""
    if len(maps) == 1:
        return maps[0]
    last = maps[-1]
    cropped = list[Value]()
    for i, x in enumerate(maps[:-1]):
        with b.scope(kind="fit", number=i + 1):
            cropped.append(crop_to(b, f"crop{suffix}_{i}", x, last, units[i:]))
    return b(f"concat{suffix}", ops.Concat(), *cropped, last)
