"""How much one forward pass multiplies and adds, and where."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from unetgen.ir import Network, Node
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
from unetgen.source.diagnostics import InternalError

__all__ = ["MacReport", "macs"]


@dataclass(frozen=True, slots=True)
class MacReport:
    """Multiply-accumulates of one forward pass in total, by region path and by node path."""

    total: int
    by_region: Mapping[str, int]
    by_node: Mapping[str, int]

    def of(self, region_path: str) -> int:
        """Count the multiply-accumulates of one region; KeyError if there is none of that path."""
        return self.by_region[region_path]


def macs(network: Network) -> MacReport:
    """Count multiply-accumulates of one forward pass, batch 1, at the size the network is traced for.

    One MAC is one multiply and one add; torch's `FlopCounterMode` reports exactly twice this number. Convolutions
    alone count (their bias does not): normalisation, activations, pooling, interpolation and copies are zero, as in
    the papers we compare with.

    Raises:
        InternalError: The network was never traced, so no map has a size.
    """
    if not network.input.shape.size:
        raise InternalError("multiply-accumulates were asked of a network without sizes; trace it first")
    by_region = {region.path: sum(map(_node_macs, region.nodes)) for region in network.regions}
    by_node = {node.path: _node_macs(node) for node in network.nodes}
    return MacReport(sum(by_region.values()), by_region, by_node)


def _node_macs(node: Node) -> int:
    taken, given = node.inputs[0].shape, node.output.shape
    match node.op:
        case Conv() as op:
            return op.out_channels * (taken.channels // op.groups) * math.prod(op.kernel) * given.pixels
        case ConvTransposed() as op:
            # Every position of the input is spread once over the kernel; what is trimmed off afterwards was computed.
            return taken.channels * (op.out_channels // op.groups) * math.prod(op.kernel) * taken.pixels
        case Blur() as op:
            # A fixed filter is a depthwise convolution with one kernel for all channels.
            return given.channels * math.prod((op.kernel,) * len(given.size)) * given.pixels
        case (
            Norm() | Activation() | Pool() | GlobalPool() | Resize() | ResizeLike() | CropLike() | PadLike() | Pad()
            | Concat() | Add() | Maximum() | Multiply() | Dropout() | PixelShuffle()
        ):  # fmt: skip
            return 0
        case _:
            assert_never(node.op)
