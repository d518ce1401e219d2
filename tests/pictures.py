"""Drawings with pictures in their boxes for tests: laid out as with an image, nothing runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from unetgen.drawing import USUAL, Drawing, DrawOptions, draw_network
from unetgen.drawing.model.thumbnails import Thumbnail, picture_frame
from unetgen.featuremaps.pixels import COLOURS, plane_png
from unetgen.ir import Network

__all__ = ["SAID", "with_pictures"]

SAID = (("in the boxes", "the channel that varies most"), ("image", "cell.png, 572×572"), ("weights", "random"))
PNG = plane_png(np.linspace(0, 1, 12).reshape(3, 4), COLOURS)


def with_pictures(network: Network, options: DrawOptions = USUAL) -> Drawing:
    """Draw a network with the same picture in every box that has room for one."""
    drawing = draw_network(network, replace(options, shown=SAID))
    frames = ((box.id, picture_frame(box, under_words=drawing.has_boxes_on_top)) for box in drawing.boxes)
    pictures = tuple(Thumbnail(id, frame, PNG, "a picture") for id, frame in frames if frame is not None)
    return replace(drawing, thumbnails=pictures)
