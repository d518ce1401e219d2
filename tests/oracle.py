"""A second road: the network of the IR, run node by node on `torch.nn.functional`.

It shares no line with the emitter. What it gives for some weights is what an emitted module must give for the same
weights, bit for bit with one thread. On the way every tensor is held against the shape that tracing promised.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import assert_never

import torch
from torch import Tensor
from torch.nn import functional as F

from unetgen.ir import Network, Node, trace
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
    Pads,
    PixelShuffle,
    Pool,
    Resize,
    ResizeLike,
)

__all__ = ["every_value", "interpret", "random_state", "state_shapes"]

PAD_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}
LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


def state_shapes(network: Network) -> dict[str, tuple[int, ...]]:
    """List every tensor that a module of this network keeps, by its key in the state_dict, in the order of nodes."""
    return {f"{node.path}.{weight.name}": weight.shape for node in network.nodes for weight in node.weights()}


def random_state(network: Network, seed: int = 0) -> dict[str, Tensor]:
    """Draw weights at which nothing is special: no norm is an identity, no slope is 0."""
    generator = torch.Generator().manual_seed(seed)
    return {key: _draw(key, shape, generator) for key, shape in state_shapes(network).items()}


def _draw(key: str, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    if key.endswith("num_batches_tracked"):
        return torch.tensor(3)
    drawn = torch.rand(shape, generator=generator)
    if key.endswith("running_var") or (key.endswith("weight") and len(shape) == 1):
        return drawn + 0.5
    fan = drawn[0].numel() if len(shape) > 1 else 1
    return (drawn - 0.5) * (4 / math.sqrt(max(1, fan)))


def interpret(network: Network, state: Mapping[str, Tensor], x: Tensor, *, training: bool = False) -> list[Tensor]:
    """Run a network on an input and give all its outputs, in the order of `network.outputs`.

    Args:
        network: Any network.
        state: Every tensor of its nodes by `path.name`; running statistics are read and left as they are.
        x: The input, `n c s...`, of any legal size.
        training: Whether norms take the statistics of the batch and dropout draws from torch's random numbers.
    """
    network = trace(network, tuple(x.shape[2:]))
    values = every_value(network, state, x, training=training)
    return [values[value.id] for value in network.outputs]


def every_value(
    network: Network, state: Mapping[str, Tensor], x: Tensor, *, training: bool = False
) -> dict[int, Tensor]:
    """Run a network that is traced for an input's size, and give every value by its id."""
    run = _Run({key: value.clone() if "running" in key else value for key, value in state.items()}, training)
    values = {network.input.id: x}
    for node in network.nodes:
        given = run.node(node, *(values[value.id] for value in node.inputs))
        assert list(given.shape[1:]) == node.output.shape.as_list(), f"{node.path} gives {tuple(given.shape)}"
        values[node.output.id] = given
    return values


class _Run:
    def __init__(self, state: dict[str, Tensor], training: bool) -> None:
        self.state = state
        self.training = training

    def weight(self, node: Node, name: str) -> Tensor | None:
        return self.state.get(f"{node.shares or node.path}.{name}")

    def node(self, node: Node, x: Tensor, *others: Tensor) -> Tensor:  # noqa: C901 - one case per op
        match node.op:
            case Conv() as op:
                return self._conv(node, op, x)
            case ConvTransposed() as op:
                transposed = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[x.ndim - 3]
                weight, bias = self.state[f"{node.shares or node.path}.weight"], self.weight(node, "bias")
                return transposed(x, weight, bias, op.stride, op.padding, op.output_padding, op.groups)
            case Norm() as op:
                return self._norm(node, op, x)
            case Activation() as op:
                return self._activation(node, op, x)
            case Dropout() as op:
                return self._dropout(op, x)
            case Pool() as op:
                return _pool(op, x)
            case Blur() as op:
                return _blur(op, x)
            case GlobalPool():
                return (F.adaptive_avg_pool1d, F.adaptive_avg_pool2d, F.adaptive_avg_pool3d)[x.ndim - 3](x, 1)
            case Resize() as op:
                factors = tuple(map(float, op.factor))
                return _interpolate(x, op.mode, op.align_corners, scale_factor=factors)
            case ResizeLike() as op:
                return _interpolate(x, op.mode, op.align_corners, size=tuple(others[0].shape[2:]))
            case CropLike():
                return _crop(x, others[0])
            case PadLike() as op:
                return _pad_like(op, x, others[0])
            case Pad() as op:
                return F.pad(x, _flat(op.pads), PAD_MODES[op.mode])
            case Concat():
                return torch.cat((x, *others), 1)
            case Add():
                return sum(others, x)
            case Maximum():
                return torch.stack((x, *others)).amax(0)
            case Multiply():
                return x * others[0]
            case PixelShuffle() as op:
                return _shuffle(op, x)
            case _:
                assert_never(node.op)

    def _conv(self, node: Node, op: Conv, x: Tensor) -> Tensor:
        conv = (F.conv1d, F.conv2d, F.conv3d)[x.ndim - 3]
        weight, bias = self.state[f"{node.shares or node.path}.weight"], self.weight(node, "bias")
        if op.pad_mode == "zeros" and all(before == after for before, after in op.pads):
            return conv(x, weight, bias, op.stride, tuple(before for before, _ in op.pads), op.dilation, op.groups)
        if op.pad_mode == "zeros" and _is_same(op):
            # In place of padding by hand: who pads what is the same in numbers, but not in the last bit.
            return conv(x, weight, bias, op.stride, "same", op.dilation, op.groups)
        padded = F.pad(x, _flat(op.pads), PAD_MODES[op.pad_mode])
        return conv(padded, weight, bias, op.stride, 0, op.dilation, op.groups)

    def _norm(self, node: Node, op: Norm, x: Tensor) -> Tensor:
        weight, bias = self.weight(node, "weight"), self.weight(node, "bias")
        match op.kind:
            case "batch":
                mean, var = self.weight(node, "running_mean"), self.weight(node, "running_var")
                return F.batch_norm(x, mean, var, weight, bias, self.training, op.momentum, op.eps)
            case "instance":
                return F.instance_norm(x, None, None, weight, bias, True, 0.1, op.eps)
            case "group":
                return F.group_norm(x, op.groups, weight, bias, op.eps)

    def _activation(self, node: Node, op: Activation, x: Tensor) -> Tensor:
        options = dict(op.options)
        match op.kind:
            case "leaky_relu":
                return F.leaky_relu(x, options["negative_slope"])
            case "elu":
                return F.elu(x, options["alpha"])
            case "prelu":
                return F.prelu(x, self.state[f"{node.shares or node.path}.weight"])
            case "softmax":
                return F.softmax(x, 1)
            case "log_softmax":
                return F.log_softmax(x, 1)
            case kind:
                named: Tensor = getattr(torch if kind in ("sigmoid", "tanh") else F, kind)(x)
                return named

    def _dropout(self, op: Dropout, x: Tensor) -> Tensor:
        if not self.training:
            return x
        match op.kind:
            case "elementwise":
                return F.dropout(x, op.p)
            case "channel":
                return (F.dropout1d, F.dropout2d, F.dropout3d)[x.ndim - 3](x, op.p)
            case "path":
                return x * F.dropout(torch.ones(x.shape[0], *[1] * (x.ndim - 1), dtype=x.dtype), op.p)


