"""Parameters against torch's own layers."""

from __future__ import annotations

from collections.abc import Callable

import torch
from hypothesis import given
from torch import nn

from tests.networks import U, conv, paper_u, sample_u
from tests.random_networks import graphs, us
from unetgen.analyses import parameters
from unetgen.ir import Builder, Network, Node
from unetgen.ir.ops import Activation, Conv, ConvTransposed, Norm

CONVS = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
TRANSPOSED = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
BATCH = {1: nn.BatchNorm1d, 2: nn.BatchNorm2d, 3: nn.BatchNorm3d}
INSTANCE = {1: nn.InstanceNorm1d, 2: nn.InstanceNorm2d, 3: nn.InstanceNorm3d}


def layer(node: Node, dims: int) -> nn.Module:
    """Build torch's layer for a node that may own weights."""
    channels = node.inputs[0].shape.channels
    match node.op:
        case Conv() as op:
            return _conv(CONVS[dims], op, channels)
        case ConvTransposed() as op:
            return _conv(TRANSPOSED[dims], op, channels)
        case Norm(kind="batch") as op:
            return BATCH[dims](channels, affine=op.affine)
        case Norm(kind="instance") as op:
            return INSTANCE[dims](channels, affine=op.affine)
        case Norm(kind="group") as op:
            return nn.GroupNorm(op.groups, channels, affine=op.affine)
        case Activation(kind="prelu") as op:
            return nn.PReLU(op.learned)
        case _:
            return nn.Identity()


def _conv(kind: Callable[..., nn.Module], op: Conv | ConvTransposed, channels: int) -> nn.Module:
    return kind(channels, op.out_channels, op.kernel, groups=op.groups, bias=op.bias)


def torch_parameters(network: Network) -> int:
    with torch.device("meta"):
        layers = [layer(node, network.dims) for node in network.nodes]
    return sum(p.numel() for module in layers for p in module.parameters())


@given(us())
def test_parameters_of_any_u_equal_those_of_torch(u: U) -> None:
    network = sample_u(u)
    assert parameters(network).total == torch_parameters(network)


@given(graphs(dims=2))
def test_parameters_of_any_graph_equal_those_of_torch(network: Network) -> None:
    assert parameters(network).total == torch_parameters(network)


@given(us())
def test_regions_and_nodes_add_up(u: U) -> None:
    report = parameters(sample_u(u))
    assert report.total == sum(report.by_region.values()) == sum(report.by_node.values())


def test_the_network_of_2015_has_31030658_parameters() -> None:
    report = parameters(paper_u(None))
    assert report.total == 31_030_658
    convs = report.by_node["encoder.0.conv1"] + report.by_node["encoder.0.conv2"]
    assert report.by_region["encoder.0"] == 37_568 == convs


def test_trained_slopes_count_and_running_statistics_do_not() -> None:
    b = Builder()
    x = b.input(8)
    with b.region("stem", role="stem", level=0, kind="plain", inputs=(x,)):
        y = b.close(
            b("act", Activation("prelu", (("init", 0.25),), learned=8), b("norm", Norm("batch", 1e-5, True), x))
        )
    assert parameters(Network("slopes", 2, x, (y,), tuple(b.regions))).total == 3 * 8


def test_shared_weights_count_once() -> None:
    b = Builder()
    x = b.input(8)
    with b.region("stem", role="stem", level=0, kind="recurrent", inputs=(x,)):
        y = b("conv", conv(2, 8, same=True), x)
        y = b.close(b("conv_again", conv(2, 8, same=True), y, shares="stem.conv"))
    report = parameters(Network("recurrent", 2, x, (y,), tuple(b.regions)))
    assert report.total == 8 * 8 * 9 + 8
    assert report.by_node["stem.conv_again"] == 0
