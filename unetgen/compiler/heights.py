"""The three heights: an option may stand in the spec, in a section, or in a stage, and the nearest one wins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, cast

from unetgen.compiler.findings import Findings
from unetgen.compiler.forms import Origin, StageForm
from unetgen.ir import ops
from unetgen.language.spec import StageOptions, UnitOptions
from unetgen.parts.blocks import Block, Plain, UnitRecipe
from unetgen.parts.unit_words import ActivationWord, DropoutWord, NormWord, Recurrent
from unetgen.parts.units import LETTERS, PaddingRule, UnitStyle
from unetgen.parts.words import AxisCountError, PerAxis, spread
from unetgen.source.text import SpecPath

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OptionsAt:
    """Options as they stand at one place of the spec.

    Args:
        path: The place.
        options: What stands there.
        filters: What that place says of the channels of the stage in question, if anything.
        filters_at: Where it says so.
        mirrors: The stage whose channels `filters` repeats, where the spec says nothing itself.
        mirrored: That stage.
        only: The options that are inherited from here; all when None.
    """

    path: SpecPath
    options: UnitOptions | UnitRecipe
    filters: int | tuple[int, ...] | None = None
    filters_at: SpecPath = ()
    mirrors: str = ""
    mirrored: StageForm | None = None
    only: tuple[str, ...] | None = None

    def of_unit(self, unit: int, units: int) -> Iterator[OptionsAt]:
        """Give what stands here about one unit of `units` alone, nearest first."""
        options = self.options
        if isinstance(options, StageOptions):
            if options.units is not None and len(options.units) == units:
                yield OptionsAt((*self.path, "units", unit), options.units[unit])
            if options.first is not None and unit == 0:
                yield OptionsAt((*self.path, "first"), options.first)
            if options.last is not None and unit == units - 1:
                yield OptionsAt((*self.path, "last"), options.last)

    def value(self, name: str) -> object:
        """Give an option as it stands here; None when it does not."""
        return None if self.only is not None and name not in self.only else getattr(self.options, name, None)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Where options of a stage are looked up: its heights, nearest first, and its place in the normal form."""

    place: SpecPath
    heights: Sequence[OptionsAt]

    def unit(self, unit: int, units: int, recipe: UnitRecipe | None = None) -> Lookup:
        """Give the lookup of one unit of a stage; `recipe` is what the stage's block decides about the unit.

        In `{block: inverted, kernel_size: 5}` units 2 and 3 keep their kernel 1, as the block decides it. In
        `{block: inverted, units: [{}, {kernel_size: 5}, {}]}` unit 2 has kernel 5, as that is said of this very unit.
        """
        nearer = [near for height in self.heights for near in (*height.of_unit(unit, units), height)]
        if recipe is not None:
            at = next(i for i, height in enumerate(self.heights) if height.value("block") is not None)
            beside = [near for height in self.heights[: at + 1] for near in height.of_unit(unit, units)]
            nearer = [*beside, OptionsAt((*self.heights[at].path, "block"), recipe), *nearer]
        return Lookup((*self.place, "units", unit), nearer)


