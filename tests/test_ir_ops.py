"""What an op says about sizes against what torch does."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from tests.random_networks import norms, single_ops
from unetgen.ir import Builder, Network, Op, SizeError, trace_problems
from unetgen.ir.ops import (
    Activation,
    Blur,
    Conv,
    ConvTransposed,
    Dropout,
    GlobalPool,
    Norm,
    Pad,
    PixelShuffle,
    Pool,
    Resize,
)

TORCH_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def run(op: Op, x: torch.Tensor) -> torch.Tensor:  # noqa: C901 - one case per op
    """Let torch run an op of one axis on a map `1 c n`."""
    match op:
        case Conv():
            weight = torch.zeros(op.weights(x.shape[1])[0].shape)
            return F.conv1d(
                F.pad(x, op.pads[0], TORCH_MODES[op.pad_mode]), weight, None, op.stride, 0, op.dilation, op.groups
            )
        case ConvTransposed():
            weight = torch.zeros(op.weights(x.shape[1])[0].shape)
            return F.conv_transpose1d(x, weight, None, op.stride, op.padding, op.output_padding, op.groups)
        case Pool(kind="max"):
            return F.max_pool1d(x, op.kernel, op.stride, op.padding, ceil_mode=op.ceil)
        case Pool():
            return F.avg_pool1d(x, op.kernel, op.stride, op.padding, op.ceil)
        case Blur():
            before = (op.kernel - 1) // 2
            padded = F.pad(x, (before, op.kernel - 1 - before), "reflect")
            return F.conv1d(padded, torch.zeros(x.shape[1], 1, op.kernel), None, op.stride, groups=x.shape[1])
        case GlobalPool():
            return F.adaptive_avg_pool1d(x, 1)
        case Resize():
            return F.interpolate(x, scale_factor=op.factor)
        case Pad():
            # Torch would fill a map of which nothing is left with zeros.
            if x.shape[2] + sum(min(0, pad) for pad in op.pads[0]) == 0:
                raise ValueError("nothing is left")
            return F.pad(x, op.pads[0], TORCH_MODES[op.mode])
        case Norm():
            return F.instance_norm(x)
        case PixelShuffle():
            return F.pixel_shuffle(torch.cat([x, x], 1)[..., None].expand(-1, -1, -1, 2), 2)[..., 0]
        case Activation() | Dropout():
            return F.relu(x)
        case _:
            raise AssertionError(op)


def torch_size(op: Op, n: int) -> int | None:
    """Give the size that comes out, None if torch refuses or nothing is left."""
    try:
        return run(op, torch.zeros(1, 2, n)).shape[2] or None
    except (RuntimeError, ValueError):
        return None


def network_of(op: Op, channels: int, dims: int) -> Network:
    b = Builder()
    x = b.input(channels)
    with b.region("stem", role="stem", level=0, kind="one", inputs=(x,)):
        y = b.close(b("op", op, x))
    return Network("one", dims, x, (y,), tuple(b.regions))


def our_size(op: Op, n: int) -> int | None:
    try:
        size = op.size(0, n)
    except SizeError:
        return None
    return None if trace_problems(network_of(op, 2, 1), (n,)) else size


@given(single_ops(channels=2, dims=1), st.integers(1, 30))
def test_an_op_gives_the_size_that_torch_gives_and_refuses_what_torch_refuses(op: Op, n: int) -> None:
    assert our_size(op, n) == torch_size(op, n)


@given(single_ops(channels=2, dims=1), st.integers(1, 30), st.integers(1, 4))
def test_an_op_keeps_order(op: Op, n: int, more: int) -> None:
    # The legal sizes rest on it, see the note in legal_sizes.
    smaller, larger = our_size(op, n), our_size(op, n + more)
    assert smaller is None or (larger is not None and smaller <= larger)


@pytest.mark.parametrize("size", [(1,), (2,), (1, 1), (1, 2), (1, 1, 1), (2, 1, 1)])
@pytest.mark.parametrize("channels", [1, 4])
@given(norm=norms())
def test_a_norm_refuses_a_single_value_as_torch_does(norm: Norm, channels: int, size: tuple[int, ...]) -> None:
    x = torch.zeros(1, channels, *size)
    try:
        if norm.kind == "instance":
            F.instance_norm(x)
        elif norm.kind == "group":
            F.group_norm(x, norm.groups)
        else:
            F.batch_norm(x, torch.zeros(channels), torch.ones(channels))
    except ValueError:
        assert trace_problems(network_of(norm, channels, len(size)), size)
    else:
        assert not trace_problems(network_of(norm, channels, len(size)), size)
