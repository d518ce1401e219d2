"""`unetgen show`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from unetgen.cli.specs import compile_one, one_spec
from unetgen.cli.terminal import terminal, terminal_options

if TYPE_CHECKING:
    from unetgen.language.overrides import Override


@click.command("show", short_help="Write the spec out in full, with origins.")
@one_spec
@click.option("--ir", "as_ir", is_flag=True, help="Show the compiled network instead, node by node.")
@terminal_options
def show_command(spec: str, changes: Sequence[Override], as_ir: bool) -> int:
    """Write the spec out in full: every value of every stage, and where it comes from.

    What is shown is itself a legal spec of the same network.

    \b
    Examples:
      unetgen show cells.yaml
      unetgen show unet-2015 > mine.yaml              the paper's network with every value to change
      unetgen show cells.yaml --ir                    every convolution, with its shape
    """
    one = compile_one(spec, changes)
    if as_ir:
        from unetgen.ir.printer import format_network

        terminal().data(format_network(one.network))
        return 0
    from unetgen.reports.show import show_form

    terminal().data(show_form(one.form, one.spec))
    return 0
