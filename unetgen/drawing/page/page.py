"""The page: title, totals and legend around the drawn network."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from unetgen.analyses.differences import INPUT, Differences
from unetgen.analyses.macs import macs
from unetgen.analyses.parameters import parameters
from unetgen.drawing.drawing import Drawing
from unetgen.drawing.model.options import USUAL, DrawOptions
from unetgen.drawing.model.picture import Sketch, bounds
from unetgen.drawing.model.shapes import Rect, TextLabel, even_up
from unetgen.drawing.model.text import text_width, wrap
from unetgen.drawing.page.legend import WORDS_WIDTHS, LegendPlan, plan_legend
from unetgen.drawing.read.words import count_text, shape_text
from unetgen.ir import Network

MARGIN: Final = 22
TITLE: Final = 15
SUBTITLE: Final = 9
TOTALS: Final = 9
TOTALS_LINE: Final = 13
BELOW_TITLE: Final = 16
NARROWEST_PAGE: Final = 330
"""A page is at least so wide, so that a title has room."""
AROUND_NETWORK: Final = 14
"""The least room between the network and what stands around it."""
SUBTITLE_LINES: Final = 3
HEADING_SHARE: Final = 0.8
"""How much of the page a line above the network may fill: in a long one, what a wide font takes beyond adds up."""
EXTRA_WIDTHS: Final = (0, 40, 80, 120, 160)
WORTHWHILE: Final = 0.92
"""To how much of its area a page must shrink for a legend of slimmer lines."""


LegendPlace = Literal["lower right", "right"]
"""Where the legend goes: into the corner, or as low at the right side as makes the page no higher."""


@dataclass(frozen=True, slots=True)
class Caption:
    """The words around the network: title, a line under it, totals by name, and all of it in a sentence."""

    title: str
    subtitle: str
    totals: tuple[tuple[str, str], ...]
    description: str


def compose(
    sketch: Sketch, caption: Caption, options: DrawOptions, *, legend_at: LegendPlace = "lower right"
) -> Drawing:
    """Put a sketch on a page of the size it needs."""
    entries, rooms = sketch.entries if options.legend else (), sketch.rooms
    legends = dict.fromkeys(plan_legend(entries, widest) for widest in WORDS_WIDTHS)
    plans = _narrow(tuple(_smallest(rooms, caption, legend, options, legend_at) for legend in legends), options)
    least = min(plan.area for plan in plans)
    plan = next(plan for plan in plans if WORTHWHILE * plan.area <= least)
    placed, bottom, legend = sketch.moved(plan.dx, plan.dy), plan.bottom, plan.legend
    return Drawing(
        title=caption.title,
        description=caption.description,
        width=plan.width,
        height=bottom + MARGIN,
        theme=options.colours,
        boxes=placed.boxes,
        outlines=placed.outlines,
        joins=placed.joins,
        halos=placed.halos,
        arrows=placed.arrows,
        labels=(*plan.heading, *placed.labels, *_totals(caption, bottom - TOTALS_LINE * len(caption.totals))),
        legend=legend.at(plan.width - MARGIN - legend.width, plan.legend_top),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """A page of some width: its heading, how far the network moves, its legend, and the y that nothing goes below."""

    width: float
    bottom: float
    heading: tuple[TextLabel, ...]
    dx: float
    dy: float
    legend: LegendPlan
    legend_top: float

    @property
    def area(self) -> float:
        """How large it is, in square points, without the lower margin."""
        return self.width * self.bottom


def _narrow(plans: tuple[_Plan, ...], options: DrawOptions) -> tuple[_Plan, ...]:
    """List the plans that are no wider than asked for; where none is, the narrowest."""
    if options.max_width is None:
        return plans
    widest = max(options.max_width, min(plan.width for plan in plans))
    return tuple(plan for plan in plans if plan.width <= widest)


def _smallest(
    rooms: tuple[Rect, ...], caption: Caption, legend: LegendPlan, options: DrawOptions, legend_at: LegendPlace
) -> _Plan:
    """Plan the smallest page with a legend; no wider than asked for, unless it must be."""
    narrowest, *wider = (_plan(rooms, caption, legend, extra, legend_at) for extra in EXTRA_WIDTHS)
    allowed = (plan for plan in wider if options.max_width is None or plan.width <= options.max_width)
    return min((narrowest, *allowed), key=lambda plan: plan.area)


def _plan(rooms: tuple[Rect, ...], caption: Caption, legend: LegendPlan, extra: float, legend_at: LegendPlace) -> _Plan:
    """Plan a page a little wider than it must be, so that the legend may find room beside the network."""
    content, totals = bounds(rooms), _totals_width(caption)
    inner = even_up(max(content.width, totals + 2 * AROUND_NETWORK + legend.width, NARROWEST_PAGE) + extra)
    heading, top = _heading(caption, inner)
    dx, dy = round(MARGIN + (inner - content.width) / 2 - content.x), round(top - content.y)
    width = inner + 2 * MARGIN
    left = width - MARGIN - legend.width - dx
    slot = _slot(rooms, left, legend.height, content) if legend_at == "right" else None
    bottom = max(
        content.bottom,
        _free(rooms, left, width - dx) + legend.height if slot is None else content.bottom,
        _free(rooms, -dx, MARGIN + totals - dx) + TOTALS_LINE * len(caption.totals),
    )
    page = even_up(bottom + dy)
    return _Plan(width, page, heading, dx, dy, legend, page - legend.height if slot is None else round(slot + dy))


def _slot(rooms: tuple[Rect, ...], left: float, height: float, content: Rect) -> float | None:
    """Find the lowest y at which a legend stands beside the network, with nothing to the right of `left` in its way."""
    beside = [room for room in rooms if room.right + AROUND_NETWORK > left]
    tops = (content.bottom - height, *(room.y - AROUND_NETWORK - height for room in beside))
    free = (y for y in sorted(tops, reverse=True) if y >= content.y and not _is_taken(beside, y, y + height))
    return next(free, None)


def _is_taken(rooms: list[Rect], top: float, bottom: float) -> bool:
    return any(room.y < bottom + AROUND_NETWORK and top < room.bottom + AROUND_NETWORK for room in rooms)


def _free(rooms: tuple[Rect, ...], left: float, right: float) -> float:
    """Give the y below which nothing is drawn between two x."""
    taken = (room.bottom for room in rooms if room.x < right + AROUND_NETWORK and left - AROUND_NETWORK < room.right)
    return AROUND_NETWORK + max(taken, default=-math.inf)


def _heading(caption: Caption, width: float) -> tuple[tuple[TextLabel, ...], float]:
    """Write title and subtitle; give them and the y under them."""
    labels, y, room = [], float(MARGIN), HEADING_SHARE * width
    for line in wrap(caption.title, room, TITLE, bold=True):
        labels.append(TextLabel(line, MARGIN, y + TITLE / 2, TITLE, "start", bold=True))
        y += TITLE * 1.2
    for line in _clipped(wrap(caption.subtitle, room, SUBTITLE)):
        labels.append(TextLabel(line, MARGIN, y + SUBTITLE / 2 + 2, SUBTITLE, "start", "muted"))
        y += SUBTITLE * 1.3
    return tuple(labels), y + BELOW_TITLE


def _clipped(lines: tuple[str, ...]) -> tuple[str, ...]:
    if len(lines) <= SUBTITLE_LINES:
        return lines
    return (*lines[: SUBTITLE_LINES - 1], lines[SUBTITLE_LINES - 1][:-1] + "…")


def _totals_width(caption: Caption) -> float:
    return _names_width(caption) + max((text_width(text, TOTALS, bold=True) for _, text in caption.totals), default=0)


def _names_width(caption: Caption) -> float:
    return max((text_width(name, TOTALS) for name, _ in caption.totals), default=0) + AROUND_NETWORK


def _totals(caption: Caption, top: float) -> tuple[TextLabel, ...]:
    labels = []
    for number, (name, text) in enumerate(caption.totals):
        y = top + TOTALS_LINE * (number + 0.5)
        labels.append(TextLabel(name, MARGIN, y, TOTALS, "start", "muted"))
        labels.append(TextLabel(text, MARGIN + _names_width(caption), y, TOTALS, "start", bold=True))
    return tuple(labels)


# --- what a page says in words ----------------------------------------------------------------------------------------


def caption(network: Network, options: DrawOptions = USUAL) -> Caption:
    """Collect what a picture says in words."""
    count, work = parameters(network).total, macs(network).total
    sizes = f"{shape_text(network.input.shape)} → {shape_text(network.output.shape)}"
    others = len(network.outputs) - 1
    sizes += f" (and {others} more)" if others else ""
    description = (
        f"{network.name}: a {network.dims}D network of depth {network.depth}, {sizes}, "
        f"{count:,} parameters, {count_text(work)} multiply-accumulates."
    )
    totals = (("parameters", f"{count:,}"), ("MACs", count_text(work)), ("input → output", sizes))
    title = network.name if options.title is None else options.title
    said = "".join(f" {name.capitalize()}: {text}." for name, text in options.shown)
    rows = (*(totals if options.totals else ()), *options.shown)
    return Caption(title, network.reference or "", rows, f"{description}{said}")


def pair_caption(before: Network, after: Network, found: Differences[str], options: DrawOptions = USUAL) -> Caption:
    """Collect what a picture of two networks says in words."""
    names = tuple(dict.fromkeys((before.name, after.name)))
    title = " → ".join(names) if options.title is None else options.title
    words = _told(found)
    totals = tuple((name, one if one == other else f"{one} → {other}") for name, one, other in _pairs(before, after))
    description = f"{' and '.join(names)} compared: {words}; {'; '.join(map(' '.join, totals))}."
    return Caption(title, words, totals if options.totals else (), description)


def _told(found: Differences[str]) -> str:
    """Count what differs.

    Example:
        >>> _told(Differences(frozenset({INPUT, "a"}), frozenset(), frozenset({"b", "c"})))
        '1 op changed, 2 ops new'
    """
    parts = (("changed", found.changed - {INPUT}), ("removed", found.removed), ("new", found.new))
    counts = [f"{len(paths)} op{'s' if len(paths) > 1 else ''} {word}" for word, paths in parts if paths]
    return ", ".join(counts) or "every op is the same"


def _pairs(before: Network, after: Network) -> Iterator[tuple[str, str, str]]:
    yield from zip(("parameters", "MACs", "input", "output"), _numbers(before), _numbers(after), strict=True)


def _numbers(network: Network) -> tuple[str, ...]:
    shapes = (shape_text(value.shape) for value in (network.input, network.output))
    return (f"{parameters(network).total:,}", count_text(macs(network).total), *shapes)
