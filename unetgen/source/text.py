"""The text of a spec and places in it; it knows nothing of files, of YAML or of networks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

SpecPath: TypeAlias = tuple[str | int, ...]
"""The keys and numbers that lead to a value of a spec: `("encoder", "stages", 0)`."""

_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One spec's text and the name under which messages speak of it.

    A byte order mark at the start is dropped, so that columns count what an editor shows. Line breaks stay as they are
    written: `\\n` or `\\r\\n`.
    """

    name: str
    text: str
    path: Path | None = field(default=None, compare=False, repr=False)
    """Where the file lies, for what it refers to; None for a text that is no file."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text.removeprefix(_BOM))

    def line(self, number: int) -> str:
        """Give line `number` (from 1) without its line break; empty for a line that the text does not have."""
        lines = _lines(self.text)
        if not 1 <= number <= len(lines):
            return ""
        return lines[number - 1].removesuffix("\r")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source: lines and columns from 1, columns in characters, the end exclusive."""

    source: SourceFile
    line: int
    column: int
    end_line: int
    end_column: int


@lru_cache(maxsize=4)
def _lines(text: str) -> tuple[str, ...]:
    # NOTE: remembered, because whoever explains a mistake asks for many lines of the same text.
    return tuple(text.split("\n"))