def _is_same(op: Conv) -> bool:
    """Say whether a map keeps its size, with the odd pixel of padding at the end."""
    axes = zip(op.pads, op.kernel, op.dilation, op.stride, strict=True)
    return all(s == 1 and b + a == d * (k - 1) and a - b in (0, 1) for (b, a), k, d, s in axes)


def _flat(pads: Pads) -> tuple[int, ...]:
    """Turn pads around: torch takes the last axis first."""
    return tuple(number for pair in reversed(pads) for number in pair)


def _pool(op: Pool, x: Tensor) -> Tensor:
    at = x.ndim - 3
    if op.kind == "max":
        pool = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[at]
        return pool(x, op.kernel, op.stride, op.padding, ceil_mode=op.ceil)
    return (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[at](x, op.kernel, op.stride, op.padding, ceil_mode=op.ceil)


def _blur(op: Blur, x: Tensor) -> Tensor:
    dims = x.ndim - 2
    row = torch.tensor([math.comb(op.kernel - 1, i) / 2 ** (op.kernel - 1) for i in range(op.kernel)], dtype=x.dtype)
    kernel = torch.ones((1,) * dims, dtype=x.dtype)
    for axis in range(dims):
        kernel = kernel * row.reshape([-1 if i == axis else 1 for i in range(dims)])
    before = (op.kernel - 1) // 2
    padded = F.pad(x, (before, op.kernel - 1 - before) * dims, "reflect")
    weight = kernel.expand(x.shape[1], 1, *kernel.shape)
    return (F.conv1d, F.conv2d, F.conv3d)[dims - 1](padded, weight, None, op.stride, 0, 1, x.shape[1])


def _interpolate(
    x: Tensor,
    mode: str,
    corners: bool,
    *,
    size: tuple[int, ...] | None = None,
    scale_factor: tuple[float, ...] | None = None,
) -> Tensor:
    if mode == "nearest":
        return F.interpolate(x, size, scale_factor, "nearest")
    return F.interpolate(x, size, scale_factor, LINEAR[x.ndim - 2], corners)


def _crop(x: Tensor, like: Tensor) -> Tensor:
    for axis in range(2, x.ndim):
        start = (x.shape[axis] - like.shape[axis]) // 2
        x = x.narrow(axis, start, like.shape[axis])
    return x


def _pad_like(op: PadLike, x: Tensor, like: Tensor) -> Tensor:
    missing = [wanted - found for wanted, found in zip(like.shape[2:], x.shape[2:], strict=True)]
    pads = tuple((n // 2, n - n // 2) if op.place == "centre" else (0, n) for n in missing)
    return F.pad(x, _flat(pads), PAD_MODES[op.mode])


def _shuffle(op: PixelShuffle, x: Tensor) -> Tensor:
    """Write `n (c r...) s...` to `n c (s r)...` one phase at a time."""
    batch, channels, *sizes = x.shape
    phases = torch.cartesian_prod(*(torch.arange(r) for r in op.factor)).reshape(-1, len(op.factor)).tolist()
    given = x.new_empty(batch, channels // len(phases), *(s * r for s, r in zip(sizes, op.factor, strict=True)))
    for number, phase in enumerate(phases):
        where = tuple(slice(start, None, r) for start, r in zip(phase, op.factor, strict=True))
        given[(slice(None), slice(None), *where)] = x[:, number :: len(phases)]
    return given
