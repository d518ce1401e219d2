"""What a class is made of, in words: the docstring of each class."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import assert_never

from unetgen.backends.torch_source.groups import Group, Leaf, Step, module_of
from unetgen.backends.torch_source.text import docstring
from unetgen.ir.network import Node
from unetgen.ir.ops import (
    Activation,
    Add,
    Axes,
    Blur,
    Concat,
    Conv,
    ConvTransposed,
    CropLike,
    Dropout,
    GlobalPool,
    Maximum,
    Multiply,
    Norm,
    Pad,
    PadLike,
    PixelShuffle,
    Pool,
    Resize,
    ResizeLike,
)
from unetgen.parts.catalog import ACTIVATIONS

__all__ = ["class_docstring"]

_TIMES = {2: "twice", 3: "three times", 4: "four times"}
_TOO_LONG = 170
"""Characters from which on nobody reads a list of parts."""


def class_docstring(groups: Sequence[Group]) -> tuple[str, ...]:
    """Say what a class is made of, in run order; what repeats is said once.

    Args:
        groups: All instances of the class; what differs among them is left out.
    """
    twins = zip(*(group.steps for group in groups), strict=True)
    words = [(_unit(steps[0]), _words(steps, groups[0])) for steps in twins if not _is_added(steps[0], groups[0])]
    units = [tuple(word for _, word in unit) for _, unit in groupby(words, key=lambda pair: pair[0])]
    runs = [(unit, len(list(run))) for unit, run in groupby(units)]
    said = ", ".join(_repeated(unit, count) for unit, count in runs)
    if len(said) > _TOO_LONG:
        said = f"made of {', '.join(dict.fromkeys(_short(step, groups[0]) for step in groups[0].steps))}"
    return docstring(((f"{said[:1].upper()}{said[1:]}.",),), 4)


def _unit(step: Step) -> str:
    return step.name[len(step.name.rstrip("0123456789")) :]


def _repeated(unit: tuple[str, ...], count: int) -> str:
    text = ", ".join(unit)
    if count == 1:
        return text
    return f"{f'({text})' if len(unit) > 1 else text} {_TIMES.get(count, f'{count} times')}"


def _words(steps: Sequence[Step], group: Group) -> str:
    """Name a step as it is in all instances."""
    leaves = [leaf for step in steps if (leaf := module_of(step)) is not None]
    if not leaves:
        return _group_words([step for step in steps if isinstance(step, Group)])
    if isinstance(leaves[0].node.op, Add):
        return _sum(leaves[0], group)
    names = list(dict.fromkeys(_node(leaf.node) for leaf in leaves))
    return names[0] if len(names) == 1 else names[0].split(" ", 1)[-1]


def _short(step: Step, group: Group) -> str:
    return _scope_words(step) if module_of(step) is None else _words((step,), group)


def _group_words(groups: Sequence[Group]) -> str:
    """Name a module inside: by its few parts where it is one chain of them, else by its scope."""
    steps = groups[0].steps
    if len(steps) > 4 or not all(isinstance(step, Leaf) and step.is_module for step in steps):
        return _scope_words(groups[0])
    twins = zip(*(group.steps for group in groups), strict=True)
    return ", ".join(_words(alike, groups[0]) for alike in twins)


def _scope_words(step: Step) -> str:
    return step.name.partition(".")[0].rstrip("0123456789_").replace("_", " ")


def _sum(leaf: Leaf, group: Group) -> str:
    """Say what is added up: the input, or what modules give that only a sum takes, to the main path."""
    added = [_scope_words(step) for step in group.steps if _is_added(step, group) and step.output in leaf.inputs]
    if len(added) == len(leaf.inputs):
        return f"sum of {' and '.join(added)}"
    if any(value in group.inputs for value in leaf.inputs):
        return "plus input"
    return f"plus {added[0]}" if added else "sum"


def _is_added(step: Step, group: Group) -> bool:
    """Say whether a step is a module inside that only a sum takes."""
    takers = [other for other in group.steps if step.output in other.inputs]
    sums = all(isinstance(taker, Leaf) and isinstance(taker.node.op, Add) for taker in takers)
    return isinstance(step, Group) and not step.name[-1:].isdigit() and bool(takers) and sums


def _node(node: Node) -> str:  # noqa: C901 - one case per op
    match node.op:
        case Conv() as op:
            return f"{_kernel(op.kernel)} {_conv_kind(op, node.inputs[0].shape.channels)}conv"
        case ConvTransposed() as op:
            return f"{_kernel(op.kernel)} transposed conv"
        case Norm() as op:
            return "layer norm" if op.kind == "group" and op.groups == 1 else f"{op.kind} norm"
        case Activation() as op:
            return ACTIVATIONS[op.kind].torch
        case Pool() as op:
            return f"{_kernel(op.kernel)} {'max' if op.kind == 'max' else 'average'} pooling"
        case Blur():
            return "blur"
        case GlobalPool():
            return "global average"
        case Resize() | ResizeLike() as op:
            return f"{op.mode} interpolation"
        case CropLike():
            return "crop"
        case Pad() | PadLike():
            return "padding"
        case Concat():
            return "concatenation"
        case Add():
            return "sum"
        case Maximum():
            return "maximum"
        case Multiply():
            return "product"
        case Dropout() as op:
            return {"elementwise": "dropout", "channel": "channel dropout", "path": "stochastic depth"}[op.kind]
        case PixelShuffle():
            return "pixel shuffle"
        case _:
            assert_never(node.op)


def _kernel(kernel: Axes) -> str:
    return "x".join(map(str, kernel)) if len(kernel) > 1 else f"{kernel[0]}-wide"


def _conv_kind(op: Conv, taken: int) -> str:
    """Say what is unusual about a convolution."""
    words = {
        "depthwise": op.groups == taken > 1,
        "grouped": 1 < op.groups < taken,
        "strided": max(op.stride) > 1,
        "dilated": max(op.dilation) > 1,
    }
    return "".join(f"{word} " for word, true in words.items() if true)
