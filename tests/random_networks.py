"""Hypothesis strategies of networks: hand-built Us, and graphs in which anything meets anything."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from tests.networks import U
from unetgen.ir import Builder, Network, Op, Value
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

__all__ = ["graphs", "norms", "single_ops", "us"]

_SMALL = st.integers(0, 2)


def norms() -> st.SearchStrategy[Norm]:
    """Draw any normalisation."""
    return st.builds(Norm, st.sampled_from(("batch", "instance", "group")), eps=st.just(1e-5), affine=st.booleans())


@st.composite
def us(draw: st.DrawFn, dims: int | None = None) -> U:
    """Draw what a U is made of."""
    return U(
        depth=draw(st.integers(1, 3)),
        dims=dims or draw(st.integers(1, 3)),
        filters=draw(st.integers(1, 4)),
        convs=draw(st.integers(1, 3)),
        kernel=draw(st.integers(1, 5)),
        same=draw(st.booleans()),
        dilation=draw(st.integers(1, 2)),
        factor=draw(st.integers(1, 3)),
        fit=draw(st.sampled_from(("error", "crop_skip", "pad_up", "resize_up"))),
        join=draw(st.sampled_from(("concat", "add", "none"))),
        down=draw(st.sampled_from(("pool", "ceil_pool", "conv"))),
        up=draw(st.sampled_from(("conv", "resize"))),
        norm=draw(st.none() | norms()),
    )


@st.composite
def graphs(draw: st.DrawFn, dims: int, nodes: int = 8) -> Network:
    """Draw a network in which maps of any size meet; few accept many sizes, which is the point."""
    b = Builder()
    image = b.input(2)
    values = [image]
    with b.region("encoder.0", role="encoder", level=0, kind="random", inputs=(image,)):
        for i in range(draw(st.integers(1, nodes))):
            taken = draw(_takers(values))
            values.append(b(f"op{i}", draw(_ops(taken, dims)), *taken))
        b.close(values[-1])
    used = {value.id for region in b.regions for node in region.nodes for value in node.inputs}
    outputs = tuple(value for value in values if value.id not in used)
    return Network("graph", dims, image, outputs, tuple(b.regions))


def _takers(values: list[Value]) -> st.SearchStrategy[tuple[Value, ...]]:
    """Draw what the next node takes: mostly the last value alone."""
    one = st.just((values[-1],)) | st.tuples(st.sampled_from(values))
    two = st.tuples(st.just(values[-1]), st.sampled_from(values)) | st.tuples(
        st.sampled_from(values), st.just(values[-1])
    )
    return one | two


def _ops(taken: tuple[Value, ...], dims: int) -> st.SearchStrategy[Op]:
    channels = [value.shape.channels for value in taken]
    return single_ops(channels[0], dims) if len(taken) == 1 else _pair(*channels)


def _pair(one: int, other: int) -> st.SearchStrategy[Op]:
    fits: st.SearchStrategy[Op] = st.sampled_from(
        (CropLike("error"), CropLike("floor"), PadLike("zeros"), ResizeLike("linear"))
    )
    joins: st.SearchStrategy[Op] = st.just(Concat()) if one + other <= 8 else st.nothing()
    if one == other:
        equal: tuple[Op, ...] = (Add(), Maximum(), Multiply())
        joins = joins | st.sampled_from(equal)
    return fits | joins


def single_ops(channels: int, dims: int) -> st.SearchStrategy[Op]:
    """Draw an op that takes one map of so many channels."""
    sized: st.SearchStrategy[Op] = (
        _conv(channels, dims) | _pool(dims) | _transposed(channels, dims) | _resize(dims) | _pad(dims)
    )
    plain: tuple[Op, ...] = (GlobalPool(), Activation("relu"), Dropout(0.5))
    rare = st.sampled_from((*plain, Norm("instance", 1e-5, False), Norm("batch", 1e-5, True)))
    ops: st.SearchStrategy[Op] = sized | sized | rare
    shuffle = PixelShuffle((2,) + (1,) * (dims - 1))
    return ops if channels % math.prod(shuffle.factor) else ops | st.just(shuffle)


def _axes(dims: int, least: int, most: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*[st.integers(least, most)] * dims)


def _groups(channels: int) -> st.SearchStrategy[int]:
    return st.sampled_from((1,) if channels % 2 else (1, 2))


def _conv(channels: int, dims: int) -> st.SearchStrategy[Op]:
    return st.builds(
        Conv,
        out_channels=st.sampled_from((2, 4)),
        kernel=_axes(dims, 1, 4),
        stride=_axes(dims, 1, 2),
        pads=st.tuples(*[st.tuples(_SMALL, _SMALL)] * dims),
        pad_mode=st.sampled_from(("zeros", "reflect", "replicate", "circular")),
        dilation=_axes(dims, 1, 2),
        groups=_groups(channels),
        bias=st.booleans(),
    )


def _transposed(channels: int, dims: int) -> st.SearchStrategy[Op]:
    return st.builds(
        ConvTransposed,
        out_channels=st.sampled_from((2, 4)),
        kernel=_axes(dims, 1, 4),
        stride=st.just((2,) * dims),
        padding=_axes(dims, 0, 1),
        output_padding=_axes(dims, 0, 1),
        groups=_groups(channels),
        bias=st.booleans(),
    )


def _pool(dims: int) -> st.SearchStrategy[Op]:
    return st.integers(1, 3).flatmap(
        lambda kernel: st.builds(
            Pool,
            st.sampled_from(("max", "avg")),
            kernel=st.just((kernel,) * dims),
            stride=_axes(dims, 1, 3),
            padding=_axes(dims, 0, kernel // 2),
            ceil=st.booleans(),
        )
    )


def _resize(dims: int) -> st.SearchStrategy[Op]:
    blur = st.builds(Blur, st.integers(1, 4), _axes(dims, 1, 2))
    return st.builds(Resize, _axes(dims, 1, 3), st.sampled_from(("nearest", "linear"))) | blur


def _pad(dims: int) -> st.SearchStrategy[Op]:
    amount = st.integers(-2, 2)
    return st.builds(Pad, st.tuples(*[st.tuples(amount, amount)] * dims))
