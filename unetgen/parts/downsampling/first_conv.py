"""Downsampling inside the stage below."""

from __future__ import annotations

from typing import ClassVar

from unetgen.ir.builder import Builder
from unetgen.ir.network import Value
from unetgen.parts.downsampling.base import Down, DownSite


class FirstConv(Down):
    """The first convolution of the stage below moves by the factor; nothing stands between the levels.

    References:
        Isensee et al. 2018, "nnU-Net", arXiv:1809.10486.
    """

    word: ClassVar[str] = "first_conv"
    in_stage: ClassVar[bool] = True

    def shrink(self, b: Builder, x: Value, site: DownSite) -> Value:
        return x
