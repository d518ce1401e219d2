"""Planes -> PNG: small files, the same bytes for the same pixels."""

from __future__ import annotations

import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from unetgen.featuremaps.planes import Plane

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
