"""Network, weights and an image -> the values of every feature map, from the emitted module itself.

# NOTE: [Every value is seen]
The order in which modules run is known, see [Run order], so the n-th call of a module without children is the n-th node
that is one, however often a module runs; what stands for no shortcut is none. What lies between (crops, concatenations,
sums) is no module: it is computed here from the values held so far, and each module must be given exactly what is held
for its input. So what is seen is what ran, or an `InternalError`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import assert_never

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from unetgen.backends.torch_module import load_module
from unetgen.backends.torch_source import emit_source
from unetgen.backends.torch_source.torch_ops import interpolation
from unetgen.backends.weights import load_weights
from unetgen.ir import Network, Node, Value, ops
from unetgen.ir.network import Returns
from unetgen.plan import Combination, explicit_pads, is_module, run_order
from unetgen.source.diagnostics import InternalError
from unetgen.source.problem import CannotRun

SEED = 0
"""Of the random weights, so that a picture is the same every time."""
Array = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Observe = Callable[[Value, Array], None]
"""Looks at a value, `c s...`; the array is only good until it returns."""


def run_network(network: Network, image: Array, observe: Observe, *, weights: Path | None = None) -> None:
    """Run the emitted module in eval mode on one image, and let `observe` see every value on the way.

    Args:
        network: The network, traced for the size of the image.
        image: `c s...`, as the network takes it.
        observe: Called for each value, in the order in which the network runs.
        weights: A file of weights; random ones, from a fixed seed, unless given.

    Raises:
        CannotRun: The weights do not fit, or make numbers that are none.
    """
    module = whole_module(network)
    if weights is not None:
        load_weights(module, network, weights)
    watch_module(module, network, image, observe)


def watch_module(module: nn.Module, network: Network, image: Array, observe: Observe) -> None:
    """Run a module that gives all outputs of its network, and let `observe` see every value."""
    watch = _Watch(network, observe)
    leaves = [part for part in module.modules() if not any(True for _ in part.children())]
    for leaf in leaves:
        if isinstance(leaf, nn.Identity):
            continue  # where a block has no shortcut; no node of the network
        leaf.register_forward_pre_hook(watch.before)
        leaf.register_forward_hook(watch.after)
    x = torch.from_numpy(np.ascontiguousarray(image))[None]
    with torch.inference_mode():
        watch.start(x)
        module.eval()(x.clone())
        watch.finish()


def whole_module(network: Network) -> nn.Module:
    """Load the module with fresh weights and all outputs asked for: no head that is drawn may be left out."""
    whole = replace(network, returns=Returns("list", "return")) if len(network.outputs) > 1 else network
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        return load_module(emit_source(whole))


class _Watch:
    """The values that are still needed, and the node that comes next, see [Every value is seen]."""

    def __init__(self, network: Network, observe: Observe) -> None:
        self.nodes = run_order(network)
        self.input = network.input
        self.observe = observe
        self.at = 0
        self.values: dict[int, Tensor] = {}
        self.last_use: Mapping[int, int] = {v.id: at for at, node in enumerate(self.nodes) for v in node.inputs}

    def start(self, x: Tensor) -> None:
        self._see(self.input, x, "input")

    def before(self, module: nn.Module, given: tuple[Tensor, ...]) -> None:
        """Hold a module's input against what is known of it."""
        self._combine()
        if self.at == len(self.nodes):
            raise InternalError("a module runs that is no node of the network")
        node = self.nodes[self.at]
        held = self.values[node.inputs[0].id]
        if explicit_pads(node.op) is None and not (held is given[0] or torch.equal(held, given[0])):
            raise InternalError(f"{node.path} was not given what the network says")

    def after(self, module: nn.Module, given: tuple[Tensor, ...], output: Tensor) -> None:
        self._give(output)

    def finish(self) -> None:
        self._combine()
        if self.at != len(self.nodes):
            raise InternalError(f"{self.nodes[self.at].path} has not run")

    def _combine(self) -> None:
        """Compute the nodes that are no modules, up to the next one that is."""
        while self.at < len(self.nodes) and not is_module(self.nodes[self.at].op):
            node = self.nodes[self.at]
            self._give(_combined(node, [self.values[value.id] for value in node.inputs]))

    def _give(self, output: Tensor) -> None:
        node = self.nodes[self.at]
        self._see(node.output, output, node.path)
        for value in node.inputs:
            if self.last_use[value.id] == self.at:
                self.values.pop(value.id, None)
        self.at += 1

    def _see(self, value: Value, tensor: Tensor, path: str) -> None:
        if list(tensor.shape) != [1, *value.shape.as_list()]:
            raise InternalError(f"{path} gives {list(tensor.shape)}, the network says {value.shape}")
        if not math.isfinite(float(tensor.sum())) and not bool(torch.isfinite(tensor).all()):
            help = "the weights, or the numbers of the image, are too large or broken"
            raise CannotRun(f"{path} gives infinite numbers, or none at all (NaN)", help)
        # Whatever works in place later works on a value that was seen before.
        self.observe(value, tensor[0].numpy())
        if value.id in self.last_use:
            self.values[value.id] = tensor


def _combined(node: Node, given: list[Tensor]) -> Tensor:
    """Compute a node that is no module."""
    x, *others = given
    if not isinstance(node.op, Combination):
        raise InternalError(f"{node.path} is a module")
    match node.op:
        case ops.CropLike():
            return _crop(x, others[0])
        case ops.PadLike() as op:
            pads = tuple(n for pair in reversed(_pads(op, x, others[0])) for n in pair)
            return F.pad(x, pads, "constant" if op.mode == "zeros" else "replicate")
        case ops.ResizeLike() as op:
            corners = True if op.align_corners and op.mode == "linear" else None
            size = list(others[0].shape[2:])
            return F.interpolate(x, size=size, mode=interpolation(op.mode, x.ndim - 2), align_corners=corners)
        case ops.Concat():
            return torch.cat(given, dim=1)
        case ops.Add():
            return reduce(torch.add, given)
        case ops.Multiply():
            return reduce(torch.mul, given)
        case ops.Maximum():
            return reduce(torch.maximum, given)
        case _:
            assert_never(node.op)


def _crop(x: Tensor, like: Tensor) -> Tensor:
    for axis in range(2, x.ndim):
        x = x.narrow(axis, (x.shape[axis] - like.shape[axis]) // 2, like.shape[axis])
    return x


def _pads(op: ops.PadLike, x: Tensor, like: Tensor) -> list[tuple[int, int]]:
    missing = (wanted - found for wanted, found in zip(like.shape[2:], x.shape[2:], strict=True))
    return [(n // 2, n - n // 2) if op.place == "centre" else (0, n) for n in missing]
