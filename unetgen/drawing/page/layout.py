"""From a network to a drawing: the layout that suits it, on a page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from unetgen.drawing.drawing import Drawing
from unetgen.drawing.grid.stage_sketch import draw_stages
from unetgen.drawing.kit.distances import FACE_SPACINGS, PAPER_SPACINGS, PRINTED_SPACINGS, SPACINGS, Spacing
from unetgen.drawing.kit.layouts import first_that_fits
from unetgen.drawing.model.options import USUAL, Detail, DrawOptions, Sizes
from unetgen.drawing.model.paper import Room
from unetgen.drawing.model.picture import Sketch, bounds
from unetgen.drawing.model.theme import Theme
from unetgen.drawing.page.alone import draw_alone, find_part, widest_sketch
from unetgen.drawing.page.fit import drawn
from unetgen.drawing.page.insets import Inset, insets_of, with_insets
from unetgen.drawing.page.page import MARGIN, PRINTED_MARGIN, WIDEST_PAGE, Caption, caption, compose
from unetgen.drawing.read.contraction import read_stages
from unetgen.drawing.read.drawn_facts import facts_of
from unetgen.drawing.read.shape_words import ShapeWords, shape_words
from unetgen.drawing.read.stages import StageGraph
from unetgen.drawing.rows.u_folds import UFinder
from unetgen.drawing.rows.u_places import Placing
from unetgen.drawing.rows.u_sketch import draw_u
from unetgen.ir import Network
from unetgen.source.diagnostics import InternalError

NO_BLOCKS: Final = "there is no block in which ways fork and meet, so there is no panel of one"
"""What is said where panels are asked for, and all is a plain chain."""
SOLID: Final = 0.2
"""How far the faces of solids stand out, as a share of their height."""
WIDEST_STAGES: Final = 900
"""The same of stages without their page: up to this width they are set as roomily as can be."""
ROOM_BESIDE: Final = 2 * MARGIN
"""What a page needs beside the network: its margins."""
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
        NoSymbols: Sizes are to be shares of the input's, and are none.
        NoSuchPart: One part of the network alone is asked for, and there is none of that name.
    """
    if not network.input.shape.size:
        raise InternalError("a network without sizes was to be drawn; trace it first")
    chosen, known = options.changed({"theme": theme, "detail": detail}), Known()
    if chosen.only is not None:
        return drawn(partial(draw_alone, network, find_part(network, chosen.only)), chosen)
    return drawn(partial(_draw, network, known), chosen, partial(_is_promising, network, known))


class Known:
    """What has been read of networks: pictures that have to fit are laid out several times."""

    def __init__(self) -> None:
        self._us: dict[tuple[int, Detail, Sizes], UFinder] = {}
        self._stages: dict[tuple[int, bool, Sizes], StageGraph] = {}
        self._insets: dict[tuple[int, Sizes, float], tuple[Inset, ...]] = {}
        self._words: dict[tuple[int, Sizes], ShapeWords] = {}

    def words(self, network: Network, options: DrawOptions) -> ShapeWords:
        """Give what is written for channels and sizes.

        Raises:
            NoSymbols: Letters are asked for, and the sizes of the network cannot be said in them.
        """
        key = id(network), options.sizes
        if key not in self._words:
            self._words[key] = shape_words(network, options.sizes)
        return self._words[key]

    def u(self, network: Network, options: DrawOptions) -> Placing | None:
        """Give the rows of a network; None where it is no U, or stages alone are asked for."""
        if options.detail == "blocks":
            return None
        key = id(network), options.detail, options.sizes
        if key not in self._us:
            self._us[key] = UFinder(network, options.detail, words=self.words(network, options))
        is_limited = options.within is not None or options.max_width is not None
        return self._us[key].find(_room_of_us(options).width if is_limited else None, _spacings(options)[-1])

    def insets(self, network: Network, options: DrawOptions) -> tuple[Inset, ...]:
        """Give the panels of the blocks of a network, as wide as a page allows."""
        width, words = widest_sketch(options), self.words(network, options)
        key = id(network), options.sizes, width
        if key not in self._insets:
            self._insets[key] = insets_of((network,), width, words)
        return self._insets[key]

    def stages(self, network: Network, options: DrawOptions) -> StageGraph:
        """Give the stages of a network."""
        key = id(network), options.detail == "ops", options.sizes
        if key not in self._stages:
            self._stages[key] = read_stages(network, self.words(network, options), with_ops=key[1])
        return self._stages[key]


