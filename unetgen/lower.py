"""Normal form -> network: the only room that knows what a U is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from unetgen.blocks import StagePlan
from unetgen.downsampling import DownSite
from unetgen.findings import Findings
from unetgen.forms import HeadForm, NormalForm, Path, StageForm
from unetgen.ir.builder import Builder
from unetgen.ir.network import Network, Role, Value
from unetgen.ir.ops import Axes, ConvTransposed
from unetgen.refusal import Refusal
from unetgen.units import write_activation, write_parts, write_unit
from unetgen.upsampling import UpSite

__all__ = ["lower_form"]


def lower_form(form: NormalForm, findings: Findings) -> Network:
    """Write the network of a normal form; channels are known, sizes are left to `trace`.

    Args:
        form: Every option written out.
        findings: Takes what cannot be built, and knows the places of the spec.

    Raises:
        SpecError: A block, a skip or a resampling cannot be built; every finding at once.
    """
    lowering = _Lowering(form, findings)
    output = lowering.run()
    findings.raise_if_any()
    b = lowering.builder
    return Network(
        form.name, form.dims, lowering.input, (output,), tuple(b.regions), form.init, form.reference, form.notes
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A region to be written: its path in the network and its path in the spec."""

    path: str
    role: Role
    level: int
    kind: str
    written: Path


class _Lowering:
    """One form on its way to a network."""

    def __init__(self, form: NormalForm, findings: Findings) -> None:
        self.form = form
        self.findings = findings
        self.builder = Builder()
        self.input = self.builder.input(form.in_channels)

    def run(self) -> Value:
        form, x = self.form, self.input
        if form.stem is not None:
            x = self._stage("stem", "stem", 0, form.stem, x)
        taps: list[Value] = []
        for level, stage in enumerate(form.encoder):
            x = self._stage(f"encoder.{level}", "encoder", level, stage, x, stride=self._stride(level))
            taps.append(x)
            x = self._down(level, x)
        stride = self._stride(form.depth)
        x = self._stage("bottleneck", "bottleneck", form.depth, form.bottleneck, x, stride=stride)
        for level in reversed(range(form.depth)):
            x = self._up(level, x, taps[level])
            x = self._skip(level, taps[level], x)
            x = self._stage(f"decoder.{level}", "decoder", level, form.decoder[level], x)
        return self._head(x)

    def _stride(self, level: int) -> Axes | None:
        """Give the stride that the stage of a level starts with, where the way down is left to it."""
        if level == 0 or not self.form.downsample[level - 1].in_stage:
            return None
        return self.form.downsample[level - 1].factors(self.form.dims)

    def _stage(
        self, path: str, role: Role, level: int, stage: StageForm, x: Value, *, stride: Axes | None = None
    ) -> Value:
        place = _Place(path, role, level, stage.block.word, stage.path)
        if not stage.widths:
            self._need_no_stride(place, stride)
            return x
        return self._region(place, (x,), stage.channels, lambda b: _write_blocks(b, x, stage, stride))

    def _need_no_stride(self, place: _Place, stride: Axes | None) -> None:
        if stride is not None and max(stride) > 1:
            headline = f"`downsample: first_conv` leaves the way down to {place.path}, which has no convolution"
            self.findings.add("U207", headline, place.written, help="give the stage a convolution, or choose a pool")

    def _down(self, level: int, x: Value) -> Value:
        down = self.form.downsample[level]
        if down.in_stage and down.before is None:
            return x
        below = (*self.form.encoder, self.form.bottleneck)[level + 1]
        site = DownSite(below.channels, self.form.encoder[level].style)
        place = _Place(f"down.{level}", "down", level, down.word, ("downsample", level))
        return self._region(place, (x,), x.shape.channels, lambda b: down.build(b, x, site))

    def _up(self, level: int, x: Value, tap: Value) -> Value:
        up, style = self.form.upsample[level], self.form.decoder[level].style
        site = UpSite(self.form.downsample[level].factors(self.form.dims), tap, style)
        place = _Place(f"up.{level}", "up", level, up.word, ("upsample", level))
        return self._region(place, (x,), tap.shape.channels, lambda b: up.build(b, x, site))

    def _skip(self, level: int, tap: Value, x: Value) -> Value:
        skip = self.form.skip[level]
        if not skip.join.meets:
            return x
        place = _Place(f"skip.{level}", "skip", level, skip.join.word, ("skip", level))
        return self._region(place, (tap, x), x.shape.channels, lambda b: skip.build(b, tap, x))

    def _head(self, x: Value) -> Value:
        def write(b: Builder) -> Value:
            y = _write_head(b, x, self.form.out_channels, self.form.head)
            return write_activation(b, "output", y, self.form.output_activation)

        return self._region(_Place("head", "head", 0, "conv", ("head",)), (x,), self.form.out_channels, write)

    def _region(
        self, place: _Place, inputs: tuple[Value, ...], channels: int, write: Callable[[Builder], Value]
    ) -> Value:
        """Write a region; one that is refused is noted and given `channels`, so that the rest is looked at too.

        A region in which nothing happens leaves no trace.
        """
        b = self.builder
        span = self.findings.spec.span(place.written)
        with b.region(place.path, role=place.role, level=place.level, kind=place.kind, inputs=inputs, span=span):
            try:
                return b.close(write(b))
            except Refusal as refusal:
                self._note(refusal, place)
                return b.close(b.stand_in(channels))

    def _note(self, refusal: Refusal, place: _Place) -> None:
        path = place.written if refusal.key == place.written[0] else (*place.written, refusal.key)
        note = f"found while building {place.path}"
        self.findings.add(refusal.code, refusal.headline, path, help=refusal.help, notes=[note])


def _write_blocks(b: Builder, x: Value, stage: StageForm, stride: Axes | None) -> Value:
    """Write the blocks of a stage one after the other; only the first one moves by the stride."""
    ones = (1,) * len(stage.style.kernel_size)
    plan = StagePlan(stage.widths, stage.units, stage.style, stride or ones)
    if stage.repeat == 1:
        return stage.block.build(b, x, plan)
    for number in range(1, stage.repeat + 1):
        with b.scope(f"block{number}"):
            x = stage.block.build(b, x, plan if number == 1 else replace(plan, stride=ones))
    return x


def _write_head(b: Builder, x: Value, channels: int, head: HeadForm) -> Value:
    style = head.style
    if not head.transposed:
        return write_unit(b, x, channels, style)
    ones, nothing = (1,) * len(style.kernel_size), (0,) * len(style.kernel_size)
    return write_parts(
        b, x, ConvTransposed(channels, style.kernel_size, ones, nothing, nothing, 1, style.has_bias), style
    )
