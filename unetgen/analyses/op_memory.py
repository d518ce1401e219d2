"""What torch needs memory for while an op runs, and what it keeps of it for the backward pass.

Bytes are those of one sample in float32, as torch computes on a CPU.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Final, assert_never

from unetgen.ir import Node, Value, ops
from unetgen.parts.catalog import ACTIVATIONS
from unetgen.plan import explicit_pads

FLOAT_BYTES: Final = 4
"""Of one float32."""
_INDEX: Final = 8
"""Bytes of the place of one maximum."""


def bytes_of(*values: Value) -> int:
    """Add up maps."""
    return FLOAT_BYTES * sum(value.shape.elements for value in values)


def gives_its_input(op: ops.Op, *, training: bool) -> bool:
    """Say whether an op gives the very memory that it takes, as dropout does in eval mode."""
    return isinstance(op, ops.Dropout) and not training


def scratch(node: Node) -> int:
    """Count the bytes that an op needs for a moment, beside what it takes and what it gives."""
    match node.op:
        case ops.Conv() as op:
            return _padded(op, node.inputs[0])
        case ops.Blur() as op:
            return _blurred(op, node.inputs[0])
        case ops.Norm() as op:
            return _statistics(op, node.inputs[0], repeated=2)
        case ops.Pool(kind="max"):
            return _INDEX * node.output.shape.elements
        case ops.Add() | ops.Multiply() | ops.Maximum() if len(node.inputs) > 2:
            return bytes_of(node.output)
        case _:
            return 0


def _padded(op: ops.Conv, x: Value) -> int:
    """Count the copy that is padded before the convolution: torch's own takes zeros alone, as many on both sides."""
    even = all(before == after for before, after in op.pads)
    if even and op.pad_mode == "zeros":
        return 0
    if op.pad_mode == "zeros" and explicit_pads(op) is None:
        # `padding="same"`: of an uneven pad, only what makes it uneven is added before.
        pads = tuple(after - before for before, after in op.pads)
    else:
        pads = tuple(before + after for before, after in op.pads)
    return FLOAT_BYTES * x.shape.channels * prod(n + pad for n, pad in zip(x.shape.size, pads, strict=True))


def _blurred(op: ops.Blur, x: Value) -> int:
    return FLOAT_BYTES * x.shape.channels * prod(n + op.kernel - 1 for n in x.shape.size)


@dataclass(frozen=True, slots=True)
class Kept:
    """What autograd keeps of an op: which of its inputs, whether its output, and bytes of what is neither."""

    inputs: tuple[int, ...] = ()
    output: bool = False
    extra: int = 0


def kept(node: Node, learns: tuple[bool, ...], *, inplace: bool) -> Kept:  # noqa: C901 - one case per op
    """Say what autograd keeps of an op in training.

    Args:
        node: The op.
        learns: Of each input, whether a gradient flows back through it.
        inplace: Whether the op overwrites its input.
    """
    x = node.inputs[0]
    if not any(learns) and not any(weight.learned for weight in node.op.weights(x.shape.channels)):
        return Kept()
    match node.op:
        case ops.Conv() as op:
            return _kept_conv(op, x, learns[0])
        case ops.Norm() as op:
            return Kept((0,), extra=_statistics(op, x, repeated=1))
        case ops.ConvTransposed():
            return Kept((0,))
        case ops.Activation() as op:
            return _kept_activation(op, x, inplace=inplace)
        case ops.Pool() as op:
            return Kept((0,), extra=_INDEX * node.output.shape.elements if op.kind == "max" else 0)
        case ops.Blur() as op:
            return Kept((0,), extra=_blurred(op, x))
        case ops.Pad(mode=mode) | ops.PadLike(mode=mode):
            return Kept((0,) if mode in ("reflect", "replicate") else ())
        case ops.Dropout() as op:
            scales = {"elementwise": x.shape.elements, "channel": x.shape.channels, "path": 1}[op.kind]
            return Kept(extra=FLOAT_BYTES * scales)
        case ops.Multiply():
            return _kept_product(node, learns)
        case ops.Maximum():
            return Kept(tuple(range(len(learns))), extra=(len(learns) - 2) * bytes_of(node.output))
        case ops.Add() | ops.Concat() | ops.CropLike() | ops.Resize() | ops.ResizeLike():
            return Kept()
        case ops.GlobalPool() | ops.PixelShuffle():
            return Kept()
        case _:
            assert_never(node.op)


def _kept_conv(op: ops.Conv, x: Value, learns: bool) -> Kept:
    padded = _padded(op, x)
    if not padded:
        return Kept((0,))
    return Kept((0,) if learns and op.pad_mode in ("reflect", "replicate") else (), extra=padded)


def _statistics(op: ops.Norm, x: Value, repeated: int) -> int:
    """Count means and deviations, and of scale and shift as many as instance norm repeats for each sample."""
    if op.kind == "group":
        return 2 * FLOAT_BYTES * op.groups
    return FLOAT_BYTES * x.shape.channels * (2 + (repeated if op.kind == "instance" and op.affine else 0))


def _kept_activation(op: ops.Activation, x: Value, *, inplace: bool) -> Kept:
    row = ACTIVATIONS[op.kind]
    if row.keeps == "result":
        return Kept(output=True)
    if not inplace:
        return Kept((0,))
    return Kept(extra=bytes_of(x)) if row.keeps == "input" else Kept(output=True)


def _kept_product(node: Node, learns: tuple[bool, ...]) -> Kept:
    """Keep each factor for the gradient of the others, and each product on the way but the last."""
    places = tuple(place for place in range(len(learns)) if any(learns[:place] + learns[place + 1 :]))
    return Kept(places, extra=(len(learns) - 2) * bytes_of(node.output))
