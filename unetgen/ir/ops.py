"""The primitives that every network is made of: what each gives for what it takes, and its weights.

An op knows channels, sizes and weights; it has never heard of YAML, of torch or of a picture. Sizes are
computed one spatial axis at a time (`size(axis, *inputs)`), which is what lets an analysis ask for the
legal sizes of an axis without tracing whole shapes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

from unetgen.ir.shape import SizeError

Axes = tuple[int, ...]
"""One whole number per spatial axis."""
Pads = tuple[tuple[int, int], ...]
"""Per spatial axis, what is added before and after."""
FACTORS: Final = ("kernel", "stride", "dilation", "factor")
"""Fields of ops that have a number of at least 1 for each axis."""
_MARGINS: Final = ("pads", "padding", "output_padding")
PadMode = Literal["zeros", "reflect", "replicate", "circular"]
ResizeMode = Literal["nearest", "linear"]
NormOf = Literal["batch", "instance", "group"]
"""What a norm takes one mean and variance over, beside all positions."""


@dataclass(frozen=True, slots=True)
class Weight:
    """One tensor that an op owns: its name under the node's path, its shape, and whether it is learned."""

    name: str
    shape: tuple[int, ...]
    learned: bool = True

    @property
    def elements(self) -> int:
        """Count the values of the tensor."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class Primitive:
    """What most ops share: they keep channels and sizes of their first input and own no weights."""

    def channels(self, *inputs: int) -> int:
        """Give the channels of the output for the channels of each input."""
        return inputs[0]

    def size(self, axis: int, *inputs: int) -> int:
        """Give the output's size on one spatial axis for each input's; raise SizeError where it cannot be."""
        return inputs[0]

    def weights(self, *inputs: int) -> tuple[Weight, ...]:
        """List the tensors the op owns, for the channels of each input, in the order torch keeps them."""
        return ()

    def least_pixels(self, channels: int) -> int:
        """Give the fewest positions a map of so many channels must have, all axes together."""
        return 1

    @property
    def per_axis(self) -> dict[str, tuple[Any, ...]]:
        """What the op says of each spatial axis, by field: a number, or for `pads` a pair."""
        said = {name: getattr(self, name, None) for name in (*FACTORS, *_MARGINS)}
        # The kernel of a blur is one number for all axes.
        return {name: numbers for name, numbers in said.items() if isinstance(numbers, tuple)}


def _padded(size: int, pads: tuple[int, int], mode: PadMode) -> int:
    """Add fixed pads to a size, checking what each way of padding needs of the map it pads."""
    widest = max(pads)
    if mode == "reflect" and widest >= size:
        raise SizeError(f"reflect padding of {widest} needs a map of at least {widest + 1}, found {size}")
    if mode == "circular" and widest > size:
        raise SizeError(f"circular padding of {widest} needs a map of at least {widest}, found {size}")
    return size + pads[0] + pads[1]


def _positive(size: int, what: str, found: int) -> int:
    if size < 1:
        raise SizeError(f"{what} has nothing left to compute on a map of size {found}")
    return size


@dataclass(frozen=True, slots=True)
class Conv(Primitive):
    """A convolution, `n c s... -> n out s'...`; all numbers in pixels, one per axis."""

    out_channels: int
    kernel: Axes
    stride: Axes
    pads: Pads
    pad_mode: PadMode
    dilation: Axes
    groups: int
    bias: bool

    def channels(self, *inputs: int) -> int:
        return self.out_channels

    def size(self, axis: int, *inputs: int) -> int:
        reach = self.dilation[axis] * (self.kernel[axis] - 1) + 1
        padded = _padded(inputs[0], self.pads[axis], self.pad_mode)
        what = f"a convolution that reaches over {reach} pixels"
        return _positive((padded - reach) // self.stride[axis] + 1, what, inputs[0])

    def weights(self, *inputs: int) -> tuple[Weight, ...]:
        kernel = Weight("weight", (self.out_channels, inputs[0] // self.groups, *self.kernel))
        return (kernel, Weight("bias", (self.out_channels,))) if self.bias else (kernel,)


@dataclass(frozen=True, slots=True)
class ConvTransposed(Primitive):
    """A transposed convolution ("up-convolution"): `(n - 1) * stride - 2 * padding + kernel + output_padding`."""

    out_channels: int
    kernel: Axes
    stride: Axes
    padding: Axes
    output_padding: Axes
    groups: int
    bias: bool

    def channels(self, *inputs: int) -> int:
        return self.out_channels

    def size(self, axis: int, *inputs: int) -> int:
        grown = (inputs[0] - 1) * self.stride[axis] + self.kernel[axis]
        shaped = grown - 2 * self.padding[axis] + self.output_padding[axis]
        return _positive(shaped, "a transposed convolution", inputs[0])

    def weights(self, *inputs: int) -> tuple[Weight, ...]:
        kernel = Weight("weight", (inputs[0], self.out_channels // self.groups, *self.kernel))
        return (kernel, Weight("bias", (self.out_channels,))) if self.bias else (kernel,)


@dataclass(frozen=True, slots=True)
class Norm(Primitive):
    """A normalisation; `group` with one group is what papers call layer norm of a feature map.

    `momentum` is torch's (the weight of the new value), and means something for `batch` alone. The defaults are
    also those of the language.
    """

    kind: NormOf
    eps: float = 1e-5
    affine: bool = True
    momentum: float = 0.1
    groups: int = 1

    def weights(self, *inputs: int) -> tuple[Weight, ...]:
        shape = (inputs[0],)
        affine = (Weight("weight", shape), Weight("bias", shape)) if self.affine else ()
        if self.kind != "batch":
            return affine
        running = (Weight("running_mean", shape, learned=False), Weight("running_var", shape, learned=False))
        return (*affine, *running, Weight("num_batches_tracked", (), learned=False))

    def least_pixels(self, channels: int) -> int:
        # Over a single value there is no variance; torch refuses it in eval mode too. (Batch norm uses its running
        # statistics there, so a single position is legal.)
        return 2 if self.kind == "instance" or (self.kind == "group" and channels == self.groups) else 1


@dataclass(frozen=True, slots=True)
class Activation(Primitive):
    """A row of the catalogue with its options; `learned` counts the slopes it trains (PReLU), else 0."""

    kind: str
    options: tuple[tuple[str, float], ...] = ()
    learned: int = 0

    def weights(self, *inputs: int) -> tuple[Weight, ...]:
        return (Weight("weight", (self.learned,)),) if self.learned else ()


@dataclass(frozen=True, slots=True)
class Pool(Primitive):
    """Max or average pooling; `ceil` keeps a last window that hangs over the edge."""

    kind: Literal["max", "avg"]
    kernel: Axes
    stride: Axes
    padding: Axes
    ceil: bool = False

    def size(self, axis: int, *inputs: int) -> int:
        stride, padding = self.stride[axis], self.padding[axis]
        if self.kind == "avg" and len(self.kernel) == 3:
            # torch takes no average of a volume that is smaller than the window, whatever is padded or hangs over.
            _positive(inputs[0] - self.kernel[axis] + 1, f"a pool of {self.kernel[axis]} pixels", inputs[0])
        span = inputs[0] + 2 * padding - self.kernel[axis]
        if not self.ceil:
            return _positive(span // stride + 1, f"a pool of {self.kernel[axis]} pixels", inputs[0])
        count = -(-span // stride) + 1
        # torch drops a last window that would start in the padding behind the map.
        if (count - 1) * stride >= inputs[0] + padding:
            count -= 1
        return _positive(count, f"a pool of {self.kernel[axis]} pixels", inputs[0])


@dataclass(frozen=True, slots=True)
class Blur(Primitive):
    """A fixed binomial low-pass filter of `kernel` taps with a stride (Zhang 2019, arXiv:1904.11486)."""

    kernel: int
    stride: Axes

    def size(self, axis: int, *inputs: int) -> int:
        before = (self.kernel - 1) // 2
        padded = _padded(inputs[0], (before, self.kernel - 1 - before), "reflect")
        return (padded - self.kernel) // self.stride[axis] + 1


@dataclass(frozen=True, slots=True)
class GlobalPool(Primitive):
    """The mean over all positions, one value per channel: `n c s... -> n c 1...`."""

    def size(self, axis: int, *inputs: int) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class Resize(Primitive):
    """Interpolation by whole factors."""

    factor: Axes
    mode: ResizeMode
    align_corners: bool = False

    def size(self, axis: int, *inputs: int) -> int:
        return inputs[0] * self.factor[axis]


@dataclass(frozen=True, slots=True)
class ResizeLike(Primitive):
    """Interpolation of the first input to the size of the second."""

    mode: ResizeMode
    align_corners: bool = False

    def size(self, axis: int, *inputs: int) -> int:
        return inputs[1]


@dataclass(frozen=True, slots=True)
class CropLike(Primitive):
    """The middle of the first input, cut to the size of the second.

    `uneven` says what an odd difference means: an error, because half of it is no whole pixel and the two maps
    would not lie on each other; or `floor`, the smaller half before, as several implementations do.
    """

    uneven: Literal["error", "floor"] = "error"

    def size(self, axis: int, *inputs: int) -> int:
        found, wanted = inputs
        if found < wanted:
            raise SizeError(f"a map of {found} cannot be cropped to {wanted}", resume=wanted)
        if self.uneven == "error" and (found - wanted) % 2:
            difference = found - wanted
            reason = f"cropping {found} to {wanted} takes {difference}, an odd number, so no crop is centred"
            raise SizeError(reason, resume=wanted)
        return wanted


@dataclass(frozen=True, slots=True)
class PadLike(Primitive):
    """The first input padded to the size of the second: half on each side (less before), or all at the end."""

    mode: Literal["zeros", "replicate"]
    place: Literal["centre", "end"] = "centre"

    def size(self, axis: int, *inputs: int) -> int:
        found, wanted = inputs
        if found > wanted:
            raise SizeError(f"a map of {found} cannot be padded to {wanted}", resume=wanted)
        return wanted


@dataclass(frozen=True, slots=True)
class Pad(Primitive):
    """Fixed padding; a negative number cuts."""

    pads: Pads
    mode: PadMode = "zeros"

    def size(self, axis: int, *inputs: int) -> int:
        _positive(inputs[0] + sum(min(0, pad) for pad in self.pads[axis]), "a fixed cut", inputs[0])
        return _padded(inputs[0], self.pads[axis], self.mode)


def _equal(inputs: tuple[int, ...], what: str) -> int:
    if len(set(inputs)) > 1:
        raise SizeError(f"{what} needs maps of one size, found {' and '.join(map(str, inputs))}", resume=inputs[0])
    return inputs[0]


@dataclass(frozen=True, slots=True)
class Concat(Primitive):
    """Stack channels in the order of the inputs: `n a s...`, `n b s... -> n a+b s...`."""

    def channels(self, *inputs: int) -> int:
        return sum(inputs)

    def size(self, axis: int, *inputs: int) -> int:
        return _equal(inputs, "a concatenation")


@dataclass(frozen=True, slots=True)
class Add(Primitive):
    """The sum of maps of one shape."""

    def size(self, axis: int, *inputs: int) -> int:
        return _equal(inputs, "a sum")


@dataclass(frozen=True, slots=True)
class Maximum(Primitive):
    """The largest of maps of one shape, value by value."""

    def size(self, axis: int, *inputs: int) -> int:
        return _equal(inputs, "a maximum")


@dataclass(frozen=True, slots=True)
class Multiply(Primitive):
    """The first map weighted by the second, which may have one channel (a gate) or one position (an excitation)."""

    def size(self, axis: int, *inputs: int) -> int:
        return inputs[0] if inputs[1] == 1 else _equal(inputs, "a product")


@dataclass(frozen=True, slots=True)
class Dropout(Primitive):
    """Zeros in training: single values, whole channels, or the whole map of a sample (`path`)."""

    p: float
    kind: Literal["elementwise", "channel", "path"] = "elementwise"


@dataclass(frozen=True, slots=True)
class PixelShuffle(Primitive):
    """Channels moved into space: `n (c r...) s... -> n c (s r)...` (Shi et al. 2016, arXiv:1609.05158)."""

    factor: Axes

    def channels(self, *inputs: int) -> int:
        return inputs[0] // math.prod(self.factor)

    def size(self, axis: int, *inputs: int) -> int:
        return inputs[0] * self.factor[axis]


Fitting = CropLike | PadLike | ResizeLike | Concat
"""What only brings maps together: no layer, whatever else it stands beside."""
Op = (
    Conv
    | ConvTransposed
    | Norm
    | Activation
    | Pool
    | Blur
    | GlobalPool
    | Resize
    | ResizeLike
    | CropLike
    | PadLike
    | Pad
    | Concat
    | Add
    | Maximum
    | Multiply
    | Dropout
    | PixelShuffle
)
"""The closed union: whoever matches on it ends in `assert_never`."""
