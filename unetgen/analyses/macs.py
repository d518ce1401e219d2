"""How much one forward pass multiplies and adds, and where."""

from __future__ import annotations

import math
from typing import assert_never

from unetgen.analyses.counts import Count, count_nodes
from unetgen.ir import Network, Node, ops
from unetgen.source.diagnostics import InternalError


def macs(network: Network) -> Count:
    """Count multiply-accumulates of one forward pass, batch 1, at the size the network is traced for.

    One MAC is one multiply and one add; torch's `FlopCounterMode` reports exactly twice this number. Convolutions
    alone count (their bias does not): normalisation, activations, pooling, interpolation and copies are zero, as in
    the papers we compare with.

    Raises:
        InternalError: The network was never traced, so no map has a size.
    """
    if not network.input.shape.size:
        raise InternalError("multiply-accumulates were asked of a network without sizes; trace it first")
    return count_nodes(network, _node_macs)


def _node_macs(node: Node) -> int:
    taken, given = node.inputs[0].shape, node.output.shape
    match node.op:
        case ops.Conv() as op:
            return op.out_channels * (taken.channels // op.groups) * math.prod(op.kernel) * given.pixels
        case ops.ConvTransposed() as op:
            # Every position of the input is spread once over the kernel; what is trimmed off afterwards was computed.
            return taken.channels * (op.out_channels // op.groups) * math.prod(op.kernel) * taken.pixels
        case ops.Blur() as op:
            # A fixed filter is a depthwise convolution with one kernel for all channels.
            return given.channels * math.prod((op.kernel,) * len(given.size)) * given.pixels
        case (
            ops.Norm() | ops.Activation() | ops.Pool() | ops.GlobalPool() | ops.Resize() | ops.ResizeLike()
            | ops.CropLike() | ops.PadLike() | ops.Pad() | ops.Concat() | ops.Add() | ops.Maximum() | ops.Multiply()
            | ops.Dropout() | ops.PixelShuffle()
        ):  # fmt: skip
            return 0
        case _:
            assert_never(node.op)
