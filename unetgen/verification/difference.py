"""The first module in which two networks differ, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from unetgen.verification.leaves import LeafModule, kind_of, run_leaves, shapes_of
from unetgen.verification.transplant import core, spelled
from unetgen.verification.vectors import ReferenceLeaf

_SAME = 1e-9
"""Relative difference in float64 from which two maps count as different."""


def differing_shapes(leaves: tuple[LeafModule, ...], reference: tuple[ReferenceLeaf, ...]) -> str:
    """Name the first leaf whose tensors have other shapes than the reference's; empty if there is none."""
    for number, (ours, theirs) in enumerate(zip(leaves, reference, strict=False)):
        found = {name: core(shape) for name, shape in shapes_of(ours.module).items()}
        if found != {name: core(shape) for name, shape in theirs.shapes.items()}:
            return f"module {number} in the order of calls is {ours} with {spelled(ours)}, the reference has {theirs}"
    if len(leaves) == len(reference):
        return ""
    rest = str(leaves[len(reference)]) if len(leaves) > len(reference) else f"the reference's {reference[len(leaves)]}"
    counts = f"{len(leaves)} modules with weights run, {len(reference)} in the reference"
    return f"{counts}; the first without a partner is {rest}"


def differing_structure(leaves: tuple[LeafModule, ...], reference: tuple[ReferenceLeaf, ...]) -> str:
    """Name the first leaf that gives another shape or has other options than the reference's; empty if none does."""
    for number, (ours, theirs) in enumerate(zip(leaves, reference, strict=True)):
        place = f"module {number} in the order of calls, {ours}"
        if theirs.given and ours.given and ours.given != theirs.given:
            return (
                f"{place}, gives {list(ours.given)}, the reference {list(theirs.given)}: "
                "a stride, a pool, a crop or a resize at or before it differs"
            )
        for name, found, wanted in _options(ours.module, theirs.options):
            return f"{place}, has {name} {found}, the reference {wanted}"
    return ""


def _options(module: nn.Module, wanted: Mapping[str, object]) -> Iterator[tuple[str, object, object]]:
    """List options of a module that differ from the reference's: strides, groups, the epsilon of a norm."""
    if kind_of(module).startswith(("BatchNorm", "InstanceNorm", "GroupNorm", "Conv")):
        for name in ("stride", "dilation", "groups", "output_padding", "eps", "num_groups"):
            found, other = getattr(module, name, None), wanted.get(name)
            if found is not None and other is not None and _plain(found) != _plain(other):
                yield name, _plain(found), _plain(other)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a leaf took and gave at its first call, in float64."""

    leaf: LeafModule
    taken: Tensor | None
    given: Tensor | None


def differing_output(source: nn.Module, target: nn.Module, *inputs: Tensor) -> str:
    """Run two networks of the same weights in float64 and name the first leaf that gives something else."""
    theirs, ours = _watched(source, *inputs), _watched(target, inputs[0])
    for number, (a, b) in enumerate(zip(theirs, ours, strict=False)):
        if _apart(a.given, b.given):
            place = f"module {number} in the order of calls: {b.leaf}, in the reference {a.leaf}"
            return f"{place}; {_cause(a, b)}"
    return "after the last module with weights: the networks end differently"


def _cause(a: _Seen, b: _Seen) -> str:
    if a.leaf.taken != b.leaf.taken:
        return f"it takes {list(b.leaf.taken)}, there {list(a.leaf.taken)}: a pool, crop or resize before it differs"
    if _apart(a.taken, b.taken):
        return "what it takes differs already: an activation, a join or a resize before it"
    return "it takes the same and gives something else: a stride, a padding or an option of its own differs"


def _apart(a: Tensor | None, b: Tensor | None) -> bool:
    if a is None or b is None:
        return False
    if a.numel() != b.numel():
        return True
    scale = max(float(a.abs().max()), torch.finfo(torch.float64).tiny)
    return not float((a.reshape(-1) - b.reshape(-1)).abs().max()) <= _SAME * scale


def _watched(module: nn.Module, *inputs: Tensor) -> list[_Seen]:
    seen: list[_Seen] = []

    def watch(_: int, leaf: LeafModule, taken: Tensor | None, given: Tensor | None) -> None:
        # What comes next may work in place: only a copy stays what it was.
        seen.append(_Seen(leaf, *(None if value is None else value.clone() for value in (taken, given))))

    run_leaves(module, *inputs, watch=watch)
    return seen
