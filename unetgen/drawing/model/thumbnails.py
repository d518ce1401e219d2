"""Pictures of maps: small, and inside the boxes that stand for these maps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from unetgen.drawing.model.shapes import Box, Rect

STAGE_PICTURE: Final = 64
"""The side of a picture in the box of a stage, if it were a square."""
PICTURE_TO_EDGE: Final = 7
"""From a picture to the lower edge of the box of a stage."""
SLIMMEST: Final = 0.25
"""The least ratio of the sides of a face."""
HALF_BORDER: Final = 0.5
"""Half the line around a box."""
WITHOUT: Final = ("mark", "norm", "activation", "dropout")
"""The kinds of boxes that are too small for a picture."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture on the face of a box.

    Args:
        of: The id of the box.
        frame: Where it is; its pixels fill the frame.
        png: The picture itself.
        note: What it shows.
    """

    of: str
    frame: Rect
    png: bytes
    note: str


def thumbnails_of(thumbnails: Iterable[Thumbnail]) -> Mapping[str, Thumbnail]:
    """Look pictures up by the id of their box."""
    return {thumbnail.of: thumbnail for thumbnail in thumbnails}


def aspect(size: tuple[int, ...]) -> float:
    """Give how wide the face of a map is for its height; neither very slim nor very flat.

    Example:
        >>> aspect((96, 128)), aspect((20, 96, 128)), aspect((1, 100)), aspect((512,))
        (1.3333333333333333, 1.3333333333333333, 4.0, 1.0)
    """
    return min(max(size[-1] / size[-2], SLIMMEST), 1 / SLIMMEST) if len(size) > 1 else 1.0


def picture_size(size: tuple[int, ...]) -> tuple[float, float]:
    """Give width and height of a picture in the box of a stage."""
    stretch = aspect(size) ** 0.5
    return 2 * round(STAGE_PICTURE * stretch / 2), 2 * round(STAGE_PICTURE / stretch / 2)


def picture_frame(box: Box, *, under_words: bool) -> Rect | None:
    """Give where the picture of a map goes in its box; None in a box that stands for no map, and in a slab.

    Args:
        under_words: Whether words stand in the box, as they do where boxes are stages.
    """
    if box.kind in WITHOUT:
        return None
    room = box.frame.inset(HALF_BORDER)
    if under_words:
        width, height = picture_size(box.shape[1:])
        room = Rect(box.frame.cx - width / 2, box.frame.bottom - PICTURE_TO_EDGE - height, width, height)
    return _letterboxed(room, box.shape[1:])


def _letterboxed(room: Rect, size: tuple[int, ...]) -> Rect:
    """Keep the sides of a very slim or flat map in proportion; a point or two of rounding is not seen."""
    if len(size) < 2 or aspect(size) == size[-1] / size[-2]:
        return room
    ratio = size[-1] / size[-2]
    width, height = min(room.width, room.height * ratio), min(room.height, room.width / ratio)
    return Rect(room.cx - width / 2, room.cy - height / 2, width, height)
