"""`unetgen verify`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from unetgen.cli.failures import ExitCode
from unetgen.cli.specs import compile_one, one_spec
from unetgen.cli.terminal import terminal, terminal_options
from unetgen.source.problem import Problem

if TYPE_CHECKING:
    from unetgen.ir.network import Network
    from unetgen.language.overrides import Override
    from unetgen.verification import Verification


def _arguments(context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> dict[str, object]:
    return dict(_argument(text, context, parameter) for text in given)


def _argument(text: str, context: click.Context, parameter: click.Parameter) -> tuple[str, object]:
    from unetgen.source.diagnostics import SpecError
    from unetgen.source.yamltree import parse_fragment, to_plain

    key, equals, value = text.partition("=")
    if not equals or not key.isidentifier():
        message = f'"{text}" is not NAME=VALUE, such as in_channels=3 or features=[8,16,32]'
        raise click.BadParameter(message, context, parameter)
    try:
        return key, to_plain(parse_fragment(value, f"--arg {key}"))
    except SpecError as error:
        raise click.BadParameter(str(error), context, parameter) from None


@click.command("verify")
@one_spec
@click.option(
    "--against",
    required=True,
    metavar="X",
    help="The path of a reference vector (.npz), or an installed implementation as package.module:callable, which is "
    "imported and called.",
)
@click.option(
    "--arg",
    "arguments",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_arguments,
    help="An argument for the callable; the value is YAML. May be given again.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")
@terminal_options
def verify_command(
    spec: str, changes: Sequence[Override], against: str, arguments: Mapping[str, object], as_json: bool
) -> int:
    """Prove that the spec is the network of another implementation.

    Both get the same weights, layer by layer in the order in which they are called, and the same input. They are equal
    if every number is, or if the difference is rounding: 1e-12 in float64 and 1e-6 in float32, or what rounding does to
    the other implementation itself. Else the first module that differs is named, and the exit code is 1.

    \b
    Examples:
      unetgen verify cells.yaml --against vectors/cells.npz
      unetgen verify cells.yaml --against monai.networks.nets:BasicUNet --arg spatial_dims=2 --arg in_channels=1
      unetgen verify unet-2015 --against mycode.model:UNet --json
    """
    found = _verified(compile_one(spec, changes).network, against, arguments)
    terminal().data(found.to_json() if as_json else found.to_text())
    return ExitCode.FINE if found.ok else ExitCode.WRONG


def _verified(network: Network, against: str, arguments: Mapping[str, object]) -> Verification:
    try:
        from unetgen.verification.proof import verify
    except ImportError as error:
        help = "install what proofs need: pip install 'unetgen[verify]'"
        raise Problem(f"cannot verify without {error.name}", help) from None
    return verify(network, against, arguments=arguments)
