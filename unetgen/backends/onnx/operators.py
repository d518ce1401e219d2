"""What each op is in ONNX: an operator, or a few.

What an activation or a norm is called there stands in its row of the catalogue. An option that ONNX knows under the
same name, or under one of `_CALLED`, is handed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from math import comb
from typing import Final, assert_never

import numpy as np

from unetgen.backends.onnx.graph import Attribute, Graph, attributes_of
from unetgen.ir import Node, ops
from unetgen.parts.catalog import ACTIVATIONS, norm_row

_CALLED: Final = {
    "dim": "axis",
    "eps": "epsilon",
    "groups": "num_groups",
    "negative_slope": "alpha",
    "momentum": "",  # which ONNX counts the other way round, and which means nothing outside training
}
"""What ONNX calls an option."""
_SCALED: Final = {
    "BatchNormalization": ("weight", "bias", "running_mean", "running_var"),
    "InstanceNormalization": ("weight", "bias"),
    "GroupNormalization": ("weight", "bias"),
}
"""What a norm is given beside its map, by operator; all of it has one number per channel."""
_WITHOUT: Final = {"weight": 1.0, "bias": 0.0}
"""What stands for the weights that a norm does not have."""
_PAD_MODES: Final[Mapping[ops.PadMode, str]] = {
    "zeros": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}


def write_node(graph: Graph, node: Node, *given: str) -> str:  # noqa: C901 - one case per op
    """Add what a node computes.

    Args:
        graph: Where to.
        node: The node.
        given: The tensors that it takes.

    Returns:
        The tensor that it gives.
    """
    x, name = given[0], node.path
    match node.op:
        case ops.Conv() as op:
            return _conv(graph, node, op, x)
        case ops.ConvTransposed() as op:
            return _conv_transposed(graph, node, op, x)
        case ops.Norm() as op:
            return _norm(graph, node, op, x)
        case ops.Activation() as op:
            return _activation(graph, node, op, x)
        case ops.Pool() as op:
            return _pool(graph, name, op, x)
        case ops.Blur() as op:
            return _blur(graph, node, op, x)
        case ops.GlobalPool():
            return graph.call("GlobalAveragePool", name, x)
        case ops.Resize() as op:
            scales = graph.constant(f"{name}/scales", np.array((1, 1, *op.factor), dtype=np.float32))
            return graph.call("Resize", name, x, "", scales, **_interpolation(op))
        case ops.ResizeLike() as op:
            size = graph.call("Concat", f"{name}/sizes", _front(graph, name, x), graph.size(given[1]), axis=0)
            return graph.call("Resize", name, x, "", "", size, **_interpolation(op))
        case ops.CropLike():
            return _crop_like(graph, node, *given)
        case ops.PadLike() as op:
            return _pad_like(graph, node, op, *given)
        case ops.Pad() as op:
            return _padded(graph, name, x, op.pads, op.mode)
        case ops.PixelShuffle() as op:
            return _pixel_shuffle(graph, node, op, x)
        case ops.Dropout():
            return graph.passed(name, x)
        case ops.Concat() | ops.Add() | ops.Multiply() | ops.Maximum():
            return _joined(graph, node, *given)
        case _:
            assert_never(node.op)


def _joined(graph: Graph, node: Node, *given: str) -> str:
    """Join maps; several are summed one by one, as torch does, so that every sum is rounded alike."""
    operator = {ops.Concat: "Concat", ops.Add: "Add", ops.Multiply: "Mul", ops.Maximum: "Max"}[type(node.op)]
    if operator == "Concat":
        return graph.call(operator, node.path, *given, axis=1)
    first, *others = given
    *between, last = others
    for number, other in enumerate(between, start=1):
        first = graph.call(operator, f"{node.path}/{number}", first, other)
    return graph.call(operator, node.path, first, last)


# Layers


def _weights(graph: Graph, node: Node) -> dict[str, str]:
    """Give the tensors that a node owns, or that it shares with the node that does, by their names there."""
    owner = node.shares or node.path
    owned = node.op.weights(*(value.shape.channels for value in node.inputs))
    return {weight.name: f"{owner}.{weight.name}" for weight in owned}


def _conv(graph: Graph, node: Node, op: ops.Conv, x: str) -> str:
    pads = op.pads
    if op.pad_mode != "zeros" and any(map(any, pads)):
        x = _padded(graph, f"{node.path}/padded", x, pads, op.pad_mode)
        pads = ((0, 0),) * len(pads)
    return graph.call(
        "Conv",
        node.path,
        x,
        *map(graph.weight, _weights(graph, node).values()),
        kernel_shape=op.kernel,
        strides=op.stride,
        pads=_flat(pads),
        dilations=op.dilation,
        group=op.groups,
    )


def _conv_transposed(graph: Graph, node: Node, op: ops.ConvTransposed, x: str) -> str:
    return graph.call(
        "ConvTranspose",
        node.path,
        x,
        *map(graph.weight, _weights(graph, node).values()),
        kernel_shape=op.kernel,
        strides=op.stride,
        pads=op.padding * 2,
        output_padding=op.output_padding,
        group=op.groups,
    )


def _norm(graph: Graph, node: Node, op: ops.Norm, x: str) -> str:
    row, owned = norm_row(op.kind, op.groups), _weights(graph, node)
    channels = node.inputs[0].shape.channels
    said = {option.name: getattr(op, option.name) for option in row.options if hasattr(op, option.name)}
    attributes = _attributes(row.onnx, {**said, "groups": op.groups, **dict(row.fixed)})
    given = (
        graph.weight(owned[name]) if name in owned else _alike(graph, _WITHOUT[name], channels)
        for name in _SCALED.get(row.onnx, ())
    )
    return graph.call(row.onnx, node.path, x, *given, **attributes)


def _alike(graph: Graph, number: float, channels: int) -> str:
    """Give the same number for every channel."""
    return graph.constant(f"{number:g}x{channels}", np.full(channels, number, dtype=np.float32))


def _attributes(operator: str, options: Mapping[str, Attribute]) -> dict[str, Attribute]:
    """Give those options that are attributes of an operator, as it calls them."""
    called = {_CALLED.get(name, name): value for name, value in options.items()}
    known = attributes_of(operator)
    return {name: value for name, value in called.items() if name in known}


def _activation(graph: Graph, node: Node, op: ops.Activation, x: str) -> str:
    row = ACTIVATIONS[op.kind]
    if row.onnx == "Swish":  # an operator of its own from opset 24 on
        return graph.call("Mul", node.path, x, graph.call("Sigmoid", f"{node.path}/sigmoid", x))
    slopes = [_slopes(graph, node, key) for key in _weights(graph, node).values()]
    return graph.call(row.onnx, node.path, x, *slopes, **_attributes(row.onnx, {**dict(op.options), **dict(row.fixed)}))


def _slopes(graph: Graph, node: Node, key: str) -> str:
    """Give slopes as a column of channels, for ONNX lines up the last axes."""
    dims = len(node.inputs[0].shape.size)
    return graph.call("Unsqueeze", f"{node.path}/slopes", graph.weight(key), _axes(graph, 1, dims))


# Sizes


def _pool(graph: Graph, name: str, op: ops.Pool, x: str) -> str:
    attributes: dict[str, Attribute] = {
        "kernel_shape": op.kernel,
        "strides": op.stride,
        "pads": op.padding * 2,
        "ceil_mode": int(op.ceil),
    }
    if op.kind == "max":
        return graph.call("MaxPool", name, x, **attributes)
    return graph.call("AveragePool", name, x, **attributes, count_include_pad=1)


def _blur(graph: Graph, node: Node, op: ops.Blur, x: str) -> str:
    channels, dims = node.inputs[0].shape.channels, len(op.stride)
    taps = np.array([comb(op.kernel - 1, i) / 2 ** (op.kernel - 1) for i in range(op.kernel)], dtype=np.float32)
    kernel = reduce(np.multiply.outer, [taps] * dims)
    before = (op.kernel - 1) // 2
    return graph.call(
        "Conv",
        node.path,
        _padded(graph, f"{node.path}/padded", x, ((before, op.kernel - 1 - before),) * dims, "reflect"),
        graph.constant(f"{node.path}/taps", np.broadcast_to(kernel, (channels, 1, *kernel.shape))),
        kernel_shape=kernel.shape,
        strides=op.stride,
        group=channels,
    )


def _interpolation(op: ops.Resize | ops.ResizeLike) -> dict[str, Attribute]:
    """Say which pixels lie on each other, as torch does."""
    if op.mode == "nearest":
        return {"mode": "nearest", "nearest_mode": "floor", "coordinate_transformation_mode": "asymmetric"}
    corners = "align_corners" if op.align_corners else "half_pixel"
    return {"mode": "linear", "coordinate_transformation_mode": corners}


def _flat(pads: ops.Pads) -> tuple[int, ...]:
    """Give pads as ONNX wants them: all before, then all after."""
    before, after = zip(*pads, strict=True)
    return (*before, *after)


def _padded(graph: Graph, name: str, x: str, pads: ops.Pads, mode: ops.PadMode) -> str:
    axes = _axes(graph, 2, len(pads))
    return graph.call("Pad", name, x, graph.integers(f"{name}/pads", *_flat(pads)), "", axes, mode=_PAD_MODES[mode])


def _axes(graph: Graph, first: int, count: int) -> str:
    numbers = range(first, first + count)
    return graph.integers(f"axes{''.join(map(str, numbers))}", *numbers)


def _front(graph: Graph, name: str, x: str) -> str:
    """Give how many images and channels a map has."""
    return graph.call("Shape", f"{name}/front", x, start=0, end=2)


def _crop_like(graph: Graph, node: Node, x: str, like: str) -> str:
    name, wanted = node.path, graph.size(like)
    missing = graph.call("Sub", f"{name}/missing", graph.size(x), wanted)
    start = graph.call("Div", f"{name}/start", missing, graph.integers("two", 2))
    end = graph.call("Add", f"{name}/end", start, wanted)
    return graph.call("Slice", name, x, start, end, _axes(graph, 2, len(node.output.shape.size)))


def _pad_like(graph: Graph, node: Node, op: ops.PadLike, x: str, like: str) -> str:
    name, dims = node.path, len(node.output.shape.size)
    missing = graph.call("Sub", f"{name}/missing", graph.size(like), graph.size(x))
    if op.place == "centre":
        before = graph.call("Div", f"{name}/before", missing, graph.integers("two", 2))
        after = graph.call("Sub", f"{name}/after", missing, before)
    else:
        before, after = graph.integers(f"zeros{dims}", *(0,) * dims), missing
    pads = graph.call("Concat", f"{name}/pads", before, after, axis=0)
    return graph.call("Pad", name, x, pads, "", _axes(graph, 2, dims), mode=_PAD_MODES[op.mode])


def _pixel_shuffle(graph: Graph, node: Node, op: ops.PixelShuffle, x: str) -> str:
    """Split channels into those that stay and one axis per factor, and set each behind its own axis of space."""
    name, dims, channels = node.path, len(op.factor), node.output.shape.channels
    factors = graph.integers(f"{name}/factors", *op.factor)
    size = graph.size(x)
    split = graph.call(
        "Concat", f"{name}/split", graph.integers(f"{name}/channels", 0, channels), factors, size, axis=0
    )
    apart = graph.call("Reshape", f"{name}/apart", x, split)
    order = (0, 1, *(place for axis in range(dims) for place in (2 + dims + axis, 2 + axis)))
    turned = graph.call("Transpose", f"{name}/turned", apart, perm=order)
    grown = graph.call("Mul", f"{name}/grown", size, factors)
    together = graph.call("Concat", f"{name}/together", graph.integers(f"{name}/channels", 0, channels), grown, axis=0)
    return graph.call("Reshape", name, turned, together)
