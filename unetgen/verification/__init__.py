"""Proof that a compiled network is a published one: the same weights go in, the same numbers come out.

The rooms that run modules import torch, and those that draw weights numpy. `unetgen.transplant` and `unetgen.verify`
reach them when they are asked for; importing this package needs neither.
"""

from __future__ import annotations

from unetgen.source.problem import CannotVerify, TransplantError, TransplantWarning
from unetgen.verification.result import Verification

__all__ = ["CannotVerify", "TransplantError", "TransplantWarning", "Verification"]
