"""The picture of a network: computed in points from traced shapes, then written in any format.

`page` and the rooms before it turn a network into a `Drawing`; `write` turns its `Picture` into text and knows nothing
of networks. Rooms are opened when something of theirs is asked for: what may be chosen is known without any.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unetgen.drawing.drawing import Drawing
    from unetgen.drawing.model.options import CHOICES, DETAILS, USUAL, Detail, DrawChoices, DrawOptions
    from unetgen.drawing.model.theme import THEMES, Theme
    from unetgen.drawing.page.difference import draw_difference
    from unetgen.drawing.page.layout import draw_network
    from unetgen.drawing.read.shape_words import NoSymbols
    from unetgen.drawing.write.writers import WRITERS

__all__ = [
    "CHOICES",
    "DETAILS",
    "THEMES",
    "USUAL",
    "WRITERS",
    "Detail",
    "DrawChoices",
    "DrawOptions",
    "Drawing",
    "NoSymbols",
    "Theme",
    "draw_difference",
    "draw_network",
]

_FILES = {
    "Drawing": "drawing",
    "NoSymbols": "read.shape_words",
    "THEMES": "model.theme",
    "Theme": "model.theme",
    "WRITERS": "write.writers",
    "draw_difference": "page.difference",
    "draw_network": "page.layout",
}
"""Where names come from, but for those of `model.options`."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'unetgen.drawing' has no attribute {name!r}")
    return getattr(import_module(f"unetgen.drawing.{_FILES.get(name, 'model.options')}"), name)