def _draw(network: Network, known: Known, options: DrawOptions) -> Drawing:
    insets = known.insets(network, options) if options.inset else ()
    drawing = _with(network, known, insets, options)
    if not insets or options.within is None or options.detail != "blocks":
        return replace(drawing, notes=(NO_BLOCKS,)) if options.inset and not insets else drawing
    # A network is drawn by stage before a panel is left out.
    kept = insets
    while kept and drawing.height > options.within.room.height:
        kept = kept[:-1]
        drawing = _with(network, known, kept, options)
    if not kept and not options.within.compact:
        return _with(network, known, insets, options)  # boxes of stages become smaller first
    left_out = [inset.kind.sign for inset in insets[len(kept) :]]
    said = (drawing.gave_way, f"no panel of {' and '.join(left_out)}" if left_out else "")
    return replace(drawing, gave_way=", ".join(filter(None, said)))


def _with(network: Network, known: Known, insets: tuple[Inset, ...], options: DrawOptions) -> Drawing:
    """Draw a network with panels below it."""
    said = caption(network, options, known.words(network, options).legend)
    drawn, drawing = _composed(network, known, insets, said, options)
    if options.within is not None and drawing.height > options.within.room.height:
        # What stands around the network is known now: the network itself has to be lower by as much.
        around = drawing.height - bounds(drawn.rooms).height
        lower = replace(options, within=replace(options.within, room=options.within.room.less(0, around - ROOM_ABOVE)))
        drawn, drawing = _composed(network, known, insets, said, options, lower)
    return replace(drawing, facts=partial(facts_of, network, drawn.things))


def _composed(
    network: Network,
    known: Known,
    insets: tuple[Inset, ...],
    said: Caption,
    options: DrawOptions,
    lower: DrawOptions | None = None,
) -> tuple[Sketch, Drawing]:
    """Give a network as it is drawn, and the page of it and of its panels.

    Args:
        lower: The options with less height, by which the network alone is drawn.
    """
    (sketch,) = sketch_alike((network,), lower or options, known)
    return sketch, compose(with_insets(sketch, insets, widest_sketch(options)), said, options)


def _is_promising(network: Network, known: Known, options: DrawOptions, room: Room) -> bool:
    """Say whether a page may keep to its room, as far as the width of a U says: that is found sooner than a page."""
    placing = known.u(network, options)
    if placing is None:
        return True
    spacings, beside = _spacings(options), 2 * (MARGIN if options.within is None else PRINTED_MARGIN)
    places = first_that_fits(placing.at, spacings, lambda _: (), Room(_room_of_us(options).width))
    return places.width + beside <= room.width


def sketch_alike(
    networks: tuple[Network, ...], options: DrawOptions, known: Known, *, widest: float | None = None
) -> tuple[Sketch, ...]:
    """Lay networks out in the same way: as Us, or on a grid where one of them is none or stages alone are asked for.

    Args:
        known: What has been read of them.
        widest: How wide Us may be, in points, without the words around them.
    """
    us = [known.u(network, options) for network in networks]
    found = [u for u in us if u is not None]
    if len(found) < len(networks):
        room = _room_of_stages(options)
        return tuple(
            draw_stages(known.stages(network, options), room, options, known.words(network, options))
            for network in networks
        )
    room = Room(widest) if widest else _room_of_us(options)
    return tuple(draw_u(u, room, _spacings(options)) for u in found)


def _room_of_us(options: DrawOptions) -> Room:
    if options.within is not None:
        room = options.within.room.less(2 * PRINTED_MARGIN, ROOM_ABOVE)
        return replace(room, width=2 * (room.width // 2))  # a page is an even number of points wide
    return Room((options.max_width or WIDEST_PAGE) - ROOM_BESIDE)


def _room_of_stages(options: DrawOptions) -> Room:
    if options.within is not None:
        return options.within.room.less(2 * PRINTED_MARGIN, ROOM_ABOVE)
    return Room(WIDEST_STAGES if options.max_width is None else options.max_width - 2 * MARGIN)


def _spacings(options: DrawOptions) -> tuple[Spacing, ...]:
    spacings = _flat_spacings(options)
    return spacings if options.look == "flat" else tuple(replace(one, solid=SOLID) for one in spacings)


def _flat_spacings(options: DrawOptions) -> tuple[Spacing, ...]:
    if options.shown:
        return FACE_SPACINGS
    if options.within is not None:
        return PAPER_SPACINGS
    return SPACINGS if options.paper is None else PRINTED_SPACINGS
