"""Writing the regions that every topology is made of: stages, ways down and up, joins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from unetgen.compiler.findings import Findings
from unetgen.compiler.forms import NormalForm, StageForm
from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import RegionUse, Role, Value
from unetgen.parts.blocks import StagePlan, write_blocks
from unetgen.parts.downsampling import DownSite
from unetgen.parts.skips import JoinSite
from unetgen.parts.upsampling import UpSite
from unetgen.source.problem import Refusal
from unetgen.source.text import SpecPath


@dataclass(frozen=True, slots=True)
class Place:
    """A region to be written: its path in the network and its path in the spec; the rest is as in `Region`."""

    path: str
    role: Role
    level: int
    kind: str
    written: SpecPath
    column: int | None = None
    aside: bool = False
    use: RegionUse | None = None
    was: str = ""


class Regions:
    """One form on its way to a network: the builder, the input, and what could not be built."""

    def __init__(self, form: NormalForm, findings: Findings) -> None:
        self.form = form
        self.findings = findings
        self.builder = Builder()
        self.input = self.builder.input(form.in_channels)

    def stem(self) -> Value:
        """Write the stem, if there is one, and give what the encoder takes."""
        stem = self.form.stem
        return self.input if stem is None else self.stage(Place("stem", "stem", 0, "", stem.path), stem, self.input)

    def encoder(self, level: int, x: Value) -> Value:
        """Write the encoder stage of a level, or the bottleneck at the lowest."""
        role: Role = "encoder" if level < self.form.depth else "bottleneck"
        stage = (*self.form.encoder, self.form.bottleneck)[level]
        # The encoder is the first column where nodes stand in rows.
        column = 0 if self.form.topology.nested else None
        place = Place(_path(role, level) if role == "encoder" else role, role, level, "", stage.path, column=column)
        return self.stage(place, stage, x, stride=self._stride(level))

    def stage(self, place: Place, stage: StageForm, x: Value, *, stride: ops.Axes | None = None) -> Value:
        """Write a stage of convolutions; one without convolutions gives what it takes."""
        if not stage.widths:
            self._need_no_stride(place, stride)
            return x
        place = replace(place, kind=stage.block.word)
        return self.region(place, (x,), stage.channels, lambda b: _write_blocks(b, x, stage, stride))

    def down(self, level: int, x: Value) -> Value:
        """Write the way from a level to the next lower one; nothing where the stage below moves by itself."""
        down = self.form.downsample[level]
        below = (*self.form.encoder, self.form.bottleneck)[level + 1]
        site = DownSite(below.given_channels, self.form.encoder[level].style)
        place = Place(_path("down", level), "down", level, down.word, ("downsample", level))
        return self.region(place, (x,), x.shape.channels, lambda b: down.build(b, x, site))

    def up(self, level: int, x: Value, skip: Value, *, column: int | None = None) -> Value:
        """Write the way from the map below to a level; `skip` is what the result will meet."""
        up, style = self.form.upsample[level], self.form.decoder[level].style
        site = UpSite(self.form.downsample[level].factors(self.form.dims), skip, style)
        place = _in_row(Place(_path("up", level), "up", level, up.word, ("upsample", level)), column)
        inputs = (x, skip) if up.meets_skip else (x,)
        return self.region(place, inputs, skip.shape.channels, lambda b: up.build(b, x, site))

    def path(self, level: int, x: Value) -> Value:
        """Take the encoder's map of a level along its skip's path, where that is walked before the next level."""
        skip = self.form.skip[level]
        if not skip.path_first:
            return x
        # Steps that listen to the decoder are never first, so nothing looks at these maps.
        site = JoinSite((x,), x, x, self.form.decoder[level].style)
        place = Place(_path("path", level), "skip", level, "", ("skip", level), use="path")
        return self.region(place, (x,), x.shape.channels, lambda b: skip.walk(b, x, site))

    def join(
        self, level: int, skips: tuple[Value, ...], up: Value, below: Value, *, column: int | None = None
    ) -> Value:
        """Write the meeting of the maps of a level with the upsampled one; `below` is the map it was made from."""
        skip = self.form.skip[level]
        if not skip.join.meets:
            return up
        site = JoinSite(skips, up, below, self.form.decoder[level].style)
        place = _in_row(Place(_path("skip", level), "skip", level, skip.join.word, ("skip", level)), column)
        inputs = (*skips, up, below) if skip.hears_below else (*skips, up)
        return self.region(place, inputs, up.shape.channels, lambda b: skip.build(b, site))

    def decoder(self, level: int, x: Value, stage: StageForm | None = None, *, column: int | None = None) -> Value:
        """Write the decoder stage of a level, or another one in its place."""
        stage = stage or self.form.decoder[level]
        place = _in_row(Place(_path("decoder", level), "decoder", level, "", stage.path), column)
        return self.stage(place, stage, x)

    def region(
        self, place: Place, inputs: tuple[Value, ...], channels: int, write: Callable[[Builder], Value]
    ) -> Value:
        """Write a region; one that is refused is noted and given `channels`, so that the rest is looked at too."""
        b = self.builder
        span = self.findings.spec.span(place.written)
        with b.region(
            place.path, role=place.role, level=place.level, kind=place.use or place.kind, inputs=inputs, span=span,
            column=place.column, aside=place.aside, use=place.use, was=place.was,
        ):  # fmt: skip
            try:
                return b.close(write(b))
            except Refusal as refusal:
                self._note(refusal, place)
                return b.close(b.stand_in(channels))

    def _note(self, refusal: Refusal, place: Place) -> None:
        path = place.written if refusal.key == place.written[0] else (*place.written, refusal.key)
        note = f"found while building {place.path}"
        self.findings.add(refusal.code, refusal.headline, path, help=refusal.helps[0], notes=[note])

    def _stride(self, level: int) -> ops.Axes | None:
        """Give the stride that the stage of a level starts with, where the way down is left to it."""
        if level == 0 or not self.form.downsample[level - 1].in_stage:
            return None
        return self.form.downsample[level - 1].factors(self.form.dims)

    def _need_no_stride(self, place: Place, stride: ops.Axes | None) -> None:
        if stride is not None and max(stride) > 1:
            headline = f"`downsample: first_conv` leaves the way down to {place.path}, which has no convolution"
            self.findings.add("U207", headline, place.written, help="give the stage a convolution, or choose a pool")


def _path(word: str, level: int) -> str:
    return f"{word}.{level}"


def _in_row(place: Place, column: int | None) -> Place:
    """Give the place in a row of a nested network: `decoder0_1`, as columns start at 1 and lists do not."""
    if column is None:
        return place
    return replace(place, path=f"{place.role}{place.level}_{column}", column=column, was=f"{place.path}.{column}")


def _write_blocks(b: Builder, x: Value, stage: StageForm, stride: ops.Axes | None) -> Value:
    """Write the blocks of a stage one after the other; only the first one moves by the stride."""
    ones = (1,) * len(stage.style.kernel_size)
    plan = StagePlan(stage.widths, stage.units, stage.style, stride or ones)
    if stage.attention.at_join:
        with b.scope("before"):
            x = stage.attention.build(b, x, stage.style)

    def weigh(y: Value) -> Value:
        return stage.attention.build(b, y, stage.style)

    return write_blocks(b, x, stage.block, plan, repeat=stage.repeat, after=weigh if stage.attention.at_block else None)
