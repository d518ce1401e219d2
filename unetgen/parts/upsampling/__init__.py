"""Upsamplings: the way from one level to the next higher. A new one is a file here and a line in `UPS`."""

from __future__ import annotations

from typing import Annotated

from unetgen.parts.upsampling.base import Up, UpSite
from unetgen.parts.upsampling.interpolation import Linear, Nearest
from unetgen.parts.upsampling.inverted import InvertedUp
from unetgen.parts.upsampling.none import NoUp
from unetgen.parts.upsampling.pixel_shuffle import PixelShuffleUp
from unetgen.parts.upsampling.transposed_conv import TransposedConv
from unetgen.parts.words import Choice

__all__ = ["UPS", "TransposedConv", "Up", "UpSite", "UpWord"]

UPS: tuple[type[Up], ...] = (
    TransposedConv,
    Nearest,
    Linear,
    PixelShuffleUp,
    InvertedUp,
    NoUp,
)

UpWord = Annotated[Up, Choice("upsampling", UPS)]
"""The type of a field that holds an upsampling."""
