"""Normal form -> network: the only room that knows what a U is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from unetgen.blocks import StagePlan
from unetgen.findings import Findings
from unetgen.forms import NormalForm, Path, StageForm
from unetgen.ir.builder import Builder
from unetgen.ir.network import Network, Role, Value
from unetgen.refusal import Refusal
from unetgen.units import write_activation, write_unit
from unetgen.upsampling import UpSite
from unetgen.words import spread

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
            x = self._stage(f"encoder.{level}", "encoder", level, stage, x)
            taps.append(x)
            x = self._down(level, x)
        x = self._stage("bottleneck", "bottleneck", form.depth, form.bottleneck, x)
        for level in reversed(range(form.depth)):
            x = self._up(level, x, taps[level])
            x = self._skip(level, taps[level], x)
            x = self._stage(f"decoder.{level}", "decoder", level, form.decoder[level], x)
        return self._head(x)

    def _stage(self, path: str, role: Role, level: int, stage: StageForm, x: Value) -> Value:
        place = _Place(path, role, level, stage.block.word, stage.path)
        plan = StagePlan(stage.widths, stage.style)
        return self._region(place, (x,), stage.widths[-1], lambda b: stage.block.build(b, x, plan))

    def _down(self, level: int, x: Value) -> Value:
        down, style = self.form.downsample[level], self.form.encoder[level].style
        place = _Place(f"down.{level}", "down", level, down.word, ("downsample", level))
        return self._region(place, (x,), x.shape.channels, lambda b: down.build(b, x, style))

    def _up(self, level: int, x: Value, tap: Value) -> Value:
        up, style = self.form.upsample[level], self.form.decoder[level].style
        factor = spread(self.form.downsample[level].factor, self.form.dims, name="factor")
        site = UpSite(factor, tap.shape.channels, style)
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
            y = write_unit(b, x, self.form.out_channels, self.form.head)
            return write_activation(b, "output", y, self.form.output_activation)

        return self._region(_Place("head", "head", 0, "conv", ("head",)), (x,), self.form.out_channels, write)

    def _region(
        self, place: _Place, inputs: tuple[Value, ...], channels: int, write: Callable[[Builder], Value]
    ) -> Value:
        """Write a region; one that is refused is noted and given `channels`, so that the rest is looked at too."""
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
