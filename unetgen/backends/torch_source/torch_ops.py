"""What each op is in torch: a module, with every argument of its constructor, or an expression in `forward`.

A module has a name and a place in `print(model)`. What only cuts, joins or combines maps is an expression.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain
from math import comb
from typing import Final, Literal, assert_never

from unetgen.backends.torch_source.helpers import LINEAR
from unetgen.backends.torch_source.layout import Expr, call, chained, flat, listed
from unetgen.backends.torch_source.text import Number, literal
from unetgen.ir import ops
from unetgen.ir.network import Network, Node
from unetgen.parts.catalog import ACTIVATIONS, Option, norm_row
from unetgen.plan import Combination, explicit_pads, has_same_pads
from unetgen.source.diagnostics import InternalError

_OFTEN: Final = 6
"""Resizes of a network from which on they are a function of the file."""
Meaning = Literal["taken", "given", "count", "number", "word"]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a constructor.

    Args:
        name: The keyword in torch.
        value: What this node gives it.
        meaning: Channels `taken` or `given`; a `count` that may equal the channels taken (groups); any other
            `number`; or a `word`, in which nodes that share a class must agree.
        default: Torch's own; the argument is left out where it says nothing else.
        positional: Whether it is written without its keyword.
        instead: What to write where the numbers of several nodes differ but this word is true for all of them.
    """

    name: str
    value: Number | str | bool
    meaning: Meaning = "number"
    default: Number | str | bool | None = None
    positional: bool = False
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Constructor:
    """A call that makes a module."""

    callee: str
    arguments: tuple[Argument, ...] = ()


def constructor(node: Node, dims: int, *, inplace: bool = False) -> Constructor:  # noqa: C901 - one case per op
    """Say how a node's module is made.

    Args:
        node: The node; its op must be a module.
        dims: The number of spatial axes.
        inplace: Whether an activation may overwrite its input.
    """
    taken = node.inputs[0].shape.channels
    if isinstance(node.op, Combination):
        raise InternalError(f"{node.path} is an expression, not a module: {node.op}")
    match node.op:
        case ops.Conv() as op:
            return _conv(op, taken, dims)
        case ops.ConvTransposed() as op:
            return _conv_transposed(op, taken, dims)
        case ops.Norm() as op:
            return _norm(op, taken, dims)
        case ops.Activation() as op:
            return _activation(op, taken, inplace=inplace)
        case ops.Pool() as op:
            return _pool(op, dims)
        case ops.Blur() as op:
            return _blur(op, taken, dims)
        case ops.GlobalPool():
            return Constructor(f"nn.AdaptiveAvgPool{dims}d", (Argument("output_size", 1, "word", positional=True),))
        case ops.Resize() as op:
            return _resize(op, dims)
        case ops.Pad() as op:
            return _pad(op, dims)
        case ops.Dropout() as op:
            return _dropout(op, dims)
        case ops.PixelShuffle() as op:
            return _pixel_shuffle(op, dims)
        case _:
            assert_never(node.op)


def _number(name: str, value: ops.Axes, default: int | None = None) -> Argument:
    """Give an argument with one number per axis, written as one number where all are equal."""
    return Argument(name, value[0] if len(set(value)) == 1 else value, default=default)


def _channels(taken: int, given: int) -> tuple[Argument, Argument]:
    return (
        Argument("in_channels", taken, "taken", positional=True),
        Argument("out_channels", given, "given", positional=True),
    )


def _conv(op: ops.Conv, taken: int, dims: int) -> Constructor:
    return Constructor(
        f"nn.Conv{dims}d",
        (
            *_channels(taken, op.out_channels),
            replace(_number("kernel_size", op.kernel), positional=True),
            _number("stride", op.stride, 1),
            _conv_padding(op),
            _number("dilation", op.dilation, 1),
            Argument("groups", op.groups, "count", 1),
            Argument("bias", op.bias, "word", True),
            Argument("padding_mode", op.pad_mode, "word", "zeros"),
        ),
    )


