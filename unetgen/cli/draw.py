"""`unetgen draw`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from unetgen.cli.failures import EnvironmentProblem, LimitReached
from unetgen.cli.files import save_file
from unetgen.cli.specs import compile_one, one_spec
from unetgen.cli.terminal import terminal, terminal_options
from unetgen.drawing.options import DETAILS
from unetgen.drawing.theme import THEMES

if TYPE_CHECKING:
    from unetgen.drawing import Detail, Drawing, DrawOptions
    from unetgen.drawing.writers import Renderer
    from unetgen.ir import Network
    from unetgen.overrides import Override

__all__ = ["draw_command"]


@click.command("draw", short_help="Draw the network as a U.")
@one_spec
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to; `-` is standard output (as SVG).")
@click.option("--image", metavar="FILE", help="Run the network on this image, and show what its maps look like.")
@click.option("--weights", metavar="FILE", help="Weights for --image: a .safetensors file of the state dict.")
@click.option("--theme", metavar="THEME", help=f"The colours: {', '.join(THEMES)}, or a theme's own .yaml file.")
@click.option("--detail", type=click.Choice(DETAILS), help="One box per stage, per convolution (the usual), or per op.")
@click.option("--title", metavar="TEXT", help="What stands above in place of the network's name.")
@click.option("--no-legend", is_flag=True, help="Leave the legend out.")
@click.option("--no-totals", is_flag=True, help="Leave parameters, MACs and sizes at the lower left out.")
@click.option("--no-sizes", is_flag=True, help="Leave the sizes of maps out.")
@click.option("--max-width", type=click.IntRange(100, 20_000), metavar="POINTS", help="How wide the page may be.")
@click.option(
    "--renderer",
    type=click.Choice(["unetgen", "graphviz"]),
    default="unetgen",
    show_default=True,
    help="Who draws; graphviz needs `dot` and knows .svg, .png, .pdf.",
)
@click.option("--scale", type=float, metavar="N", help="Pixels per point of a .png (2 unless given; 1 is 72 dpi).")
@terminal_options
def draw_command(
    spec: str,
    changes: Sequence[Override],
    output: str,
    image: str | None,
    weights: str | None,
    theme: str | None,
    detail: Detail | None,
    title: str | None,
    no_legend: bool,
    no_totals: bool,
    no_sizes: bool,
    max_width: int | None,
    renderer: Renderer,
    scale: float | None,
) -> int:
    """Draw the network as a U, true to its shapes. The file's suffix says the format.

    \b
      .svg   for the web and for Inkscape; needs nothing
      .png   pixels, with faces of its own; needs nothing
      .pdf   for papers; needs `pip install 'unetgen[pdf]'`, or `--renderer graphviz`
      .tex   TikZ, a document of its own, in the fonts of TeX
      .html  to explore: point at a map, click on a level; one file, no network
      .dot   the very same picture: any Graphviz draws it, at the same places

    With an image, the network runs on it, and every box shows what its feature map looks like (in .svg, .png, .pdf and
    .html; needs `pip install 'unetgen[images]'`). Images are PNG, JPEG, TIFF, or .npy for signals, volumes and any
    number of channels.

    \b
    Examples:
      unetgen draw unet-2015 -o unet.svg
      unetgen draw cells.yaml -o cells.png --theme dark --scale 4
      unetgen draw cells.yaml -o cells.pdf --renderer graphviz
      unetgen draw cells.yaml -o figure.pdf --theme paper --title "" --no-totals
      unetgen draw cells.yaml -o cells.pdf --image cell.png --weights cells.safetensors
      unetgen draw cells.yaml -o - --set depth=3 | rsvg-convert > cells.png
    """
    from unetgen.api import draw_options
    from unetgen.cli.themes import read_theme
    from unetgen.drawing.writers import lost_characters, writer_for

    path = Path("drawing.svg" if output == "-" else output)
    if weights is not None and image is None:
        raise click.UsageError("`--weights` are for showing what the network makes of an image: give `--image` too")
    try:
        write = writer_for(path, renderer=renderer, scale=scale, pictures=image is not None)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    one = compile_one(spec, changes)
    options = draw_options(one.spec).changed(
        theme=read_theme(theme),
        detail=detail,
        title=title,
        legend=False if no_legend else None,
        totals=False if no_totals else None,
        sizes=False if no_sizes else None,
        max_width=max_width,
    )
    drawing = _drawn(one.network, options, image, weights)
    save_file(terminal(), output, _written(drawing, write))
    lost = lost_characters(drawing, path, renderer=renderer)
    if lost:
        # Characters that a terminal should not see never pass validation.
        terminal().message(
            f"note: no face here draws {' '.join(lost)}; squares stand for them (not so in .svg and .html)"
        )
    return 0


def _drawn(network: Network, options: DrawOptions, image: str | None, weights: str | None) -> Drawing:
    """Draw the network; with an image, run it first."""
    from unetgen.drawing import draw_network

    return draw_network(network, options) if image is None else _shown(network, options, image, weights)


def _shown(network: Network, options: DrawOptions, image: str, weights: str | None) -> Drawing:
    from unetgen.api import show_maps
    from unetgen.backends.trouble import CannotRun, TooLarge
    from unetgen.drawing.missing import MissingTool

    try:
        showing = show_maps(network, image, weights)
        terminal().message(f"running {network.name} on {image} ({showing.work} multiply-accumulates)")
        return showing.draw(options)
    except TooLarge as trouble:
        raise LimitReached(trouble.headline, *trouble.helps) from None
    except (CannotRun, MissingTool) as trouble:
        raise EnvironmentProblem(trouble.headline, *trouble.helps) from None
    except OSError as error:
        raise EnvironmentProblem(f'cannot read "{error.filename or image}": {error.strerror or error}') from None


def _written(drawing: Drawing, write: Callable[[Drawing], str | bytes]) -> str | bytes:
    """Write a drawing; a scale that is too large for it, or a tool that is missing, is the user's to change."""
    from unetgen.drawing.missing import MissingTool

    try:
        return write(drawing)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except MissingTool as missing:
        raise EnvironmentProblem(missing.headline, *missing.helps) from None
