"""Specs on the command line: where they come from, what `--set` changes, and several of them at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from unetgen.cli.failures import ExitCode
from unetgen.language.overrides import Override
from unetgen.source.problem import Problem

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from unetgen.compiler.forms import NormalForm
    from unetgen.ir import Network
    from unetgen.language.spec import Spec
    from unetgen.source.text import SourceFile

F = TypeVar("F", bound=Callable[..., object])


class _SpecType(click.ParamType[str]):
    """A SPEC, completed by the shell from the zoo and the files at hand."""

    name = "SPEC"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from unetgen.language.zoo import zoo_names

        names = [CompletionItem(name) for name in zoo_names() if name.startswith(incomplete)]
        return [*names, CompletionItem(incomplete, type="file")]


def one_spec(command: F) -> F:
    """Let a command take one SPEC and `--set`."""
    return click.argument("spec", type=_SpecType())(_changes(command))


def several_specs(command: F) -> F:
    """Let a command take one or more SPECs and `--set`, which then holds for all of them."""
    return click.argument("specs", metavar="SPEC...", type=_SpecType(), nargs=-1, required=True)(_changes(command))


def _overrides(context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> tuple[Override, ...]:
    return tuple(_override(text, context, parameter) for text in given)


def _override(text: str, context: click.Context, parameter: click.Parameter) -> Override:
    key, equals, value = text.partition("=")
    if not equals or not value.strip() or not all(key.strip().split(".")):
        message = f'"{text}" is not KEY=VALUE, such as depth=3 or encoder.norm=batch'
        raise click.BadParameter(message, context, parameter)
    return Override(key.strip(), value)


_changes = click.option(
    "--set",
    "changes",
    metavar="KEY=VALUE",
    multiple=True,
    callback=_overrides,
    help="Change a value of the spec, such as depth=3 or encoder.norm=batch. May be given again.",
)


def _source(name: str) -> SourceFile:
    from unetgen.language.zoo import find_source

    try:
        return _standard_input() if name == "-" else find_source(name)
    except OSError as error:
        raise _unreadable(name, error) from None


def _standard_input() -> SourceFile:
    from unetgen.source.files import MAX_BYTES, decode_source

    if sys.stdin is None:
        raise Problem("standard input is closed")
    return decode_source(_called("-"), sys.stdin.buffer.read(MAX_BYTES + 1))


def _called(name: str) -> str:
    return "<stdin>" if name == "-" else name


def _unreadable(name: str, error: OSError) -> Problem:
    from unetgen.language.zoo import zoo_names
    from unetgen.source.diagnostics.suggest import suggest

    if not isinstance(error, FileNotFoundError):
        return Problem(f'cannot read "{name}": {error.strerror or error}')
    here = [str(path) for pattern in ("*.yaml", "*.yml", "specs/*.yaml") for path in sorted(Path().glob(pattern))]
    known = {Path(path).stem: path for path in here} | {path: path for path in here} | {n: n for n in zoo_names()}
    close = [f'did you mean "{known[word]}"?' for word in suggest(name, known)[:1]]
    help = close or ["`unetgen list` shows the specs that come with unetgen; `unetgen init` writes one to start from"]
    return Problem(f'no file "{name}", and no spec of that name in the zoo', *help)


@dataclass(frozen=True, slots=True)
class Compiled:
    """One spec after every check; `called` is how messages name it."""

    called: str
    spec: Spec
    form: NormalForm
    network: Network


def compile_one(name: str, changes: Sequence[Override]) -> Compiled:
    """Take a spec through every check.

    Raises:
        SpecError: The spec is wrong.
        Problem: It cannot be read.
    """
    from unetgen.api import validated
    from unetgen.compiler.pipeline import compile_spec

    spec = validated(_source(name), changes)
    return Compiled(_called(name), spec, *compile_spec(spec))


def compile_several(
    names: Sequence[str], changes: Sequence[Override], fail: Callable[[Exception], ExitCode]
) -> tuple[tuple[Compiled, ...], ExitCode]:
    """Take every spec through every check; `fail` hears of each that does not pass, and says how grave that is.

    Returns:
        Those that pass, and the exit code for all of them.

    Raises:
        click.UsageError: Standard input is named twice.
    """
    if names.count("-") > 1:
        raise click.UsageError("`-` is given twice, but standard input holds one spec")
    passed: list[Compiled] = []
    code = ExitCode.FINE
    for name in dict.fromkeys(names):
        try:
            passed.append(compile_one(name, changes))
        except Exception as error:  # whatever one spec does, the others are still looked at
            code = max(code, fail(error))
    return tuple(passed), code
