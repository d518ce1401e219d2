"""Findings for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypedDict

from unetgen.source.diagnostics.model import Diagnostic, Label


class _Place(TypedDict):
    file: str | None
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Write a JSON array with one object per finding, in ASCII.

    Each has `code`, `severity` ("error"), `kind` ("spec" or "limit"), `message`, the primary place (`file`, `line`,
    `column`, `end_line`, `end_column`: from 1, end exclusive, null if the spec was not text), `labels` (each a place
    and its `text`), `help`, `notes` and `path`.
    """
    return json.dumps([_finding(diagnostic) for diagnostic in diagnostics], indent=2)


def _finding(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.code,
        "severity": "error",
        "kind": diagnostic.kind,
        "message": diagnostic.headline,
        **_place(diagnostic.labels[0] if diagnostic.labels else None),
        "labels": [{**_place(label), "text": label.text} for label in diagnostic.labels],
        "help": list(diagnostic.help),
        "notes": list(diagnostic.notes),
        "path": list(diagnostic.path),
    }


def _place(label: Label | None) -> _Place:
    if label is None:
        return {"file": None, "line": None, "column": None, "end_line": None, "end_column": None}
    span = label.span
    return {
        "file": span.source.name,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
