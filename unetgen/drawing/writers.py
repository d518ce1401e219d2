"""The formats that a drawing can be written in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from unetgen.drawing.dot import write_dot
from unetgen.drawing.drawing import Drawing
from unetgen.drawing.svg import write_svg

__all__ = ["WRITERS", "Writer", "writer_for"]


@dataclass(frozen=True, slots=True)
class Writer:
    """One format: the suffix of its files, and what makes their content."""

    suffix: str
    write: Callable[[Drawing], str | bytes]


WRITERS: tuple[Writer, ...] = (
    Writer(".svg", write_svg),
    Writer(".dot", write_dot),
)


def writer_for(path: Path) -> Writer:
    """Find the writer for a file's suffix.

    Raises:
        ValueError: There is none; the message lists the suffixes there are.
    """
    for writer in WRITERS:
        if path.suffix.lower() == writer.suffix:
            return writer
    known = ", ".join(writer.suffix for writer in WRITERS)
    raise ValueError(f"cannot draw to {path.name!r}: its suffix is none of {known}")
