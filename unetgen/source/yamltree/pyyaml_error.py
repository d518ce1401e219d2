"""Where PyYAML gave up, and what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import yaml

from unetgen.source.diagnostics import Label
from unetgen.source.text import SourceFile, Span
from unetgen.source.yamltree.places import Mark

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
