"""Proof that a compiled network is a published one: the same weights go in, the same numbers come out.

This room runs modules, so it imports torch; nothing else imports this room before it is asked for.
"""

from __future__ import annotations

from unetgen.verification.result import Verification
from unetgen.verification.transplanting import transplant
from unetgen.verification.trouble import CannotVerify, TransplantError, TransplantWarning
from unetgen.verification.verifying import verify

__all__ = ["CannotVerify", "TransplantError", "TransplantWarning", "Verification", "transplant", "verify"]
