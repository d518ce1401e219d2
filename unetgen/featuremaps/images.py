"""Files and arrays -> images -> what a network takes: its channels, a legal size, numbers of mean 0 and deviation 1.

PNG, JPEG and TIFF are read through Pillow, anything else as `.npy`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unetgen.analyses import legal_sizes, macs, memory, parameters
from unetgen.analyses.op_memory import FLOAT_BYTES
from unetgen.analyses.op_names import axes_text
from unetgen.analyses.sizes import complete
from unetgen.backends.run import Array
from unetgen.drawing.read.words import count_text
from unetgen.ir import Network, trace
from unetgen.source.diagnostics import visible
from unetgen.source.problem import CannotRun, MissingTool, TooLarge

if TYPE_CHECKING:
    from PIL.Image import Image as Raster

FORMATS: Final = ("PNG", "JPEG", "TIFF")
MAX_VALUES: Final = 2**28
"""Numbers in an image: one gibibyte as float32."""
COLOURED: Final = frozenset({"P", "PA", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "HSV", "RGBa"})
"""Modes of Pillow that become red, green and blue; `L`, `I` and `F` are one channel already."""
AS_NPY: Final = "save it as an array: `numpy.save('image.npy', pixels)`"
MAX_MACS: Final = 20 * 10**12
"""Multiply-accumulates of one run: minutes on a small machine."""
MAX_MEMORY: Final = 8 * 2**30
"""Bytes of weights, and of maps that are alive at once."""
LUMINANCE: Final = (0.299, 0.587, 0.114)
"""How bright red, green and blue are (ITU-R BT.601)."""


@dataclass(frozen=True, slots=True)
class Image:
    """Numbers with channels in front, `c s...`, and where they come from.

    Args:
        is_eight_bit: Whether 0 is black and 255 is white.
        note: What of the file was taken, where it holds more.
    """

    name: str
    values: Array
    is_eight_bit: bool
    note: str = ""


def read_image(path: str | os.PathLike[str], dims: int, channels: int) -> Image:
    """Read an image with `dims` axes besides its channels, if possible with so many channels.

    Raises:
        CannotRun: The file is no image, or none of these dimensions.
        MissingTool: Pillow is not installed.
        OSError: The file cannot be read.
    """
    file = Path(path)
    if file.suffix.lower() == ".npy":
        return as_image(_array(file), dims, channels, name=file.name)
    planes, pages = _pages(file, dims)
    note = f"page 1 of {pages}" if pages > 1 and dims < 3 else ""
    return _image(np.stack(planes), file.name, dims, channels, is_stack=True, note=note)


def as_image(array: ArrayLike, dims: int, channels: int, *, name: str = "an array") -> Image:
    """Take numbers as an image; channels stand first, or last where only that fits.

    Raises:
        CannotRun: They are no numbers, or have other dimensions.
    """
    return _image(np.asarray(array), name, dims, channels, is_stack=False)


def _array(file: Path) -> NDArray[np.generic]:
    with file.open("rb"):
        pass  # the system's own words for a file that cannot be read
    try:
        # Nothing is read before its size is known, and nothing that is in it runs.
        array: NDArray[np.generic] = np.load(file, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError, SyntaxError) as error:
        raise CannotRun(f'"{file}" is no array: {visible(str(error))}', "write it with `numpy.save`") from None
    return array


def _image(array: NDArray[np.generic], name: str, dims: int, channels: int, *, is_stack: bool, note: str = "") -> Image:
    if array.dtype.kind not in "buif" or not array.size:
        raise CannotRun(f'"{name}" holds no numbers, but {array.dtype} of shape {list(array.shape)}')
    if array.size > MAX_VALUES:
        raise TooLarge(f'"{name}" has {array.size:,} numbers, the limit is {MAX_VALUES:,}', "cut out a part of it")
    ordered = _from_pages(array, dims) if is_stack else _channels_first(array, name, dims, channels)
    values = np.ascontiguousarray(ordered, dtype=np.float32)
    if not np.isfinite(values).all():
        raise CannotRun(f'"{name}" holds infinite numbers, or none at all (NaN)', "mend them first: `numpy.nan_to_num`")
    return Image(name, values, array.dtype == np.uint8, note)


def _from_pages(array: NDArray[np.generic], dims: int) -> NDArray[np.generic]:
    """Turn `page y x [c]` into `c [page] y x`."""
    with_channels = array if array.ndim == 4 else array[..., None]
    volume = np.moveaxis(with_channels, -1, 0)
    return volume if dims == 3 else volume[:, 0]


def _channels_first(array: NDArray[np.generic], name: str, dims: int, channels: int) -> NDArray[np.generic]:
    if array.ndim == dims:
        return array[None]
    if array.ndim != dims + 1:
        shape = "×".join(map(str, array.shape)) or "a single number"
        help = f"an array for it has {dims} axes, or {dims + 1} with the channels first"
        raise CannotRun(f'"{name}" is {shape}, the network takes {dims} axes and channels', help)
    first, last = array.shape[0], array.shape[-1]
    is_last = last == channels != first or (first > 4 >= last and channels != first)
    return np.moveaxis(array, -1, 0) if is_last else array


def _pages(file: Path, dims: int) -> tuple[list[NDArray[np.generic]], int]:
    """Read the pages that make a volume, or the first one of an image; say how many there are."""
    try:
        from PIL import Image as Pillow
        from PIL import UnidentifiedImageError
    except ImportError:
        raise MissingTool(f'cannot read "{file.name}" without Pillow', "`pip install 'unetgen[images]'`") from None
    if dims == 1:
        help = "write the signal with `numpy.save`, as an array of positions or of channels × positions"
        raise CannotRun(f'"{file.name}" is an image, the network takes a signal', help)
    with file.open("rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, about what it can read all the same
        warnings.simplefilter("error", Pillow.DecompressionBombWarning)
        try:
            with Pillow.open(stream, formats=FORMATS) as opened:
                return _read_pages(opened, file.name, dims)
        except UnidentifiedImageError:
            known = f"{', '.join(FORMATS)} or .npy"
            raise CannotRun(f'"{file}" is no image that can be read here: {known}', AS_NPY) from None
        except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
            raise CannotRun(f'"{file}" is too large to be unpacked', "cut out a part of it") from None
        except CannotRun:
            raise
        except Exception as error:  # whatever a broken file makes of a decoder, it is the file's fault
            raise CannotRun(f'"{file}" is broken: {visible(str(error) or type(error).__name__)}') from None


def _read_pages(opened: Raster, name: str, dims: int) -> tuple[list[NDArray[np.generic]], int]:
    pages: int = getattr(opened, "n_frames", 1)
    if dims == 3 and pages == 1:
        help = "give a TIFF of several pages, or a volume as .npy"
        raise CannotRun(f'"{name}" is one image, the network takes a volume', help)
    wanted = pages if dims == 3 else 1
    if opened.width * opened.height * wanted > MAX_VALUES:
        raise CannotRun(f'"{name}" has {wanted} × {opened.width} × {opened.height} pixels, more than {MAX_VALUES:,}')
    planes = list(_planes(opened, wanted))
    if len({plane.shape for plane in planes}) > 1:
        raise CannotRun(f'the pages of "{name}" are of different sizes', AS_NPY)
    return planes, pages


def _planes(opened: Raster, count: int) -> Iterator[NDArray[np.generic]]:
    from PIL import ImageOps

    for page in range(count):
        opened.seek(page)
        turned = ImageOps.exif_transpose(opened)
        yield np.asarray(_plain(turned))


def _plain(picture: Raster) -> Raster:
    """Give grey levels as they are, and anything coloured as red, green and blue; what is transparent is opaque."""
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode == "LA":
        return picture.getchannel("L")
    if picture.mode in COLOURED:
        return picture.convert("RGBA").convert("RGB") if picture.mode in ("P", "PA") else picture.convert("RGB")
    return picture


@dataclass(frozen=True, slots=True)
class Fitted:
    """An image as a network takes it, and the network at its size.

    Args:
        seen: The numbers as they are in the file, for the picture of the input.
        values: The same with mean 0 and deviation 1.
        note: What was done.
    """

    network: Network
    seen: Array
    values: Array
    is_eight_bit: bool
    note: str


def fit(image: Image, network: Network) -> Fitted:
    """Make an image what a network takes.

    Raises:
        CannotRun: It has other channels or is too small.
        TooLarge: It is so large that running would take too long, or too much memory.
    """
    values, words = _with_channels(image, network.input.shape.channels)
    size, whole = _size(image, values.shape[1:], network), values.shape[1:]
    if size != whole:
        values = values[(slice(None), *map(_middle, whole, size))]
    traced = trace(network, size)
    _hold_to_limits(traced, image)
    place = f"{axes_text(size)} from the middle of {axes_text(whole)}" if size != whole else axes_text(size)
    note = ", ".join(filter(None, (image.name, image.note, place, words, "mean 0, deviation 1")))
    return Fitted(traced, values, _standardised(values), image.is_eight_bit, note)


def _middle(whole: int, part: int) -> slice:
    start = (whole - part) // 2
    return slice(start, start + part)


def _with_channels(image: Image, channels: int) -> tuple[Array, str]:
    values, found = image.values, image.values.shape[0]
    if found == channels:
        return values, ""
    if found == 1 and channels == 3:
        return np.repeat(values, 3, axis=0), "grey repeated"
    if found == 3 and channels == 1:
        weights = np.array(LUMINANCE, np.float32).reshape(3, *[1] * (values.ndim - 1))
        return (values * weights).sum(axis=0, keepdims=True), "luminance"
    help = f"give an array of {channels} × {axes_text(values.shape[1:])} as .npy, or `--set in_channels={found}`"
    raise CannotRun(f'"{image.name}" has {_channels(found)}, the network takes {channels}', help)


def _channels(count: int) -> str:
    return f"{count} channel{'' if count == 1 else 's'}"


def _size(image: Image, size: tuple[int, ...], network: Network) -> tuple[int, ...]:
    """Give the size itself if it is legal, else the nearest one that fits into it."""
    legal = legal_sizes(network)
    if legal.allows(size):
        return size
    near = legal.nearest(size)
    below, above = complete(tuple(low for low, _ in near)), complete(tuple(high for _, high in near))
    if below is not None:
        return below
    helps = (f"the nearest legal size is {axes_text(above)}",) if above else ()
    headline = f'"{image.name}" is {axes_text(size)}, too small for the network'
    raise CannotRun(headline, *helps, f"legal sizes: {legal.describe()}")


def _hold_to_limits(network: Network, image: Image) -> None:
    size = axes_text(network.input.shape.size)
    help = "cut out or shrink the image, or draw without it"
    if (work := macs(network).total) > MAX_MACS:
        counts = f"{count_text(work)} multiply-accumulates, the limit is {count_text(MAX_MACS)}"
        raise TooLarge(f'running on "{image.name}" at {size} takes {counts}', help)
    if (room := memory(network).peak + FLOAT_BYTES * parameters(network).total) > MAX_MEMORY:
        counts = f"{room / 2**30:.3g} GiB for maps and weights, the limit is {MAX_MEMORY // 2**30} GiB"
        raise TooLarge(f'running on "{image.name}" at {size} takes {counts}', help)


def _standardised(values: Array) -> Array:
    mean, deviation = values.mean(dtype=np.float64), values.std(dtype=np.float64)
    standardised: Array = ((values - mean) / (deviation or 1)).astype(np.float32)
    return standardised
