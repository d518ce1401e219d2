"""`unetgen export`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from unetgen.cli.files import save_file
from unetgen.cli.specs import compile_one, one_spec
from unetgen.cli.terminal import terminal, terminal_options
from unetgen.source.problem import Problem

if TYPE_CHECKING:
    from unetgen.ir import Network
    from unetgen.language.overrides import Override


@click.command("export", short_help="Write the network as an ONNX model.")
@one_spec
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to, a .onnx; `-` is standard output.")
@click.option("--weights", metavar="FILE", help="A .safetensors file of the state dict; random weights unless given.")
@terminal_options
def export_command(spec: str, changes: Sequence[Override], output: str, weights: str | None) -> int:
    """Write the network with its weights as an ONNX model, which runs without torch and without unetgen.

    The model is for inference, in float32, and gives what the module gives in eval mode. Batch and sizes are open: it
    takes every size that `unetgen sizes` lists. Its tensors are called `input` and `output` (`output0`, `output1`, ...
    where the module gives a list), its operators as in the source: `encoder.0.conv1`. The opset is 21; the same weights
    give the same bytes.

    Writing needs `pip install 'unetgen[onnx]'`.

    \b
    Examples:
      unetgen export cells.yaml -o cells.onnx --weights cells.safetensors
      unetgen export unet-2015 -o unet.onnx --set out_channels=3
    \b
    In Python, with a module that was trained:
      net = unetgen.build("cells.yaml")
      unetgen.export("cells.yaml", "cells.onnx", weights=net.state_dict())
    """
    if output != "-" and Path(output).suffix.lower() != ".onnx":
        raise click.UsageError(f'"{output}" does not end in .onnx, the one format that there is')
    network = compile_one(spec, changes).network
    data = _exported(network, weights)
    if weights is None:
        terminal().message("note: the weights are random (seed 0): `--weights` takes those of a trained module")
    save_file(terminal(), output, data)
    return 0


def _exported(network: Network, weights: str | None) -> bytes:
    from unetgen.api import onnx_bytes

    try:
        return onnx_bytes(network, weights)
    except OSError as error:
        raise Problem(f'cannot read "{error.filename or weights}": {error.strerror or error}') from None
