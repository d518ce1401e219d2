"""Findings about a spec: what they hold, which kinds exist, and how they are shown (one renderer per file).

This room knows places in text. It knows nothing of YAML, of Pydantic or of networks.
"""

from __future__ import annotations

from unetgen.diagnostics.characters import is_hidden, quoted, visible
from unetgen.diagnostics.codes import CODES, CodeInfo
from unetgen.diagnostics.errors import InternalError, SpecError
from unetgen.diagnostics.github import render_github
from unetgen.diagnostics.json import render_json
from unetgen.diagnostics.model import Diagnostic, Label
from unetgen.diagnostics.suggest import did_you_mean, suggest
from unetgen.diagnostics.text import render_text

__all__ = [
    "CODES",
    "CodeInfo",
    "Diagnostic",
    "InternalError",
    "Label",
    "SpecError",
    "did_you_mean",
    "is_hidden",
    "quoted",
    "render_github",
    "render_json",
    "render_text",
    "suggest",
    "visible",
]
