"""Downsamplings: the way from one level to the next lower. A new one is a file here and a line in `DOWNS`."""

from __future__ import annotations

from typing import Annotated

from unetgen.parts.downsampling.base import Down, DownSite
from unetgen.parts.downsampling.blur_pool import BlurPool
from unetgen.parts.downsampling.first_conv import FirstConv
from unetgen.parts.downsampling.pool import AvgPool, MaxPool
from unetgen.parts.downsampling.strided_conv import StridedConv
from unetgen.parts.words import Choice

__all__ = ["DOWNS", "Down", "DownSite", "DownWord", "MaxPool"]

DOWNS: tuple[type[Down], ...] = (
    MaxPool,
    AvgPool,
    BlurPool,
    StridedConv,
    FirstConv,
)

DownWord = Annotated[Down, Choice("downsampling", DOWNS)]
"""The type of a field that holds a downsampling."""
