"""Pairing the leaves of two networks by the order of their calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from unetgen.source.problem import TransplantError
from unetgen.verification.leaves import Leaf, Run, shapes_of

Pair = tuple[Leaf, Leaf]


def match(source: Run, target: Run) -> tuple[Pair, ...]:
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


def notes_on(source: Run, pairs: tuple[Pair, ...]) -> Iterator[str]:
    """Say what a reader should know of pairs that match: other layouts, and weights that stay behind."""
    for theirs, ours in pairs:
        if shapes_of(theirs.module) != shapes_of(ours.module):
            both = f"{theirs} has {spelled(theirs)}, {ours} has {spelled(ours)}"
            yield f"{both}: the same numbers, but for axes of size 1"
    if source.uncalled:
        few, more = source.uncalled[:3], len(source.uncalled) - 3
        names = ", ".join(few) + (f" and {more} more" if more > 0 else "")
        yield f"modules of the source that are never called were left alone: {names}"


def spelled(leaf: Leaf) -> str:
    """Write the shapes of a leaf's tensors: `weight [64, 3, 3, 3], bias [64]`."""
    return ", ".join(f"{name} {shape}" for name, shape in shapes_of(leaf.module).items()) or "no weights"


def _fits(theirs: Leaf, ours: Leaf) -> bool:
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
