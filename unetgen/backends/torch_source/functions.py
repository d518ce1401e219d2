"""What each op that is no module looks like as an expression in `forward`."""

from __future__ import annotations

from functools import reduce

from unetgen.backends.torch_source.layout import Expr, call, chained, flat, listed
from unetgen.backends.torch_source.modules import explicit_pads, interpolation, is_module, pad_numbers
from unetgen.backends.torch_source.text import literal
from unetgen.ir.network import Node
from unetgen.ir.ops import (
    Add,
    Blur,
    Concat,
    Conv,
    CropLike,
    Dropout,
    Maximum,
    Multiply,
    Op,
    PadLike,
    PixelShuffle,
    ResizeLike,
)
from unetgen.source.diagnostics import InternalError

__all__ = ["expression", "helper", "named_inputs", "padded"]


def expression(node: Node, dims: int, inputs: tuple[Expr, ...]) -> Expr:
    """Write a node that is no module.

    Args:
        node: The node.
        dims: The number of spatial axes.
        inputs: What it takes, as expressions.
    """
    match node.op:
        case CropLike() | PadLike():
            return call(helper(node.op, dims) or "", *inputs)
        case ResizeLike() as op:
            return _resize_like(op, dims, inputs)
        case Concat():
            return call("torch.cat", listed(*inputs), "dim=1")
        case Add():
            return chained("+", *inputs)
        case Multiply():
            return chained("*", *inputs)
        case Maximum():
            return reduce(lambda one, other: call("torch.maximum", one, other), inputs)
        case op if is_module(op):
            raise InternalError(f"{node.path} is a module, not an expression")
        case op:
            raise InternalError(f"nothing is known about {op}")


def _resize_like(op: ResizeLike, dims: int, inputs: tuple[Expr, ...]) -> Expr:
    x, like = inputs
    mode = f"mode={literal(interpolation(op.mode, dims))}"
    corners = ("align_corners=True",) if op.align_corners and op.mode == "linear" else ()
    return call("F.interpolate", x, f"size={flat(like)}.shape[2:]", mode, *corners)


def padded(node: Node, x: Expr) -> Expr:
    """Put the padding around a module's input that torch's own convolution cannot add."""
    pads = explicit_pads(node.op)
    if not isinstance(node.op, Conv) or pads is None:
        return x
    mode = () if node.op.pad_mode == "zeros" else (f"mode={literal(node.op.pad_mode)}",)
    return call("F.pad", x, literal(pad_numbers(pads)), *mode)


def named_inputs(op: Op) -> tuple[int, ...]:
    """List which inputs are read more than once, or for their size alone, and so need a name."""
    return (1,) if isinstance(op, CropLike | PadLike | ResizeLike) else ()


def helper(op: Op, dims: int) -> str | None:
    """Give the name of the function or class that an op needs in the emitted file; None if torch suffices."""
    match op:
        case CropLike():
            return "crop_like"
        case PadLike():
            return {
                ("zeros", "centre"): "pad_like",
                ("zeros", "end"): "pad_end_like",
                ("replicate", "centre"): "replicate_like",
                ("replicate", "end"): "replicate_end_like",
            }[op.mode, op.place]
        case Blur():
            return f"BlurPool{dims}d"
        case Dropout(kind="path"):
            return "DropPath"
        case PixelShuffle() if dims != 2 or len(set(op.factor)) > 1:
            return f"PixelShuffle{dims}d"
        case _:
            return None
