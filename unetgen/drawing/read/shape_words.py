"""How channels and sizes are written in a picture: in numbers, or in those of the input and of the first stage.

# NOTE: [H/2 and 2C]
A map of 286×286 in a network for 572×572 is H/2×W/2 only if it is half of the input at other sizes, too: after a
convolution without padding it is not. So sizes are traced once more, at an input twice as large. Channels are multiples
of the first stage's, or they stay numbers, all of them: a picture that says `C` here and `72` there says neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from unetgen.drawing.model.options import Sizes
from unetgen.drawing.read.words import shape_text, size_text
from unetgen.ir import Network, Shape, SizeError, trace
from unetgen.source.problem import Problem

AXES: Final = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
"""The letters of the axes, by how many there are: length, or depth, height and width."""
CHANNELS: Final = "C"
SIMPLE: Final = (1, 2, 4)
"""Shares of C with other denominators are harder to read than numbers."""


class NoSymbols(Problem):
    """The sizes of a network are no shares of its input's."""

    kind = "spec"


@dataclass(frozen=True, slots=True)
class ShapeWords:
    """What is written for channels and sizes.

    Args:
        shows_sizes: Whether sizes are written at maps.
        sizes: Texts of sizes; numbers stand for those that are not among them.
        channels: Texts of channels, likewise.
        legend: What the letters stand for, by letter.
    """

    shows_sizes: bool = True
    sizes: Mapping[tuple[int, ...], str] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)
    legend: tuple[tuple[str, str], ...] = ()

    @property
    def are_numbers(self) -> bool:
        """Whether sizes are written in numbers."""
        return not self.sizes

    def size(self, size: tuple[int, ...]) -> str:
        """Write the sizes of a map: `286²`, or `H/2×W/2`."""
        return self.sizes.get(size) or size_text(size)

    def channel(self, count: int) -> str:
        """Write a count of channels: `128`, or `2C`."""
        return self.channels.get(count) or str(count)

    def shape(self, shape: Shape) -> str:
        """Write channels and sizes: `128 × 286²`, or `2C × H/2×W/2`."""
        if self.are_numbers and not self.channels:
            return shape_text(shape)
        return f"{self.channel(shape.channels)} × {self.size(shape.size)}"


NUMBERS: Final = ShapeWords()


def shape_words(network: Network, sizes: Sizes) -> ShapeWords:
    """Find what is written for channels and sizes, see [H/2 and 2C].

    Raises:
        NoSymbols: Letters are asked for, and sizes are no shares of the input's.
    """
    if sizes != "symbolic":
        return NUMBERS if sizes == "nominal" else ShapeWords(shows_sizes=False)
    texts = _sizes(network)
    channels = _channels(network)
    size = network.input.shape.size
    letters = [("×".join(AXES[network.dims]), "×".join(map(str, size)))]
    letters += [(CHANNELS, str(count)) for count, text in channels.items() if text == CHANNELS]
    return ShapeWords(True, texts, channels, tuple(letters))


def _sizes(network: Network) -> dict[tuple[int, ...], str]:
    """Give the text of every size that grows with the input's."""
    size, letters = network.input.shape.size, AXES[network.dims]
    outputs = {node.path: node.output.shape.size for node in network.nodes}
    shares = {here: [Fraction(n, whole) for n, whole in zip(here, size, strict=True)] for here in outputs.values()}
    for path, here in outputs.items():
        if any(1 not in share.as_integer_ratio() for share in shares[here]):
            raise _refused(network, f"`{path}` gives {size_text(here)} of {size_text(size)}")
    texts = {size: "×".join(letters)}
    for (path, here), there in zip(outputs.items(), _twice(network), strict=True):
        if there == here:
            continue  # behind a global pool maps are 1×1, whatever the input
        if there != tuple(2 * n for n in here):
            found = f"`{path}` gives {size_text(here)}, and {size_text(there)} for an input twice as large"
            raise _refused(network, found)
        texts[here] = "×".join(map(_text, letters, shares[here]))
    return texts


def _twice(network: Network) -> tuple[tuple[int, ...], ...]:
    """Give the size that every node gives for an input twice as large."""
    size = tuple(2 * n for n in network.input.shape.size)
    try:
        return tuple(node.output.shape.size for node in trace(network, size).nodes)
    except SizeError as error:
        raise _refused(network, f"an input of {size_text(size)} is not legal, as {error}") from None


def _refused(network: Network, reason: str) -> NoSymbols:
    headline = f"sizes of {network.name} are no shares of the input's: {reason}"
    return NoSymbols(headline, "choose `nominal` sizes, or `none`")


def _channels(network: Network) -> dict[int, str]:
    """Give the text of every count of channels inside the network; nothing where one is no simple share of C."""
    first = next((region.output.shape.channels for region in network.regions if not region.is_between), 0)
    ends = {network.input.shape.channels, *(value.shape.channels for value in network.outputs)} - {first}
    inside = {node.output.shape.channels for node in network.nodes if node.output.shape.pixels > 1} - ends
    shares = {count: Fraction(count, first) for count in sorted(inside)} if first else {}
    if any(share.denominator not in SIMPLE for share in shares.values()):
        return {}
    return {count: _text(CHANNELS, share) for count, share in shares.items()}


def _text(letter: str, share: Fraction) -> str:
    """Write a share of what a letter stands for.

    Example:
        >>> _text("H", Fraction(1)), _text("H", Fraction(1, 4)), _text("C", Fraction(3, 2)), _text("C", Fraction(10))
        ('H', 'H/4', '3C/2', '10C')
    """
    times = "" if share.numerator == 1 else str(share.numerator)
    return f"{times}{letter}" if share.denominator == 1 else f"{times}{letter}/{share.denominator}"
