"""`unetgen show`, `unetgen summary` and `unetgen sizes`: what can be read about one network."""

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


_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")


@click.command("summary", short_help="Show shapes, parameters and MACs by level.")
@one_spec
@_JSON
@terminal_options
def summary_command(spec: str, changes: Sequence[Override], as_json: bool) -> int:
    """Show what every level gives and costs: output shape, parameters, MACs.

    One MAC is one multiply and one add, at the nominal input size and batch 1; shapes are channels and sizes.

    \b
    Examples:
      unetgen summary unet-2015
      unetgen summary unet-2015 --set input_size=1020
      unetgen summary cells.yaml --json | jq .params
    """
    from unetgen.reports import render_summary, summarize_network

    out, summary = terminal(), summarize_network(compile_one(spec, changes).network)
    out.data(summary.to_json() if as_json else render_summary(summary, width=out.width, colour=out.coloured_data))
    return 0


@click.command("sizes", short_help="List the input sizes that fit.")
@one_spec
@click.option("--near", type=click.IntRange(1, 1_000_000), help="Side length in pixels to search around.")
@click.option("--count", type=click.IntRange(1, 1000), default=5, show_default=True, help="How many to list.")
@_JSON
@terminal_options
def sizes_command(spec: str, changes: Sequence[Override], near: int | None, count: int, as_json: bool) -> int:
    """List the input sizes that the network accepts.

    They are exact: at these sizes every skip meets as the spec asks for, at all others the module refuses its input.
    Without --near, the sizes around the nominal one are listed, nearest first.

    \b
    Examples:
      unetgen sizes unet-2015 --near 500
      unetgen sizes cells.yaml --near 1000 --json
    """
    from unetgen.reports.summary import sizes_near

    network = compile_one(spec, changes).network
    report = sizes_near(network, near if near is not None else network.input.shape.size[0], count=count)
    terminal().data(report.to_json() if as_json else report.to_text())
    return 0
