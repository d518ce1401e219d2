"""Moving weights from any implementation of a network into the compiled one, leaf by leaf in the order of calls."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from unetgen.api import Source, build, lower
from unetgen.source.problem import TransplantError, TransplantWarning
from unetgen.verification.leaves import ForwardPass, LeafModule, own_tensors, run_leaves, shapes_of


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


def move(source: ForwardPass, target: ForwardPass) -> tuple[str, ...]:
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


def match(source: ForwardPass, target: ForwardPass) -> tuple[tuple[LeafModule, LeafModule], ...]:
    """Pair the leaves of two networks.

    Raises:
        TransplantError: At the first pair whose tensors cannot be copied, naming both sides.
    """
    for number, (theirs, ours) in enumerate(zip(source.leaves, target.leaves, strict=False)):
        if not _fits(theirs, ours):
            raise TransplantError(
                f"module {number} in the order of calls differs: the source has {theirs} with {spelled(theirs)}, "
                f"the network has {ours} with {spelled(ours)}"
            )
    found, wanted = len(source.leaves), len(target.leaves)
    if found != wanted:
        longer, rest = ("source", source.leaves[wanted:]) if found > wanted else ("network", target.leaves[found:])
        raise TransplantError(
            f"the source calls {found} modules with weights, the network {wanted}; the first without a partner is "
            f"{rest[0]} of the {longer}"
        )
    return tuple(zip(source.leaves, target.leaves, strict=True))


def notes_on(source: ForwardPass, pairs: tuple[tuple[LeafModule, LeafModule], ...]) -> Iterator[str]:
    """Say what a reader should know of pairs that match: other layouts, and weights that stay behind."""
    for theirs, ours in pairs:
        if shapes_of(theirs.module) != shapes_of(ours.module):
            both = f"{theirs} has {spelled(theirs)}, {ours} has {spelled(ours)}"
            yield f"{both}: the same numbers, but for axes of size 1"
    if source.uncalled:
        few, more = source.uncalled[:3], len(source.uncalled) - 3
        names = ", ".join(few) + (f" and {more} more" if more > 0 else "")
        yield f"modules of the source that are never called were left alone: {names}"


def spelled(leaf: LeafModule) -> str:
    """Write the shapes of a leaf's tensors: `weight [64, 3, 3, 3], bias [64]`."""
    return ", ".join(f"{name} {shape}" for name, shape in shapes_of(leaf.module).items()) or "no weights"


def _fits(theirs: LeafModule, ours: LeafModule) -> bool:
    a, b = shapes_of(theirs.module), shapes_of(ours.module)
    return a.keys() == b.keys() and all(core(a[name]) == core(b[name]) for name in a)


def core(shape: Sequence[int]) -> tuple[int, ...]:
    """Give a shape without trailing axes of size 1: a linear layer is a convolution of one pixel.

    Example:
        >>> core([16, 8, 1, 1])
        (16, 8)
    """
    axes = tuple(shape)
    while axes and axes[-1] == 1:
        axes = axes[:-1]
    return axes
