"""Networks for tests of the torch backends, and their modules with weights at which nothing is special."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn

from tests.oracle import interpret, random_state
from unetgen.analyses import legal_sizes
from unetgen.backends.torch_module import load_module
from unetgen.backends.torch_source import emit_source
from unetgen.ir import Builder, Network, Op, Value, trace
from unetgen.ir.network import Returns
from unetgen.ir.ops import (
    Activation,
    Add,
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
from unetgen.parts.catalog import ACTIVATIONS
from unetgen.parts.unit_words import ActivationWord

__all__ = [
    "GROUP",
    "NORMS",
    "OPS",
    "OPS_OF_OTHER_AXES",
    "activation",
    "conv",
    "every_output",
    "image",
    "module_of",
    "network_of",
    "smallest",
    "units",
]

GROUP = Norm("group", 1e-5, True, groups=2)
NORMS = {
    "none": None,
    "batch": Norm("batch", 1e-5, True),
    "batch-plain": Norm("batch", 1e-3, False, momentum=0.3),
    "instance": Norm("instance", 1e-5, False),
    "instance-affine": Norm("instance", 1e-5, True),
    "group": GROUP,
    "layer": Norm("group", 1e-5, True, groups=1),
}


def conv(out: int, dims: int = 2, kernel: int = 3, **changes: object) -> Conv:
    """A convolution that keeps sizes, unless changed."""
    total = kernel - 1
    ones = (1,) * dims
    same = Conv(out, (kernel,) * dims, ones, ((total // 2, total - total // 2),) * dims, "zeros", ones, 1, True)
    return replace(same, **changes)  # type: ignore[arg-type]  # the names and types of fields, as the tests read best


OPS: dict[str, Op] = {
    "reflect": conv(4, pad_mode="reflect"),
    "replicate": conv(4, kernel=5, pad_mode="replicate"),
    "circular": conv(4, pad_mode="circular"),
    "even": conv(4, kernel=4),
    "even-reflect": conv(4, kernel=4, pad_mode="reflect"),
    "even-strided": conv(4, kernel=4, stride=(2, 2)),
    "uneven": conv(4, pads=((0, 2), (3, 0))),
    "uneven-replicate": conv(4, pads=((0, 2), (3, 0)), pad_mode="replicate"),
    "dilated": conv(4, dilation=(2, 1), pads=((2, 2), (1, 1))),
    "depthwise": conv(8, groups=4, bias=False),
    "transposed": ConvTransposed(6, (3, 4), (2, 3), (1, 0), (1, 0), 2, True),
    "max": Pool("max", (3, 2), (2, 2), (1, 0), ceil=True),
    "avg": Pool("avg", (3, 2), (2, 1), (1, 1), ceil=False),
    "blur": Blur(3, (2, 1)),
    "blur-even": Blur(4, (2, 2)),
    "global": GlobalPool(),
    "nearest": Resize((2, 3), "nearest"),
    "linear": Resize((2, 3), "linear"),
    "corners": Resize((2, 2), "linear", align_corners=True),
    "pad": Pad(((1, 2), (-1, 0))),
    "pad-reflect": Pad(((1, 2), (0, 3)), "reflect"),
    "pad-replicate": Pad(((1, 2), (0, 3)), "replicate"),
    "pad-circular": Pad(((1, 2), (0, 3)), "circular"),
    "shuffle": PixelShuffle((2, 2)),
    "shuffle-uneven": PixelShuffle((1, 4)),
}
OPS_OF_OTHER_AXES: tuple[tuple[Op, tuple[int, ...]], ...] = (
    (Blur(3, (2,)), (9,)),
    (Blur(3, (2, 1, 1)), (5, 6, 7)),
    (PixelShuffle((2,)), (5,)),
    (PixelShuffle((2, 1, 2)), (3, 4, 5)),
    (Resize((2,), "linear"), (5,)),
    (Resize((1, 2, 2), "linear"), (3, 4, 5)),
    (Pad(((1, 1), (0, 2), (2, 0)), "replicate"), (3, 4, 5)),
    (GlobalPool(), (5,)),
    (GlobalPool(), (3, 4, 5)),
)


def activation(kind: str, channels: int = 4) -> Activation:
    """An activation with its default options."""
    row = ACTIVATIONS[kind]
    return Activation(kind, ActivationWord.parse(kind).options, channels if row.learned else 0)


def network_of(*ops: Op, channels: int = 4, size: tuple[int, ...] = (8, 9), name: str = "sample") -> Network:
    """A chain of ops in one region, traced."""
    b = Builder()
    x = image = b.input(channels)
    with b.region("encoder.0", role="encoder", level=0, kind="plain", inputs=(image,)):
        for number, op in enumerate(ops, start=1):
            x = b(f"op{number}", op, x)
        b.close(x)
    return trace(Network(name, len(size), image, (x,), tuple(b.regions)), size)


def units(order: str, act: Activation, norm: Norm | None, *, dims: int = 2, shortcut: bool = False) -> Network:
    """A stage of two units in an order such as `cna`, with or without a shortcut around them, traced."""
    b = Builder()
    x = image = b.input(4)
    with b.region("encoder.0", role="encoder", level=0, kind="plain", inputs=(image,)):
        for number in (1, 2):
            x = _unit(b, x, order, number, act, norm, dims)
        if shortcut:
            x = b("act", act, b("add", Add(), x, image))
        b.close(x)
    return trace(Network("units", dims, image, (x,), tuple(b.regions)), (6,) * dims)


def _unit(b: Builder, x: Value, order: str, number: int, act: Activation, norm: Norm | None, dims: int) -> Value:
    ops: dict[str, tuple[str, Op | None]] = {
        "c": ("conv", conv(4, dims)),
        "n": ("norm", norm),
        "a": ("act", act),
        "d": ("drop", Dropout(0.4)),
    }
    for letter in order:
        word, op = ops[letter]
        x = b(f"{word}{number}", op, x) if op else x
    return x


def every_output(network: Network) -> Network:
    """The same network, handing back all its outputs."""
    return replace(network, returns=Returns("list"))


def smallest(network: Network) -> Network | None:
    """The network at about its smallest legal size; None if that is large, or there is none."""
    sizes = legal_sizes(network)
    size = tuple(axis.above(1) for axis in sizes.axes)
    if sizes.too_small:
        size = tuple(None if n is None else axis.above(n + 1) for axis, n in zip(sizes.axes, size, strict=True))
    known = tuple(n for n in size if n is not None and n < 100)
    return trace(network, known) if len(known) == network.dims and sizes.allows(known) else None


def module_of(network: Network) -> nn.Module:
    """The emitted module of a network in eval mode, with the oracle's weights."""
    module = load_module(emit_source(network))
    module.load_state_dict(random_state(network))
    return module.eval()


def image(network: Network, batch: int = 2, seed: int = 1) -> Tensor:
    """Random numbers of the network's nominal shape."""
    shape = (batch, *network.input.shape.as_list())
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def wanted(network: Network, x: Tensor, *, training: bool = False) -> list[Tensor]:
    """What the oracle gives for the oracle's weights."""
    return interpret(network, random_state(network), x, training=training)
