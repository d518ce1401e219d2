"""Multiply-accumulates against torch's FLOP counter, which counts each as two."""

from __future__ import annotations

import pytest
import torch
from hypothesis import assume, given
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from tests.networks import U, conv, paper_u, sample_u
from tests.random_networks import graphs, us
from unetgen.analyses import legal_sizes, macs
from unetgen.ir import Builder, Network, Node, trace
from unetgen.ir.ops import Blur, Conv, ConvTransposed
from unetgen.source.diagnostics import InternalError

CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def run(node: Node, dims: int) -> torch.Size:
    """Let torch run a node's convolution on a map without memory, and give the shape of what comes out."""
    x = torch.empty(1, *node.inputs[0].shape.as_list(), device="meta")
    weight = torch.empty(node.op.weights(x.shape[1])[0].shape, device="meta") if node.op.weights(x.shape[1]) else x
    match node.op:
        case Conv() as op:
            padded = F.pad(x, [n for pads in reversed(op.pads) for n in pads])
            return CONV[dims](padded, weight, None, op.stride, 0, op.dilation, op.groups).shape[1:]
        case ConvTransposed() as op:
            args = (op.stride, op.padding, op.output_padding, op.groups)
            return TRANSPOSED[dims](x, weight, None, *args).shape[1:]
        case Blur() as op:
            kernel = torch.empty(x.shape[1], 1, *(op.kernel,) * dims, device="meta")
            before = (op.kernel - 1) // 2
            padded = F.pad(x, (before, op.kernel - 1 - before) * dims)
            return CONV[dims](padded, kernel, None, op.stride, groups=x.shape[1]).shape[1:]
        case _:
            return torch.Size(node.output.shape.as_list())


def flops(network: Network) -> int:
    with FlopCounterMode(display=False) as counter:
        shapes = [list(run(node, network.dims)) for node in network.nodes]
    assert shapes == [node.output.shape.as_list() for node in network.nodes]
    return int(counter.get_total_flops())


def sized(network: Network, least: int) -> Network:
    """Trace a network at a size that it accepts, if it accepts any."""
    size = legal_sizes(network).alike().above(least)
    assume(size is not None)
    return trace(network, (size or 0,) * network.dims)


@given(us())
def test_macs_and_shapes_of_any_u_equal_those_of_torch(u: U) -> None:
    network = sized(sample_u(u), 10)
    assert 2 * macs(network).total == flops(network)


@given(graphs(dims=2, nodes=4))
def test_macs_and_shapes_of_any_graph_equal_those_of_torch(network: Network) -> None:
    network = sized(network, 10)
    assert 2 * macs(network).total == flops(network)


@given(us())
def test_regions_and_nodes_add_up(u: U) -> None:
    report = macs(sized(sample_u(u), 10))
    assert report.total == sum(report.by_region.values()) == sum(report.by_node.values())


def test_the_network_of_2015_does_150_billion_macs() -> None:
    report = macs(paper_u())
    assert report.total == 150_428_424_448
    assert report.by_region["head"] == 2 * 64 * 388 * 388


def test_weights_that_are_shared_work_each_time() -> None:
    b = Builder()
    x = b.input(2)
    with b.region("stem", role="stem", level=0, kind="recurrent", inputs=(x,)):
        y = b("conv", conv(1, 2, same=True), x)
        y = b.close(b("conv_again", conv(1, 2, same=True), y, shares="stem.conv"))
    network = trace(Network("recurrent", 1, x, (y,), tuple(b.regions)), (10,))
    assert macs(network).total == 2 * (2 * 2 * 3 * 10)


def test_a_network_without_sizes_is_our_mistake() -> None:
    with pytest.raises(InternalError, match="trace it first"):
        macs(sample_u())
