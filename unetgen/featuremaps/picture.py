"""A network, an image and perhaps weights -> the drawing with what the network makes of the image in its boxes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from unetgen.analyses import macs
from unetgen.backends.run import SEED, Array, run_network
from unetgen.drawing import Drawing, DrawOptions, Theme, draw_network
from unetgen.drawing.model.shapes import Box, Rect
from unetgen.drawing.model.thumbnails import Thumbnail, picture_frame
from unetgen.drawing.read.words import count_text
from unetgen.featuremaps import pixels
from unetgen.featuremaps.images import Fitted, as_image, fit, read_image
from unetgen.ir import Network, Value, ops

ImageSource = str | os.PathLike[str] | ArrayLike
DENSITY: Final = 1.5
"""Pixels per point of a picture in a box."""
SIGNALS: Final = 16
"""How many channels of a signal are shown side by side."""
LONGEST_NAME: Final = 32
_ALIKE = ops.CropLike | ops.PadLike | ops.Pad | ops.Resize | ops.ResizeLike | ops.Dropout | ops.Pool | ops.Blur
"""Ops that give but a part or another size of what they take."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that a picture with feature maps is made of; nothing has run yet."""

    fitted: Fitted
    weights: Path | None

    @property
    def network(self) -> Network:
        """The network at the size of the image."""
        return self.fitted.network

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What is shown, in words."""
        dims = self.network.dims
        which = "the channels that vary most" if dims == 1 else "the channel that varies most"
        where = {1: " (positions downwards)", 2: "", 3: ", middle slice"}[dims]
        weights = f"random (seed {SEED})" if self.weights is None else _shortened(self.weights.name)
        return (
            ("in the boxes", f"{which}{where}, 1st to 99th percentile"),
            ("image", self.fitted.note),
            ("weights", weights),
        )

    @property
    def work(self) -> str:
        """How many multiply-accumulates a run takes."""
        return count_text(macs(self.network).total)

    def draw(self, options: DrawOptions) -> Drawing:
        """Run the network on the image and draw it with what its maps look like.

        Raises:
            CannotRun: The weights do not fit, or make numbers that are none.
        """
        drawing = draw_network(self.network, replace(options, shown=self.said))
        painter = _Painter(self.fitted, drawing)
        run_network(self.network, self.fitted.values, painter.see, weights=self.weights)
        return _with_pictures(drawing, painter.pictures)


def prepare(network: Network, image: ImageSource, weights: str | os.PathLike[str] | None = None) -> Prepared:
    """Read an image and make it what a network takes.

    Args:
        network: The network, traced for any size.
        image: The path of an image, or an array: `s...`, or with channels in front.
        weights: The path of a safetensors file with the module's state dict; random weights unless given.

    Raises:
        CannotRun: The image is none, or does not fit.
        MissingTool: Pillow is needed and not installed.
        OSError: The file cannot be read.
    """
    dims, channels = network.dims, network.input.shape.channels
    read = (
        read_image(image, dims, channels) if isinstance(image, str | os.PathLike) else as_image(image, dims, channels)
    )
    fitted = fit(replace(read, name=_shortened(read.name)), network)
    return Prepared(fitted, None if weights is None else Path(weights))


def _shortened(name: str) -> str:
    half = LONGEST_NAME // 2 - 1
    return name if len(name) <= LONGEST_NAME else f"{name[:half]}…{name[-half:]}"


class _Painter:
    """Makes the pictures while the network runs, so that no map is kept for longer than the network needs it."""

    def __init__(self, fitted: Fitted, drawing: Drawing) -> None:
        self.fitted = fitted
        self.ramp = _ramp(drawing.theme)
        self.pictures: dict[str, Thumbnail] = {}
        self.channels: dict[int, tuple[int, ...]] = {}
        self.origins = _origins(fitted.network)
        self.wanted: dict[int, list[tuple[Box, Rect]]] = {}
        for box in drawing.boxes:
            if (frame := picture_frame(box, under_words=drawing.has_boxes_on_top)) is not None:
                self.wanted.setdefault(_value_of(box, fitted.network), []).append((box, frame))
        self.needed = {self.origins.get(id, id) for id in self.wanted}

    def see(self, value: Value, values: Array) -> None:
        """Make the pictures of a value."""
        if value.id in self.needed:
            self.channels[value.id] = pixels.busiest(values, SIGNALS if values.ndim == 2 else 1)
        for box, frame in self.wanted.get(value.id, ()):
            note, png = self._picture(value, values, frame)
            self.pictures[box.id] = Thumbnail(box.id, frame, png, note)

    def _picture(self, value: Value, values: Array, frame: Rect) -> tuple[str, bytes]:
        size = round(frame.width * DENSITY), round(frame.height * DENSITY)
        if value.id == self.fitted.network.input.id and values.ndim > 2 and len(values) in (1, 3):
            return "the image", _image(self.fitted, size)
        channels = self.channels[self.origins.get(value.id, value.id)]
        plane = pixels.plane_of(values, channels)
        shown = _signals(plane, *size) if values.ndim == 2 else pixels.stretched(pixels.resampled(plane, *size))
        return _note(channels), pixels.plane_png(shown, self.ramp)


def _with_pictures(drawing: Drawing, pictures: Mapping[str, Thumbnail]) -> Drawing:
    """Put pictures where bars were, and under outlines."""
    boxes = (replace(box, bars=0) if box.id in pictures else box for box in drawing.boxes)
    outlines = (replace(outline, on_picture=outline.of in pictures) for outline in drawing.outlines)
    thumbnails = (pictures[box.id] for box in drawing.boxes if box.id in pictures)
    again = None  # drawn for a file, it would have no pictures
    return replace(drawing, boxes=tuple(boxes), outlines=tuple(outlines), thumbnails=tuple(thumbnails), for_file=again)


def _value_of(box: Box, network: Network) -> int:
    """Give the id of the value that a box stands for."""
    return network.region(box.path).output.id if box.value is None else box.value


def _signals(plane: pixels.Plane, width: int, height: int) -> pixels.Plane:
    """Set signals side by side, each stretched for itself: one would hide what happens in all others."""
    small = pixels.resampled(plane, plane.shape[1], height)
    strips = np.split(small, plane.shape[1], axis=1)
    return pixels.resampled(np.hstack([pixels.stretched(strip) for strip in strips]), width, len(small))


def _note(channels: tuple[int, ...]) -> str:
    return f"channel{'s' if len(channels) > 1 else ''} {', '.join(map(str, channels))} shown"


def _image(fitted: Fitted, size: tuple[int, int]) -> bytes:
    """Show the image as it is in the file, as far as the file says what is black and white."""
    seen = fitted.seen
    planes = [pixels.resampled(pixels.plane_of(seen, (channel,)), *size) for channel in range(len(seen))]
    bright: list[pixels.Plane] = [plane / 255 for plane in planes] if fitted.is_eight_bit else _stretched_alike(planes)
    if len(bright) == 1:
        return pixels.plane_png(bright[0], pixels.GREYS)
    red, green, blue = bright
    return pixels.colour_png((red, green, blue))


def _stretched_alike(planes: list[pixels.Plane]) -> list[pixels.Plane]:
    whole = pixels.stretched(np.stack(planes, axis=-1))
    return [whole[..., channel] for channel in range(len(planes))]


def _ramp(theme: Theme) -> pixels.Ramp:
    """Choose colours that the theme can bear: a theme without colours gets none."""
    red, green, blue = bytes.fromhex(theme.map.front[1:])
    return pixels.GREYS if red == green == blue else pixels.COLOURS


def _origins(network: Network) -> Mapping[int, int]:
    """Name, for each value that is but a part or another size of an earlier one, that earlier value.

    Both are shown by the same channel, so that a copy looks like what was copied.
    """
    origins: dict[int, int] = {}
    for node in network.nodes:
        if isinstance(node.op, _ALIKE):
            given = node.inputs[0].id
            origins[node.output.id] = origins.get(given, given)
    return origins
