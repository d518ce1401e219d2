"""The small functions and classes that torch does not have; a file holds those that its network needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Final

from unetgen.backends.torch_source.layout import WIDTH, Bracket, lay_out

_AXES: Final = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
LINEAR: Final = {1: "linear", 2: "bilinear", 3: "trilinear"}
"""What torch calls linear interpolation on so many axes."""
_STARTS: Final = {"length": "start", "depth": "front", "height": "top", "width": "left"}


def _linear(dims: int) -> str:
    return LINEAR[dims]


def axis_words(dims: int) -> tuple[str, ...]:
    """Name the spatial axes in the order of the tensor."""
    return _AXES[dims]


def helper_names(wanted: Iterable[str]) -> tuple[str, ...]:
    """Put the names of wanted helpers into the order of the file."""
    known = set(wanted)
    return tuple(name for name in HELPERS if name in known)


def helper_text(name: str, dims: int, *, views: bool = False) -> str:
    """Write one helper, without blank lines around it; `views` says that crops need not copy what they cut out."""
    return _crop_like(dims, views=True) if views and name == "crop_like" else HELPERS[name](dims)


def _and(words: tuple[str, ...]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _crop_like(dims: int, *, views: bool = False) -> str:
    axes = _AXES[dims]
    sizes = f"{', '.join(axes)} = like.shape[2:]" if dims > 1 else "length = like.shape[2]"
    starts = (f"    {_STARTS[axis]} = (x.shape[{i}] - {axis}) // 2" for i, axis in enumerate(axes, start=2))
    cuts = ", ".join(f"{_STARTS[axis]} : {_STARTS[axis]} + {axis}" for axis in axes)
    middle = f"x[:, :, {cuts}]"
    copied = (f"    middle = {middle}", "    return middle.clone()  # a view would keep the whole of `x`")
    return "\n".join((
        "def crop_like(x: Tensor, like: Tensor) -> Tensor:",
        f'    """Cut the middle of `x` to the {_and(axes)} of `like`."""',
        f"    {sizes}",
        *starts,
        *((f"    return {middle}",) if views else copied),
    ))  # fmt: skip


def _resize_like(name: str, corners: str, mode: Callable[[int], str]) -> Callable[[int], str]:
    """Give the writer of one of the ways to resize; `mode` is what torch calls it."""

    def write(dims: int) -> str:
        said = f"Resize `x` to the {_and(_AXES[dims])} of `like`."
        how = f'mode="{mode(dims)}"{corners}'
        return "\n".join((
            f"def {name}(x: Tensor, like: Tensor) -> Tensor:",
            f'    """{said}"""',
            f"    return F.interpolate(x, size=like.shape[2:], {how})",
        ))  # fmt: skip

    return write


def _pad_like(name: str, what: str, mode: str, *, centre: bool) -> Callable[[int], str]:
    """Give the writer of one of the four ways to pad."""

    def write(dims: int) -> str:
        axes = _AXES[dims]
        where = "the smaller half before" if centre else "all at the end"
        missing = (f"    {axis} = like.shape[{i}] - x.shape[{i}]" for i, axis in enumerate(axes, start=2))
        sides = ((f"{a} // 2", f"{a} - {a} // 2") if centre else ("0", a) for a in reversed(axes))
        return "\n".join((
            f"def {name}(x: Tensor, like: Tensor) -> Tensor:",
            f'    """Pad `x` with {what} to the {_and(axes)} of `like`, {where}."""',
            *missing,
            *_pads(tuple(chain.from_iterable(sides)), mode),
        ))  # fmt: skip

    return write


def _pads(pads: tuple[str, ...], mode: str) -> tuple[str, ...]:
    row = f"({', '.join(pads)})"
    whole, named = f"    return F.pad(x, {row}{mode})", f"    pads = {row}"
    if len(whole) <= WIDTH:
        return (whole,)
    lines = (named,) if len(named) <= WIDTH else ("    pads = (", *(f"        {pad}," for pad in pads), "    )")
    return (*lines, f"    return F.pad(x, pads{mode})")


def _blur_pool(dims: int) -> str:
    kernel = {1: "row", 2: "torch.outer(row, row)", 3: 'torch.einsum("i,j,k->ijk", row, row, row)'}[dims]
    times = f" * {dims}" if dims > 1 else ""
    stride = "int" if dims == 1 else f"int | tuple[{', '.join(['int'] * dims)}]"
    parameters = ("self", "channels: int", "taps: tuple[int, ...]", f"stride: {stride}")
    signature = "\n".join(lay_out(Bracket("def __init__(", parameters, ") -> None:"), 4))
    return f'''class BlurPool{dims}d(nn.Module):
    """A binomial low-pass filter with a stride (Zhang 2019, arXiv:1904.11486)."""

{signature}
        super().__init__()
        self.channels = channels
        self.stride = stride
        self.pads = [(len(taps) - 1) // 2, len(taps) // 2]{times}
        row = torch.tensor(taps) / sum(taps)
        kernel = {kernel}.repeat(channels, {", ".join("1" * (dims + 1))})
        self.register_buffer("kernel", kernel, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        x = F.pad(x, self.pads, mode="reflect")
        return F.conv{dims}d(x, self.kernel, stride=self.stride, groups=self.channels)'''


def _drop_path(dims: int) -> str:
    return '''class DropPath(nn.Module):
    """Zero the whole map of a sample with probability `p` while training.

    Also known as stochastic depth (Huang et al. 2016, arXiv:1603.09382).
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        keep = x.new_ones([x.shape[0]] + [1] * (x.ndim - 1))
        return x * F.dropout(keep, self.p)'''


def _pixel_shuffle(dims: int) -> str:
    sizes = "dhw"[-dims:] if dims > 1 else "l"
    factors = [f"r{size}" for size in sizes]
    split = ", ".join(("n", "c", *factors, *sizes))
    # Axes n, c, then size and factor of each spatial axis side by side.
    order = ", ".join(map(str, (0, 1, *(k for i in range(dims) for k in (2 + dims + i, 2 + i)))))
    grown = ", ".join(f"{size} * {factor}" for size, factor in zip(sizes, factors, strict=True))
    given = "int" if dims == 1 else f"tuple[{', '.join(['int'] * dims)}]"
    unpack = f"{', '.join(factors)} = self.factor"
    return f'''class PixelShuffle{dims}d(nn.Module):
    """Move channels into space (Shi et al. 2016, arXiv:1609.05158)."""

    def __init__(self, factor: {given}) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        {unpack}
        n, c, {", ".join(sizes)} = x.shape
        c = c // {_product(factors)}
        x = x.reshape({split})
        x = x.permute({order})
        return x.reshape(n, c, {grown})'''


def _product(factors: list[str]) -> str:
    return factors[0] if len(factors) == 1 else f"({' * '.join(factors)})"


HELPERS: Final[dict[str, Callable[[int], str]]] = {
    "crop_like": _crop_like,
    "resize_like": _resize_like("resize_like", "", _linear),
    "resize_aligned_like": _resize_like("resize_aligned_like", ", align_corners=True", _linear),
    "resize_nearest_like": _resize_like("resize_nearest_like", "", lambda _: "nearest"),
    "pad_like": _pad_like("pad_like", "zeros", "", centre=True),
    "pad_end_like": _pad_like("pad_end_like", "zeros", "", centre=False),
    "replicate_like": _pad_like("replicate_like", "its border", ', mode="replicate"', centre=True),
    "replicate_end_like": _pad_like("replicate_end_like", "its border", ', mode="replicate"', centre=False),
    **{f"BlurPool{dims}d": _blur_pool for dims in _AXES},
    "DropPath": _drop_path,
    **{f"PixelShuffle{dims}d": _pixel_shuffle for dims in _AXES},
}
"""What writes each helper for a number of axes, in the order of the file."""
