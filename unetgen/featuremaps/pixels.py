"""Maps -> small pictures: which channel is shown, how it is stretched, at how many pixels, and the bytes of a PNG.

The same pixels give the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from unetgen.backends.run import Array

Plane = NDArray[np.float64]
"""Numbers by row and column."""
LOWEST, HIGHEST = 1, 99
"""The percentiles that become dark and bright."""
BORDER: Final = 0.1
"""The part of a side that is its border, at either end."""
Number = TypeVar("Number", np.float32, np.float64)
GREY: Final = 0.5
"""What a map is shown as that is the same everywhere."""
LEVELS: Final = 64
"""Steps from dark to bright: more are hardly seen in a small picture, and cost a third of its bytes more."""
Ramp = tuple[tuple[int, int, int], ...]
"""Colours at equal distances, from dark to bright."""
COLOURS: Final[Ramp] = (
    (68, 1, 84), (72, 40, 120), (62, 73, 137), (49, 104, 142), (38, 130, 142), (31, 158, 137), (53, 183, 121),
    (110, 206, 88), (181, 222, 43), (253, 231, 37),
)  # fmt: skip
"""Nine steps of viridis: as bright as the number is large, for every kind of colour vision."""
GREYS: Final[Ramp] = ((0, 0, 0), (255, 255, 255))
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
PALETTE, TRUE_COLOUR = 3, 2
"""Kinds of PNG."""


def busiest(values: Array, count: int = 1) -> tuple[int, ...]:
    """Name the channels that vary most inside their border, in the order in which they stand.

    What padding does to a border is often stronger than anything else in a map.

    Example:
        >>> busiest(np.array([[0, 0], [3, 9], [1, 2]], np.float32), 2)
        (1, 2)
    """
    inner = _inside(_front(values), 1)
    variances = inner.reshape(len(inner), -1).var(axis=1, dtype=np.float64)
    return tuple(sorted(int(number) for number in np.argsort(-variances, kind="stable")[:count]))


def plane_of(values: Array, channels: tuple[int, ...]) -> Plane:
    """Give what is shown of a map: a channel; its middle slice; of signals, positions by channels."""
    front = _front(values)[list(channels)].astype(np.float64)
    return front.T if front.ndim == 2 else front[0]


def _front(values: Array) -> Array:
    """Give the middle slice of a volume, and anything else as it is."""
    return values[:, values.shape[1] // 2] if values.ndim == 4 else values


def _inside(array: NDArray[Number], first: int) -> NDArray[Number]:
    """Leave out the border of every axis from `first` on."""
    cuts = tuple(slice(round(BORDER * size), size - round(BORDER * size)) for size in array.shape[first:])
    return array[(slice(None),) * first + cuts]


def resampled(plane: Plane, width: int, height: int) -> Plane:
    """Bring a plane to about so many pixels: averaged over areas where it has more, repeated where it has fewer."""
    return _along(_along(plane, height).T, width).T


def _along(plane: Plane, count: int) -> Plane:
    found = len(plane)
    if found <= count:
        return np.repeat(plane, max(1, round(count / found)), axis=0)
    edges = np.linspace(0, found, count + 1)
    starts = np.arange(found)
    overlap = np.minimum(edges[1:, None], starts + 1) - np.maximum(edges[:-1, None], starts)
    weights = overlap.clip(min=0) * count / found
    averaged: Plane = weights @ plane
    return averaged


def stretched(plane: Plane) -> Plane:
    """Stretch a plane to 0 to 1, from the 1st to the 99th percentile of what is inside its border.

    Where those are equal, from the least to the greatest; a plane that is the same everywhere becomes grey.
    """
    low, high = np.percentile(_inside(plane, 0), (LOWEST, HIGHEST))
    if not low < high:
        low, high = plane.min(), plane.max()
    if not low < high:
        return np.full_like(plane, GREY)
    bright: Plane = ((plane - low) / (high - low)).clip(0, 1)
    return bright


def plane_png(plane: Plane, ramp: Ramp) -> bytes:
    """Write numbers from 0 to 1 in the colours of a ramp."""
    indices = np.rint(plane * (LEVELS - 1)).astype(np.uint8)
    return _png(indices, PALETTE, _chunk(b"PLTE", _palette(ramp)))


def colour_png(planes: tuple[Plane, Plane, Plane]) -> bytes:
    """Write red, green and blue from 0 to 1."""
    pixels = np.stack([np.rint(plane * 255).astype(np.uint8) for plane in planes], axis=-1)
    return _png(pixels, TRUE_COLOUR)


def _palette(ramp: Ramp) -> bytes:
    """Fill in between the colours of a ramp."""
    places = np.linspace(0, len(ramp) - 1, LEVELS)
    channels = (np.interp(places, range(len(ramp)), values) for values in zip(*ramp, strict=True))
    filled: bytes = np.rint(np.stack(tuple(channels), axis=-1)).astype(np.uint8).tobytes()
    return filled


def _png(pixels: NDArray[np.uint8], kind: int, palette: bytes = b"") -> bytes:
    height, width = pixels.shape[:2]
    header = struct.pack(">LLBBBBB", width, height, 8, kind, 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    data = zlib.compress(rows, 9)
    return b"".join((SIGNATURE, _chunk(b"IHDR", header), palette, _chunk(b"IDAT", data), _chunk(b"IEND", b"")))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))
