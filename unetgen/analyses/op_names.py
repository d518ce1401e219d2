"""What an op is called: one name of the field for each, from which reports, pictures and emitted source speak.

Names are nouns, as papers list the steps of a unit: `conv 3×3`, `batch norm`, `ReLU`, `sum`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from unetgen.ir import Node, ops
from unetgen.parts.catalog import ACTIVATIONS, norm_row

SUM, MAXIMUM, PRODUCT = "sum", "maximum", "product"
"""What the ops are called in which maps meet position by position."""


@dataclass(frozen=True, slots=True)
class OpName:
    """What an op is called, and the numbers that tell it from others of its name.

    Example:
        >>> str(OpName("conv", ("3×3", "stride 2")))
        'conv 3×3 stride 2'
    """

    name: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.name, *self.details))


_WITHOUT_NUMBERS: Final[Mapping[type[ops.Op], OpName]] = {
    ops.GlobalPool: OpName("global average pool"),
    ops.CropLike: OpName("crop", ("to fit",)),
    ops.PadLike: OpName("padding", ("to fit",)),
    ops.Pad: OpName("padding"),
    ops.Add: OpName(SUM),
    ops.Maximum: OpName(MAXIMUM),
    ops.Multiply: OpName(PRODUCT),
}
"""Ops that are called alike wherever they stand."""


def op_name(node: Node) -> OpName:  # noqa: C901 - one case per op
    """Say what a node's op is called."""
    match node.op:
        case ops.Conv() as op:
            return _conv(op, node.inputs[0].shape.channels)
        case ops.ConvTransposed() as op:
            name, groups = _grouped("transposed conv", op.groups, node.inputs[0].shape.channels)
            return OpName(name, (axes_text(op.kernel), *_unlike("stride", op.stride, op.kernel), *groups))
        case ops.Norm() as op:
            return _norm(op, node.inputs[0].shape.channels)
        case ops.Activation() as op:
            return _activation(op)
        case ops.Pool() as op if max(op.kernel) == 1:
            # A window of one position takes every n-th one, whatever is said of several.
            return OpName("decimation", (_factor(op.stride),))
        case ops.Pool() as op:
            name = {"max": "max pool", "avg": "average pool"}[op.kind]
            return OpName(name, (axes_text(op.kernel), *_unlike("stride", op.stride, op.kernel)))
        case ops.Blur() as op:
            kernel = (op.kernel,) * len(op.stride)
            return OpName("blur", (axes_text(kernel), *_unlike("stride", op.stride, _ones(op.stride))))
        case ops.Resize() as op:
            return OpName(f"{_interpolation(op.mode, len(op.factor))} upsampling", (_factor(op.factor),))
        case ops.ResizeLike() as op:
            return OpName(f"{_interpolation(op.mode, len(node.output.shape.size))} resizing", ("to fit",))
        case ops.PixelShuffle() as op:
            return OpName("pixel shuffle", (_factor(op.factor),))
        case ops.Dropout() as op:
            name = {"elementwise": "dropout", "channel": "channel dropout", "path": "drop path"}[op.kind]
            return OpName(name, (f"{op.p:g}",))
        case ops.Concat():
            is_repeat = len(set(node.inputs)) == 1
            return OpName("channels repeated", (f"{len(node.inputs)}×",)) if is_repeat else OpName("concatenation")
        case ops.GlobalPool() | ops.CropLike() | ops.PadLike() | ops.Pad() | ops.Add() | ops.Maximum() | ops.Multiply():
            return _WITHOUT_NUMBERS[type(node.op)]
        case _:
            assert_never(node.op)


def _conv(op: ops.Conv, channels: int) -> OpName:
    name, groups = _grouped("conv", op.groups, channels)
    strides = _unlike("stride", op.stride, _ones(op.stride))
    dilations = _unlike("dilation", op.dilation, _ones(op.dilation))
    return OpName(name, (axes_text(op.kernel), *strides, *dilations, *groups))


def _grouped(name: str, groups: int, channels: int) -> tuple[str, tuple[str, ...]]:
    if 1 < groups == channels:
        return f"depthwise {name}", ()
    return name, (f"in {groups} groups",) if groups > 1 else ()


def has_groups(op: ops.Norm) -> bool:
    """Say whether a norm is told how many groups it has, so that its name gives their number.

    Example:
        >>> [has_groups(ops.Norm("group", eps=1e-5, affine=True, groups=groups)) for groups in (8, 1)]
        [True, False]
    """
    return norm_row(op.kind, op.groups).takes("groups")


def _norm(op: ops.Norm, channels: int) -> OpName:
    groups = "by channel" if op.groups == channels else str(op.groups)
    return OpName(f"{norm_row(op.kind, op.groups).name} norm", (groups,) if has_groups(op) else ())


def _activation(op: ops.Activation) -> OpName:
    row = ACTIVATIONS[op.kind]
    defaults = {option.name: option.default for option in row.options}
    changed = [f"{value:g}" for name, value in op.options if value != defaults.get(name)]
    # "ReLU" and "GELU" are names; "Sigmoid" and "Tanh" are words, and words are small.
    return OpName(row.torch.lower() if row.torch.istitle() else row.torch, tuple(changed))


def _interpolation(mode: ops.ResizeMode, dims: int) -> str:
    return {2: "bilinear", 3: "trilinear"}.get(dims, mode) if mode == "linear" else mode


def axes_text(axes: ops.Axes) -> str:
    """Write one number per axis.

    Example:
        >>> axes_text((3, 3)), axes_text((1, 3, 3))
        ('3×3', '1×3×3')
    """
    return "×".join(map(str, axes))


def _factor(factor: ops.Axes) -> str:
    return f"{factor[0]}×" if len(set(factor)) == 1 else axes_text(factor)


def _unlike(word: str, axes: ops.Axes, usual: ops.Axes) -> tuple[str, ...]:
    """Name a number per axis unless it is the usual one; once where all axes agree."""
    if axes == usual:
        return ()
    return (f"{word} {axes[0] if len(set(axes)) == 1 else axes_text(axes)}",)


def _ones(axes: ops.Axes) -> ops.Axes:
    return (1,) * len(axes)
