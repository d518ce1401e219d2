"""The picture of a network: computed in points from traced shapes, then written in any format.

`page` and the rooms before it turn a network into a `Drawing`; `write` turns its `Picture` into text and knows nothing
of networks.
"""

from unetgen.drawing.drawing import Drawing
from unetgen.drawing.model.options import DETAILS, USUAL, Detail, DrawOptions
from unetgen.drawing.model.theme import THEMES, Theme
from unetgen.drawing.page.difference import draw_difference
from unetgen.drawing.page.layout import draw_network
from unetgen.drawing.write.writers import WRITERS

__all__ = [
    "DETAILS",
    "THEMES",
    "USUAL",
    "WRITERS",
    "Detail",
    "DrawOptions",
    "Drawing",
    "Theme",
    "draw_difference",
    "draw_network",
]
