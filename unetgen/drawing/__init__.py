"""The picture of a network: computed in points from traced shapes, then written in any format.

From left to right, each file knowing nothing of those that follow: `layout` and its files turn a network into a
`Drawing`; the writers turn a `Drawing` into text and know nothing of networks.
"""

from unetgen.drawing.difference import draw_difference
from unetgen.drawing.drawing import Drawing
from unetgen.drawing.layout import draw_network
from unetgen.drawing.options import DETAILS, USUAL, Detail, DrawOptions
from unetgen.drawing.theme import THEMES, Theme
from unetgen.drawing.writers import WRITERS

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
