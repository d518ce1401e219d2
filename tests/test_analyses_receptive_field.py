"""The receptive field against gradients: what an output value sees is where its gradient is not zero."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from torch import Tensor
from torch.nn import functional as F

from tests.networks import U, paper_u, sample_u
from tests.random_networks import us
from tests.receptive_field import receptive_field
from unetgen.analyses import AxisField, legal_sizes
from unetgen.ir import Builder, Network, Node, trace
from unetgen.ir.ops import (
    Activation,
    Add,
    Concat,
    Conv,
    ConvTransposed,
    CropLike,
    GlobalPool,
    Norm,
    PadLike,
    Pool,
    Resize,
    ResizeLike,
)
from unetgen.source.diagnostics import InternalError


def run(node: Node, x: Tensor, *others: Tensor) -> Tensor:
    """Run a node of one axis with weights of one, so that nothing cancels; a maximum becomes a mean."""
    match node.op:
        case Conv() as op:
            weight = torch.ones(op.weights(x.shape[1])[0].shape)
            return F.conv1d(F.pad(x, op.pads[0]), weight, None, op.stride, 0, op.dilation)
        case ConvTransposed() as op:
            return F.conv_transpose1d(x, torch.ones(op.weights(x.shape[1])[0].shape), None, op.stride)
        case Pool() as op:
            return F.avg_pool1d(x, op.kernel, op.stride, op.padding, op.ceil)
        case Resize() | ResizeLike() as op:
            size = others[0].shape[2] if others else x.shape[2] * op.factor[0]  # type: ignore[union-attr]  # one of two
            return F.interpolate(x, size, mode=op.mode)
        case CropLike():
            return x.narrow(2, (x.shape[2] - others[0].shape[2]) // 2, others[0].shape[2])
        case PadLike():
            more = others[0].shape[2] - x.shape[2]
            return F.pad(x, (more // 2, more - more // 2))
        case Concat():
            return torch.cat((x, *others), 1)
        case Add():
            return x + others[0]
        case Activation() | Norm():
            return x
        case _:
            raise AssertionError(node)


def seen(network: Network) -> list[int]:
    """Measure what each value of the output sees, in pixels.

    The network is linear here, so a batch of inputs with one bright pixel each gives the whole gradient at once.
    """
    (size,) = network.input.shape.size
    values = {network.input.id: torch.eye(size)[:, None]}
    for node in network.nodes:
        values[node.output.id] = run(node, *(values[value.id] for value in node.inputs))
    columns = [column.nonzero() for column in values[network.output.id][:, 0].T]
    return [int(column[-1] - column[0]) + 1 for column in columns]


@given(us(dims=1).filter(lambda u: bool(legal_sizes(sample_u(u)).axes[0].offsets)))
def test_fields_are_what_gradients_say(u: U) -> None:
    # One filter is enough to see with, and a small network sees little enough to have an inside.
    u = replace(u, depth=min(u.depth, 2), convs=min(u.convs, 2), kernel=min(u.kernel, 3), filters=1, norm=None)
    network = sample_u(u)
    network = trace(network, (legal_sizes(network).axes[0].above(350) or 0,))
    (field,), found = receptive_field(network) or (), seen(network)
    # Values near the border see less than their field.
    middle = found[len(found) // 3 : 2 * len(found) // 3]
    measured = AxisField(min(middle), max(found))
    # Stretched maps are seen differently everywhere, so their extremes may lie where the border hides them.
    hidden = u.fit == "resize_up" and field.minimum <= measured.minimum and measured.maximum <= field.maximum
    assert field == measured or hidden


def test_the_network_of_2015_sees_188_to_204_pixels() -> None:
    assert receptive_field(paper_u()) == (AxisField(188, 204),) * 2


def test_the_bottleneck_of_the_network_of_2015_sees_140_pixels() -> None:
    network = paper_u()
    assert receptive_field(network, network.region("bottleneck").output) == (AxisField(140, 140),) * 2


def test_what_a_map_is_fitted_to_is_not_seen() -> None:
    b = Builder()
    x = b.input(1)
    with b.region("stem", role="stem", level=0, kind="fit", inputs=(x,)):
        wide = b("conv", Conv(1, (5,), (1,), ((2, 2),), "zeros", (1,), 1, True), x)
        y = b.close(b("resize", ResizeLike("nearest"), x, wide))
    network = trace(Network("fitted", 1, x, (y,), tuple(b.regions)), (9,))
    assert receptive_field(network) == (AxisField(1, 1),)


def test_a_global_pool_sees_everything() -> None:
    b = Builder()
    x = b.input(1)
    with b.region("stem", role="stem", level=0, kind="squeeze", inputs=(x,)):
        y = b.close(b("pool", GlobalPool(), x))
    assert receptive_field(trace(Network("squeeze", 2, x, (y,), tuple(b.regions)), (9, 9))) is None


def test_a_network_without_sizes_is_our_mistake() -> None:
    with pytest.raises(InternalError, match="trace it first"):
        receptive_field(sample_u())
