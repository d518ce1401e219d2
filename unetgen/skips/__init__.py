"""Skips: how the encoder's map meets the upsampled one. A new join is a file here and a line in `JOINS`."""

from __future__ import annotations

from unetgen.skips.joins import JOINS
from unetgen.skips.site import JoinSite
from unetgen.skips.skip import Skip, SkipWord
from unetgen.skips.steps import STEPS

__all__ = ["JOINS", "STEPS", "JoinSite", "Skip", "SkipWord"]
