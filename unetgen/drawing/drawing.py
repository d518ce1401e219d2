"""The drawing that users hold: a picture that writes itself in every format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from unetgen.drawing.model.picture import Picture
from unetgen.drawing.write.svg import write_svg
from unetgen.drawing.write.writers import Renderer, writer_for
from unetgen.source.files import write_file


@dataclass(frozen=True, slots=True)
class Drawing(Picture):
    """A picture with a method for each thing that is done to it.

    Example:
        >>> drawing = draw_network(network)                        # doctest: +SKIP
        >>> drawing.save("unet.svg")                               # doctest: +SKIP
    """

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

    def save(self, path: str | Path, *, renderer: Renderer = "unetgen", scale: float | None = None) -> Path:
        """Write the picture to a file, whole or not at all, in the format of its suffix.

        Args:
            renderer: Who draws: `unetgen`, or the `dot` of `graphviz` (.svg, .png, .pdf).
            scale: Pixels per point of a .png, 2 unless given.

        Raises:
            ValueError: No format has that suffix, or it has no pixels to scale, or cannot hold pictures of maps.
            MissingTool: The format needs something that is not installed; the message says how to get it.
            OSError: The file cannot be written.
        """
        write = writer_for(Path(path), renderer=renderer, scale=scale, pictures=bool(self.thumbnails))
        return write_file(path, write(self))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Show the picture in a notebook: an image without a script, and words where there are no images."""
        return {"image/svg+xml": self.svg, "text/plain": self.description}

    def _repr_svg_(self) -> str:
        return self.svg
