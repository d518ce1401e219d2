"""The drawing that users hold: a picture that writes itself in every format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from unetgen.drawing.model.picture import Picture
from unetgen.drawing.write.svg import write_svg
from unetgen.drawing.write.writers import Renderer, writer_for
from unetgen.source.files import write_file


@dataclass(frozen=True, slots=True)
class Drawing(Picture):
    """A picture with a method for each thing that is done to it.

    Args:
        gave_way: What gave way so that it keeps to its paper; empty where nothing had to.
        keeps: Whether it keeps to its paper, where it has one.
        notes: What else is worth knowing about it, a sentence each.
        for_file: Draws the same for a file of that name; None where this is it.

    Example:
        >>> drawing = draw_network(network)                        # doctest: +SKIP
        >>> drawing.save("unet.svg")                               # doctest: +SKIP
    """

    gave_way: str = ""
    keeps: bool = True
    notes: tuple[str, ...] = ()
    for_file: Callable[[Path], Drawing] | None = field(default=None, compare=False, repr=False)

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        return write_svg(self)

    @property
    def dot(self) -> str:
        """The picture as DOT, pinned: any `dot` draws it at these coordinates.

        Raises:
            ValueError: Boxes show pictures of maps.
        """
        write = writer_for(Path("picture.dot"), pictures=bool(self.thumbnails))
        return str(write(self))

    def save(
        self,
        path: str | Path,
        *,
        renderer: Renderer = "unetgen",
        scale: float | None = None,
        fragment: bool = False,
    ) -> Path:
        """Write the picture to a file, whole or not at all, in the format of its suffix.

        A file is for paper: where no width was chosen, it is drawn again, for a width of 178 mm and letters of 6 pt.

        Args:
            renderer: Who draws: `unetgen`, or the `dot` of `graphviz` (.svg, .png, .pdf).
            scale: Pixels per point of a .png, 2 unless given.
            fragment: Whether a .tex is written for another document to `\\input`, in the face of that document.

        Raises:
            ValueError: No format has that suffix, or it has no pixels to scale, is no fragment, or cannot hold pictures
                of maps.
            MissingTool: The format needs something that is not installed; the message says how to get it.
            OSError: The file cannot be written.
        """
        pictures = bool(self.thumbnails)
        write = writer_for(Path(path), renderer=renderer, scale=scale, fragment=fragment, pictures=pictures)
        return write_file(path, write(self if self.for_file is None else self.for_file(Path(path))))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Show the picture in a notebook: an image without a script, and words where there are no images."""
        return {"image/svg+xml": self.svg, "text/plain": self.description}

    def _repr_svg_(self) -> str:
        return self.svg
