"""Pictures on the command line: what may be chosen about them, and how they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click

from unetgen.cli.files import save_file
from unetgen.cli.terminal import terminal
from unetgen.drawing.model.options import DETAILS
from unetgen.drawing.model.theme import THEMES

if TYPE_CHECKING:
    from unetgen.drawing import Detail, Drawing, DrawOptions
    from unetgen.drawing.write.writers import Renderer

__all__ = ["Picture", "picture_options"]

Command = Callable[..., int]


@dataclass(frozen=True, slots=True)
class Picture:
    """What a command line says about a picture; None and False where it says nothing."""

    output: str | None
    theme: str | None
    detail: Detail | None
    title: str | None
    no_legend: bool
    no_totals: bool
    no_sizes: bool
    max_width: int | None
    renderer: Renderer | None
    scale: float | None

    @property
    def is_chosen(self) -> bool:
        """Whether anything is said."""
        return any(getattr(self, field.name) not in (None, False) for field in fields(self))

    @property
    def to_stdout(self) -> bool:
        """Whether it goes to standard output."""
        return self.output == "-"

    def options(self, usual: DrawOptions) -> DrawOptions:
        """Give the options with what is said laid over the usual ones.

        Raises:
            SpecError: The theme's file is wrong.
            Problem: It cannot be read.
            click.UsageError: There is no such theme.
        """
        from unetgen.cli.themes import read_theme

        return usual.changed(
            theme=read_theme(self.theme),
            detail=self.detail,
            title=self.title,
            legend=False if self.no_legend else None,
            totals=False if self.no_totals else None,
            sizes=False if self.no_sizes else None,
            max_width=self.max_width,
        )

    def writer(self, *, with_maps: bool = False) -> Callable[[Drawing], None]:
        """Find what writes the picture to its file, and says so; `with_maps` is whether boxes show pictures of maps.

        Raises:
            click.UsageError: No format has that suffix, or it has no pixels to scale, or cannot hold pictures.
        """
        from unetgen.drawing.write.writers import lost_characters, writer_for

        output, renderer = self.output or "-", self.renderer or "unetgen"
        path = Path("drawing.svg" if output == "-" else output)
        try:
            write = writer_for(path, renderer=renderer, scale=self.scale, pictures=with_maps)
        except ValueError as error:
            raise click.UsageError(str(error)) from None

        def save(drawing: Drawing) -> None:
            save_file(terminal(), output, _written(drawing, write))
            _tell(lost_characters(drawing, path, renderer=renderer))

        return save


def _tell(lost: tuple[str, ...]) -> None:
    # Characters that a terminal should not see never pass validation.
    if lost:
        terminal().message(
            f"note: no face here draws {' '.join(lost)}; squares stand for them (not so in .svg and .html)"
        )


def _written(drawing: Drawing, write: Callable[[Drawing], str | bytes]) -> str | bytes:
    """Write a drawing; a scale that is too large for it is the user's to change."""
    try:
        return write(drawing)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def picture_options(*, required: bool) -> Callable[[Command], Command]:
    """Give a command the options of a picture, which come to it as one `picture`; `required` says that one is drawn."""

    def given(command: Command) -> Command:
        for option in reversed((_output(required), *_OPTIONS)):
            command = option(command)
        return command

    def gathering(command: Command) -> Command:
        @wraps(command)
        def gathered(
            *,
            output: str | None,
            theme: str | None,
            detail: Detail | None,
            title: str | None,
            no_legend: bool,
            no_totals: bool,
            no_sizes: bool,
            max_width: int | None,
            renderer: Renderer | None,
            scale: float | None,
            **others: object,
        ) -> int:
            said = Picture(output, theme, detail, title, no_legend, no_totals, no_sizes, max_width, renderer, scale)
            return command(picture=said, **others)

        return given(gathered)

    return gathering


def _output(required: bool) -> Callable[[Command], Command]:
    where = "Where to" if required else "Where a picture of both goes to"
    return click.option(
        "-o", "--output", required=required, metavar="FILE", help=f"{where}; `-` is standard output (as SVG)."
    )


_OPTIONS = (
    click.option("--theme", metavar="THEME", help=f"The colours: {', '.join(THEMES)}, or a theme's own .yaml file."),
    click.option(
        "--detail", type=click.Choice(DETAILS), help="One box per stage, per convolution (the usual), or per op."
    ),
    click.option("--title", metavar="TEXT", help="What stands above in place of the network's name."),
    click.option("--no-legend", is_flag=True, help="Leave the legend out."),
    click.option("--no-totals", is_flag=True, help="Leave parameters, MACs and sizes at the lower left out."),
    click.option("--no-sizes", is_flag=True, help="Leave the sizes of maps out."),
    click.option("--max-width", type=click.IntRange(100, 20_000), metavar="POINTS", help="How wide the page may be."),
    click.option(
        "--renderer",
        type=click.Choice(["unetgen", "graphviz"]),
        help="Who draws: unetgen, unless given; graphviz needs `dot` and knows .svg, .png, .pdf.",
    ),
    click.option("--scale", type=float, metavar="N", help="Pixels per point of a .png (2 unless given; 1 is 72 dpi)."),
)
