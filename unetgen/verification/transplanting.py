"""Moving weights from any implementation of a network into the compiled one."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from unetgen.api import Source, build, lower
from unetgen.source.problem import TransplantWarning
from unetgen.verification.leaves import Run, own_tensors, run_leaves
from unetgen.verification.matching import match, notes_on


def transplant(source: nn.Module, x: Source, *inputs: Tensor) -> nn.Module:
    """Compile a spec and give the module the weights of another implementation of the same network.

    Both are run once, in eval mode, to see in which order they call their layers; weights move in that order, whatever
    their names. So a checkpoint of a peer serves the compiled module: load it into the peer's own class, then move it.

    Args:
        source: The other implementation, with its weights. It keeps them, and its modes.
        x: The spec, its path or its name in the zoo.
        inputs: What to run the source on; the compiled module takes the first. Zeros of the spec's input size unless
            given.

    Returns:
        The compiled module, in the mode of the source.

    Raises:
        TransplantError: The networks differ in a layer; the message names the first one on both sides.
        SpecError: The spec is wrong.

    Warns:
        TransplantWarning: Some weights have another layout, or belong to modules that the source never calls.
    """
    network = lower(x)
    target = build(network)
    given = inputs or (torch.zeros(1, *network.input.shape.as_list()),)
    with in_eval_mode(source), in_eval_mode(target):
        notes = move(run_leaves(source, *given), run_leaves(target, given[0]))
    for note in notes:
        warnings.warn(note, TransplantWarning, stacklevel=2)
    return target.train(source.training)


def move(source: Run, target: Run) -> tuple[str, ...]:
    """Copy every tensor of the source's leaves to the target's; give what is worth knowing.

    Raises:
        TransplantError: The leaves do not match.
    """
    pairs = match(source, target)
    with torch.no_grad():
        for theirs, ours in pairs:
            tensors = own_tensors(theirs.module)
            for name, tensor in own_tensors(ours.module).items():
                tensor.copy_(tensors[name].reshape(tensor.shape))
    return tuple(notes_on(source, pairs))


@contextmanager
def in_eval_mode(module: nn.Module) -> Iterator[None]:
    """Put a module in eval mode, and every part of it back into its own mode in the end."""
    modes = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training
