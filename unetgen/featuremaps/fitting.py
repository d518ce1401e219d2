"""An image -> what a network takes: its channels, a legal size, numbers of mean 0 and deviation 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from unetgen.analyses import legal_sizes, macs, memory, parameters
from unetgen.analyses.op_names import axes_text
from unetgen.analyses.sizes import complete
from unetgen.backends.running import Array
from unetgen.drawing.read.words import count_text
from unetgen.featuremaps.images import Image
from unetgen.ir import Network, trace
from unetgen.source.problem import CannotRun, TooLarge

MAX_MACS: Final = 20 * 10**12
"""Multiply-accumulates of one run: minutes on a small machine."""
MAX_BYTES: Final = 8 * 2**30
"""Of weights, and of maps that are alive at once."""
BYTES: Final = 4
"""Of one float32."""
LUMINANCE: Final = (0.299, 0.587, 0.114)
"""How bright red, green and blue are (ITU-R BT.601)."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """An image as a network takes it, and the network at its size.

    Args:
        seen: The numbers as they are in the file, for the picture of the input.
        values: The same with mean 0 and deviation 1.
        note: What was done.
    """

    network: Network
    seen: Array
    values: Array
    is_eight_bit: bool
    note: str


def fit(image: Image, network: Network) -> Fitted:
    """Make an image what a network takes.

    Raises:
        CannotRun: It has other channels or is too small.
        TooLarge: It is so large that running would take too long, or too much memory.
    """
    values, words = _with_channels(image, network.input.shape.channels)
    size, whole = _size(image, values.shape[1:], network), values.shape[1:]
    if size != whole:
        values = values[(slice(None), *map(_middle, whole, size))]
    traced = trace(network, size)
    _hold_to_limits(traced, image)
    place = f"{axes_text(size)} from the middle of {axes_text(whole)}" if size != whole else axes_text(size)
    note = ", ".join(filter(None, (image.name, image.note, place, words, "mean 0, deviation 1")))
    return Fitted(traced, values, _standardised(values), image.is_eight_bit, note)


def _middle(whole: int, part: int) -> slice:
    start = (whole - part) // 2
    return slice(start, start + part)


def _with_channels(image: Image, channels: int) -> tuple[Array, str]:
    values, found = image.values, image.values.shape[0]
    if found == channels:
        return values, ""
    if found == 1 and channels == 3:
        return np.repeat(values, 3, axis=0), "grey repeated"
    if found == 3 and channels == 1:
        weights = np.array(LUMINANCE, np.float32).reshape(3, *[1] * (values.ndim - 1))
        return (values * weights).sum(axis=0, keepdims=True), "luminance"
    help = f"give an array of {channels} × {axes_text(values.shape[1:])} as .npy, or `--set in_channels={found}`"
    raise CannotRun(f'"{image.name}" has {_channels(found)}, the network takes {channels}', help)


def _channels(count: int) -> str:
    return f"{count} channel{'' if count == 1 else 's'}"


def _size(image: Image, size: tuple[int, ...], network: Network) -> tuple[int, ...]:
    """Give the size itself if it is legal, else the nearest one that fits into it."""
    legal = legal_sizes(network)
    if legal.allows(size):
        return size
    near = legal.nearest(size)
    below, above = complete(tuple(low for low, _ in near)), complete(tuple(high for _, high in near))
    if below is not None:
        return below
    helps = (f"the nearest legal size is {axes_text(above)}",) if above else ()
    headline = f'"{image.name}" is {axes_text(size)}, too small for the network'
    raise CannotRun(headline, *helps, f"legal sizes: {legal.describe()}")


def _hold_to_limits(network: Network, image: Image) -> None:
    size = axes_text(network.input.shape.size)
    help = "cut out or shrink the image, or draw without it"
    if (work := macs(network).total) > MAX_MACS:
        counts = f"{count_text(work)} multiply-accumulates, the limit is {count_text(MAX_MACS)}"
        raise TooLarge(f'running on "{image.name}" at {size} takes {counts}', help)
    if (room := memory(network).peak + BYTES * parameters(network).total) > MAX_BYTES:
        counts = f"{room / 2**30:.3g} GiB for maps and weights, the limit is {MAX_BYTES // 2**30} GiB"
        raise TooLarge(f'running on "{image.name}" at {size} takes {counts}', help)


def _standardised(values: Array) -> Array:
    mean, deviation = values.mean(dtype=np.float64), values.std(dtype=np.float64)
    standardised: Array = ((values - mean) / (deviation or 1)).astype(np.float32)
    return standardised
