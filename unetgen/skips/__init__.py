"""Skips: how the encoder's map meets the upsampled one. A new join is a file here and a line in `JOINS`."""

from __future__ import annotations

from unetgen.skips.joins import JOINS
from unetgen.skips.skip import Skip, SkipWord

__all__ = ["JOINS", "Skip", "SkipWord"]
