"""Spec -> normal form: broadcast, inherit, fill in, and remember where every value came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from unetgen.compiler.findings import Findings
from unetgen.compiler.forms import HeadForm, NormalForm, Origin, StageForm, SupervisionForm
from unetgen.compiler.heights import PLAIN_BLOCK, Heights, Lookup, OptionsAt
from unetgen.ir import ops
from unetgen.ir.network import Returns
from unetgen.language.spec import MAX_CHANNELS, Filters, Section, Spec, Stage
from unetgen.parts.attention import Attention, NoAttention
from unetgen.parts.downsampling import Down, MaxPool
from unetgen.parts.extra_convolutions import HeadConv
from unetgen.parts.skips import Skip
from unetgen.parts.skips.fit import CropSkip, MustFit
from unetgen.parts.upsampling import Up
from unetgen.parts.words import OneOrEach
from unetgen.source.text import SpecPath

T = TypeVar("T")
Stages = tuple[StageForm, ...]
_NO_ATTENTION: Attention = NoAttention.model_construct()


def normalize(spec: Spec) -> NormalForm:
    """Write a spec out in full.

    Raises:
        SpecError: Lists have wrong lengths, values are missing, or options have no effect; every finding at once.
    """
    return _Normalizer(spec).run()


class _Normalizer:
    """One spec on its way to the normal form, with the findings so far."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.findings = Findings(spec)
        self.origins: dict[SpecPath, Origin] = {}
        self.heights = Heights(self.findings, self.origins, spec.dims)

    def run(self) -> NormalForm:
        spec = self.spec
        tops = self._tops()
        encoder = self._section("encoder", spec.encoder, tops)
        bottleneck = self._single("bottleneck", spec.bottleneck, tops[-1])
        decoder = self._section("decoder", spec.decoder, [self._mirror(*stage) for stage in enumerate(encoder)])
        down = self._each("downsample", spec.downsample, self._settle_down)
        form = NormalForm(
            name=spec.name,
            reference=spec.reference,
            notes=(spec.notes,) if isinstance(spec.notes, str) else spec.notes or (),
            dims=spec.dims,
            in_channels=spec.in_channels,
            out_channels=spec.out_channels,
            input_size=self._size(("input_size",), spec.input_size),
            depth=spec.depth,
            stem=self._stem(),
            encoder=encoder,
            bottleneck=bottleneck,
            decoder=decoder,
            downsample=down,
            upsample=self._each("upsample", spec.upsample, lambda level, up: self._settle_up(level, up, down[level])),
            skip=self._skips(encoder, bottleneck, decoder),
            head=self._head(),
            output_activation=spec.output_activation,
            init=spec.init,
            topology=spec.topology,
            supervision=self._supervision(),
            expect=spec.expect.replace(output_size=self._size(("expect", "output_size"), spec.expect.output_size)),
            origins=self.origins,
        )
        self._need_topology()
        self._need_two_classes()
        self.heights.report_idle()
        self.findings.raise_if_any()
        return form

    def _need_two_classes(self) -> None:
        activation = self.spec.output_activation
        if self.spec.out_channels == 1 and activation.is_over_channels:
            headline = f'"{activation.kind}" over a single channel is constant'
            help = "write `sigmoid` for one class, or give one channel to each class with `out_channels: 2`"
            also = [(("out_channels",), "one channel")]
            self.findings.add("U213", headline, ("output_activation",), label="always the same", help=help, also=also)

    # --- channels -----------------------------------------------------------------------------------------------

    def _tops(self) -> list[OptionsAt]:
        """Give the height of the spec itself for every level, with what `filters` says of that level."""
        levels, filters = self.spec.depth + 1, self.spec.filters
        if isinstance(filters, Filters):
            channels = [_grown(filters, level) for level in range(levels)]
            self._need_bounds(channels)
            return [OptionsAt((), self.spec, width, ("filters",)) for width in channels]
        if filters is None:
            self._need_filters()
            return [OptionsAt((), self.spec, 1) for _ in range(levels)]
        if len(filters) != levels:
            self._wrong_length(("filters",), len(filters), levels, f"depth {self.spec.depth} has {levels} levels")
        widths = [*filters, *[1] * levels][:levels]
        return [OptionsAt((), self.spec, width, ("filters", level)) for level, width in enumerate(widths)]

    def _need_bounds(self, channels: Sequence[int]) -> None:
        """Note channels that grow beyond what may be written for a single level."""
        level = next((level for level, width in enumerate(channels) if width > MAX_CHANNELS), None)
        if level is not None:
            headline = f"`filters` grows to {channels[level]:,} channels at level {level}"
            label = f"at most {MAX_CHANNELS:,}"
            self.findings.add("U106", headline, ("filters",), label=label, help="write a smaller base, or a `cap`")

    def _need_filters(self) -> None:
        """Note missing channels, unless the encoder and the bottleneck say it all by themselves."""
        encoder = self.spec.encoder
        by_stage = encoder.stages is not None and all(stage.filters is not None for stage in encoder.stages)
        if (encoder.filters is None and not by_stage) or self.spec.bottleneck.filters is None:
            help = "write `filters: 64`, which doubles at every level, or a list with one number per level"
            headline = "`filters` is missing: the number of channels at each level"
            self.findings.add("U103", headline, (), label="the spec needs it", help=help)

    def _mirror(self, level: int, stage: StageForm) -> OptionsAt:
        """Give the spec's height for a decoder stage, which has the channels its encoder stage ends with."""
        return OptionsAt((), self.spec, stage.channels, mirrors=f"encoder.{level}", mirrored=stage)

    # --- stages -------------------------------------------------------------------------------------------------

    def _stem(self) -> StageForm | None:
        stem = self.spec.stem
        if stem is None:
            return None
        if stem.filters is None:
            headline = "`filters` is missing in the stem: the number of its channels"
            self.findings.add("U103", headline, ("stem",), help="write `filters: 32` inside the stem")
        return self._single("stem", stem, OptionsAt((), self.spec, 1))

    def _single(self, name: str, stage: Stage, top: OptionsAt) -> StageForm:
        own = OptionsAt((name,), stage, stage.filters, (name, "filters"))
        return self._stage(Lookup((name,), [own, top]))

    def _section(self, name: str, section: Section, tops: Sequence[OptionsAt]) -> Stages:
        depth = self.spec.depth
        filters = self._section_filters(name, section)
        stages = self._as_many(name, "stages", section.stages)
        return tuple(
            self._stage(
                Lookup(
                    (name, level),
                    [
                        *([_stage_height(name, level, stages[level])] if stages else []),
                        OptionsAt((name,), section, filters[level] if filters else None, (name, "filters", level)),
                        tops[level],
                    ],
                )
            )
            for level in range(depth)
        )

    def _section_filters(self, name: str, section: Section) -> tuple[int | tuple[int, ...], ...]:
        """Spread one number over a section's levels, or hold a list to their number."""
        if isinstance(section.filters, int):
            return (section.filters,) * self.spec.depth
        return self._as_many(name, "filters", section.filters)

    def _as_many(self, name: str, key: str, items: tuple[T, ...] | None) -> tuple[T, ...]:
        """Hold a section's list to the number of its levels; a list of another length is noted and left out."""
        depth = self.spec.depth
        if items is None or len(items) == depth:
            return items or ()
        why = f"the {name} of depth {depth} has levels 0 to {depth - 1}"
        self._wrong_length((name, key), len(items), depth, why, help=f"write a list of exactly {depth}")
        return ()

    def _stage(self, lookup: Lookup) -> StageForm:
        heights = self.heights
        block = heights.block(lookup)
        widths = heights.widths(lookup, block)
        if not widths:
            return self._left_out(lookup)
        return StageForm(
            path=lookup.heights[0].path or lookup.place,
            channels=widths[-1],
            widths=widths,
            block=block,
            attention=heights.pick(lookup, "attention", _NO_ATTENTION),
            repeat=heights.pick(lookup, "repeat", 1),
            style=heights.style(lookup),
            units=heights.units(lookup, block, widths),
        )

    def _left_out(self, lookup: Lookup) -> StageForm:
        """Resolve a stage without convolutions: of its options, those count that serve what stands beside it."""
        self._note_idle_stage(lookup)
        style = self.heights.style(lookup)
        beside = style.beside((1,) * self.spec.dims, style.padding, order=style.order, bias="auto")
        path = lookup.heights[0].path or lookup.place
        return StageForm(path, self.heights.channels(lookup), (), PLAIN_BLOCK, _NO_ATTENTION, 1, beside, ())

    def _note_idle_stage(self, lookup: Lookup) -> None:
        """Note what was written in a stage that is left out; norm and activation may serve what stands beside it."""
        nearest = lookup.heights[0]
        if not isinstance(nearest.options, Stage):
            return
        for name in sorted(nearest.options.model_fields_set & _UNITS_ALONE):
            headline = f"`{name}` has no effect: the stage has no convolution"
            help = f"take `{name}` out, or give the stage convolutions"
            also = [((*nearest.path, "convs"), "none here")]
            self.findings.add("U205", headline, (*nearest.path, name), label="never used", help=help, also=also)

    def _head(self) -> HeadForm | None:
        head = self.spec.head
        if head == "none":
            return None
        # A head is a 1×1 convolution with a bias whatever the units of the U are; the rest it may inherit.
        inherited = ("padding", "norm", "activation", "dropout")
        lookup = Lookup(("head",), [OptionsAt(("head",), head), OptionsAt((), self.spec, only=inherited)])
        style = self.heights.style(lookup, kernel_size=1, order="c", bias=True)
        return HeadForm(style, head.transposed, head.before and self._settle_before(head.before))

    def _settle_before(self, conv: HeadConv) -> HeadConv:
        kernel = self.heights.axes(conv.kernel_size, ("head", "before", "kernel_size"))
        return conv.model_copy(update={"kernel_size": kernel})

    def _supervision(self) -> SupervisionForm:
        """Hold deep supervision to the maps that the topology has."""
        given, nested = self.spec.supervision, self.spec.topology.nested
        if given is None:
            return SupervisionForm()
        key, other = ("columns", "levels") if nested else ("levels", "columns")
        highest = self.spec.depth - 1 if nested else self.spec.depth
        numbers: tuple[int, ...] = getattr(given, key) or ()
        if getattr(given, other) is not None or not numbers:
            headline = f"deep supervision of `topology: {self.spec.topology.word}` names `{key}`"
            at = "key" if getattr(given, other) is not None else "value"
            path = ("supervision", other) if at == "key" else ("supervision",)
            help = f"write `{key}: [1, 2]`, numbers from 1 to {highest}"
            self.findings.add("U209", headline, path, help=help)
        if given.returns == "last" and not given.fuse:
            headline = "`returns: last` makes the further heads pointless: nobody sees what they give"
            help = "write `returns: list` or `stack`, or fuse all outputs with `fuse: true`"
            self.findings.add("U209", headline, ("supervision", "returns"), help=help)
        if given.returns == "stack" and given.size == "native" and not (given.fuse or nested):
            headline = "outputs of several levels cannot be stacked in their native sizes"
            help = "write `size: full`, or hand them back one by one with `returns: list`"
            also = [(("supervision", "size"), "every level has another size")]
            self.findings.add("U214", headline, ("supervision", "returns"), label="one size", help=help, also=also)
        if given.fuse and given.in_eval == "skip":
            headline = "the fused output needs every head, so none can be skipped in eval mode"
            help = "write `in_eval: compute` to hand back the fused output alone in eval mode"
            self.findings.add("U209", headline, ("supervision", "in_eval"), help=help)
        for place, number in enumerate(numbers):
            if number > highest:
                headline = f"there is no {key[:-1]} {number} to supervise: the last one is {highest}"
                self.findings.add("U209", headline, ("supervision", key, place), help=f"choose from 1 to {highest}")
        return SupervisionForm(
            numbers=tuple(sorted(set(numbers))),
            size=given.size,
            resize=given.resize,
            returns=Returns(given.returns, given.in_eval),
            fuse=given.fuse,
            order=given.order,
            nested=nested,
        )

    # --- what stands between the levels -------------------------------------------------------------------------

    def _each(self, name: str, given: OneOrEach[T], settle: Callable[[int, T], T]) -> tuple[T, ...]:
        """Spread a value over the levels, or hold a list to their number."""
        depth = self.spec.depth
        items = given if isinstance(given, tuple) else (given,) * depth
        if len(items) != depth:
            self._wrong_length((name,), len(items), depth, f"depth {depth} has one for each of {depth} levels")
            items = (items or (Spec.model_fields[name].default,))[:1] * depth
        written = name in self.spec.model_fields_set
        for level in range(depth):
            at = (name, level) if isinstance(given, tuple) else (name,)
            self.origins[(name, level)] = Origin(at) if written else Origin(reason="default")
        return tuple(settle(level, item) for level, item in enumerate(items))

    def _settle_down(self, level: int, down: Down) -> Down:
        dims, path = self.spec.dims, ("downsample", level, down.word)
        return self.heights.spread(lambda: down.settle(dims), path, instead=MaxPool().settle(dims))

    def _settle_up(self, level: int, up: Up, down: Down) -> Up:
        dims, path = self.spec.dims, ("upsample", level, up.word)
        return self.heights.spread(lambda: up.settle(dims, down.factors(dims)), path, instead=up)

    def _skips(self, encoder: Stages, bottleneck: StageForm, decoder: Stages) -> tuple[Skip, ...]:
        def settle(level: int, skip: Skip) -> Skip:
            self._need_one_join(level, skip)
            below = (*encoder[level + 1 :], bottleneck, *decoder[level + 1 :])
            shrinks = any(unit.shrinks for stage in below for unit in stage.units)
            fit = (CropSkip if shrinks else MustFit).model_construct()
            return self.heights.spread(lambda: skip.settle(fit, self.spec.dims), ("skip", level), instead=skip)

        return self._each("skip", self.spec.skip, settle)

    def _need_one_join(self, level: int, skip: Skip) -> None:
        """Note `path_first` in a grid: there every join has a path with weights of its own, so none comes first."""
        if skip.path_first and not self.spec.topology.joins_once:
            headline = f"`path_first` means nothing for `topology: {self.spec.topology.word}`"
            path = ("skip", level, "path_first")
            self.findings.add("U201", headline, path, help="take `path_first` out", at="key")

    def _need_topology(self) -> None:
        """Note keys that mean nothing in the spec's topology."""
        topology = self.spec.topology
        for name in topology.unused:
            if name in self.spec.model_fields_set:
                headline = f"`{name}` means nothing for `topology: {topology.word}`"
                self.findings.add("U201", headline, (name,), help=f"take `{name}` out", at="key")

    # --- sizes --------------------------------------------------------------------------------------------------

    def _size(self, path: SpecPath, size: int | tuple[int, ...] | None) -> ops.Axes | None:
        return None if size is None else self.heights.axes(size, path)

    def _wrong_length(self, path: SpecPath, found: int, wanted: int, why: str, *, help: str = "") -> None:
        items = "item" if found == 1 else "items"
        # A section may be written as the list of its stages.
        name = path[0] if path[-1] == "stages" else path[-1]
        headline = f"`{name}` lists {found} {items}, {wanted} {'is' if wanted == 1 else 'are'} needed"
        help = help or f"write one value for all, or a list of exactly {wanted}"
        self.findings.add("U107", headline, path, label=f"{found} {items}", help=help, also=[(("depth",), why)])


_UNITS_ALONE = {
    *("attention", "bias", "block", "dilation", "first", "groups", "kernel_size", "last", "recurrent", "repeat"),
    "units",
}
"""Options of a stage that nothing but its own convolutions can use."""


def _grown(filters: Filters, level: int) -> int:
    """Apply the rule of `filters` to a level; a growth that is not whole is rounded to whole channels."""
    channels = round(filters.base * filters.growth**level)
    return channels if filters.cap is None else min(channels, filters.cap)


def _stage_height(name: str, level: int, stage: Stage) -> OptionsAt:
    path: SpecPath = (name, "stages", level)
    return OptionsAt(path, stage, stage.filters, (*path, "filters"))
