"""`unetgen draw`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from unetgen.cli.pictures import PictureRequest, picture_options
from unetgen.cli.specs import compile_one, one_spec
from unetgen.cli.terminal import terminal, terminal_options
from unetgen.source.problem import Problem

if TYPE_CHECKING:
    from unetgen.drawing import Drawing, DrawOptions
    from unetgen.ir import Network
    from unetgen.language.overrides import Override


class _Draw(click.Command):
    """A command whose help lists the formats that there are."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from unetgen.drawing.write.writers import WRITERS

        # What is left to others to draw comes last.
        writers = sorted(WRITERS, key=lambda writer: not (writer.faces or writer.pictures))
        formats = "\n    ".join(f"  {writer.suffix:<7} {writer.says}" for writer in writers)
        *others, last = (writer.suffix for writer in writers if writer.pictures)
        self.help = (self.help or "").format(formats=formats, showing=f"{', '.join(others)} and {last}")
        super().format_help_text(ctx, formatter)


@click.command("draw", cls=_Draw, short_help="Draw the network as a U.")
@one_spec
@picture_options(required=True)
@click.option("--image", metavar="FILE", help="Run the network on this image, and show what its maps look like.")
@click.option("--weights", metavar="FILE", help="Weights for --image: a .safetensors file of the state dict.")
@terminal_options
def draw_command(
    spec: str, changes: Sequence[Override], picture: PictureRequest, image: str | None, weights: str | None
) -> int:
    """Draw the network as a U, true to its shapes. The file's suffix says the format.

    \b
    {formats}

    With an image, the network runs on it, and every box shows what its feature map looks like (in {showing}; needs
    `pip install 'unetgen[images]'`). Images are PNG, JPEG, TIFF, or .npy for signals, volumes and any number of
    channels.

    \b
    Examples:
      unetgen draw unet-2015 -o unet.svg
      unetgen draw cells.yaml -o cells.png --theme dark --scale 4
      unetgen draw cells.yaml -o cells.pdf --renderer graphviz
      unetgen draw cells.yaml -o figure.pdf --theme paper --title "" --no-totals
      unetgen draw cells.yaml -o cells.tex --width 85mm --fragment
      unetgen draw cells.yaml -o cells.pdf --image cell.png --weights cells.safetensors
      unetgen draw cells.yaml -o - --set depth=3 | rsvg-convert > cells.png
    """
    from unetgen.api import draw_options

    if weights is not None and image is None:
        raise click.UsageError("`--weights` are for showing what the network makes of an image: give `--image` too")
    save = picture.writer(with_maps=image is not None)
    one = compile_one(spec, changes)
    save(_drawn(one.network, picture.options(draw_options(one.spec)), image, weights))
    return 0


def _drawn(network: Network, options: DrawOptions, image: str | None, weights: str | None) -> Drawing:
    """Draw the network; with an image, run it first."""
    from unetgen.api import show_maps
    from unetgen.drawing import draw_network

    if image is None:
        return draw_network(network, options)
    try:
        prepared = show_maps(network, image, weights)
        terminal().message(f"running {network.name} on {image} ({prepared.work} multiply-accumulates)")
        return prepared.draw(options)
    except OSError as error:
        raise Problem(f'cannot read "{error.filename or image}": {error.strerror or error}') from None
