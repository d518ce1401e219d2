"""Units: one convolution with its norm, activation and dropout, written into a builder.

Blocks, downsamplings, upsamplings and heads are all made of units; what a unit looks like is a `UnitStyle`, in which
every option of the language is resolved.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Literal

from unetgen.ir import ops
from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.catalog import ACTIVATIONS, NORMS
from unetgen.parts.unit_words import ActivationWord, DropoutWord, NormWord, Recurrent
from unetgen.source.problem import Refusal

PaddingRule = Literal["valid", "same", "same_end", "reflect", "replicate", "circular"] | ops.Axes

LETTERS = {"norm": "n", "activation": "a", "dropout": "d"}
"""The options that a unit's order may leave out, and their letters there."""


@dataclass(frozen=True, slots=True)
class UnitStyle:
    """How one unit looks; per-axis values have one number for each spatial axis."""

    kernel_size: ops.Axes
    padding: PaddingRule
    dilation: ops.Axes
    groups: int | Literal["depthwise"]
    bias: bool | Literal["auto"]
    norm: NormWord
    activation: ActivationWord
    order: str
    dropout: DropoutWord
    recurrent: Recurrent = Recurrent.model_construct()

    @property
    def parts(self) -> str:
        """The letters of the order that do something: no `n` without a norm, no `a` or `d` without theirs."""
        idle = {"n": self.norm.kind == "none", "a": self.activation.kind == "none", "d": not self.dropout.p}
        return "".join(letter for letter in self.order if not idle.get(letter, False))

    @property
    def has_bias(self) -> bool:
        """Whether the convolution has a bias: with `auto`, unless a norm that subtracts a mean comes next."""
        if self.bias != "auto":
            return self.bias
        after = self.parts.partition("c")[2].replace("d", "")
        return not (after.startswith("n") and NORMS[self.norm.kind].centres)

    @property
    def keeps_size(self) -> bool:
        """Whether the unit's output has the size of its input."""
        return not any(self._lost)

    @property
    def shrinks(self) -> bool:
        """Whether the kernel is wider than the padding makes good, so that each unit costs pixels."""
        return max(self._lost) > 0

    @property
    def _lost(self) -> tuple[int, ...]:
        """Pixels that the unit takes from its map on each axis, at stride 1."""
        pads = conv_pads(self, tuple(1 for _ in self.kernel_size))
        sizes = zip(self.dilation, self.kernel_size, pads, strict=True)
        return tuple(d * (k - 1) - sum(pair) for d, k, pair in sizes)

    def effective(self) -> UnitStyle:
        """Give the style without a norm, activation or dropout that its order leaves out."""
        norm = self.norm if "n" in self.order else NormWord("none")
        activation = self.activation if "a" in self.order else ActivationWord("none")
        return replace(
            self, norm=norm, activation=activation, dropout=self.dropout if "d" in self.order else DropoutWord()
        )

    @property
    def once(self) -> UnitStyle:
        """The style of a unit that looks like this one but never runs again."""
        return replace(self, recurrent=Recurrent())

    def beside(
        self, kernel_size: ops.Axes, padding: PaddingRule, *, order: str, bias: bool | Literal["auto"]
    ) -> UnitStyle:
        """Give the style of a convolution that stands beside such units: neither dilated nor grouped, and run once."""
        ones = (1,) * len(kernel_size)
        own = replace(self.once, kernel_size=kernel_size, padding=padding, dilation=ones, groups=1)
        return replace(own, order=order, bias=bias)

    def without(self, letter: str) -> UnitStyle:
        """Give the style with one letter taken out of its order."""
        return replace(self, order=self.order.replace(letter, ""))


_NO_NORM = NormWord("none")


def pointwise(dims: int, *, norm: NormWord = _NO_NORM) -> UnitStyle:
    """Give the style of a 1×1 convolution with a bias, a norm if one is given, and nothing else."""
    ones = (1,) * dims
    return UnitStyle(ones, "valid", ones, 1, True, norm, ActivationWord("none"), "cn", DropoutWord())


def conv_pads(style: UnitStyle, stride: ops.Axes) -> ops.Pads:
    """Work out the pixels to add before and after on each axis.

    `same` keeps the size at stride 1; an even kernel then needs one pixel more after than before, as torch's own
    `padding="same"` has it. With a stride it is the (kernel - 1) // 2 on both sides that torch users write. `same_end`
    is what TensorFlow does where the stride divides the size: as many pixels as the kernel reaches beyond its stride,
    the larger half after the map.
    """
    if isinstance(style.padding, tuple):
        return tuple((n, n) for n in style.padding)
    if style.padding == "valid":
        return tuple((0, 0) for _ in style.kernel_size)
    pads = _end_pads if style.padding == "same_end" else _same_pads
    return tuple(map(pads, style.kernel_size, style.dilation, stride))


def _end_pads(kernel: int, dilation: int, stride: int) -> tuple[int, int]:
    total = max(0, dilation * (kernel - 1) + 1 - stride)
    return total // 2, total - total // 2


def _same_pads(kernel: int, dilation: int, stride: int) -> tuple[int, int]:
    total = dilation * (kernel - 1)
    before = total // 2
    return (before, total - before) if stride == 1 else (before, before)


def _pad_mode(padding: PaddingRule) -> ops.PadMode:
    return padding if padding in ("reflect", "replicate", "circular") else "zeros"


