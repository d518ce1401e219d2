"""What ops are called, in every place that speaks of them."""

from __future__ import annotations

import pytest

from unetgen.analyses.op_names import OpName, op_name
from unetgen.ir import Node, Op, Shape, Value, ops

MAP = Value(0, Shape(8, (9, 9)))
VOLUME = Value(0, Shape(8, (9, 9, 9)))


def conv2d(kernel: tuple[int, int], *, stride: int = 1, dilation: int = 1, groups: int = 1) -> ops.Conv:
    return ops.Conv(8, kernel, (stride,) * 2, ((0, 0),) * 2, "zeros", (dilation,) * 2, groups, True)


def transposed2d(kernel: int, *, groups: int = 1) -> ops.ConvTransposed:
    return ops.ConvTransposed(8, (kernel,) * 2, (2, 2), (0, 0), (0, 0), groups, True)


def name(op: Op, *inputs: Value) -> str:
    taken = inputs or (MAP,)
    return str(op_name(Node("stem.op", op, taken, Value(9, taken[0].shape))))


@pytest.mark.parametrize(
    ("op", "said"),
    [
        (conv2d((3, 3)), "conv 3×3"),
        (conv2d((1, 3), stride=2, dilation=2), "conv 1×3 stride 2 dilation 2"),
        (conv2d((3, 3), groups=2), "conv 3×3 in 2 groups"),
        (conv2d((7, 7), groups=8), "depthwise conv 7×7"),
        (transposed2d(2), "transposed conv 2×2"),
        (transposed2d(3), "transposed conv 3×3 stride 2"),
        (transposed2d(3, groups=8), "depthwise transposed conv 3×3 stride 2"),
        (ops.Pool("max", (2, 2), (2, 2), (0, 0)), "max pool 2×2"),
        (ops.Pool("avg", (3, 3), (1, 2), (1, 1)), "average pool 3×3 stride 1×2"),
        (ops.GlobalPool(), "global average pool"),
        (ops.Blur(4, (2, 2)), "blur 4×4 stride 2"),
        (ops.Resize((2, 2), "nearest"), "nearest upsampling 2×"),
        (ops.Resize((1, 2), "linear"), "bilinear upsampling 1×2"),
        (ops.Resize((2,), "linear"), "linear upsampling 2×"),
        (ops.PixelShuffle((2, 2)), "pixel shuffle 2×"),
        (ops.Norm("batch", 1e-5, True), "batch norm"),
        (ops.Norm("group", 1e-5, True, groups=1), "layer norm"),
        (ops.Norm("group", 1e-5, True, groups=4), "group norm 4"),
        (ops.Norm("group", 1e-5, True, groups=8), "group norm by channel"),
        (ops.Activation("leaky_relu"), "LeakyReLU"),
        (ops.Activation("leaky_relu", (("negative_slope", 0.2),)), "LeakyReLU 0.2"),
        (ops.Activation("sigmoid"), "sigmoid"),
        (ops.Dropout(0.25), "dropout 0.25"),
        (ops.Dropout(0.25, "channel"), "channel dropout 0.25"),
        (ops.Dropout(0.25, "path"), "drop path 0.25"),
        (ops.Pad(((1, 1), (1, 1))), "padding"),
    ],
)
def test_an_op_has_a_name(op: Op, said: str) -> None:
    assert name(op) == said


@pytest.mark.parametrize(
    ("op", "said"),
    [
        (ops.Add(), "sum"),
        (ops.Maximum(), "maximum"),
        (ops.Multiply(), "product"),
        (ops.Concat(), "concatenation"),
        (ops.CropLike(), "crop to fit"),
        (ops.PadLike("zeros"), "padding to fit"),
        (ops.ResizeLike("linear"), "trilinear resizing to fit"),
        (ops.ResizeLike("nearest"), "nearest resizing to fit"),
    ],
)
def test_an_op_of_two_maps_has_a_name(op: Op, said: str) -> None:
    assert name(op, VOLUME, Value(1, VOLUME.shape)) == said


def test_a_map_stacked_with_itself_is_repeated() -> None:
    assert name(ops.Concat(), MAP, MAP, MAP) == "channels repeated 3×"


def test_a_name_puts_the_word_first() -> None:
    assert str(OpName("conv", ("3×3", "stride 2"))) == "conv 3×3 stride 2"
