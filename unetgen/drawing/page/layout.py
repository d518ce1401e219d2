"""From a network to a drawing: the layout that suits it, on a page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from unetgen.drawing.drawing import Drawing
from unetgen.drawing.grid.stage_sketch import draw_stages
from unetgen.drawing.kit.distances import FACE_SPACINGS, SPACINGS, Spacing
from unetgen.drawing.model.options import USUAL, Detail, DrawOptions
from unetgen.drawing.model.picture import Sketch
from unetgen.drawing.model.theme import Theme
from unetgen.drawing.page.page import MARGIN, caption, compose
from unetgen.drawing.read.drawn_facts import facts_of
from unetgen.drawing.rows.u import URows
from unetgen.drawing.rows.u_places import find_u
from unetgen.drawing.rows.u_sketch import draw_u
from unetgen.ir import Network
from unetgen.source.diagnostics import InternalError

WIDEST_PAGE: Final = 1220
"""A page that would be wider than this, in points, is set more tightly."""
WIDEST_STAGES: Final = 900
"""The same of stages without their page: up to this width they are set as roomily as can be."""
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
    chosen = options.changed({"theme": theme, "detail": detail})
    (sketch,) = sketch_alike((network,), chosen)
    drawing = compose(sketch, caption(network, chosen), chosen)
    return replace(drawing, facts=partial(facts_of, network, drawing.things))


def sketch_alike(
    networks: tuple[Network, ...], options: DrawOptions, *, widest: float | None = None
) -> tuple[Sketch, ...]:
    """Lay networks out in the same way: as Us, or on a grid where one of them is none or stages alone are asked for.

    Args:
        widest: How wide Us may be, in points, without the words around them.
    """
    us = [_find(network, options) for network in networks]
    found = [u for u in us if u is not None]
    if len(found) < len(networks):
        room = WIDEST_STAGES if options.max_width is None else options.max_width - 2 * MARGIN
        return tuple(draw_stages(network, room, options) for network in networks)
    room, spacings = widest or _widest(options), _spacings(options)
    return tuple(draw_u(u, room, sizes=options.sizes, spacings=spacings) for u in found)


def _find(network: Network, options: DrawOptions) -> URows | None:
    if options.detail == "blocks":
        return None
    spacings, limit = _spacings(options), _widest(options) if options.max_width else None
    return find_u(network, detail=options.detail, widest=limit, tightest=spacings[-1])


def _widest(options: DrawOptions) -> float:
    return (options.max_width or WIDEST_PAGE) - ROOM_BESIDE


def _spacings(options: DrawOptions) -> tuple[Spacing, ...]:
    return FACE_SPACINGS if options.shown else SPACINGS
