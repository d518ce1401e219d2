"""The drawing of a network: where everything is, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from unetgen.drawing.model.facts import Facts
from unetgen.drawing.model.shapes import Arrow, Box, Halo, Join, Label, Outline, Rect
from unetgen.drawing.model.theme import Theme
from unetgen.drawing.model.thumbnails import Thumbnail

if TYPE_CHECKING:
    from unetgen.drawing.write.writers import Renderer

__all__ = ["Drawing", "Legend", "LegendRow", "Sample"]


Sample = Box | Join | Arrow | Outline | Halo


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One line of the legend: a sample of what is drawn, and its words, broken into lines where they are long."""

    text: str
    sample: tuple[Sample, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """The panel that explains the arrows and boxes in use; without rows, there is none."""

    frame: Rect
    rows: tuple[LegendRow, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as pure geometry: points (1/72 inch), x to the right, y down, drawn in the order given.

    Example:
        >>> drawing = draw_network(network)                        # doctest: +SKIP
        >>> drawing.save("unet.svg")                               # doctest: +SKIP
    """

    title: str
    description: str
    width: float
    height: float
    theme: Theme
    boxes: tuple[Box, ...]
    outlines: tuple[Outline, ...]
    joins: tuple[Join, ...]
    arrows: tuple[Arrow, ...]
    labels: tuple[Label, ...]
    legend: Legend
    thumbnails: tuple[Thumbnail, ...] = ()
    halos: tuple[Halo, ...] = ()
    facts: Callable[[], Facts] | None = field(default=None, compare=False, repr=False)
    """Gives what is known of the boxes and joins: it takes longer than drawing, and few formats show it."""

    @property
    def has_boxes_on_top(self) -> bool:
        """Whether lines may run under boxes, which then hide them."""
        return any(box.kind in ("stage", "nested", "end") for box in self.boxes)

    @property
    def things(self) -> tuple[Box | Join, ...]:
        """What facts are known of."""
        return (*self.boxes, *self.joins)

    @property
    def every_label(self) -> Iterator[Label]:
        """All texts, those of the legend included."""
        yield from self.labels
        for row in self.legend.rows:
            yield from row.labels

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        from unetgen.drawing.write.svg import write_svg

        return write_svg(self)

    @property
    def dot(self) -> str:
        """The picture as DOT, pinned: any `dot` draws it at these coordinates."""
        from unetgen.drawing.write.dot import write_dot

        return write_dot(self)

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
        from unetgen.drawing.write.writers import writer_for
        from unetgen.source.atomic import write_file

        write = writer_for(Path(path), renderer=renderer, scale=scale, pictures=bool(self.thumbnails))
        return write_file(path, write(self))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Show the picture in a notebook: an image without a script, and words where there are no images."""
        return {"image/svg+xml": self.svg, "text/plain": self.description}

    def _repr_svg_(self) -> str:
        return self.svg
