"""`unetgen check`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import click

from unetgen.cli.failures import ExitCode, report
from unetgen.cli.specs import Compiled, compile_several, several_specs
from unetgen.cli.terminal import Terminal, terminal, terminal_options
from unetgen.source.diagnostics import Diagnostic, SpecError

if TYPE_CHECKING:
    from unetgen.language.overrides import Override

Format = Literal["text", "json", "github"]


@click.command("check", short_help="Say whether specs are right, and all that is not.")
@several_specs
@click.option(
    "--format",
    "format",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How findings are written: for people (on standard error), as a JSON array, or as GitHub annotations.",
)
@terminal_options
def check_command(specs: Sequence[str], changes: Sequence[Override], format: Format) -> int:
    """Say whether specs are right, and everything that is not.

    Every check runs that can run without weights: spelling, types, combinations, channels, sizes at every level, and
    what the spec itself expects.

    \b
    Examples:
      unetgen check cells.yaml
      unetgen check specs/*.yaml
      unetgen check unet-2015 --set input_size=570
      unetgen check --format github specs/*.yaml      in a workflow
      generate-spec | unetgen check -
    """
    out, findings = terminal(), list[Diagnostic]()

    def fail(error: Exception) -> ExitCode:
        """Show what is for people at once; keep what is for programs."""
        if format == "text" or not isinstance(error, SpecError):
            return report(error, out)
        findings.extend(error.diagnostics)
        return ExitCode.LIMIT if error.kind == "limit" else ExitCode.WRONG

    networks, code = compile_several(specs, changes, fail)
    for one in networks:
        out.message(_fine(one))
    _write(findings, format, out)
    return code


def _write(findings: Sequence[Diagnostic], format: Format, out: Terminal) -> None:
    """Write the findings for programs, of all specs together."""
    from unetgen.source.diagnostics import render_github, render_json

    if format == "json":
        out.data(render_json(findings) + "\n")
    if format == "github" and findings:
        out.data(render_github(findings) + "\n")


def _fine(one: Compiled) -> str:
    # The reports would say it in the same words, but take a while to load.
    from unetgen.analyses import parameters

    shapes = ("×".join(map(str, value.shape.as_list())) for value in (one.network.input, one.network.output))
    return f"{one.called}: fine, {' -> '.join(shapes)}, {parameters(one.network).total:,} parameters"
