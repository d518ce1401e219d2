"""Two networks -> one drawing: a panel for each, true to that network alone, in which what differs is marked."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from unetgen.analyses.differences import differences
from unetgen.drawing.drawing import Drawing
from unetgen.drawing.flow.chart import read_chart
from unetgen.drawing.flow.flow_sketch import draw_chart
from unetgen.drawing.model.facts import Facts
from unetgen.drawing.model.options import USUAL, DrawOptions
from unetgen.drawing.model.picture import Sketch
from unetgen.drawing.page.alone import find_part, widest_sketch
from unetgen.drawing.page.fit import drawn
from unetgen.drawing.page.insets import Inset, insets_of, with_insets
from unetgen.drawing.page.layout import ROOM_BESIDE, Known, sketch_alike
from unetgen.drawing.page.marking import Drawn, mark
from unetgen.drawing.page.page import compose, pair_caption
from unetgen.drawing.page.panels import Panel, arrange, fit_beside, room_of
from unetgen.drawing.read.drawn_facts import facts_of
from unetgen.drawing.read.shape_words import shape_words
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
    widest = widest_sketch(options)
    if options.only is None:
        one, other = map(Drawn, (before, after), _sketches(before, after, options, known, widest))
    else:
        one, other = (_alone(network, options.only, widest, options) for network in (before, after))
    sketches = mark(one, other)
    panels = [
        Panel(word, f"{word}: {name}", sketch)
        for word, name, sketch in zip(("before", "after"), called, sketches, strict=True)
    ]
    sheet = arrange(panels[0], panels[1], widest)
    said = pair_caption(before, after, differences(before, after), options)
    insets = _insets(before, after, widest, options) if options.inset and options.only is None else ()
    drawing = compose(with_insets(sheet, insets, widest), said, options, legend_at="right")
    if insets and options.within is not None and drawing.height > options.within.room.height:
        drawing = compose(sheet, said, replace(options, inset=False), legend_at="right")
        drawing = replace(drawing, gave_way=", ".join(filter(None, (drawing.gave_way, "no panels of blocks"))))
    return replace(drawing, facts=partial(_facts, (one, other), (panels[0], panels[1])))


def _alone(network: Network, path: str, widest: float, options: DrawOptions) -> Drawn:
    """Draw one part of a network."""
    part = find_part(network, path)
    sketch = draw_chart(read_chart(part), widest, shape_words(network, options.sizes))
    return Drawn(network, sketch, part.paths)


def _insets(before: Network, after: Network, widest: float, options: DrawOptions) -> tuple[Inset, ...]:
    """Draw a panel for each kind of block of both networks; one that both have is drawn once."""
    return insets_of((after, before), widest, shape_words(after, options.sizes))


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


def _facts(drawn: tuple[Drawn, Drawn], panels: tuple[Panel, Panel]) -> Facts:
    """Gather what is known of both networks, each by itself."""
    one, other = (
        facts_of(one.network, panel.sketch.things, one.only).called(panel.prefix, _remarks(panel.sketch))
        for one, panel in zip(drawn, panels, strict=True)
    )
    return Facts({**one.things, **other.things}, (*one.stages, *other.stages))


def _remarks(sketch: Sketch) -> dict[str, str]:
    return {outline.of: outline.look for outline in sketch.outlines if outline.look not in ("crop", "repeat")}
