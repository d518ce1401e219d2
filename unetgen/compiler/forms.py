"""The normal form: a spec in which every option of every stage is written out. It alone is lowered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from unetgen.ir import ops
from unetgen.ir.network import Returns
from unetgen.language.spec import Expect
from unetgen.parts.attention import Attention
from unetgen.parts.blocks import Block, UnitRecipe
from unetgen.parts.downsampling import Down
from unetgen.parts.extra_convolutions import HeadConv
from unetgen.parts.skips import Skip
from unetgen.parts.topologies import Topology
from unetgen.parts.unit_words import ActivationWord, InitWord
from unetgen.parts.units import LETTERS, UnitStyle
from unetgen.parts.upsampling import Up
from unetgen.parts.words import plain
from unetgen.source.text import SpecPath


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value of the normal form comes from: a path of the spec, or a reason why it is what it is."""

    path: SpecPath | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StageForm:
    """One stage.

    Args:
        path: Where the spec speaks of it.
        channels: What the spec says of its channels, even where it has no convolution.
        widths: The channels of each convolution of a block; none for a stage that is left out.
        block: How the units of a block are put together.
        attention: How the stage's maps are weighed.
        repeat: How many blocks follow each other.
        style: How its units look as a rule, and what stands beside the stage.
        units: How each of its units looks.
    """

    path: SpecPath = field(compare=False)
    channels: int
    widths: tuple[int, ...]
    block: Block
    attention: Attention
    repeat: int
    style: UnitStyle
    units: tuple[UnitStyle, ...]

    @property
    def given_channels(self) -> int | None:
        """The channels that the stage gives; None where they hang on what it takes."""
        if not self.widths:
            return self.channels
        return None if self.block.keeps_input else self.block.channels(0, self.widths)

    def to_plain(self) -> dict[str, object]:
        """Spell the stage as a mapping of the language."""
        style = style_to_plain(self.style)
        if not self.widths:
            serving = {name: style[name] for name in ("padding", "norm", "activation", "order", "dropout")}
            return {"filters": self.channels, "convs": 0, **serving}
        shape = {"block": self.block.to_plain(), "attention": self.attention.to_plain(), "repeat": self.repeat}
        return {"filters": list(self.widths), **shape, **style, **self._units_to_plain()}

    def _units_to_plain(self) -> dict[str, object]:
        """Spell what is different in single units; nothing where none is."""
        recipe = self.block.recipe() or (UnitRecipe(),) * len(self.widths)
        usual = [style_to_plain(decided.applied(self.style)) for decided in recipe]
        found = map(style_to_plain, self.units)
        differences = [
            {name: value for name, value in unit.items() if value != like[name]}
            for unit, like in zip(found, usual, strict=True)
        ]
        return {"units": differences} if any(differences) else {}


@dataclass(frozen=True, slots=True)
class HeadForm:
    """The last convolution."""

    style: UnitStyle
    transposed: bool
    before: HeadConv | None = None

    def to_plain(self) -> dict[str, object]:
        """Spell the head as a mapping of the language."""
        idle = {name for name, letter in LETTERS.items() if letter not in self.style.order}
        spelled = {name: value for name, value in style_to_plain(self.style).items() if name not in idle}
        before = {} if self.before is None else {"before": plain(self.before)}
        return {**spelled, "transposed": self.transposed, **before}


@dataclass(frozen=True, slots=True)
class SupervisionForm:
    """Heads on further maps: which maps by number (level or column), and what becomes of their outputs."""

    numbers: tuple[int, ...] = ()
    size: Literal["native", "full"] = "full"
    resize: ops.ResizeMode = "linear"
    returns: Returns = Returns()
    fuse: bool = False
    order: Literal["with_level", "finest_first", "coarsest_first"] = "with_level"
    nested: bool = False

    @property
    def active(self) -> bool:
        """Whether there is any output but the main one."""
        return bool(self.numbers)

    def to_plain(self) -> dict[str, object]:
        """Spell the supervision as a mapping of the language; empty where there is none."""
        if not self.active:
            return {}
        returns = {"returns": self.returns.form, "in_eval": self.returns.in_eval}
        numbers = {"columns" if self.nested else "levels": list(self.numbers)}
        return {**numbers, "size": self.size, "resize": self.resize, **returns, "fuse": self.fuse, "order": self.order}


@dataclass(frozen=True, slots=True)
class NormalForm:
    """A whole spec, every value decided but for an `input_size` that is left to the legal sizes.

    `encoder`, `decoder`, `downsample`, `upsample` and `skip` have `depth` entries, level 0 first.
    """

    name: str
    reference: str | None
    notes: tuple[str, ...]
    dims: int
    in_channels: int
    out_channels: int
    input_size: ops.Axes | None
    depth: int
    stem: StageForm | None
    encoder: tuple[StageForm, ...]
    bottleneck: StageForm
    decoder: tuple[StageForm, ...]
    downsample: tuple[Down, ...]
    upsample: tuple[Up, ...]
    skip: tuple[Skip, ...]
    head: HeadForm | None
    output_activation: ActivationWord
    init: InitWord
    topology: Topology
    supervision: SupervisionForm
    expect: Expect
    origins: Mapping[SpecPath, Origin] = field(default_factory=dict, compare=False, repr=False)

    @property
    def stages(self) -> Iterator[StageForm]:
        """All stages of convolutions, in the order of the forward pass."""
        yield from (self.stem,) if self.stem is not None else ()
        yield from self.encoder
        yield self.bottleneck
        yield from reversed(self.decoder)

    def at(self, size: ops.Axes) -> NormalForm:
        """Give the form with the input size that was decided on."""
        if self.input_size == size:
            return self
        usual = self.input_size is None
        chosen = Origin(reason="a legal size near the usual one" if usual else "asked for in place of the spec's own")
        return replace(self, input_size=size, origins={**self.origins, ("input_size",): chosen})

    def giving(self, channels: int) -> NormalForm:
        """Give the form with the output's channels, which without a head are those of the last stage."""
        return replace(self, out_channels=channels) if self.head is None else self

    def ending_in(self, channels: int, usual: int) -> NormalForm:
        """Give the form with other channels of its output; without a head they are said once more.

        Args:
            channels: Those of the output.
            usual: Those that it has now: so many are looked for in the last stage and in the way up to it.
        """
        if self.head is not None:
            return replace(self, out_channels=channels)
        (up, *ups), (stage, *stages) = self.upsample, self.decoder
        if getattr(up, "channels", None) == usual:
            up = up.replace(channels=channels)
        widths = tuple(channels if width == usual else width for width in stage.widths)
        last = replace(stage, widths=widths, channels=channels if stage.channels == usual else stage.channels)
        return replace(self, out_channels=channels, upsample=(up, *ups), decoder=(last, *stages))

    def to_plain(self) -> dict[str, object]:
        """Spell the form as mappings, lists and scalars: a legal spec whose normal form is this one."""
        spelled = {name: plain(getattr(self, name)) for name in _SPELLED if name not in self.topology.unused}
        if self.head is None:
            spelled["head"] = "none"
        return {name: value for name, value in spelled.items() if value not in (None, [], {})}


_SPELLED = tuple(f.name for f in fields(NormalForm) if f.name != "origins")


def style_to_plain(style: UnitStyle) -> dict[str, object]:
    """Spell a unit's style as options of the language."""
    return {f.name: plain(getattr(style, f.name)) for f in fields(UnitStyle)}
