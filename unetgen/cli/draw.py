"""`unetgen draw`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from unetgen.cli.files import save_file
from unetgen.cli.specs import compile_one, one_spec
from unetgen.cli.terminal import terminal, terminal_options
from unetgen.drawing.theme import THEMES

if TYPE_CHECKING:
    from unetgen.overrides import Override

__all__ = ["draw_command"]


@click.command("draw", short_help="Draw the network as a U.")
@one_spec
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to; `-` is standard output (as SVG).")
@click.option("--theme", type=click.Choice(list(THEMES)), default="light", show_default=True, help="The colours.")
@terminal_options
def draw_command(spec: str, changes: Sequence[Override], output: str, theme: str) -> int:
    """Draw the network as a U, true to its shapes. The file's suffix says the format: .svg or .dot.

    A .dot file holds the very same picture: any Graphviz draws it, at the same places.

    \b
    Examples:
      unetgen draw unet-2015 -o unet.svg
      unetgen draw cells.yaml -o cells.dot --theme dark
      unetgen draw cells.yaml -o - --set depth=3 | rsvg-convert > cells.png
    """
    from unetgen.drawing import draw_network
    from unetgen.drawing.writers import writer_for

    path = Path("drawing.svg" if output == "-" else output)
    try:
        writer = writer_for(path)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'-o'") from None
    drawn = writer.write(draw_network(compile_one(spec, changes).network, theme=theme))
    save_file(terminal(), output, drawn)
    return 0
