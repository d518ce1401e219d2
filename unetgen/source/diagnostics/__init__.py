"""Findings about a spec: what they hold, which kinds exist, and how they are shown to people and programs.

This room knows places in text. It knows nothing of YAML, of Pydantic or of networks.
"""

from __future__ import annotations

from unetgen.source.diagnostics.characters import is_hidden, quoted, visible
from unetgen.source.diagnostics.codes import CODES
from unetgen.source.diagnostics.errors import InternalError, SpecError
from unetgen.source.diagnostics.model import CodeInfo, Diagnostic, Label
from unetgen.source.diagnostics.programs import render_github, render_json
from unetgen.source.diagnostics.suggest import did_you_mean, suggest
from unetgen.source.diagnostics.text import render_text

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