def _conv_padding(op: ops.Conv) -> Argument:
    if explicit_pads(op) is not None:
        return Argument("padding", 0, default=0)
    same = has_same_pads(op)
    if any(before != after for before, after in op.pads):
        return Argument("padding", "same", "word")
    padding = _number("padding", tuple(before for before, _ in op.pads), 0)
    return replace(padding, instead="same") if same else padding


def _conv_transposed(op: ops.ConvTransposed, taken: int, dims: int) -> Constructor:
    return Constructor(
        f"nn.ConvTranspose{dims}d",
        (
            *_channels(taken, op.out_channels),
            replace(_number("kernel_size", op.kernel), positional=True),
            _number("stride", op.stride, 1),
            _number("padding", op.padding, 0),
            _number("output_padding", op.output_padding, 0),
            Argument("groups", op.groups, "count", 1),
            Argument("bias", op.bias, "word", True),
        ),
    )


def _norm(op: ops.Norm, taken: int, dims: int) -> Constructor:
    row = norm_row(op.kind, op.groups)
    known = {
        "channels": Argument("num_features", taken, "taken", positional=True),
        "groups": Argument("num_groups", op.groups, "count", positional=True),
    }
    own = {option.name: _option(op, option) for option in row.options if hasattr(op, option.name)}
    given = (replace((own | known)[name], positional=True) for name in row.given)
    options = sorted((own[name] for name in own if name not in (*row.given, *known)), key=lambda one: one.meaning)
    fixed = (Argument(name, value, "word") for name, value in row.fixed)
    return Constructor("nn." + row.torch.format(dims=dims), (*given, *options, *fixed))


def _option(op: ops.Norm, option: Option) -> Argument:
    meaning: Meaning = "word" if isinstance(option.default, bool) else "number"
    return Argument(option.name, getattr(op, option.name), meaning, option.torch_default)


def _activation(op: ops.Activation, taken: int, *, inplace: bool) -> Constructor:
    row = ACTIVATIONS[op.kind]
    defaults = {option.name: option.default for option in row.options}
    slopes = (Argument("num_parameters", op.learned, "count", 1),) if row.learned else ()
    options = (Argument(name, value, default=defaults.get(name)) for name, value in op.options)
    fixed = (Argument(name, value, "word") for name, value in row.fixed)
    overwrite = (Argument("inplace", True, "word"),) if inplace else ()
    return Constructor(f"nn.{row.torch}", (*slopes, *options, *fixed, *overwrite))


def _pool(op: ops.Pool, dims: int) -> Constructor:
    kind = {"max": "MaxPool", "avg": "AvgPool"}[op.kind]
    # Torch steps by the kernel unless told otherwise.
    stride = () if op.stride == op.kernel else (_number("stride", op.stride),)
    kernel = replace(_number("kernel_size", op.kernel), positional=True)
    ceil = Argument("ceil_mode", op.ceil, "word", False)
    return Constructor(f"nn.{kind}{dims}d", (kernel, *stride, _number("padding", op.padding, 0), ceil))


def _blur(op: ops.Blur, taken: int, dims: int) -> Constructor:
    taps = tuple(comb(op.kernel - 1, i) for i in range(op.kernel))
    channels = Argument("channels", taken, "taken", positional=True)
    return Constructor(f"BlurPool{dims}d", (channels, Argument("taps", taps), _number("stride", op.stride)))


def _resize(op: ops.Resize, dims: int) -> Constructor:
    corners = Argument("align_corners", op.align_corners and op.mode == "linear", "word", False)
    mode = Argument("mode", interpolation(op.mode, dims), "word")
    return Constructor("nn.Upsample", (_number("scale_factor", op.factor), mode, corners))


def interpolation(mode: Literal["nearest", "linear"], dims: int) -> str:
    """Give torch's name for a way to interpolate."""
    return "nearest" if mode == "nearest" else LINEAR[dims]


def _pad(op: ops.Pad, dims: int) -> Constructor:
    names: dict[ops.PadMode, str] = {
        "zeros": "ZeroPad", "reflect": "ReflectionPad", "replicate": "ReplicationPad", "circular": "CircularPad",
    }  # fmt: skip
    return Constructor(f"nn.{names[op.mode]}{dims}d", (Argument("padding", pad_numbers(op.pads), positional=True),))


