"""What a region does, in a few words: `2 × (conv 3×3, batch norm, ReLU)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from unetgen.ir import Node, Op, Region
from unetgen.ir.ops import (
    Activation,
    Add,
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
from unetgen.reports.numbers import times

__all__ = ["describe_op", "describe_region"]


def describe_region(region: Region) -> str:
    """Say what a region's nodes do in their order, repetitions folded."""
    return ", ".join(_folded([_describe_node(node) for node in region.nodes]))


def _describe_node(node: Node) -> str:
    text = describe_op(node.op, node.inputs[0].shape.channels)
    return f"shortcut {text}" if ".shortcut." in node.path else text


def describe_op(op: Op, channels: int) -> str:  # noqa: C901 - one case per op
    """Say what one op does to a map of so many channels."""
    match op:
        case Conv():
            return _describe_conv(op, channels)
        case ConvTransposed():
            return f"transposed conv {_window(op.kernel, op.stride)}"
        case Norm():
            return "layer norm" if op.kind == "group" and op.groups == 1 else f"{op.kind} norm"
        case Activation():
            return ACTIVATIONS[op.kind].torch
        case Pool():
            return f"{op.kind} pool {_window(op.kernel, op.stride)}"
        case Blur():
            return f"blur {op.kernel}{_extent('stride', op.stride)}"
        case GlobalPool():
            return "global pool"
        case Resize():
            return f"{op.mode}{_factor(op.factor)}"
        case ResizeLike():
            return "resize"
        case CropLike():
            return "crop"
        case PadLike() | Pad():
            return "pad"
        case Concat() | Add() | Maximum() | Multiply():
            return type(op).__name__.lower()
        case Dropout():
            return f"dropout {op.p:g}"
        case PixelShuffle():
            return f"pixel shuffle{_factor(op.factor)}"
        case _:
            assert_never(op)


def _describe_conv(op: Conv, channels: int) -> str:
    extents = f"{times(op.kernel)}{_extent('stride', op.stride)}{_extent('dilation', op.dilation)}"
    return f"{_conv_kind(op, channels)} {extents}"


def _conv_kind(op: Conv, channels: int) -> str:
    if op.groups == 1:
        return "conv"
    return "depthwise conv" if op.groups == channels else f"conv in {op.groups} groups"


def _window(kernel: tuple[int, ...], stride: tuple[int, ...]) -> str:
    """Give a kernel, and its stride unless the windows lie edge to edge."""
    return times(kernel) if stride == kernel else f"{times(kernel)} stride {_number(stride)}"


def _extent(word: str, numbers: tuple[int, ...]) -> str:
    """Name a stride or a dilation that is not 1 on every axis."""
    return "" if set(numbers) == {1} else f" {word} {_number(numbers)}"


def _factor(factor: tuple[int, ...]) -> str:
    return f" ×{factor[0]}" if len(set(factor)) == 1 else f" {times(factor)}"


def _number(numbers: tuple[int, ...]) -> str:
    """Give one number where all axes agree."""
    return str(numbers[0]) if len(set(numbers)) == 1 else times(numbers)


def _folded(words: Sequence[str]) -> list[str]:
    """Fold runs of equal groups of words: `a b a b c` -> `2 × (a, b)`, `c`."""
    parts: list[str] = []
    at = 0
    while at < len(words):
        length, repeats = _longest_run(words[at:])
        group = ", ".join(words[at : at + length])
        parts.append(group if repeats == 1 else f"{repeats} × ({group})" if length > 1 else f"{repeats} × {group}")
        at += length * repeats
    return parts


def _longest_run(words: Sequence[str]) -> tuple[int, int]:
    """Find the group at the start whose repetitions cover most; the shortest one of these."""
    runs = [(length, _repeats(words, length)) for length in range(1, len(words) // 2 + 1)]
    return max((run for run in runs if run[1] > 1), key=lambda run: (run[0] * run[1], -run[0]), default=(1, 1))


def _repeats(words: Sequence[str], length: int) -> int:
    repeats = 1
    while words[repeats * length : (repeats + 1) * length] == words[:length]:
        repeats += 1
    return repeats
