"""What every block has in common: it turns a map into another, with the widths and the style of its stage."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Literal

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Scope, Value
from unetgen.parts.units import UnitStyle
from unetgen.parts.words import Word, spread


@dataclass(frozen=True, slots=True)
class UnitRecipe:
    """What a block decides about one of its units unless the spec speaks of that very unit; None: as in the stage."""

    kernel_size: int | None = None
    padding: Literal["same"] | None = None
    dilation: int | None = None
    groups: int | Literal["depthwise"] | None = None
    order: str | None = None

    def applied(self, style: UnitStyle) -> UnitStyle:
        """Give a stage's style as it is for this unit."""
        dims = len(style.kernel_size)
        decided = {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}
        for name in ("kernel_size", "dilation"):
            if name in decided:
                decided[name] = spread(decided[name], dims, name=name)
        return replace(style, **decided).effective()


@dataclass(frozen=True, slots=True)
class StagePlan:
    """The channels of each convolution of a block, how its units look, and by how much the first one moves."""

    widths: tuple[int, ...]
    units: tuple[UnitStyle, ...]
    style: UnitStyle
    stride: ops.Axes

    @classmethod
    def uniform(cls, block: Block, widths: tuple[int, ...], style: UnitStyle) -> StagePlan:
        """Plan a block outside of the stages, all of whose units look alike but for what the block decides."""
        recipe = block.recipe() or (UnitRecipe(),) * len(widths)
        units = tuple(decided.applied(style) for decided in recipe)
        return cls(widths, units, style, (1,) * len(style.kernel_size))

    @property
    def strided(self) -> bool:
        """Whether the block makes its map smaller by moving in larger steps."""
        return max(self.stride) > 1

    @property
    def unstrided(self) -> StagePlan:
        """Give the plan of a block whose map has been made smaller before."""
        return replace(self, stride=(1,) * len(self.stride))


class Block(Word):
    """A recipe of units. Its fields are its options in YAML."""

    sign: ClassVar[str] = ""
    """What stands for such a block in a sign of a picture."""
    says: ClassVar[str] = ""
    """What it is called in legends, summaries and docstrings; nothing where its units say it all."""
    says_many: ClassVar[str] = ""
    """What several are called there."""
    sums: ClassVar[bool] = False
    """Whether that tells of a sum."""
    convs: ClassVar[int | None] = None
    """How many widths a stage of such blocks has, where the block decides that itself."""

    @property
    def called(self) -> Scope:
        """How this very block is called: in a sign, and in legends."""
        return Scope("block", sign=self.sign, says=self.says, says_many=self.says_many, sums=self.sums)

    @property
    def keeps_input(self) -> bool:
        """Whether the block's input is among the channels that it gives."""
        return False

    def recipe(self) -> tuple[UnitRecipe, ...] | None:
        """Give what the block decides about each of its units; None for a block with one plain unit per width."""
        return None

    def channels(self, taken: int, widths: tuple[int, ...]) -> int:
        """Give the channels that come out, for the channels that go in."""
        return widths[-1]

    def mirror(self, block: Block, widths: tuple[int, ...]) -> int | tuple[int, ...]:
        """Give the `filters` that a decoder stage of such blocks has opposite an encoder stage of `block` and `widths`.

        These are the channels that the other stage gives or, where they hang on what it takes, what it adds last.
        """
        return widths[-1] if block.keeps_input else block.channels(0, widths)

    @abstractmethod
    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        """Write the block's nodes and give its output.

        Raises:
            Refusal: The block cannot be built with this plan.
        """


def crop_to(b: Builder, name: str, x: Value, like: Value, units: Sequence[UnitStyle]) -> Value:
    """Cut the border off a map that `units`, through which `like` has gone since, have cost."""
    return x if all(unit.keeps_size for unit in units) else b(name, ops.CropLike(), x, like)


def write_blocks(
    b: Builder,
    x: Value,
    block: Block,
    plan: StagePlan,
    *,
    repeat: int = 1,
    after: Callable[[Value], Value] | None = None,
) -> Value:
    """Write blocks one after the other, several under `blocks.0`, `blocks.1`, ...; the first one has the stride.

    `after` writes what belongs to each block behind its units.
    """
    for number in range(1, repeat + 1):
        one = replace(block.called, word=block.word)
        one_of_many = replace(one, name=f"blocks.{number - 1}", number=number)
        was = (f"block{number}" if repeat > 1 else "", "")
        with b.within(one_of_many if repeat > 1 else one, was=was):
            x = block.build(b, x, plan if number == 1 else plan.unstrided)
            x = x if after is None else after(x)
    return x