def write_unit(
    b: Builder, x: Value, channels: int, style: UnitStyle, *, suffix: str = "", stride: ops.Axes | None = None
) -> Value:
    """Write a convolution with its norm, activation and dropout in their order.

    Nodes are called conv, norm, act, drop with the suffix.

    Raises:
        Refusal: The groups of the convolution or of the norm do not divide the channels.
    """
    conv = _conv(x.shape.channels, channels, style, stride or (1,) * len(style.kernel_size))
    y = write_parts(b, x, conv, style, suffix=suffix)
    return _run_again(b, x, y, conv, style, suffix) if style.recurrent.times else y


def _run_again(b: Builder, x: Value, y: Value, conv: ops.Conv, style: UnitStyle, suffix: str) -> Value:
    """Run a unit on its input plus its last output (Alom et al. 2018, arXiv:1802.06955, with the same weights)."""
    if x.shape.channels != y.shape.channels or max(conv.stride) > 1:
        headline = f"a recurrent unit adds its output to its input, but turns {x.shape.channels} channels into "
        help = "give the unit as many channels as it takes, for example behind a projection"
        raise Refusal("U208", f"{headline}{y.shape.channels}", key="recurrent", help=help)
    weights = "the same weights" if style.recurrent.shared else "weights of its own each time"
    runs = 1 + style.recurrent.times
    says = f"runs {runs} times, each on the input plus the last result, with {weights}"
    for turn in range(1, runs):
        again = f"again{suffix}_{turn}" if style.recurrent.shared else ""
        was = (f"again{b.behind}{suffix}_{turn}", "")
        with (
            unit_scope(b, suffix),
            b.scope(again, kind="repetition", number=turn, sign=f"×{runs}", says=says, word="again", was=was),
        ):
            if style.recurrent.shared:
                y = write_parts(b, b("sum", ops.Add(), x, y), conv, style, suffix=suffix, shared=True)
                continue
            y = b(f"sum{suffix}_{turn}", ops.Add(), x, y)
            with b.scope(f"again{suffix}.{turn - 1}", number=turn, word="again", was=("", suffix)):
                y = write_parts(b, y, conv, style)
    return y


def unit_scope(b: Builder, suffix: str) -> AbstractContextManager[None]:
    """Declare a unit; those of one block are told apart by the number behind the names of their nodes."""
    return b.scope(kind="unit", number=int(suffix) if suffix else None)


def write_parts(
    b: Builder,
    x: Value,
    conv: ops.Conv | ops.ConvTransposed,
    style: UnitStyle,
    *,
    suffix: str = "",
    shared: bool = False,
) -> Value:
    """Write a unit around any convolution: its parts in the order of the style; `shared` as in `Builder`."""
    with unit_scope(b, suffix):
        for letter in style.parts:
            match letter:
                case "c":
                    x = b(f"conv{suffix}", conv, x, shared=shared)
                case "n":
                    x = write_norm(b, f"norm{suffix}", x, style.norm, shared=shared)
                case "a":
                    x = write_activation(b, f"act{suffix}", x, style.activation, shared=shared)
                case _:
                    x = b(f"drop{suffix}", ops.Dropout(style.dropout.p, style.dropout.kind), x)
    return x


def _conv(taken: int, given: int, style: UnitStyle, stride: ops.Axes) -> ops.Conv:
    groups = taken if style.groups == "depthwise" else style.groups
    if taken % groups or given % groups:
        headline = f"{groups} groups do not divide a convolution from {taken} to {given} channels"
        raise Refusal("U203", headline, key="groups", help="choose groups that divide both numbers of channels")
    pads = conv_pads(style, stride)
    mode = _pad_mode(style.padding)
    return ops.Conv(given, style.kernel_size, stride, pads, mode, style.dilation, groups, style.has_bias)


def write_norm(
    b: Builder, name: str, x: Value, word: NormWord, *, shared: bool = False, shares: str | None = None
) -> Value:
    """Write a normalisation; nothing for `none`. `shared` and `shares` are as in `Builder`."""
    if word.kind == "none":
        return x
    # NOTE: Any, since every option has the type of its field in `Norm`.
    channels, options = x.shape.channels, dict[str, Any](word.options)
    groups = _norm_groups(channels, options.pop("groups", NORMS[word.kind].groups), options.pop("when_fewer", ""))
    op = replace(NORMS[word.kind].op, **options, groups=groups)
    return b(name, op, x, shared=shared, shares=shares if op.weights(channels) else None)


def _norm_groups(channels: int, groups: int | Literal["channels"] | None, when_fewer: str) -> int:
    if groups == "channels":
        return channels
    if groups is None or (channels < groups and when_fewer == "one"):
        return 1
    if channels % groups:
        headline = f"{groups} groups of a group norm do not divide {channels} channels"
        fewer = ", or write `when_fewer: one` for a single group there" if channels < groups else ""
        raise Refusal("U203", headline, key="norm", help=f"choose groups that divide {channels}{fewer}")
    return groups


def write_activation(b: Builder, name: str, x: Value, word: ActivationWord, *, shared: bool = False) -> Value:
    """Write an activation; nothing for `none`."""
    if word.kind == "none":
        return x
    slopes = x.shape.channels if word.per_channel else 1
    op = ops.Activation(word.kind, word.options, slopes if ACTIVATIONS[word.kind].learned else 0)
    return b(name, op, x, shared=shared)
