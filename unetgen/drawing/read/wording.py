"""The words of a picture: what ops and sizes are called in legends and labels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, assert_never

from unetgen.ir import Node, Shape
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

__all__ = ["axes_text", "chain_text", "count_text", "one_text", "op_text", "shape_text", "size_text", "without_numbers"]

_UNITS = ("", "k", "M", "G", "T", "P", "E")


def size_text(size: tuple[int, ...]) -> str:
    """Write the sizes of a map.

    Example:
        >>> size_text((572, 572)), size_text((64, 64, 64)), size_text((128, 96)), size_text((512,))
        ('572²', '64³', '128×96', '512')
    """
    if len(size) in (2, 3) and len(set(size)) == 1:
        return f"{size[0]}{'²' if len(size) == 2 else '³'}"
    return axes_text(size)


def shape_text(shape: Shape) -> str:
    """Write channels and sizes.

    Example:
        >>> shape_text(Shape(64, (568, 568)))
        '64 × 568²'
    """
    return f"{shape.channels} × {size_text(shape.size)}"


def axes_text(axes: Axes) -> str:
    """Write one number per axis.

    Example:
        >>> axes_text((3, 3)), axes_text((1, 3, 3))
        ('3×3', '1×3×3')
    """
    return "×".join(map(str, axes))


def count_text(count: int) -> str:
    """Write a large count in four digits.

    Example:
        >>> count_text(150_389_915_648), count_text(31_030_658), count_text(812), count_text(999_960)
        ('150.4 G', '31.03 M', '812', '1 M')
    """
    value, power = float(count), 0
    while float(f"{value:.4g}") >= 1000 and power < len(_UNITS) - 1:
        value, power = value / 1000, power + 1
    return f"{value:.4g} {_UNITS[power]}".rstrip()


def one_text(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Say in one text what several say that differ in numbers alone; give them as they are where they differ in more.

    Example:
        >>> one_text(("max pool 2×2, conv 3×3", "max pool 4×4, conv 3×3", "max pool 8×8, conv 3×3"))
        ('max pool 2×2 to 8×8, conv 3×3',)
        >>> one_text(("max pool 2×2", "average pool 2×2"))
        ('max pool 2×2', 'average pool 2×2')
    """
    groups: dict[str, list[str]] = {}
    for text in texts:
        groups.setdefault(without_numbers(text), []).append(text)
    return tuple(_spanned(template, same) for template, same in groups.items())


def without_numbers(text: str) -> str:
    """Give what texts have in common that differ in numbers alone."""
    return _NUMBERS.sub("#", text)


_NUMBERS: Final = re.compile(r"\d+(?:[×.]\d+)*")


def _spanned(template: str, texts: list[str]) -> str:
    """Fill a template with the numbers of all texts: the first to the last, where they differ."""
    columns = (sorted(set(column), key=_size) for column in zip(*map(_NUMBERS.findall, texts), strict=True))
    spans = (column[0] if len(column) == 1 else f"{column[0]} to {column[-1]}" for column in columns)
    filled = (f"{words}{span}" for words, span in zip(template.split("#"), (*spans, ""), strict=True))
    return "".join(filled)


def _size(number: str) -> tuple[float, ...]:
    return tuple(map(float, number.split("×")))


def chain_text(nodes: Iterable[Node]) -> str:
    """Name ops that run one after the other.

    Example: `conv 3×3, BN, ReLU`.
    """
    passed = tuple(nodes)
    text = ", ".join(map(op_text, passed))
    return f"{text} (weights shared)" if any(node.shares for node in passed) else text


def op_text(node: Node) -> str:  # noqa: C901 - one case per op
    """Name one op, with the numbers that tell it from others of its kind."""
    match node.op:
        case Conv() as op:
            return _conv(op, node.inputs[0].shape.channels)
        case ConvTransposed() as op:
            return _up_conv(op, node.inputs[0].shape.channels)
        case Norm() as op:
            return _norm(op, node.inputs[0].shape.channels)
        case Activation() as op:
            return _activation(op)
        case Pool() as op:
            kind = "max" if op.kind == "max" else "average"
            return f"{kind} pool {axes_text(op.kernel)}{_step(op.stride, op.kernel)}"
        case Blur() as op:
            return f"blur {op.kernel}{_step(op.stride, (1,) * len(op.stride))}"
        case GlobalPool():
            return "global pool"
        case Resize() as op:
            return f"upsample {axes_text(op.factor)} ({op.mode})"
        case ResizeLike() as op:
            return f"resize to fit ({op.mode})"
        case PixelShuffle() as op:
            return f"pixel shuffle {axes_text(op.factor)}"
        case Dropout() as op:
            kind = {"elementwise": "dropout", "channel": "channel dropout", "path": "drop path"}[op.kind]
            return f"{kind} {op.p:g}"
        case Concat():
            is_repeat = len(set(node.inputs)) == 1
            return f"channels repeated {len(node.inputs)}×" if is_repeat else "concatenate"
        case CropLike() | PadLike() | Pad() | Add() | Maximum() | Multiply() as op:
            return _plain(op)
        case _:
            assert_never(node.op)


def _plain(op: CropLike | PadLike | Pad | Add | Maximum | Multiply) -> str:
    match op:
        case CropLike():
            return "crop to fit"
        case PadLike():
            return "pad to fit"
        case Pad():
            return "pad"
        case Add():
            return "sum"
        case Maximum():
            return "maximum"
        case Multiply():
            return "product"
        case _:
            assert_never(op)


def _conv(op: Conv, channels: int) -> str:
    strided = any(stride > 1 for stride in op.stride)
    depthwise = op.groups > 1 and op.groups == channels
    words = (
        *(("strided",) if strided else ()),
        *(("depthwise",) if depthwise else ()),
        f"conv {axes_text(op.kernel)}{_step(op.stride, (1,) * len(op.stride))}",
    )
    notes = (
        *((f"dilation {_uniform(op.dilation)}",) if any(by > 1 for by in op.dilation) else ()),
        *((f"{op.groups} groups",) if op.groups > 1 and not depthwise else ()),
    )
    return " ".join(words) + (f" ({', '.join(notes)})" if notes else "")


def _up_conv(op: ConvTransposed, channels: int) -> str:
    depthwise = "depthwise " if op.groups > 1 and op.groups == channels else ""
    groups = f" ({op.groups} groups)" if op.groups > 1 and not depthwise else ""
    return f"{depthwise}up-conv {axes_text(op.kernel)}{_step(op.stride, op.kernel)}{groups}"


def _norm(op: Norm, channels: int) -> str:
    match op.kind:
        case "batch":
            return "BN"
        case "instance":
            return "IN"
        case "group":
            by = "by channel" if op.groups == channels else str(op.groups)
            return "layer norm" if op.groups == 1 else f"GN {by}"
        case _:
            assert_never(op.kind)


def _activation(op: Activation) -> str:
    row = ACTIVATIONS[op.kind]
    defaults = {option.name: option.default for option in row.options}
    changed = [f"{value:g}" for name, value in op.options if value != defaults.get(name)]
    # "ReLU" and "GELU" are names; "Sigmoid" and "Tanh" are words, and words are small.
    name = row.torch.lower() if row.torch.istitle() else row.torch
    return " ".join((name, *changed))


def _step(stride: Axes, usual: Axes) -> str:
    return "" if stride == usual else f" /{_uniform(stride)}"


def _uniform(axes: Axes) -> str:
    return str(axes[0]) if len(set(axes)) == 1 else axes_text(axes)
