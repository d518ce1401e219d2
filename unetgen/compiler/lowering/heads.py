"""Heads and what becomes of them: the main output, further ones for deep supervision, and their fusion."""

from __future__ import annotations

from unetgen.compiler.forms import HeadForm
from unetgen.compiler.lowering.regions import Place, Regions
from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.units import pointwise, write_activation, write_parts, write_unit
from unetgen.source.text import SpecPath

_WRITTEN: SpecPath = ("supervision",)


class Heads:
    """The heads of one network, put on maps when these are computed or at the end, as the spec asks.

    A map is known by its number: its level, or in a nested topology its column in the top row.
    """

    def __init__(self, r: Regions, main: int) -> None:
        self.r = r
        self.main = main
        self.spec = r.form.supervision
        self.maps: dict[int, Value] = {}
        self.raw: dict[int, Value] = {}

    def meet(self, number: int, x: Value) -> None:
        """Take note of a map, and put its head on it at once if heads are computed with their maps."""
        self.maps[number] = x
        if (
            self.spec.order == "with_level"
            and self.spec.returns.in_eval != "skip"
            and (number in self.spec.numbers or number == self.main)
        ):
            self._write(number)

    def outputs(self) -> tuple[tuple[Value, ...], int]:
        """Write what is missing; give the outputs in the order of return, and which of them is the main one."""
        outputs, main = self._outputs()
        self._need_equal_channels(outputs)
        return outputs, main

    def _outputs(self) -> tuple[tuple[Value, ...], int]:
        numbers = sorted({self.main, *self.spec.numbers})
        if self.spec.active and self.spec.returns.in_eval == "skip":
            return self._main_first(numbers)
        for number in reversed(numbers) if self.spec.order == "coarsest_first" else numbers:
            if number not in self.raw:
                self._write(number)
        if not self.spec.active:
            return (self.raw[self.main],), 0
        resized = {number: self._resized(number) for number in numbers}
        fused = (self._fused(tuple(resized.values())),) if self.spec.fuse else ()
        if fused and self.spec.returns.form == "last":
            return fused, 0
        finished = tuple(self._finished(number, x) for number, x in resized.items())
        return (*fused, *finished), 0 if fused else numbers.index(self.main)

    def _main_first(self, numbers: list[int]) -> tuple[tuple[Value, ...], int]:
        """Finish the main output before the others are begun, so that eval mode can stop there."""
        finished: dict[int, Value] = {}
        for number in sorted(numbers, key=lambda n: (n != self.main, n)):
            self._write(number)
            finished[number] = self._finished(number, self._resized(number))
        return tuple(finished[number] for number in numbers), numbers.index(self.main)

    def _write(self, number: int) -> None:
        """Write the head of one map; without supervision, the network's last activation goes with it."""
        main, x = number == self.main, self.maps[number]
        path, was = ("head", "") if main else (f"head{number}", f"heads.{number}")
        place = Place(path, "head", self._level(number), "conv", ("head",), aside=not main, was=was)
        last = not self.spec.active

        def write(b: Builder) -> Value:
            y = self._write_head(b, number, x)
            return write_activation(b, "output", y, self.r.form.output_activation) if last else y

        self.raw[number] = self.r.region(place, (x,), self.r.form.out_channels, write)

    def _write_head(self, b: Builder, number: int, x: Value) -> Value:
        """Write a last convolution and what stands in front of it; nothing where there is none."""
        form = self.r.form
        if form.head is None:
            # Of several outputs only the main one is promised so many channels, and a fused one has them anyway.
            if number == self.main and not self.spec.fuse:
                self._need_channels(x)
            return x
        if form.head.before is not None:
            beside = (*form.decoder, form.bottleneck)[self._level(number)].style
            with b.scope("before"):
                x = form.head.before.build(b, x, form.out_channels, beside)
        return _write_last(b, x, form.out_channels, form.head)

    def _need_channels(self, x: Value) -> None:
        """Hold `out_channels`, where it is written, to what a network without a head gives."""
        findings, given, wanted = self.r.findings, x.shape.channels, self.r.form.out_channels
        if "out_channels" in findings.spec.model_fields_set and given != wanted:
            headline = f"`head: none` leaves the output at {given} channels, `out_channels` says {wanted}"
            help = f"let the last stage give {wanted} channels, take `out_channels` out, or keep the head"
            also = [(("head",), "no convolution here")]
            findings.add("U205", headline, ("out_channels",), label="without effect", help=help, also=also)

    def _need_equal_channels(self, outputs: tuple[Value, ...]) -> None:
        """Hold outputs that are stacked to one number of channels."""
        channels = sorted({value.shape.channels for value in outputs})
        if self.spec.returns.form == "stack" and len(channels) > 1:
            headline = f"outputs of {' and '.join(map(str, channels))} channels cannot be stacked"
            help = "keep the head, which gives all outputs `out_channels`, or write `returns: list`"
            also = [(("head",), "no convolution here")]
            path = (*_WRITTEN, "returns")
            self.r.findings.add("U214", headline, path, label="needs equal channels", help=help, also=also)

    def _level(self, number: int) -> int:
        return 0 if self.main else number

    def _resized(self, number: int) -> Value:
        """Bring an output to the size of the main one, where that is asked for."""
        x, main = self.raw[number], self.raw[self.main]
        if number == self.main or (self.spec.size == "native" and not self.spec.fuse):
            return x
        place = Place(f"resized.{number}", "head", self._level(number), "", _WRITTEN, use="resize")
        op = ops.ResizeLike(self.spec.resize)
        return self.r.region(place, (x, main), x.shape.channels, lambda b: b("resize", op, x, main))

    def _fused(self, outputs: tuple[Value, ...]) -> Value:
        """Concatenate all outputs and weigh them by a 1×1 convolution."""
        form = self.r.form

        def write(b: Builder) -> Value:
            with b.scope(kind="join"):
                y = b("concat", ops.Concat(), *outputs)
            y = write_unit(b, y, form.out_channels, pointwise(form.dims))
            return write_activation(b, "output", y, form.output_activation)

        return self.r.region(Place("fuse", "head", 0, "", _WRITTEN, use="fuse"), outputs, form.out_channels, write)

    def _finished(self, number: int, x: Value) -> Value:
        """Apply the network's last activation to one output."""
        word = self.r.form.output_activation
        place = Place(f"outputs.{number}", "head", self._level(number), "", _WRITTEN, use="output")
        return self.r.region(place, (x,), x.shape.channels, lambda b: write_activation(b, "output", x, word))


def _write_last(b: Builder, x: Value, channels: int, head: HeadForm) -> Value:
    style = head.style
    if not head.transposed:
        return write_unit(b, x, channels, style)
    ones, nothing = (1,) * len(style.kernel_size), (0,) * len(style.kernel_size)
    op = ops.ConvTransposed(channels, style.kernel_size, ones, nothing, nothing, 1, style.has_bias)
    return write_parts(b, x, op, style)
