"""Equal things are lists that the source loops over, where the flow of data says so, and nowhere else."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
import torch

from tests.law_checks import handed_back
from tests.oracle import interpret, random_state
from tests.torch_samples import conv, smallest
from unetgen.api import lower, parse
from unetgen.backends.torch_module import load_module
from unetgen.backends.torch_source import emit_source
from unetgen.ir import Builder, Network, Value, trace
from unetgen.ir.ops import Activation, Add, Concat, Pool, ResizeLike

Write = Callable[[Builder, Value], Value]


def network(write: Write, channels: int = 4, size: tuple[int, ...] = (8, 8)) -> Network:
    """One stage, and a layer behind it that keeps the two apart."""
    b = Builder()
    x = image = b.input(channels)
    with b.region("encoder.0", role="encoder", level=0, kind="many", inputs=(x,)):
        x = b.close(write(b, x))
    with b.region("head", role="head", level=0, kind="conv", inputs=(x,)):
        x = b.close(b("conv", conv(2), x))
    return trace(Network("runs", 2, image, (x,), tuple(b.regions)), size)


def unit(b: Builder, name: str, x: Value, channels: int = 4) -> Value:
    """Write a convolution and its activation as one thing."""
    with b.scope(name, word=name.split(".")[0].removesuffix("s")):
        return b("act", Activation("relu"), b("conv", conv(channels), x))


def source(network: Network) -> str:
    """Emit a network; what it computes is what the IR says, bit for bit, and TorchScript reads it."""
    text = emit_source(network)
    module, state = load_module(text), random_state(network)
    module.load_state_dict(state)
    module.eval()
    x = torch.randn(2, *network.input.shape.as_list(), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        found = handed_back(network, module(x), training=False)
        assert all(map(torch.equal, found, interpret(network, state, x)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.jit.script(module)
    return text


def chain(b: Builder, x: Value) -> Value:
    for place in range(5):
        x = unit(b, f"blocks.{place}", x)
    return x


def read_in_between(b: Builder, x: Value) -> Value:
    maps = [x]
    for place in range(5):
        maps.append(unit(b, f"blocks.{place}", maps[-1]))
    return b("sum", Add(), maps[3], maps[-1])


def out_of_order(b: Builder, x: Value) -> Value:
    for place in (1, 0, 2):
        x = unit(b, f"blocks.{place}", x)
    return x


def dense(b: Builder, x: Value, gives: str = "all", order: int = 1) -> Value:
    maps = [x]
    for place in range(4):
        taken = b(f"concat{place}", Concat(), *maps[::order]) if place else x
        maps.append(unit(b, f"layers.{place}", taken, channels=3))
    match gives:
        case "all":
            return b("concat", Concat(), *maps)
        case "new":
            return b("concat", Concat(), *maps[1:])
    return maps[-1]


def u(b: Builder, x: Value, pairs: int = 3, swapped: bool = False) -> Value:
    kept: list[Value] = []
    for place in range(pairs):
        x = unit(b, f"encoder.{place}", x)
        kept.append(x)
        with b.scope(f"down.{place}", word="down"):
            x = b("pool", Pool("max", (2, 2), (2, 2), (0, 0)), x)
    x = unit(b, "bottom", x)
    for place, skip in enumerate(kept if swapped else reversed(kept)):
        x = b(f"resize{place}", ResizeLike("nearest"), x, skip)
        x = unit(b, f"decoder.{place}", b(f"concat{place}", Concat(), x, skip))
    return x


def recurrent(b: Builder, x: Value) -> Value:
    y = unit(b, "first", x)
    for place in range(3):
        y = unit(b, f"again.{place}", b(f"sum{place}", Add(), x, y))
    return y


def test_a_chain_is_called_as_one() -> None:
    text = source(network(chain))
    assert "self.blocks = nn.Sequential(*(ConvAct(channels) for _ in range(5)))" in text
    assert "return self.blocks(x)" in text


def test_a_chain_that_is_read_in_between_is_written_out() -> None:
    text = source(network(read_in_between))
    assert "nn.ModuleList(" in text and "nn.Sequential(" not in text and "self.blocks[4](" in text


def test_a_list_out_of_order_is_written_out() -> None:
    text = source(network(out_of_order))
    assert "self.blocks[2](self.blocks[0](self.blocks[1](x)))" in text and "nn.Sequential(" not in text


@pytest.mark.parametrize(
    ("gives", "result"),
    [("all", "torch.cat(maps, dim=1)"), ("new", "torch.cat(maps[1:], dim=1)"), ("last", "maps[-1]")],
)
def test_a_dense_run_collects_maps(gives: str, result: str) -> None:
    text = source(network(lambda b, x: dense(b, x, gives)))
    assert "maps.append(layer(torch.cat(maps, dim=1)))" in text and f"return {result}" in text
    assert "ConvAct(in_channels + 3 * i, " in text and "for i in range(4)" in text


def test_dense_blocks_with_and_without_their_input_share_a_class() -> None:
    text = emit_source(lower("fc-densenet57"))
    assert "Layers of 12 channels that each take the input and all maps before them" in text
    assert "with_input=False leaves the input out of what it gives." in text
    assert text.count("maps.append(") == 1 and "return torch.cat(maps if self.with_input else maps[1:], dim=1)" in text
    assert "DenseBlock(288, with_input=False)" in text and "with_input=True" not in text


def test_maps_in_another_order_are_no_dense_run() -> None:
    text = source(network(lambda b, x: dense(b, x, order=-1)))
    assert "maps" not in text and "self.layers[3](" in text


def test_a_u_inside_loops_down_and_up() -> None:
    text = source(network(u, size=(16, 16)))
    assert "for encoder, down in zip(self.encoder, self.down):" in text and "skips.append(x)" in text
    assert "for decoder in self.decoder:" in text and "skip = skips.pop()" in text


def dilated(b: Builder, x: Value, peeking: bool = False) -> Value:
    """A U without ways down: what a round gives goes on and is kept, too."""
    kept: list[Value] = []
    for place in range(3):
        x = unit(b, f"encoder.{place}", x)
        kept.append(x)
    x = unit(b, "bottom", b("sum", Add(), x, kept[1]) if peeking else x)
    for place, skip in enumerate(reversed(kept)):
        x = unit(b, f"decoder.{place}", b(f"concat{place}", Concat(), x, skip))
    return x


def test_what_goes_on_may_be_kept_too() -> None:
    text = source(network(dilated))
    assert "for encoder in self.encoder:\n            x = encoder(x)\n            skips.append(x)" in text
    assert "for decoder in self.decoder:\n            x = torch.cat([x, skips.pop()], dim=1)\n" in text


def test_what_somebody_else_takes_too_is_written_out() -> None:
    text = source(network(lambda b, x: dilated(b, x, peeking=True)))
    assert "skips" not in text and "self.encoder[2](" in text


def test_skips_that_cross_are_written_out() -> None:
    text = source(network(lambda b, x: u(b, x, swapped=True), size=(16, 16)))
    assert "skips" not in text and "self.encoder[2](x)" in text and "self.decoder[2](" in text


def test_a_map_that_every_round_takes_keeps_its_name() -> None:
    text = source(network(recurrent))
    assert "for again in self.again:" in text and "y = x + y" in text


@pytest.mark.parametrize("name", ["u2net", "u2netp", "kuc-u2net-2d"])
def test_the_width_of_a_u_inside_is_passed_by_name(name: str) -> None:
    written = source(lower(name))
    assert "channels //" not in written and "ConvNormAct(2 * mid_channels" in written.replace("ConvAct", "ConvNormAct")
    assert " RSU(" in written and "self.dilated = DilatedU(out_channels, mid_channels)" in written


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("block: dense\nnorm: none\nbottleneck: {convs: 5}\n", ["DenseBlock(", "layers=5", "layers=2"]),
        ("block: residual\nencoder: [{repeat: 2}, {repeat: 3}, {repeat: 4}]\n", ["ResidualStage(", "blocks=4"]),
        ("encoder: [{block: {inner_u: {depth: 3}}}, {block: inner_u}, {}]\n", ["RSU(", "depth=3", "depth=2"]),
    ],
)
def test_stages_that_differ_in_a_count_share_a_class(text: str, calls: list[str]) -> None:
    network = smallest(lower(parse(f"depth: 3\nfilters: [8, 8, 8, 8]\n{text}")))
    assert network is not None
    written = source(network)
    assert all(call in written for call in calls)


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("residual", "Residual blocks one after the other."),
        ("inverted", "Inverted residual blocks one after the other."),
    ],
)
def test_several_blocks_are_called_as_they_declare(block: str, said: str) -> None:
    network = smallest(lower(parse(f"depth: 1\nfilters: [8, 8]\nblock: {block}\nencoder: [{{repeat: 3}}]\n")))
    assert network is not None
    assert f'    """{said}"""' in source(network)


def residual(b: Builder, x: Value, name: str, channels: int, shortcut: tuple[int, ...]) -> Value:
    """Write a block of one convolution; on its shortcut stand convolutions with kernels of these sizes."""
    with b.scope(name, kind="block", word="block"):
        y = b("conv", conv(channels), x)
        with b.scope("shortcut", kind="shortcut"):
            for place, kernel in enumerate(shortcut):
                x = b(f"conv{place}", conv(channels, kernel=kernel), x)
        return b("sum", Add(), y, x)


def residuals(b: Builder, x: Value, blocks: tuple[tuple[int, tuple[int, ...]], ...]) -> Value:
    for place, (channels, shortcut) in enumerate(blocks):
        x = residual(b, x, f"blocks.{place}", channels, shortcut)
    return x


@pytest.mark.parametrize(
    ("blocks", "calls"),
    [
        (
            ((6, (1,)), (6, ()), (6, ())),
            ["(in_channels, out_channels, projected=True),", "projected else nn.Identity()"],
        ),
        (((6, (1, 3)), (6, ())), ["Shortcut(in_channels, out_channels) if projected else nn.Identity()"]),
        (((6, (1,)), (6, (1, 3)), (6, ())), ["shortcut=nn.Conv2d(in_channels, out_channels, 1)", "shortcut=Shortcut("]),
        (
            ((8, ()), (8, (1,)), (12, (1,)), (16, (1,)), (20, (1,))),
            ["projected=True)\n                for i in range(3)"],
        ),
        (
            ((8, (1, 3)), (8, (1,)), (12, (1,)), (16, (1,)), (20, (1,))),
            ["shortcut=nn.Conv2d(in_channels + 4 * i, 12 + 4 * i, 1)"],
        ),
    ],
)
def test_blocks_that_differ_in_their_shortcuts_share_a_class(
    blocks: tuple[tuple[int, tuple[int, ...]], ...], calls: list[str]
) -> None:
    text = source(network(lambda b, x: residuals(b, x, blocks), channels=8 if blocks[0][0] == 8 else 4))
    assert text.count('(nn.Module):\n    """Conv 3x3, sum with shortcut') == 1
    assert all(call in text for call in calls)


def test_a_shortcut_is_called_where_it_is_added() -> None:
    text = emit_source(lower("mednext-s"))
    assert "return y + self.shortcut(x)" in text and "1, stride=stride)" in text


def test_a_padding_says_what_it_is_for() -> None:
    text = emit_source(lower("mednext-s"))
    assert text.count("nn.ZeroPad3d((1, 0, 1, 0, 1, 0))  # 2n - 1 to 2n on each axis\n") == 2


@pytest.mark.parametrize("name", ["mednext-s", "smp-unet-resnet18", "nnunet-residualunet"])
def test_stages_that_differ_in_their_shortcuts_share_a_class(name: str) -> None:
    text = emit_source(lower(name))
    assert "class Projected" not in text and "class Strided" not in text and "nn.Identity()" in text
    assert "projected" not in text
