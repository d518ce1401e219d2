"""Two networks -> one drawing: a panel for each, true to that network alone, in which what differs is marked."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from unetgen.analyses.differences import differences
from unetgen.drawing.drawing import Drawing
from unetgen.drawing.model.facts import Facts
from unetgen.drawing.model.options import USUAL, DrawOptions
from unetgen.drawing.model.picture import Sketch
from unetgen.drawing.page.fit import drawn
from unetgen.drawing.page.layout import ROOM_BESIDE, WIDEST_PAGE, Known, sketch_alike
from unetgen.drawing.page.marking import Drawn, mark
from unetgen.drawing.page.page import MARGIN, PRINTED_MARGIN, compose, pair_caption
from unetgen.drawing.page.panels import Panel, arrange, fit_beside, room_of
from unetgen.drawing.read.drawn_facts import facts_of
from unetgen.ir import Network

LEAST: Final = 0.85
"""To how much of its width a network may be set tightly, so that another stands beside it."""


def draw_difference(
    before: Network, after: Network, options: DrawOptions = USUAL, *, names: tuple[str, str] | None = None
) -> Drawing:
    """Draw two traced networks on one page, and mark in both what differs.

    Args:
        options: What is chosen about the picture.
        names: What the networks are called over their panels, in place of their own names.
    """
    return drawn(partial(_draw, before, after, names or (before.name, after.name), Known()), options)


def _draw(before: Network, after: Network, called: tuple[str, str], known: Known, options: DrawOptions) -> Drawing:
    page = options.max_width or WIDEST_PAGE
    widest = page - 2 * MARGIN if options.within is None else options.within.room.width - 2 * PRINTED_MARGIN
    one, other = _sketches(before, after, options, known, widest)
    sketches = mark(Drawn(before, one), Drawn(after, other))
    panels = [
        Panel(word, f"{word}: {name}", sketch)
        for word, name, sketch in zip(("before", "after"), called, sketches, strict=True)
    ]
    sheet = arrange(panels[0], panels[1], widest)
    drawing = compose(
        sheet, pair_caption(before, after, differences(before, after), options), options, legend_at="right"
    )
    return replace(drawing, facts=partial(_facts, (before, after), (panels[0], panels[1])))


def _sketches(
    before: Network, after: Network, options: DrawOptions, known: Known, widest: float
) -> tuple[Sketch, Sketch]:
    """Sketch both networks so that they fit side by side where they can, else as each is drawn alone."""
    one, other = sketch_alike((before, after), options, known)
    if not fit_beside(one, other, widest):
        tight = sketch_alike((before, after), options, known, widest=widest / 2 - ROOM_BESIDE)
        if fit_beside(tight[0], tight[1], widest) and all(map(_is_roomy, tight, (one, other))):
            return tight[0], tight[1]
    return one, other


def _is_roomy(tight: Sketch, loose: Sketch) -> bool:
    return room_of(tight).width >= LEAST * room_of(loose).width


def _facts(networks: tuple[Network, Network], panels: tuple[Panel, Panel]) -> Facts:
    """Gather what is known of both networks, each by itself."""
    one, other = (
        facts_of(network, (*panel.sketch.boxes, *panel.sketch.joins)).called(panel.prefix, _remarks(panel.sketch))
        for network, panel in zip(networks, panels, strict=True)
    )
    return Facts({**one.things, **other.things}, (*one.stages, *other.stages))


def _remarks(sketch: Sketch) -> dict[str, str]:
    return {outline.of: outline.look for outline in sketch.outlines if outline.look != "crop"}
