"""From the marks of PyYAML (from 0, sometimes past the end) to spans (from 1, within the text)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Protocol

import yaml

from unetgen.diagnostics import InternalError
from unetgen.source import SourceFile, Span

_WORD: Final = re.compile(r"[^\s,\[\]{}]*")
_DIRECTIVE: Final = re.compile(r"^%[^\r\n]*", re.MULTILINE)


class Mark(Protocol):
    """A place as both parsers of PyYAML give it, everything from 0; `index` and `column` count characters."""

    line: int
    column: int
    index: int


class Places:
    """Spans of one source."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._length = len(source.text)

    def of(self, event: yaml.Event) -> Span:
        """Place a scalar or an alias; of any other event, the token that it starts with."""
        start, end = _marks(event)
        if isinstance(event, yaml.ScalarEvent) and event.style in {"|", ">"}:
            return self._block(start, end)
        return Span(self._source, *self._position(start), *self._position(end))

    def word(self, event: yaml.Event) -> Span:
        """Place the tag or anchor that an event starts with."""
        start = _marks(event)[0].index
        return self._between(start, _end(_WORD.match(self._source.text, start), start))

    def directive(self) -> Span:
        """Place the first line that starts with `%`."""
        found = _DIRECTIVE.search(self._source.text)
        return self._between(*found.span()) if found else self._between(0, 0)

    def collection(self, start: yaml.CollectionStartEvent, end: yaml.Event, parts: Sequence[Span]) -> Span:
        """Place a list or mapping: from bracket to bracket, or from the first dash or key to the end of the last part.

        PyYAML ends a block only where the next thing begins, lines and comments later.
        """
        line, column = self._position(_marks(start)[0])
        if start.flow_style or not parts:
            return Span(self._source, line, column, *self._position(_marks(end)[1]))
        return Span(self._source, line, column, parts[-1].end_line, parts[-1].end_column)

    def at(self, mark: Mark) -> Span:
        """Place one character."""
        line, column = self._position(mark)
        return Span(self._source, line, column, line, column + 1)

    def _block(self, start: Mark, end: Mark) -> Span:
        """Place a block scalar, which PyYAML lets end at the line after it, without the empty lines at its end."""
        text = self._source.text[start.index : end.index].rstrip()
        return self._between(start.index, start.index + len(text))

    def _position(self, mark: Mark) -> tuple[int, int]:
        if mark.index >= self._length:  # libyaml's end of the stream is a line that does not exist
            return self._count(self._length)
        return mark.line + 1, mark.column + 1

    def _between(self, start: int, end: int) -> Span:
        return Span(self._source, *self._count(start), *self._count(end))

    def _count(self, index: int) -> tuple[int, int]:
        before = self._source.text[:index]
        return before.count("\n") + 1, index - before.rfind("\n")


def _marks(event: yaml.Event) -> tuple[Mark, Mark]:
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:
        raise InternalError("an event of the YAML parser without marks")
    return start, end


def _end(match: re.Match[str] | None, default: int) -> int:
    return match.end() if match else default
