"""Pictures for paper: what is drawn gives way, step by step, until the page and its letters have their size."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from unetgen.drawing.drawing import Drawing
from unetgen.drawing.model.options import DrawOptions, Within
from unetgen.drawing.model.paper import POINTS, Paper, Room, millimetres
from unetgen.source.problem import Problem

Draw = Callable[[DrawOptions], Drawing]
"""Draws something as its options say, as large as it comes."""
Promising = Callable[[DrawOptions, Room], bool]
"""Says whether what is drawn may keep to a room, as far as is known before it is drawn."""
OWN_LETTERS: Final = 8.0
"""How high the smallest letters of most pictures are, before they shrink with the page."""
ROUNDING: Final = 1e-6
"""By so much letters may be too small, in points, as numbers are rounded."""
WIDEST: Final = 600.0
"""No wider page is looked for, in millimetres: more than two pages side by side."""
STEP: Final = 1.1
"""By this factor at least a page that is tried is wider than the one before."""


class TooNarrow(Problem):
    """A picture cannot keep to the size that was asked for."""

    kind = "spec"


def drawn(draw: Draw, options: DrawOptions, promising: Promising = lambda *_: True) -> Drawing:
    """Draw for the paper that is asked for; where none is, as large as it comes, and for paper in a file.

    Raises:
        TooNarrow: See `fitted`.
    """
    if options.paper is not None:
        return fitted(draw, options, options.paper, promising)
    drawing = replace(draw(options), gave_way="")  # it keeps to no paper
    return replace(drawing, for_file=partial(_for_file, draw, options, drawing, promising))


def _for_file(draw: Draw, options: DrawOptions, drawing: Drawing, promising: Promising, path: Path) -> Drawing:
    chosen = options.for_file(path)
    return drawing if chosen.paper is None else fitted(draw, chosen, chosen.paper, promising)


def fitted(draw: Draw, options: DrawOptions, paper: Paper, promising: Promising) -> Drawing:
    """Draw for paper: at most so wide and so high, with letters no smaller than they may be.

    Args:
        draw: Draws as its options say.
        options: What is chosen, as it is where there is room.
        paper: What has to be kept.
        promising: What need not be drawn.

    Raises:
        TooNarrow: Nothing that may give way makes room enough; it names the narrowest width at which it does.
    """
    best = _best(draw, options, paper, promising)
    if _fits(best, paper):
        return best
    if options.is_wished:
        # Letters are read before widths are kept.
        scale = min(1, best.scale * paper.letters / best.smallest_letters)
        return replace(best, scale=scale, keeps=False)
    raise _too_narrow(draw, options, paper, promising, best)


def _best(draw: Draw, options: DrawOptions, paper: Paper, promising: Promising) -> Drawing:
    """Draw what keeps to the paper first, or else what comes closest."""
    tried, room = list[Drawing](), paper.room(OWN_LETTERS)
    for tighter in _rungs(options, paper):
        if not promising(tighter, room):
            continue
        drawing = draw(tighter)
        scale = paper.scale(drawing.width, drawing.height)
        said = ", ".join(_given_up(drawing, options, tighter))
        tried.append(replace(drawing, scale=scale, gave_way=said))
        # What has to shrink is laid out for the paper, which fills it better.
        if _fits(tried[-1], paper) and (scale == 1 or tighter.within is not None or paper.width is None):
            return tried[-1]
    return max(tried, key=lambda drawing: drawing.smallest_letters)


def _given_up(drawing: Drawing, options: DrawOptions, tighter: DrawOptions) -> Iterator[str]:
    """Say in which a picture is less than it is where there is room."""
    if tighter == options:
        return
    if options.style != "figure" and _has_legend_below(drawing):
        yield "legend below"
    if drawing.gave_way:
        yield drawing.gave_way
    if tighter.detail != options.detail:
        yield "one box per stage" if tighter.detail == "blocks" else "one box per convolution"
    if tighter.within and tighter.within.compact:
        yield "smaller boxes"


def _has_legend_below(drawing: Drawing) -> bool:
    return bool(drawing.legend.rows) and drawing.legend.frame.y >= max(thing.hull.bottom for thing in drawing.things)


def _fits(drawing: Drawing, paper: Paper) -> bool:
    return not drawing.smallest_letters or drawing.smallest_letters >= paper.letters - ROUNDING


def _rungs(options: DrawOptions, paper: Paper) -> Iterator[DrawOptions]:
    """Give options that need less room each than those before."""
    yield options
    room = paper.room(OWN_LETTERS)
    within = replace(options, within=Within(room))
    yield within
    if options.detail == "ops":
        yield replace(within, detail="units")
    stages = replace(within, detail="blocks")
    if options.detail != "blocks":
        yield stages
    yield from (replace(stages, within=Within(room, step)) for step in (1, 2))


def _too_narrow(draw: Draw, options: DrawOptions, paper: Paper, promising: Promising, best: Drawing) -> TooNarrow:
    """Say at which width there is room, if at any."""
    name, own = best.title or "the network", best.smallest_letters / best.scale
    if paper.letters > own:
        headline = f"the smallest letters of {name} are {own:g} pt, and nothing is enlarged"
        return TooNarrow(headline, f"ask for less: `--min-letters {own:g}`")
    limits = (("wide", paper.width), ("high", paper.height))
    sizes = " and ".join(f"{millimetres(limit)} {word}" for word, limit in limits if limit is not None)
    headline = f"the picture of {name} cannot be {sizes} with letters of {paper.letters:g} pt"
    others = "allow more height, up to `--height none`, or smaller letters with `--min-letters`"
    if (width := _narrowest(draw, options, paper, promising, best)) is None:
        return TooNarrow(headline, others)
    return TooNarrow(headline, f"the narrowest that can is `--width {width}`", f"or {others}")


def _narrowest(draw: Draw, options: DrawOptions, paper: Paper, promising: Promising, best: Drawing) -> str | None:
    """Find the least width, in whole millimetres, at which there is room; None where no width makes it."""

    def at(width: int) -> Drawing:
        return _best(draw, options, replace(paper, width=width * POINTS["mm"]), promising)

    if paper.width is None:
        return None
    low = high = paper.width / POINTS["mm"]
    while not _fits(best, paper):
        if high > WIDEST:
            return None
        low, high = high, math.ceil(high * max(STEP, paper.letters / best.smallest_letters))
        best = at(int(high))
    while high - low > 1:
        middle = int((low + high) // 2)
        low, high = (low, middle) if _fits(at(middle), paper) else (middle, high)
    return f"{int(high)}mm"
