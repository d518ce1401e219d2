"""The formats that a drawing can be written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal

from unetgen.drawing.model.picture import Picture
from unetgen.drawing.write.dot import render_pdf, render_png, render_svg, write_dot
from unetgen.drawing.write.drawio import write_drawio
from unetgen.drawing.write.faces import undrawable
from unetgen.drawing.write.html import write_html
from unetgen.drawing.write.pdf import write_pdf
from unetgen.drawing.write.png import write_png
from unetgen.drawing.write.pptx import write_pptx
from unetgen.drawing.write.svg import write_svg
from unetgen.drawing.write.tikz import write_tikz

Renderer = Literal["unetgen", "graphviz"]
"""Who draws: we ourselves, or the `dot` of Graphviz."""


@dataclass(frozen=True, slots=True)
class Writer:
    """One format.

    Args:
        suffix: How the names of its files end.
        write: What makes their content of a drawing.
        scales: Whether there are pixels, and `write` takes a `scale`.
        faces: Whether text is drawn with the faces of unetgen alone, not with those of the system.
        fragments: Whether it can be a part of another document, and `write` takes a `fragment`.
        pictures: Whether boxes can show pictures of their maps.
        says: What it is for and what it needs, as help has it, which lists formats of our own alone.
    """

    suffix: str
    write: Callable[..., str | bytes]
    scales: bool = False
    faces: bool = False
    fragments: bool = False
    pictures: bool = False
    says: str = ""


WRITERS: Final = (
    Writer(".svg", write_svg, pictures=True, says="for the web and for Inkscape; needs nothing"),
    Writer(".dot", write_dot, says="the very same picture: any Graphviz draws it, at the same places"),
    Writer(".png", write_png, scales=True, faces=True, pictures=True,
           says="pixels, with faces of its own; needs nothing"),
    Writer(".pdf", write_pdf, faces=True, pictures=True,
           says="for papers; needs `pip install 'unetgen[pdf]'`, or `--renderer graphviz`"),
    Writer(".tex", write_tikz, faces=True, fragments=True,
           says="TikZ with styles, in the fonts of TeX; to `\\input` with `--fragment`"),
    Writer(".drawio", write_drawio, pictures=True,
           says="to change by hand in draw.io (diagrams.net): connectors, groups, layers"),
    Writer(".pptx", write_pptx, pictures=True,
           says="to change by hand in PowerPoint; needs `pip install 'unetgen[pptx]'`"),
    Writer(".html", write_html, pictures=True,
           says="to explore: point at a map, click on a level; one file, no network"),
)  # fmt: skip

RENDERERS: Final[Mapping[Renderer, tuple[Writer, ...]]] = {
    "unetgen": WRITERS,
    "graphviz": (Writer(".svg", render_svg), Writer(".png", render_png, scales=True), Writer(".pdf", render_pdf)),
}


def writer_for(
    path: Path,
    *,
    renderer: Renderer = "unetgen",
    scale: float | None = None,
    fragment: bool = False,
    pictures: bool = False,
) -> Callable[[Picture], str | bytes]:
    """Find what writes a file of that suffix.

    Args:
        renderer: Who draws.
        scale: Pixels per point, for a picture of pixels; 2 unless given.
        fragment: Whether it is to be a part of another document, for TeX to `\\input`.
        pictures: Whether boxes show pictures of their maps.

    Raises:
        ValueError: There is none; the message lists the suffixes there are. Or the format has no pixels, or no parts.
    """
    writer = _find(path, renderer)
    if pictures and not writer.pictures:
        known = ", ".join(writer.suffix for writer in WRITERS if writer.pictures)
        raise ValueError(f"{_cannot(writer, renderer)} cannot hold pictures of maps; {known} can")
    if fragment:
        return _fragment(writer, scale)
    if scale is None:
        return writer.write
    if not writer.scales:
        raise ValueError(f"a scale is for pixels, and {writer.suffix} has none: it is sharp at any size")
    return partial(writer.write, scale=scale)


def _fragment(writer: Writer, scale: float | None) -> Callable[[Picture], str | bytes]:
    if not writer.fragments or scale is not None:
        known = ", ".join(writer.suffix for writer in WRITERS if writer.fragments)
        raise ValueError(f"a fragment is for a document of TeX to `\\input`: only {known} can be one, without a scale")
    return partial(writer.write, fragment=True)


def lost_characters(drawing: Picture, path: Path, *, renderer: Renderer = "unetgen") -> tuple[str, ...]:
    """List the characters for which a file of that suffix shows a square."""
    if not _find(path, renderer).faces:
        return ()
    return undrawable(label.text for label in drawing.every_label)


def _cannot(writer: Writer, renderer: Renderer) -> str:
    return "a picture that Graphviz draws" if renderer == "graphviz" else f"a {writer.suffix} file"


def _find(path: Path, renderer: Renderer) -> Writer:
    writers = RENDERERS[renderer]
    for writer in writers:
        if path.suffix.lower() == writer.suffix:
            return writer
    who = "with Graphviz " if renderer == "graphviz" else ""
    known = ", ".join(writer.suffix for writer in writers)
    raise ValueError(f"cannot draw {who}to {path.name!r}: its suffix is none of {known}")