class Heights:
    """Pick options by height, remembering where each came from and whether it had any effect."""

    def __init__(self, findings: Findings, origins: dict[SpecPath, Origin], dims: int) -> None:
        self.findings = findings
        self.origins = origins
        self.dims = dims
        self.effects: dict[SpecPath, bool] = {}

    def pick(self, lookup: Lookup, name: str, default: T) -> T:
        """Give an option's nearest value, or its default."""
        for height in lookup.heights:
            value = height.value(name)
            if value is not None:
                self.origins[(*lookup.place, name)] = Origin((*height.path, name))
                return cast(T, value)  # the model typed it; only its name is dynamic
        self.origins[(*lookup.place, name)] = Origin(reason="default")
        return default

    def written(self, lookup: Lookup, name: str) -> SpecPath:
        """Say where in the spec a picked option stands; its bare name for a default."""
        return self.origins[(*lookup.place, name)].path or (name,)

    def style(
        self,
        lookup: Lookup,
        *,
        kernel_size: PerAxis = 3,
        order: str | None = None,
        bias: bool | Literal["auto"] = "auto",
    ) -> UnitStyle:
        """Resolve every unit option of one stage; the keywords are what it does unless told otherwise."""
        dropout = self.pick(lookup, "dropout", DropoutWord())
        style = UnitStyle(
            kernel_size=self._axes(lookup, "kernel_size", kernel_size),
            padding=self._padding(lookup),
            dilation=self._axes(lookup, "dilation", 1),
            groups=self.pick(lookup, "groups", _GROUPS),
            bias=self.pick(lookup, "bias", bias),
            norm=self.pick(lookup, "norm", NormWord.parse("batch")),
            activation=self.pick(lookup, "activation", ActivationWord("relu")),
            order=self.pick(lookup, "order", order or ("cnad" if dropout.p else "cna")),
            dropout=dropout,
            recurrent=self.pick(lookup, "recurrent", _ONCE),
        )
        self._note_effects(lookup, style)
        return style.effective()

    def widths(self, lookup: Lookup, block: Block) -> tuple[int, ...]:
        """Give the channels of each convolution of a stage, or the one width of a block that decides the rest."""
        height = next(height for height in lookup.heights if height.filters is not None)
        origin = Origin(reason=f"mirrors {height.mirrors}") if height.mirrors else Origin(height.filters_at)
        self.origins[(*lookup.place, "filters")] = origin
        filters = _filters(height, block)
        convs = self.pick(lookup, "convs", 2)
        counted = isinstance(filters, int) or len(filters) == convs
        # No convolutions at all leave a stage out, unless it has widths of its own.
        decided = block.convs is not None and (convs > 0 or isinstance(filters, tuple))
        self._note_effect(lookup, "convs", counted and not decided)
        if decided:
            return self._decided(block, filters, height.filters_at)
        if isinstance(filters, int):
            return (filters,) * convs
        self._agree(height, len(filters))
        return filters

    def _decided(self, block: Block, filters: int | tuple[int, ...], at: SpecPath) -> tuple[int, ...]:
        """Give the widths of a block that decides their number; note a list of another length."""
        wanted = block.convs or 0
        widths = (filters,) * wanted if isinstance(filters, int) else filters
        width = "one width" if wanted == 1 else f"{wanted} widths"
        if len(widths) != wanted:
            headline = f'the block "{block.word}" takes {width}, `filters` lists {len(widths)}'
            help = "write the channels that come out, as one number"
            self.findings.add("U206", headline, at, label=f"{len(widths)} here", help=help)
        return widths[:wanted]

    def channels(self, lookup: Lookup) -> int:
        """Give what the spec says of the channels of a stage that has no convolution."""
        filters = next(height.filters for height in lookup.heights if height.filters is not None)
        return filters if isinstance(filters, int) else filters[-1]

    def units(self, lookup: Lookup, block: Block, widths: tuple[int, ...]) -> tuple[UnitStyle, ...]:
        """Resolve every unit option of each of a stage's units."""
        recipe = (block.recipe() or (None,) * len(widths)) if widths else ()
        self._count_units(lookup, len(recipe))
        return tuple(self.style(lookup.unit(unit, len(recipe), decided)) for unit, decided in enumerate(recipe))

    def _count_units(self, lookup: Lookup, wanted: int) -> None:
        """Note lists of units that have another length than the nearest stage they speak of."""
        nearest = next((h for h in lookup.heights if h.value("units") is not None), None)
        if nearest is None or not wanted:
            return
        found = len(cast(tuple[UnitOptions, ...], nearest.value("units")))
        if found != wanted:
            headline = f"`units` lists {found}, but {'.'.join(map(str, lookup.place))} has {wanted} convolutions"
            path = (*nearest.path, "units")
            self.findings.add("U107", headline, path, label=f"{wanted} needed", help="write one entry per convolution")

    def _agree(self, height: OptionsAt, found: int) -> None:
        """Note widths and a number of convolutions that were written side by side and contradict each other."""
        convs = height.value("convs")
        if convs in (None, found) or height.filters_at[:-1] != height.path:
            return
        headline = f"`filters` gives the widths of {found} convolutions, `convs` says {convs}"
        written: SpecPath = (*height.path, "convs")
        also = [(written, f"{convs} here")]
        self.findings.add(
            "U206", headline, height.filters_at, label=f"{found} here", help="take `convs` out", also=also
        )
        # Once is enough: it is not idle too.
        self.effects[written] = True

    def block(self, lookup: Lookup) -> Block:
        """Resolve the block of one stage."""
        block = self.pick(lookup, "block", PLAIN_BLOCK)
        written = (*self.written(lookup, "block"), block.word)
        return self.spread(lambda: block.spread(self.dims), written, instead=block)

    def axes(self, value: int | tuple[int, ...], path: SpecPath) -> ops.Axes:
        """Write a number out for every axis, noting a list of the wrong length."""
        ones = (1,) * self.dims
        return self.spread(lambda: spread(value, self.dims, name=str(path[-1])), path[:-1], instead=ones)

    def spread(self, write: Callable[[], T], path: SpecPath, *, instead: T) -> T:
        """Give what `write` writes out for every axis; note a list of the wrong length below a path."""
        try:
            return write()
        except AxisCountError as error:
            help, label = f"write one number, or a list of {self.dims}", f"{self.dims} needed"
            self.findings.add("U107", str(error), (*path, *error.path), label=label, help=help)
            return instead

    def report_idle(self) -> None:
        """Note every norm, activation or dropout that the orders of its units leave out, and idle `convs`."""
        for path in (path for path, effective in self.effects.items() if not effective):
            name = str(path[-1])
            reason, help = _idle(name)
            headline = f"`{name}` has no effect: {reason}"
            self.findings.add("U205", headline, path, label="never used", help=help)

    def _axes(self, lookup: Lookup, name: str, default: PerAxis) -> ops.Axes:
        value = self.pick(lookup, name, default)
        return self.axes(value, self.written(lookup, name))

    def _padding(self, lookup: Lookup) -> PaddingRule:
        padding = self.pick(lookup, "padding", _PADDING)
        return padding if isinstance(padding, str) else self.axes(padding, self.written(lookup, "padding"))

    def _note_effects(self, lookup: Lookup, style: UnitStyle) -> None:
        for name, letter in LETTERS.items():
            self._note_effect(lookup, name, letter in style.order or getattr(style, name) in _IDLE)

    def _note_effect(self, lookup: Lookup, name: str, effective: bool) -> None:
        origin = self.origins[(*lookup.place, name)].path
        if origin is not None:
            self.effects[origin] = self.effects.get(origin, False) or effective


def _filters(height: OptionsAt, block: Block) -> int | tuple[int, ...]:
    """Give what a height says of the channels of a stage of such blocks."""
    stage = height.mirrored
    if stage is not None and stage.widths:
        return block.mirror(stage.block, stage.widths)
    return height.filters or ()


def _idle(name: str) -> tuple[str, str]:
    """Say why an option has no effect, and what to do."""
    if name == "convs":
        return (
            "every stage it reaches has its own number of widths",
            "take `convs` out, or write one number as `filters`",
        )
    letter = LETTERS[name]
    return f'no unit it reaches has "{letter}" in its `order`', f'add "{letter}" to the `order`, or take `{name}` out'


_IDLE = (NormWord("none"), ActivationWord("none"), DropoutWord())
_GROUPS: int | Literal["depthwise"] = 1
_PADDING: int | tuple[int, ...] | Literal["valid", "same", "same_end", "reflect", "replicate", "circular"] = "same"
PLAIN_BLOCK: Block = Plain.model_construct()
_ONCE = Recurrent.model_construct()
