"""The page: title, totals and legend around the drawn network."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from unetgen.analyses.differences import INPUT, Differences
from unetgen.analyses.macs import macs
from unetgen.analyses.parameters import parameters
from unetgen.drawing.drawing import Drawing
from unetgen.drawing.model.options import USUAL, DrawOptions
from unetgen.drawing.model.paper import Room
from unetgen.drawing.model.picture import LegendEntry, Sketch, bounds
from unetgen.drawing.model.shapes import Rect, TextLabel, even_up
from unetgen.drawing.model.text import text_width, wrap
from unetgen.drawing.page.legend import WORDS_WIDTHS, LegendPlan, plan_legend, plan_wide_legend
from unetgen.drawing.read.words import count_text, shape_text
from unetgen.ir import Network

WIDEST_PAGE: Final = 1220
"""A page that would be wider than this, in points, is set more tightly."""
MARGIN: Final = 22
PRINTED_MARGIN: Final = 5
"""The same where the paper is narrow: the page that takes the picture has margins of its own."""
MOST_COLUMNS: Final = 4
"""In so many columns a legend stands below the network at most."""
TITLE: Final = 15
SUBTITLE: Final = 9
TOTALS: Final = 9
TOTALS_LINE: Final = 13
TOTALS_APART: Final = 14
BELOW_TITLE: Final = 16
PRINTED_BELOW_TITLE: Final = 10
NARROWEST_PAGE: Final = 330
"""A page is at least so wide, so that a title has room."""
AROUND_NETWORK: Final = 14
"""The least room between the network and what stands around it."""
SUBTITLE_LINES: Final = 3
HEADING_SHARE: Final = 0.8
"""How much of the page a line above the network may fill: in a long one, what a wide font takes beyond adds up."""
EXTRA_WIDTHS: Final = (0, 20, 40, 80, 120, 160)
WORTHWHILE: Final = 0.9
"""To how much of its area a page must shrink for a legend of slimmer lines."""
ABOUT_AS_LOW: Final = 0.95
"""A page is about as low as another one where that is so many times as high."""


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
    entries = sketch.entries if options.legend else ()
    room = options.within.room if options.within else None
    if options.style == "figure":
        plan = _with_rows_below(sketch.rooms, caption, entries, room)
    elif room:
        plan = _fitting(sketch.rooms, caption, entries, room, legend_at)
    else:
        plan = _usual(sketch.rooms, caption, entries, options, legend_at)
    placed, bottom, legend, margin = sketch.moved(plan.dx, plan.dy), plan.bottom, plan.legend, plan.margin
    return Drawing(
        title=caption.title,
        description=caption.description,
        width=plan.width,
        height=bottom + margin,
        theme=options.colours,
        boxes=placed.boxes,
        outlines=placed.outlines,
        joins=placed.joins,
        halos=placed.halos,
        arrows=placed.arrows,
        labels=(*plan.heading, *placed.labels, *plan.totals),
        legend=legend.at(plan.legend_left, plan.legend_top),
        gave_way=", ".join(sketch.gave_way),
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
    legend_left: float
    legend_top: float
    totals: tuple[TextLabel, ...]
    margin: float

    @property
    def area(self) -> float:
        """How large it is, in square points, without the lower margin."""
        return self.width * self.bottom

    def excess(self, room: Room) -> float:
        """Say by which factor it is larger than the room; 1 where it is not."""
        return max(1, self.width / room.width, (self.bottom + self.margin) / room.height)


def _usual(
    rooms: tuple[Rect, ...],
    caption: Caption,
    entries: tuple[LegendEntry, ...],
    options: DrawOptions,
    legend_at: LegendPlace,
) -> _Plan:
    """Plan the smallest page, with words of the legend in slimmer lines only where that makes it much smaller."""
    legends = dict.fromkeys(plan_legend(entries, widest) for widest in WORDS_WIDTHS)
    plans = _narrow(tuple(_smallest(rooms, caption, legend, options, legend_at) for legend in legends), options)
    return _smallest_of(plans)


def _fitting(
    rooms: tuple[Rect, ...], caption: Caption, entries: tuple[LegendEntry, ...], room: Room, legend_at: LegendPlace
) -> _Plan:
    """Plan the page that is the least too large for the room; of those that are not, one that is about the lowest.

    How wide it is within its room costs nothing: among low ones the legend with the fewest lines is read best.
    """
    legends = dict.fromkeys(plan_legend(entries, widest) for widest in WORDS_WIDTHS)
    width = room.width - 2 * PRINTED_MARGIN
    wide = (plan_wide_legend(entries, width, columns) for columns in range(1, MOST_COLUMNS + 1))
    plans = [
        *(
            _plan(rooms, caption, legend, 0, legend_at, _PRINTED, beside=beside)
            for legend in legends
            for beside in (False, True)
        ),
        *(_plan_below(rooms, caption, legend) for legend in (*legends, *filter(None, wide))),
    ]
    least = min(plan.excess(room) for plan in plans)
    fitting = [plan for plan in plans if plan.excess(room) == least]
    lowest = min(plan.bottom for plan in fitting)
    low = [plan for plan in fitting if ABOUT_AS_LOW * plan.bottom <= lowest]
    return min(low, key=lambda plan: (plan.legend.lines, plan.area))


def _smallest_of(plans: Sequence[_Plan]) -> _Plan:
    """Choose the first page that is about as small as the smallest: a legend of slimmer lines must be worth it."""
    least = min(plan.area for plan in plans)
    return next(plan for plan in plans if WORTHWHILE * plan.area <= least)


def _with_rows_below(
    rooms: tuple[Rect, ...], caption: Caption, entries: tuple[LegendEntry, ...], room: Room | None
) -> _Plan:
    """Plan a page with the legend in as few rows below the network as its width, or the room, allows."""
    room = room or Room(bounds(rooms).width + 2 * PRINTED_MARGIN)
    width = room.width - 2 * PRINTED_MARGIN
    wide = (plan_wide_legend(entries, width, columns) for columns in range(1, len(entries) + 1))
    legends = dict.fromkeys((plan_legend(entries, width), *filter(None, wide)))
    return min(
        (_plan_below(rooms, caption, legend) for legend in legends), key=lambda plan: (plan.excess(room), plan.area)
    )


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


@dataclass(frozen=True, slots=True)
class _Edges:
    """What a page keeps around everything: its margin, what lies below the title, how wide it is at least inside."""

    margin: float
    below_title: float
    narrowest: float


_FREE: Final = _Edges(MARGIN, BELOW_TITLE, NARROWEST_PAGE)
_PRINTED: Final = _Edges(PRINTED_MARGIN, PRINTED_BELOW_TITLE, 0)


def _plan(
    rooms: tuple[Rect, ...],
    caption: Caption,
    legend: LegendPlan,
    extra: float,
    legend_at: LegendPlace,
    edges: _Edges = _FREE,
    *,
    beside: bool = False,
) -> _Plan:
    """Plan a page a little wider than it must be, so that the legend may find room beside the network.

    Args:
        beside: Whether the network stands on the left, with all of the legend to its right.
    """
    content, totals, margin = bounds(rooms), _totals_width(caption), edges.margin
    least = max(content.width, totals + 2 * AROUND_NETWORK + legend.width, edges.narrowest)
    inner = even_up(max(least, content.width + AROUND_NETWORK + legend.width) if beside else least + extra)
    heading, top = _heading(caption, inner, edges)
    aside = 0 if beside else (inner - content.width) / 2
    dx, dy = round(margin + aside - content.x), round(top - content.y)
    width = inner + 2 * margin
    left = width - margin - legend.width - dx
    slot = _slot(rooms, left, legend.height, content) if legend_at == "right" else None
    sums = TOTALS_LINE * len(caption.totals)
    bottom = max(
        content.bottom,
        _free(rooms, left, width - dx) + legend.height if slot is None else content.bottom,
        _free(rooms, -dx, margin + totals - dx) + sums,
    )
    page = even_up(bottom + dy)
    legend_top = page - legend.height if slot is None else round(slot + dy)
    labels = _totals(caption, margin, page - sums)
    return _Plan(width, page, heading, dx, dy, legend, width - margin - legend.width, legend_top, labels, margin)


def _plan_below(rooms: tuple[Rect, ...], caption: Caption, legend: LegendPlan) -> _Plan:
    """Plan a page with the legend under everything, and the totals one after the other over it."""
    content, margin = bounds(rooms), PRINTED_MARGIN
    widest = max((_pair_width(*pair) for pair in caption.totals), default=0)
    inner = even_up(max(content.width, widest, legend.width))
    heading, top = _heading(caption, inner, _PRINTED)
    dx, dy = round(margin + (inner - content.width) / 2 - content.x), round(top - content.y)
    totals_top = even_up(content.bottom + dy + AROUND_NETWORK)
    totals, totals_bottom = _totals_in_lines(caption, margin, totals_top, inner)
    legend_top = even_up(totals_bottom) + (AROUND_NETWORK / 2 if legend.height else 0)
    left = margin + (inner - legend.width) / 2
    page = even_up(legend_top + legend.height)
    return _Plan(inner + 2 * margin, page, heading, dx, dy, legend, left, legend_top, totals, margin)


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


def _heading(caption: Caption, width: float, edges: _Edges) -> tuple[tuple[TextLabel, ...], float]:
    """Write title and subtitle; give them and the y under them."""
    labels, y, room = [], float(edges.margin), HEADING_SHARE * width
    for line in wrap(caption.title, room, TITLE, bold=True):
        labels.append(TextLabel(line, edges.margin, y + TITLE / 2, TITLE, "start", bold=True))
        y += TITLE * 1.2
    for line in _clipped(wrap(caption.subtitle, room, SUBTITLE)):
        labels.append(TextLabel(line, edges.margin, y + SUBTITLE / 2 + 2, SUBTITLE, "start", "muted"))
        y += SUBTITLE * 1.3
    return tuple(labels), y + edges.below_title


def _clipped(lines: tuple[str, ...]) -> tuple[str, ...]:
    if len(lines) <= SUBTITLE_LINES:
        return lines
    return (*lines[: SUBTITLE_LINES - 1], lines[SUBTITLE_LINES - 1][:-1] + "…")


def _totals_width(caption: Caption) -> float:
    return _names_width(caption) + max((text_width(text, TOTALS, bold=True) for _, text in caption.totals), default=0)


def _names_width(caption: Caption) -> float:
    return max((text_width(name, TOTALS) for name, _ in caption.totals), default=0) + AROUND_NETWORK


def _totals(caption: Caption, left: float, top: float) -> tuple[TextLabel, ...]:
    labels = []
    for number, (name, text) in enumerate(caption.totals):
        y = top + TOTALS_LINE * (number + 0.5)
        labels.append(TextLabel(name, left, y, TOTALS, "start", "muted"))
        labels.append(TextLabel(text, left + _names_width(caption), y, TOTALS, "start", bold=True))
    return tuple(labels)


def _pair_width(name: str, text: str) -> float:
    return text_width(f"{name} ", TOTALS) + text_width(text, TOTALS, bold=True)


def _totals_in_lines(caption: Caption, left: float, top: float, width: float) -> tuple[tuple[TextLabel, ...], float]:
    """Write totals one after the other, in as few lines as there is room for; give them and the y under them."""
    labels, x, y = list[TextLabel](), left, top + TOTALS_LINE / 2
    for name, text in caption.totals:
        if x > left and x + _pair_width(name, text) > left + width:
            x, y = left, y + TOTALS_LINE
        labels.append(TextLabel(name, x, y, TOTALS, "start", "muted"))
        labels.append(TextLabel(text, x + text_width(f"{name} ", TOTALS), y, TOTALS, "start", bold=True))
        x += _pair_width(name, text) + TOTALS_APART
    return tuple(labels), y + TOTALS_LINE / 2 if labels else top - AROUND_NETWORK / 2


# --- what a page says in words ----------------------------------------------------------------------------------------


def caption(network: Network, options: DrawOptions = USUAL, letters: tuple[tuple[str, str], ...] = ()) -> Caption:
    """Collect what a picture says in words; `letters` stand for sizes and channels, each with what it is."""
    count, work = parameters(network).total, macs(network).total
    is_figure = options.style == "figure"
    sizes = f"{shape_text(network.input.shape)} → {shape_text(network.output.shape)}"
    others = len(network.outputs) - 1
    sizes += f" (and {others} more)" if others else ""
    description = (
        f"{network.name}: a {network.dims}D network of depth {network.depth}, {sizes}, "
        f"{count:,} parameters, {count_text(work)} multiply-accumulates."
    )
    totals = (("parameters", f"{count:,}"), ("MACs", count_text(work)), ("input → output", sizes), *letters)
    title = options.title if options.title is not None else "" if is_figure else network.name
    said = "".join(f" {name.capitalize()}: {text}." for name, text in options.shown)
    rows = (*(totals if options.totals and not is_figure else ()), *options.shown)
    subtitle = (network.reference or "") if options.reference and not is_figure else ""
    return Caption(title, subtitle, rows, f"{description}{said}")


def pair_caption(before: Network, after: Network, found: Differences[str], options: DrawOptions = USUAL) -> Caption:
    """Collect what a picture of two networks says in words."""
    names = tuple(dict.fromkeys((before.name, after.name)))
    is_figure = options.style == "figure"
    title = options.title if options.title is not None else "" if is_figure else " → ".join(names)
    words = _told(found)
    totals = tuple((name, one if one == other else f"{one} → {other}") for name, one, other in _pairs(before, after))
    description = f"{' and '.join(names)} compared: {words}; {'; '.join(map(' '.join, totals))}."
    return Caption(title, "" if is_figure else words, totals if options.totals and not is_figure else (), description)


def _told(found: Differences[str]) -> str:
    """Count what differs.

    Example:
        >>> _told(Differences(frozenset({INPUT, "a"}), frozenset(), frozenset({"b", "c"})))
        '1 op changed, 2 ops new'
    """
    parts = (("changed", found.changed - {INPUT}), ("removed", found.removed), ("new", found.new))
    counts = [f"{len(paths)} op{'s' if len(paths) > 1 else ''} {word}" for word, paths in parts if paths]
    follows = len(found.follows)
    counts += [f"{follows} on other channels or sizes"] if follows else []
    return ", ".join(counts) or "every op is the same"


def _pairs(before: Network, after: Network) -> Iterator[tuple[str, str, str]]:
    yield from zip(("parameters", "MACs", "input", "output"), _numbers(before), _numbers(after), strict=True)


def _numbers(network: Network) -> tuple[str, ...]:
    shapes = (shape_text(value.shape) for value in (network.input, network.output))
    return (f"{parameters(network).total:,}", count_text(macs(network).total), *shapes)
