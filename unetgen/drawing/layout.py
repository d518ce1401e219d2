"""From a network to a drawing: the layout that suits it, on a page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from unetgen.diagnostics import InternalError
from unetgen.drawing.captions import caption
from unetgen.drawing.drawing import Drawing
from unetgen.drawing.gathering import gather
from unetgen.drawing.grid import draw_grid
from unetgen.drawing.page import compose
from unetgen.drawing.sketch import Sketch
from unetgen.drawing.theme import THEMES
from unetgen.drawing.ufinding import find_u
from unetgen.drawing.ulayout import draw_u
from unetgen.ir import Network

__all__ = ["draw_network"]


def draw_network(network: Network, *, theme: str = "light") -> Drawing:
    """Draw a traced network.

    Args:
        theme: A key of `THEMES`.

    Raises:
        ValueError: There is no such theme.
    """
    if theme not in THEMES:
        raise ValueError(f"no theme is called {theme!r}; there are {', '.join(THEMES)}")
    if not network.input.shape.size:
        raise InternalError("a network without sizes was to be drawn; trace it first")
    drawing = compose(_sketch(network), caption(network), THEMES[theme])
    return replace(drawing, facts=partial(gather, network, drawing.things))


def _sketch(network: Network) -> Sketch:
    u = find_u(network)
    return draw_grid(network) if u is None else draw_u(u)
