"""Parts that a stranger might register, with names and makings that no part of the house has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, get_args

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.ir.ops import Activation, Add, GlobalPool, Multiply
from unetgen.parts.attention import AttentionWord, ChannelAttention
from unetgen.parts.blocks import BlockWord, StagePlan, write_blocks
from unetgen.parts.blocks.base import Block
from unetgen.parts.blocks.chain import Plain, write_chain
from unetgen.parts.blocks.residual import Residual
from unetgen.parts.skips.base import JoinSite, Step
from unetgen.parts.skips.steps import StepWord
from unetgen.parts.units import UnitStyle
from unetgen.parts.words import SpecModel, Word, WordChoice

__all__ = ["STRANGE", "registered"]


class AgainBlock(Block):
    """Units in a scope that is called as a further run of a unit is, under names without numbers."""

    word: ClassVar[str] = "again"
    sign: ClassVar[str] = "#"
    says: ClassVar[str] = "way of # 3; blocks"

    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        with b.scope("again"):
            return write_chain(b, x, stage)


class NamedBlock(Block):
    """Units in scopes that are called as an attention, a gate and a shortcut are, and are none; and a sum with itself.

    The name of one node ends in a number, as if it were of a unit.
    """

    word: ClassVar[str] = "named"

    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        with b.scope("attention"), b.scope("gate.block2"):
            y = write_chain(b, x, stage)
        with b.scope("shortcut"):
            y = b("act1", Activation("relu"), y)
        return b("again1_1", Add(), y, y)


class WeighedBlock(Block):
    """Units that are weighed by a gate of their own, which holds another block."""

    word: ClassVar[str] = "weighed"

    def build(self, b: Builder, x: Value, stage: StagePlan) -> Value:
        y = write_chain(b, x, stage)
        with b.scope("weigh", kind="gate"):
            plan = StagePlan.uniform(Residual(), (y.shape.channels,), stage.style.once)
            weight = write_blocks(b, y, Residual(), plan)
            return b("multiply", Multiply(), y, b("sigmoid", Activation("sigmoid"), weight))


class MeanAttention(ChannelAttention):
    """Weigh each channel by its own mean: an attention without weights."""

    word: ClassVar[str] = "mean"

    def build(self, b: Builder, x: Value, style: UnitStyle) -> Value:
        with b.scope("mean", kind="attention", sign="MA", says="each channel weighed by its mean"):
            weight = b("sigmoid", Activation("sigmoid"), b("pool", GlobalPool(), x))
            return b("multiply", Multiply(), x, weight)


class QuietAttention(ChannelAttention):
    """Weigh each value by itself: an attention of one node in a scope that says nothing of itself."""

    word: ClassVar[str] = "quiet"

    def build(self, b: Builder, x: Value, style: UnitStyle) -> Value:
        with b.scope(kind="attention"):
            return b("square", Multiply(), x, x)


class BareGate(Step):
    """Weigh the skip by the upsampled map as it is: a gate without convolutions, norms or a sum."""

    word: ClassVar[str] = "bare"
    gate: ClassVar[bool] = True

    def build(self, b: Builder, skip: Value, site: JoinSite) -> Value:
        with b.scope("gate", kind="gate"):
            return b("multiply", Multiply(), skip, b("sigmoid", Activation("sigmoid"), site.up))


class BlockGate(Step):
    """Weigh the skip by what blocks make of the upsampled map: a block inside a gate."""

    word: ClassVar[str] = "block"
    gate: ClassVar[bool] = True

    def build(self, b: Builder, skip: Value, site: JoinSite) -> Value:
        with b.scope("heard", kind="gate", sign="BG", says="gate with blocks"):
            plan = StagePlan.uniform(Plain(), (skip.shape.channels,), site.style.once)
            heard = write_blocks(b, site.up, Plain(), plan, repeat=2)
            return b("multiply", Multiply(), skip, b("sigmoid", Activation("sigmoid"), heard))


class ShortcutStep(Step):
    """An activation on the skip, in a step that is called as the way around a block is."""

    word: ClassVar[str] = "shortcut"

    def build(self, b: Builder, skip: Value, site: JoinSite) -> Value:
        return b("act", Activation("tanh"), skip)


_WORDS: tuple[tuple[object, type[Word]], ...] = (
    (BlockWord, AgainBlock),
    (BlockWord, NamedBlock),
    (BlockWord, WeighedBlock),
    (AttentionWord, MeanAttention),
    (AttentionWord, QuietAttention),
    (StepWord, BareGate),
    (StepWord, BlockGate),
    (StepWord, ShortcutStep),
)

_SIZES = "depth: 2\ninput_size: 32\n"
_SMALL = f"{_SIZES}filters: 8\n"
STRANGE: dict[str, str] = {
    "a block whose scope is called again": f"{_SMALL}block: again\n",
    "the same, repeated and with units that run again": f"{_SIZES}in_channels: 8\nfilters: [8, 8, 8]\nskip: add\n"
    "upsample: nearest\nblock: again\nrecurrent: 1\nrepeat: 2\n",
    "a block with the names of other things": f"{_SMALL}block: named\nnorm: batch\n",
    "a block inside a gate inside a block": f"{_SMALL}block: weighed\nnorm: batch\n",
    "an attention without weights": f"{_SMALL}attention: mean\nblock: residual\n",
    "the same at both places": f"{_SMALL}attention: {{mean: {{at: both}}}}\n",
    "an attention that says nothing": f"{_SMALL}attention: quiet\n",
    "a gate without convolutions": f"{_SMALL}skip: {{path: bare}}\n",
    "a block inside a gate": f"{_SMALL}skip: {{path: [block, conv]}}\n",
    "a step called shortcut": f"{_SMALL}skip: {{path: [shortcut, bare], join: add}}\n",
}
"""Specs of these parts, each by what it is about; they parse while the parts are `registered`."""


@contextmanager
def registered() -> Iterator[None]:
    """Let the language know the strange parts.

    Raises:
        ValueError: It has a word of theirs already, which would be lost afterwards.
    """
    choices = [(_choice(type_), part) for type_, part in _WORDS]
    if taken := [part.word for choice, part in choices if part.word in choice.models]:
        raise ValueError(f"the words {', '.join(taken)} are taken")
    for choice, part in choices:
        choice.models[part.word] = part
    _read_choices_again()
    try:
        yield
    finally:
        for choice, part in choices:
            del choice.models[part.word]
        _read_choices_again()


def _read_choices_again() -> None:
    """Build every model anew: one inside another would else go on with the choices it knows."""
    models = tuple(_models(SpecModel))
    for model in models:
        for made in {"__pydantic_core_schema__", "__pydantic_validator__", "__pydantic_serializer__"} & {*vars(model)}:
            delattr(model, made)
    for model in models:
        model.model_rebuild(force=True)


def _models(model: type[SpecModel]) -> Iterator[type[SpecModel]]:
    for one in model.__subclasses__():
        yield one
        yield from _models(one)


def _choice(annotated: object) -> WordChoice:
    return next(one for one in get_args(annotated) if isinstance(one, WordChoice))
