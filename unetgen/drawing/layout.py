"""From a network to a drawing: the layout that suits it, on a page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from unetgen.diagnostics import InternalError
from unetgen.drawing.captions import caption
from unetgen.drawing.drawing import Drawing
from unetgen.drawing.gathering import gather
from unetgen.drawing.grid import draw_grid
from unetgen.drawing.measures import FACE_SPACINGS, SPACINGS
from unetgen.drawing.options import USUAL, Detail, DrawOptions
from unetgen.drawing.page import compose
from unetgen.drawing.sketch import Sketch
from unetgen.drawing.theme import Theme
from unetgen.drawing.ufinding import find_u
from unetgen.drawing.ulayout import draw_u
from unetgen.ir import Network

__all__ = ["draw_network"]

WIDEST_PAGE: Final = 1220
"""A page that would be wider than this, in points, is set more tightly."""
ROOM_BESIDE: Final = 160
"""What a page needs beside the boxes: its margins, the words at both ends."""


def draw_network(
    network: Network,
    options: DrawOptions = USUAL,
    *,
    theme: str | Theme | None = None,
    detail: Detail | None = None,
) -> Drawing:
    """Draw a traced network.

    Args:
        options: What is chosen about the picture.
        theme: A theme in place of that of the options.
        detail: How much is shown one by one, in place of what the options say.

    Raises:
        ValueError: There is no such theme or detail.
    """
    if not network.input.shape.size:
        raise InternalError("a network without sizes was to be drawn; trace it first")
    chosen = options.changed(theme=theme, detail=detail)
    drawing = compose(_sketch(network, chosen), caption(network, chosen), chosen)
    return replace(drawing, facts=partial(gather, network, drawing.things))


def _sketch(network: Network, options: DrawOptions) -> Sketch:
    if options.detail == "blocks":
        return draw_grid(network, options)
    widest = (options.max_width or WIDEST_PAGE) - ROOM_BESIDE
    spacings = FACE_SPACINGS if options.shown else SPACINGS
    limit = widest if options.max_width else None
    u = find_u(network, detail=options.detail, widest=limit, tightest=spacings[-1])
    return draw_grid(network, options) if u is None else draw_u(u, widest, sizes=options.sizes, spacings=spacings)
