"""`unetgen diff`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from unetgen.cli.failures import ExitCode
from unetgen.cli.specs import compile_one, one_spec
from unetgen.cli.terminal import terminal, terminal_options

if TYPE_CHECKING:
    from unetgen.overrides import Override

__all__ = ["diff_command"]


@click.command("diff")
@one_spec
@click.argument("other", metavar="[OTHER]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")
@terminal_options
def diff_command(spec: str, changes: Sequence[Override], other: str | None, as_json: bool) -> int:
    """Say what differs between two networks.

    SPEC is compared with OTHER, or with itself as `--set` changes it; with both, `--set` changes OTHER. Options are
    those of the normal forms, so two spellings of one network do not differ. The exit code is 1 if the networks differ.

    \b
    Examples:
      unetgen diff unet-2015 unet-same-bn
      unetgen diff cells.yaml --set depth=5
      unetgen diff cells.yaml cells-old.yaml --json
    """
    from unetgen.comparison import compare_networks

    if other is None and not changes:
        raise click.UsageError("there is nothing to compare with: name another SPEC, or change this one with --set")
    before, after = compile_one(spec, ()), compile_one(other or spec, changes)
    found = compare_networks((before.form, before.network), (after.form, after.network))
    terminal().data(found.to_json() if as_json else found.to_text())
    return ExitCode.FINE if found.same else ExitCode.WRONG
