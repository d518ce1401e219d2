"""The two ways in which a compilation ends early."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from unetgen.source.diagnostics.codes import CODES
from unetgen.source.diagnostics.model import Diagnostic, Kind
from unetgen.source.diagnostics.text import render_text

MAX_FINDINGS: Final = 100
"""Most findings that one error carries: a hostile file could hold twenty thousand mistakes."""


class InternalError(Exception):
    """A promise of unetgen's own is broken. It never points at the user's file."""


class SpecError(Exception):
    """A stage refuses a spec, with everything that it found, sorted by place.

    Of more than `MAX_FINDINGS` findings the first ones are kept, and the last of these says how many are left out.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        found = sorted(diagnostics, key=_place)
        if not found:
            raise InternalError("a SpecError without a finding")
        self.diagnostics: tuple[Diagnostic, ...] = _first(found)
        super().__init__(self.diagnostics)

    @property
    def kind(self) -> Kind:
        """Say "limit" if only limits were exceeded, else "spec"."""
        return "limit" if all(CODES[finding.code].kind == "limit" for finding in self.diagnostics) else "spec"

    def __str__(self) -> str:
        return render_text(self.diagnostics)


def _place(finding: Diagnostic) -> tuple[bool, str, int, int]:
    if not finding.labels:
        return (True, "", 0, 0)
    span = finding.labels[0].span
    return (False, span.source.name, span.line, span.column)


def _first(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    left_out = len(found) - MAX_FINDINGS
    if left_out <= 0:
        return tuple(found)
    last = found[MAX_FINDINGS - 1]
    note = f"{left_out:,} more findings are not shown"
    return (*found[: MAX_FINDINGS - 1], replace(last, notes=(*last.notes, note)))