def pad_numbers(pads: ops.Pads) -> tuple[int, ...]:
    """Give pads as torch wants them: the last axis first."""
    return tuple(chain.from_iterable(reversed(pads)))


def _dropout(op: ops.Dropout, dims: int) -> Constructor:
    callee = {"elementwise": "nn.Dropout", "channel": f"nn.Dropout{dims}d", "path": "DropPath"}[op.kind]
    return Constructor(callee, (Argument("p", op.p, positional=True),))


def _pixel_shuffle(op: ops.PixelShuffle, dims: int) -> Constructor:
    if dims == 2 and len(set(op.factor)) == 1:
        return Constructor("nn.PixelShuffle", (Argument("upscale_factor", op.factor[0], positional=True),))
    factor = op.factor[0] if dims == 1 else op.factor
    return Constructor(f"PixelShuffle{dims}d", (Argument("factor", factor, positional=True),))


# Expressions


def expression(node: Node, dims: int, inputs: tuple[Expr, ...], helpers: Collection[str] = ()) -> Expr:
    """Write a node that is no module.

    Args:
        node: The node.
        dims: The number of spatial axes.
        inputs: What it takes, as expressions.
        helpers: The functions that the file has.
    """
    if not isinstance(node.op, Combination):
        raise InternalError(f"{node.path} is a module, not an expression: {node.op}")
    match node.op:
        case ops.CropLike() | ops.PadLike():
            return call(helper(node.op, dims) or "", *inputs)
        case ops.ResizeLike() as op:
            return call(name, *inputs) if (name := _resizer(op)) in helpers else _resize_like(op, dims, inputs)
        case ops.Concat():
            return call("torch.cat", listed(*inputs), "dim=1")
        case ops.Add():
            return chained("+", *inputs)
        case ops.Multiply():
            return chained("*", *inputs)
        case ops.Maximum():
            return reduce(lambda one, other: call("torch.maximum", one, other), inputs)
        case _:
            assert_never(node.op)


def _resize_like(op: ops.ResizeLike, dims: int, inputs: tuple[Expr, ...]) -> Expr:
    x, like = inputs
    mode = f"mode={literal(interpolation(op.mode, dims))}"
    corners = ("align_corners=True",) if op.align_corners and op.mode == "linear" else ()
    return call("F.interpolate", x, f"size={flat(like)}.shape[2:]", mode, *corners)


def _resizer(op: ops.ResizeLike) -> str:
    if op.mode == "nearest":
        return "resize_nearest_like"
    return "resize_aligned_like" if op.align_corners else "resize_like"


def padded(node: Node, x: Expr) -> Expr:
    """Put the padding around a module's input that torch's own convolution cannot add."""
    pads = explicit_pads(node.op)
    if not isinstance(node.op, ops.Conv) or pads is None:
        return x
    mode = () if node.op.pad_mode == "zeros" else (f"mode={literal(node.op.pad_mode)}",)
    return call("F.pad", x, literal(pad_numbers(pads)), *mode)


def helpers_of(network: Network) -> frozenset[str]:
    """Name the functions and classes that a file needs beside torch, and those that make it shorter."""
    resizes = Counter(_resizer(node.op) for node in network.nodes if isinstance(node.op, ops.ResizeLike))
    often = {name for name, times in resizes.items() if times >= _OFTEN}
    return frozenset(often.union(name for node in network.nodes if (name := helper(node.op, network.dims))))


def helper(op: ops.Op, dims: int) -> str | None:
    """Give the name of the function or class that an op needs in the emitted file; None if torch suffices."""
    match op:
        case ops.CropLike():
            return "crop_like"
        case ops.PadLike():
            return {
                ("zeros", "centre"): "pad_like",
                ("zeros", "end"): "pad_end_like",
                ("replicate", "centre"): "replicate_like",
                ("replicate", "end"): "replicate_end_like",
            }[op.mode, op.place]
        case ops.Blur():
            return f"BlurPool{dims}d"
        case ops.Dropout(kind="path"):
            return "DropPath"
        case ops.PixelShuffle() if dims != 2 or len(set(op.factor)) > 1:
            return f"PixelShuffle{dims}d"
        case _:
            return None
