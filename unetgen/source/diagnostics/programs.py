"""Findings for programs: as JSON, and as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from unetgen.source.diagnostics.characters import visible
from unetgen.source.diagnostics.codes import CODES
from unetgen.source.diagnostics.model import Diagnostic, Label

_PLACE: Final = ("file", "line", "column", "end_line", "end_column")


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
        "kind": CODES[diagnostic.code].kind,
        "message": diagnostic.headline,
        **_place(diagnostic.labels[0] if diagnostic.labels else None),
        "labels": [{**_place(label), "text": label.text} for label in diagnostic.labels],
        "help": list(diagnostic.help),
        "notes": list(diagnostic.notes),
        "path": list(diagnostic.path),
    }


def _place(label: Label | None) -> dict[str, str | int | None]:
    if label is None:
        return dict.fromkeys(_PLACE)
    span = label.span
    values = (span.source.name, span.line, span.column, span.end_line, span.end_column)
    return dict(zip(_PLACE, values, strict=True))


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Write one `::error ...::message` line per finding; help and notes follow the headline in the message."""
    return "\n".join(_command(diagnostic) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = ",".join(f"{key}={_property(value)}" for key, value in _properties(diagnostic))
    return f"::error {properties}::{_data(_message(diagnostic))}"


def _properties(diagnostic: Diagnostic) -> list[tuple[str, str]]:
    title = [("title", diagnostic.code)]
    if not diagnostic.labels:
        return title
    span = diagnostic.labels[0].span
    place = [("file", span.source.name), ("line", str(span.line)), ("endLine", str(span.end_line))]
    if span.end_line != span.line:
        return [*place, *title]  # GitHub refuses columns for several lines
    return [*place, ("col", str(span.column)), ("endColumn", str(span.end_column)), *title]


def _message(diagnostic: Diagnostic) -> str:
    texts = [label.text for label in diagnostic.labels[:1] if label.text]
    helps = [f"help: {text}" for text in diagnostic.help]
    notes = [f"note: {text}" for text in diagnostic.notes]
    headline = f"{diagnostic.headline}: {texts[0]}" if texts else diagnostic.headline
    return "\n".join([headline, *helps, *notes])


def _data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
