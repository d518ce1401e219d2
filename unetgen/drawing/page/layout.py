"""From a network to a drawing: the layout that suits it, on a page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from unetgen.drawing.drawing import Drawing
from unetgen.drawing.grid.stage_sketch import draw_stages
from unetgen.drawing.kit.distances import FACE_SPACINGS, PAPER_SPACINGS, SPACINGS, Spacing
from unetgen.drawing.model.options import USUAL, Detail, DrawOptions
from unetgen.drawing.model.paper import Room
from unetgen.drawing.model.picture import Sketch, bounds
from unetgen.drawing.model.theme import Theme
from unetgen.drawing.page.fit import drawn
from unetgen.drawing.page.page import MARGIN, PRINTED_MARGIN, caption, compose
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
PRINTED_ROOM_BESIDE: Final = 104
"""The same on paper, where margins are narrow."""
ROOM_ABOVE: Final = 70
"""What it needs above and below them: its margins, a title."""


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
    return drawn(partial(_draw, network), chosen)


def _draw(network: Network, options: DrawOptions) -> Drawing:
    said = caption(network, options)
    (sketch,) = sketch_alike((network,), options)
    drawing = compose(sketch, said, options)
    if options.within is not None and drawing.height > options.within.room.height:
        # What stands around the network is known now: the network itself has to be lower by as much.
        around = drawing.height - bounds(sketch.rooms).height
        lower = replace(options.within, room=options.within.room.less(0, around - ROOM_ABOVE))
        (sketch,) = sketch_alike((network,), replace(options, within=lower))
        drawing = compose(sketch, said, options)
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
        return tuple(draw_stages(network, _room_of_stages(options), options) for network in networks)
    room = Room(widest) if widest else _room_of_us(options)
    return tuple(draw_u(u, room, sizes=options.sizes, spacings=_spacings(options)) for u in found)


def _find(network: Network, options: DrawOptions) -> URows | None:
    if options.detail == "blocks":
        return None
    is_limited = options.within is not None or options.max_width is not None
    spacings, limit = _spacings(options), _room_of_us(options).width if is_limited else None
    return find_u(network, detail=options.detail, widest=limit, tightest=spacings[-1])


def _room_of_us(options: DrawOptions) -> Room:
    if options.within is not None:
        return options.within.room.less(PRINTED_ROOM_BESIDE, ROOM_ABOVE)
    return Room((options.max_width or WIDEST_PAGE) - ROOM_BESIDE)


def _room_of_stages(options: DrawOptions) -> Room:
    if options.within is not None:
        return options.within.room.less(2 * PRINTED_MARGIN, ROOM_ABOVE)
    return Room(WIDEST_STAGES if options.max_width is None else options.max_width - 2 * MARGIN)


def _spacings(options: DrawOptions) -> tuple[Spacing, ...]:
    if options.shown:
        return FACE_SPACINGS
    return SPACINGS if options.paper is None else PAPER_SPACINGS
