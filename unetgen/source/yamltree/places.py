"""Places as PyYAML gives them: of events, and where it gave up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import yaml

from unetgen.source.diagnostics import InternalError, Label
from unetgen.source.text import SourceFile, Span

_WORD: Final = re.compile(r"[^\s,\[\]{}]*")


class Mark(Protocol):
    """A place as both parsers of PyYAML give it, everything from 0; `index` and `column` count characters."""

    line: int
    column: int
    index: int


class SpanFinder:
    """Finds the spans of what PyYAML read from one source."""

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
        line, column = self._position(mark)
        word = _WORD.match(self._source.text, mark.index)
        return Span(self._source, line, column, line, column + (len(word[0]) if word else 0))

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


_INDENT: Final = re.compile(r"[\s-]*")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place between two characters: line from 1, column from 1."""

    source: SourceFile
    line: int
    column: int

    @property
    def text(self) -> str:
        """The whole line."""
        return self.source.line(self.line)

    @property
    def before(self) -> str:
        """The line up to here."""
        return self.text[: self.column - 1]

    @property
    def char(self) -> str:
        """The character that follows; empty at the end of the line."""
        return self.text[self.column - 1 : self.column]

    @property
    def starts_line(self) -> bool:
        """Whether nothing but white space stands before."""
        return not self.before.strip()

    @property
    def indent(self) -> int:
        """How far the line's first key is indented, dashes of lists included."""
        found = _INDENT.match(self.text)
        return found.end() if found else 0

    def label(self, text: str) -> Label:
        """Label the next character."""
        return Label(Span(self.source, self.line, self.column, self.line, self.column + 1), text)

    def label_line(self, text: str) -> Label:
        """Label the line's content."""
        start = len(self.text) - len(self.text.lstrip()) + 1
        return Label(Span(self.source, self.line, start, self.line, len(self.text.rstrip()) + 1), text)


@dataclass(frozen=True, slots=True)
class PyYamlError:
    """A syntax error as PyYAML describes it.

    Args:
        problem: What the parser stumbled over, at `spot`.
        context: What it was reading, which began at `start`.
        is_end: Whether the text ended there.
    """

    problem: str
    context: str
    spot: Spot
    start: Spot
    is_end: bool

    @classmethod
    def of(cls, source: SourceFile, error: yaml.YAMLError) -> PyYamlError:
        """Read PyYAML's error; one without marks is placed at the start."""
        mark = getattr(error, "problem_mark", None)
        begin = getattr(error, "context_mark", None) or mark
        problem, context = getattr(error, "problem", None), getattr(error, "context", None)
        is_end = mark is not None and mark.index >= len(source.text.rstrip())
        return cls(problem or "it cannot be read", context or "", _spot(source, mark), _spot(source, begin), is_end)

    @property
    def above(self) -> Spot | None:
        """The nearest line above that holds more than white space or a comment."""
        source = self.spot.source
        for number in range(self.spot.line - 1, 0, -1):
            text = source.line(number).strip()
            if text and not text.startswith("#"):
                return Spot(source, number, 1)
        return None


def _spot(source: SourceFile, mark: Mark | None) -> Spot:
    if mark is None:
        return Spot(source, 1, 1)
    if mark.index < len(source.text):
        return Spot(source, mark.line + 1, mark.column + 1)
    text = source.text.rstrip("\r\n")  # libyaml's end of the text is a line that does not exist
    return Spot(source, text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1)
