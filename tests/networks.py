"""Networks built by hand for tests of the rooms behind the IR, so that those need no spec."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from unetgen.ir import Builder, Network, Op, Role, Value, trace
from unetgen.ir.ops import (
    Activation,
    Add,
    Concat,
    Conv,
    ConvTransposed,
    CropLike,
    Norm,
    PadLike,
    Pool,
    Resize,
    ResizeLike,
)

__all__ = ["U", "conv", "paper_u", "sample_u"]

Fit = Literal["error", "crop_skip", "pad_up", "resize_up"]


def conv(dims: int, out: int, kernel: int = 3, *, same: bool = False, stride: int = 1, dilation: int = 1) -> Conv:
    """A convolution alike on all axes; `same` pads with zeros so that stride 1 keeps the size."""
    total = dilation * (kernel - 1) if same else 0
    pads = ((total // 2, total - total // 2),) * dims
    return Conv(out, (kernel,) * dims, (stride,) * dims, pads, "zeros", (dilation,) * dims, 1, True)


@dataclass(frozen=True, slots=True)
class U:
    """What a hand-built U is made of."""

    depth: int = 2
    dims: int = 2
    filters: int = 4
    convs: int = 2
    kernel: int = 3
    same: bool = True
    dilation: int = 1
    factor: int = 2
    fit: Fit = "error"
    join: Literal["concat", "add", "none"] = "concat"
    down: Literal["pool", "ceil_pool", "conv"] = "pool"
    up: Literal["conv", "resize"] = "conv"
    norm: Norm | None = None


def sample_u(u: U = U(), size: tuple[int, ...] | None = None) -> Network:
    """Build a U of one input and two output channels; traced if a size is given."""
    b = Builder()
    x = image = b.input(1)
    skips: list[Value] = []
    for level in range(u.depth):
        x = _stage(b, u, f"encoder.{level}", level, x)
        skips.append(x)
        x = _down(b, u, level, x)
    x = _stage(b, u, "bottleneck", u.depth, x)
    for level in reversed(range(u.depth)):
        x = _up(b, u, level, x)
        x = _skip(b, u, level, skips[level], x)
        x = _stage(b, u, f"decoder.{level}", level, x)
    with b.region("head", role="head", level=0, kind="conv", inputs=(x,)):
        x = b.close(b("conv", conv(u.dims, 2, 1), x))
    network = Network("sample", u.dims, image, (x,), tuple(b.regions))
    return trace(network, size) if size else network


def paper_u(size: tuple[int, ...] | None = (572, 572)) -> Network:
    """Build the network of Ronneberger et al. 2015, arXiv:1505.04597."""
    return sample_u(U(depth=4, filters=64, same=False, fit="crop_skip"), size)


def _stage(b: Builder, u: U, path: str, level: int, x: Value) -> Value:
    roles: dict[str, Role] = {"encoder": "encoder", "bottleneck": "bottleneck", "decoder": "decoder"}
    role = roles[path.partition(".")[0]]
    with b.region(path, role=role, level=level, kind="plain", inputs=(x,)):
        for i in range(1, u.convs + 1):
            with b.scope(kind="unit", number=i):
                x = b(f"conv{i}", conv(u.dims, u.filters << level, u.kernel, same=u.same, dilation=u.dilation), x)
                x = b(f"norm{i}", u.norm, x) if u.norm else x
                x = b(f"act{i}", Activation("relu"), x)
        return b.close(x)


def _down(b: Builder, u: U, level: int, x: Value) -> Value:
    axes, name = (u.factor,) * u.dims, "conv" if u.down == "conv" else "pool"
    op: Op = Pool("max", axes, axes, (0,) * u.dims, ceil=u.down == "ceil_pool")
    if u.down == "conv":
        op = conv(u.dims, x.shape.channels, 3, same=True, stride=u.factor)
    with b.region(f"down.{level}", role="down", level=level, kind=name, inputs=(x,)):
        return b.close(b(name, op, x))


def _up(b: Builder, u: U, level: int, x: Value) -> Value:
    axes = (u.factor,) * u.dims
    with b.region(f"up.{level}", role="up", level=level, kind=u.up, inputs=(x,)):
        if u.up == "conv":
            none = (0,) * u.dims
            return b.close(b("conv", ConvTransposed(u.filters << level, axes, axes, none, none, 1, True), x))
        x = b("resize", Resize(axes, "nearest"), x)
        return b.close(b("conv", conv(u.dims, u.filters << level, same=True), x))


def _skip(b: Builder, u: U, level: int, skip: Value, x: Value) -> Value:
    if u.join == "none":
        return x
    with b.region(f"skip.{level}", role="skip", level=level, kind=u.join, inputs=(skip, x)):
        match u.fit:
            case "crop_skip":
                skip = b("crop", CropLike(), skip, x)
            case "pad_up":
                x = b("pad", PadLike("zeros"), x, skip)
            case "resize_up":
                x = b("resize", ResizeLike("linear"), x, skip)
            case "error":
                pass
        join: Op = Concat() if u.join == "concat" else Add()
        return b.close(b(u.join, join, skip, x))
