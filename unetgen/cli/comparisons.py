"""`unetgen diff` and `unetgen verify`: a network held against another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from unetgen.cli.failures import ExitCode
from unetgen.cli.pictures import PictureRequest, picture_options
from unetgen.cli.specs import Compiled, compile_one, one_spec
from unetgen.cli.terminal import terminal, terminal_options
from unetgen.source.problem import Problem

if TYPE_CHECKING:
    from unetgen.drawing import Drawing
    from unetgen.ir import Network
    from unetgen.language.overrides import Override
    from unetgen.verification import Verification


@click.command("diff")
@one_spec
@click.argument("other", metavar="[OTHER]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")
@click.option(
    "--own-sizes", is_flag=True, help="Compare each at its own nominal size, not both at one that is legal for both."
)
@picture_options(required=False)
@terminal_options
def diff_command(
    spec: str, changes: Sequence[Override], other: str | None, as_json: bool, own_sizes: bool, picture: PictureRequest
) -> int:
    """Say what differs between two networks.

    SPEC is compared with OTHER, or with itself as `--set` changes it; with both, `--set` changes OTHER. Options are
    those of the normal forms, so two spellings of one network do not differ. The exit code is 1 if the networks differ.
    Networks of different nominal sizes are compared at that of the first, or the next one that is legal for both,
    unless --own-sizes or `--set input_size=...` asks for their own.

    With `-o`, both networks are drawn on one page too, and what changed, what is new and what was removed is marked;
    what is the same but for the channels or sizes of its maps, as something before it changed, is tinted.

    \b
    Examples:
      unetgen diff unet-2015 unet-same-bn
      unetgen diff cells.yaml --set depth=5
      unetgen diff cells.yaml --set skip=add -o skips.svg
      unetgen diff cells.yaml cells-old.yaml --json
    """
    from unetgen.api import at_one_size
    from unetgen.reports.comparison import compare_networks

    _check(other, changes, as_json, picture)
    save = picture.writer()
    before, after = compile_one(spec, ()), compile_one(other or spec, changes)
    if not own_sizes and all(change.key != "input_size" for change in changes):
        one, other_one = at_one_size(before.network, after.network)
        before, after = replace(before, network=one), replace(after, network=other_one)
    found = compare_networks((before.form, before.network), (after.form, after.network))
    if picture.output is not None:
        save(_drawn(before, after, changes, picture))
    text = found.to_json() if as_json else found.to_text()
    if picture.to_stdout:
        terminal().message(text.removesuffix("\n"))
    else:
        terminal().data(text)
    return ExitCode.FINE if found.same else ExitCode.WRONG


def _check(other: str | None, changes: Sequence[Override], as_json: bool, picture: PictureRequest) -> None:
    if other is None and not changes:
        raise click.UsageError("there is nothing to compare with: name another SPEC, or change this one with --set")
    if picture.is_chosen and picture.output is None:
        raise click.UsageError("this is about a picture, and none is drawn: name its file with -o")
    if picture.to_stdout and as_json:
        raise click.UsageError("--json and the picture of `-o -` cannot both go to standard output")


def _drawn(before: Compiled, after: Compiled, changes: Sequence[Override], picture: PictureRequest) -> Drawing:
    from unetgen.api import draw_options
    from unetgen.drawing import draw_difference

    # A title in the spec speaks of one network alone.
    options = picture.options(replace(draw_options(before.spec), title=None))
    return draw_difference(before.network, after.network, options, names=_names(before, after, changes))


def _names(before: Compiled, after: Compiled, changes: Sequence[Override]) -> tuple[str, str]:
    """Call both networks by their names; by their files too where these do not tell them apart."""
    one, other = before.network.name, after.network.name
    if one == other and before.called != after.called:
        one, other = f"{one} ({before.called})", f"{other} ({after.called})"
    set_to = ", ".join(f"{change.key}={change.text.strip()}" for change in changes)
    return one, f"{other}, {set_to}" if set_to else other


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
