"""From the marks of PyYAML (from 0, sometimes past the end) to spans (from 1, within the text)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Protocol

import yaml

from unetgen.source.diagnostics import InternalError
from unetgen.source.text import SourceFile, Span

_WORD: Final = re.compile(r"[^\s,\[\]{}]*")


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
        before = source.text.rfind("\n") + 1
        self._end = source.text.count("\n") + 1, self._length - before + 1

    def of(self, event: yaml.Event) -> Span:
        """Place a scalar or an alias; of any other event, the token that it starts with."""
        start, end = _marks(event)
        if isinstance(event, yaml.ScalarEvent) and event.style in {"|", ">"}:
            return self._block(start, end)
        return Span(self._source, *self._position(start), *self._position(end))

    def word(self, event: yaml.Event) -> Span:
        """Place the tag or anchor that an event starts with."""
        mark = _marks(event)[0]
        return self._from(mark, _WORD.match(self._source.text, mark.index))

    def directive_before(self, start: yaml.Event) -> Span | None:
        """Place the first line that starts with `%` above the start of the document."""
        above = self._source.text.split("\n", _marks(start)[1].line + 1)[: _marks(start)[1].line]
        number = next((i for i, line in enumerate(above, 1) if line.startswith("%")), None)
        if number is None:
            return None
        return Span(self._source, number, 1, number, len(self._source.line(number)) + 1)

    def collection(self, start: yaml.CollectionStartEvent, end: yaml.Event, parts: Sequence[Span]) -> Span:
        """Place a list or mapping: from bracket to bracket, or from the first dash or key to the end of the last part.

        PyYAML ends a block only where the next thing begins, lines and comments later.
        """
        line, column = self._position(_marks(start)[0])
        if start.flow_style or not parts:
            return Span(self._source, line, column, *self._position(_marks(end)[1]))
        return Span(self._source, line, column, parts[-1].end_line, parts[-1].end_column)

    def _block(self, start: Mark, end: Mark) -> Span:
        """Place a block scalar, which PyYAML lets end at the line after it, without the empty lines at its end."""
        line, column = self._position(start)
        lines = self._source.text[start.index : end.index].rstrip().split("\n")
        last = len(lines[-1]) + (column if len(lines) == 1 else 1)
        return Span(self._source, line, column, line + len(lines) - 1, last)

    def _from(self, mark: Mark, match: re.Match[str] | None) -> Span:
        line, column = self._position(mark)
        return Span(self._source, line, column, line, column + (len(match[0]) if match else 0))

    def _position(self, mark: Mark) -> tuple[int, int]:
        if mark.index < self._length:
            return mark.line + 1, mark.column + 1
        # NOTE: libyaml's end of the text is a line that does not exist.
        return self._end


def _marks(event: yaml.Event) -> tuple[Mark, Mark]:
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:
        raise InternalError("an event of the YAML parser without marks")
    return start, end
