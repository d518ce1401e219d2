"""`unetgen explain`."""

from __future__ import annotations

import click

from unetgen.cli.terminal import terminal, terminal_options


@click.command("explain", short_help="Explain a finding by its code.")
@click.argument("code", required=False)
@terminal_options
def explain_command(code: str | None) -> int:
    """Explain a finding by its CODE, with an example; without one, list all codes.

    \b
    Examples:
      unetgen explain U301
      unetgen explain
    """
    from unetgen.source.diagnostics import CODES, did_you_mean, suggest

    if code is None:
        terminal().data("".join(f"{row.code}  {row.title}\n" for row in CODES.values()))
        return 0
    row = CODES.get(code.upper())
    if row is None:
        close = suggest(code.upper(), CODES)
        way = did_you_mean(code.upper(), close) if close else "`unetgen explain` lists all codes"
        raise click.BadParameter(f'no code "{code}": {way}', param_hint="'CODE'")
    terminal().data(row.explain() + "\n")
    return 0
