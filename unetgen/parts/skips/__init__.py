"""Skips: how the encoder's map meets the upsampled one. A new join is a file here and a line in `JOINS`."""

from __future__ import annotations

from unetgen.parts.skips.base import JoinSite
from unetgen.parts.skips.joins import JOINS
from unetgen.parts.skips.skip import Skip, SkipWord
from unetgen.parts.skips.steps import STEPS

__all__ = ["JOINS", "STEPS", "JoinSite", "Skip", "SkipWord"]
