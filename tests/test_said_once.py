"""What is equal in the emitted source is said once: modules without weights, rows of a list, shapes of outputs."""

from __future__ import annotations

import pytest

from unetgen.api import lower
from unetgen.backends.torch_source import emit_source
from unetgen.backends.torch_source.layout import Expr, call, flat, listed
from unetgen.backends.torch_source.series import in_series
from unetgen.ir import Builder, Network, trace
from unetgen.ir.ops import Pool, ResizeLike, ResizeMode


def test_equal_resizes_of_a_nested_network_are_one_module() -> None:
    text = emit_source(lower("unetpp"))
    assert text.count("nn.Upsample(") == 1 and text.count("self.up(") == 10


@pytest.mark.parametrize("name", ["unetpp", "unetpp-supervised", "monai-basicunet-pp"])
def test_a_pooling_of_a_nested_network_runs_where_its_map_is_taken(name: str) -> None:
    lines = [line.split("  #")[0].strip() for line in emit_source(lower(name)).split("\n") if line.strip()]
    for level in (1, 2):
        place = lines.index(f"x = self.down[{level}](skip{level})")
        assert lines[place + 1] == f"skip{level + 1} = self.encoder[{level + 1}](x)"


def test_upsampling_with_weights_of_its_own_is_a_module_each() -> None:
    text = emit_source(lower("monai-basicunet-pp"))
    assert "self.up0_1 = " in text and "self.up(" not in text


def test_gates_that_differ_in_what_their_signal_goes_through_share_a_class() -> None:
    text = emit_source(lower("attention-unet-3d"))
    assert text.count("nn.Sigmoid()") == 1 and "GatedSkip(128, 256, gating_conv=True)" in text
    assert "ConvNormAct(gating_channels) if gating_conv else nn.Identity()" in text
    assert "gating = self.gating_conv(gating)" in text and "del gating" not in text


def resizes(count: int, mode: ResizeMode, align_corners: bool = False) -> str:
    """Write a network that resizes so many times to the size of what it took."""
    b = Builder()
    x = image = b.input(2)
    with b.region("encoder.0", role="encoder", level=0, kind="plain", inputs=(x,)):
        for place in range(count):
            x = b(f"pool{place}", Pool("max", (2, 2), (2, 2), (0, 0)), x)
            x = b(f"resize{place}", ResizeLike(mode, align_corners), x, image)
        b.close(x)
    return emit_source(trace(Network("resizes", 2, image, (x,), tuple(b.regions)), (8, 8)))


@pytest.mark.parametrize(
    ("mode", "align_corners", "name", "arguments"),
    [
        ("linear", False, "resize_like", 'mode="bilinear"'),
        ("linear", True, "resize_aligned_like", 'mode="bilinear", align_corners=True'),
        ("nearest", False, "resize_nearest_like", 'mode="nearest"'),
    ],
)
def test_what_resizes_again_and_again_is_a_function(
    mode: ResizeMode, align_corners: bool, name: str, arguments: str
) -> None:
    often, seldom = resizes(6, mode, align_corners), resizes(5, mode, align_corners)
    written = f"F.interpolate(x, size=like.shape[2:], {arguments})"
    assert often.count(written) == 1 and often.count(f"{name}(") == 7
    assert "_like(" not in seldom and seldom.count("F.interpolate(") == 5


def test_outputs_of_one_size_are_said_once() -> None:
    text = " ".join(emit_source(lower("u2net")).split())
    assert "Input 3 x 320 x 320, 7 outputs of 1 x 320 x 320 (channels x height x width)." in text
    assert "Map N x 3 x 320 x 320 to a list of 7, N x 1 x 320 x 320 each." in text


def calls(callee: str, *arguments: str) -> Expr:
    """Give a list of calls, whose arguments are written with commas between."""
    return call("nn.ModuleList", listed(*(call(callee, *one.split(", ")) for one in arguments)))


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (calls("Up", "4, 2", "8, 4", "16, 8"), "Up(2 * channels, channels) for channels in (2, 4, 8)"),
        (
            calls("nn.Conv2d", "4, 4, 3", "5, 5, 3", "7, 7, 3"),
            "nn.Conv2d(channels, channels, 3) for channels in (4, 5, 7)",
        ),
        (calls("Up", "4, 2", "8, 4"), ""),
        (calls("Up", "4, 2", "8, 4", "16, 9"), ""),
        (calls("Up", "4, 2", "8, 4", "in_channels, 8"), ""),
        (calls("Up", "4, k=3", "8, k=5", "16, k=7"), ""),
        (calls("nn.MaxPool2d", "2", "4", "8"), ""),
        (calls("nn.Conv2d", "4, 4, 3", "5, 5, 5", "7, 7, 7"), ""),
    ],
    ids=["twice", "alike", "few", "irregular", "argument", "keyword", "pool", "kernel"],
)
def test_a_list_that_differs_in_one_width_is_written_once(made: Expr, written: str) -> None:
    expected = f"nn.ModuleList({written})" if written else flat(made)
    assert flat(in_series(made)) == expected


def test_widths_too_long_for_a_line_are_written_one_by_one() -> None:
    made = calls("Up", *(f"{place}0000" for place in range(1, 12)))
    assert in_series(made) == made
