"""Rows of a U -> sketch: every box, arrow and label at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from unetgen.drawing.kit import distances
from unetgen.drawing.kit.distances import SPACINGS, Spacing, lower
from unetgen.drawing.kit.layouts import assemble, draw_join, first_fitting, first_that_fits
from unetgen.drawing.kit.signs import (
    LETTER_FONT,
    Threaded,
    draw_letter,
    draw_signal,
    pill_width,
    room_along,
    signals_to,
    thread,
    thread_against,
)
from unetgen.drawing.kit.sizes import bars_in
from unetgen.drawing.model.figure import Link, Map, Meeting, Signal
from unetgen.drawing.model.paper import Room
from unetgen.drawing.model.picture import Sketch
from unetgen.drawing.model.shapes import Arrow, Box, BoxKind, JoinSign, Outline, Point, Rect, TextLabel
from unetgen.drawing.model.text import text_width
from unetgen.drawing.read.words import shape_text
from unetgen.drawing.rows.pieces import ABOVE_AND_BELOW, Piece
from unetgen.drawing.rows.strips import LOW_BOX, Arc, stands_against
from unetgen.drawing.rows.u import UPlan, entries_of
from unetgen.drawing.rows.u_places import SKIP_FONT, Placing, UPlaces, lanes_of, signal_room

SLAB_FONT: Final = 6
HIGHEST: Final = 0.8
"""By how much a U may be higher than wide before its boxes become lower."""
LOWEST_TALL: Final = 0.55
"""How low they become for that alone, as a factor."""
GIVES: Final = ("sizes in lines", "skips shortened")
"""What gives way by how much words do."""


def draw_u(placing: Placing, room: Room, spacings: tuple[Spacing, ...] = SPACINGS) -> Sketch:
    """Draw a U, as roomy as may be, from the first box to the last."""
    plan, places = placing.plan, _shaped(placing, first_that_fits(placing.at, spacings, lower, room))
    pieces, threads = (*places.pieces.values(),), threads_of(plan, places)
    makers = makers_of(plan) if places.scale.spacing.solid and not places.scale.bars else {}
    return assemble(
        boxes=(box for piece in pieces for box in _boxes(piece, makers)),
        outlines=_outlines(plan, places),
        joins=(join for piece in pieces for join in _joins(piece)),
        threads=(*threads.values(),),
        signals=signals_of(threads, plan, places),
        labels=_labels(plan, places),
        entries=entries_of(
            plan, max(piece.depth for piece in pieces), bars=places.scale.bars, are_coloured=bool(makers)
        ),
        gave_way=tuple(_gave_way(placing, spacings, places.scale.spacing)),
    )


def _shaped(placing: Placing, places: UPlaces) -> UPlaces:
    """Give a U with lower boxes where it would else be a column on paper, much higher than wide."""
    spacing, highest = places.scale.spacing, HIGHEST * places.width
    if not spacing.wider:
        return places
    lower_ones = (way for way in lower(spacing) if LOWEST_TALL <= way.tall < spacing.tall)
    return placing.at(first_fitting([spacing, *lower_ones], lambda way: placing.at(way).height <= highest))


def _gave_way(placing: Placing, spacings: tuple[Spacing, ...], spacing: Spacing) -> Iterator[str]:
    """Say what gave way, by a spacing that was taken."""
    if replace(spacing, tall=1) != spacings[0]:
        yield "set more tightly"
    yield from GIVES[: spacing.compact]
    if placing.folded:
        yield f"{placing.folded} stage{'s' if placing.folded > 1 else ''} folded"


def makers_of(plan: UPlan) -> dict[tuple[str, int], BoxKind]:
    """Name the colour of every part of a map: that of the arrow that makes it."""
    kinds: dict[str, BoxKind] = {"conv": "conv map", "down": "down map", "up": "up map", "head": "head map"}
    made = {(link.target, link.part): kinds[link.kind] for link in plan.links if link.kind in kinds}
    summed = ((link.target, link.part) for link in plan.links if link.kind == "flow")
    return dict.fromkeys(summed, kinds["conv"]) | made


def _boxes(piece: Piece, makers: Mapping[tuple[str, int], BoxKind]) -> Iterator[Box]:
    item = piece.item
    if isinstance(item, Map):
        for number, (part, frame) in enumerate(zip(item.parts, piece.frames, strict=True)):
            note = ": ".join(filter(None, (part.path, part.text, shape_text(part.shape))))
            shape = tuple(part.shape.as_list())
            covered = number < len(item.parts) - 1
            bars = bars_in(frame.width) if len(part.shape.size) == 1 and not part.text else 0
            id = piece.part_id(number)
            look = makers.get((item.id, number), part.look) if part.look == "map" else part.look
            yield Box(
                id, part.path, look, frame, piece.depth, shape, note, covered, bars, part.value, part.nodes, part.laid
            )


def _joins(piece: Piece) -> Iterator[JoinSign]:
    item = piece.item
    if isinstance(item, Meeting):
        yield draw_join(item.id, item.path, item.symbol, item.shape, piece.hull, item.nodes)


def _outlines(plan: UPlan, places: UPlaces) -> Iterator[Outline]:
    for id, crop in dict.fromkeys((link.source, link.crop) for link in plan.links if link.crop is not None):
        piece = places.pieces[id]
        if places.scale.spacing.face:
            yield from _cuts(piece, crop)
            continue
        frame = piece.frames[0]
        inset = min(distances.CROP_INSET, frame.width / 4)
        width = piece.frames[-1].right - frame.x - 2 * inset
        height = min(places.scale.height(crop), frame.height - 2 * distances.CROP_INSET)
        yield Outline(piece.part_id(0), Rect(frame.x + inset, frame.cy - height / 2, width, height))


def _cuts(piece: Piece, crop: tuple[int, ...]) -> Iterator[Outline]:
    """Outline on a front face what a crop leaves of the map: of 64 × 64 pixels, the 56 × 56 in the middle, to scale."""
    *_, rows, columns = piece.item.shape.size if len(crop) > 1 else (*piece.item.shape.size, 1)
    parts = piece.item.parts if isinstance(piece.item, Map) else ()
    for part, frame in ((n, frame) for n, frame in enumerate(piece.frames) if not parts[n].text):
        width = frame.width * crop[-1] / columns if len(crop) > 1 else frame.width - 2 * distances.CROP_INSET
        height = frame.height * crop[-2 if len(crop) > 1 else -1] / rows
        yield Outline(piece.part_id(part), Rect(frame.cx - width / 2, frame.cy - height / 2, width, height))


def _labels(plan: UPlan, places: UPlaces) -> Iterator[TextLabel]:
    for piece in places.pieces.values():
        yield from piece.labels
        yield from _slab_letters(piece, plan)
    yield from (word for words in places.words.values() for word in words)
    yield from places.beside
    for arc in places.arcs:
        yield from arc.letters
        if arc.link.kind == "skip" and not arc.is_level_first:
            yield from _words_over(arc, plan, places)
        elif arc.link.kind == "skip":
            yield from _skip_words(arc.link, plan, places, arc.points[1][0])
    arcs = {arc.link for arc in places.arcs}
    for link in (link for link in plan.links if link not in arcs):
        if link.kind == "skip":
            yield from _skip_words(link, plan, places, *_skip_end(link, places.pieces[link.target]))
        elif link in plan.tags:
            yield _letter(link, plan, places)


def _slab_letters(piece: Piece, plan: UPlan) -> Iterator[TextLabel]:
    parts = piece.item.parts if isinstance(piece.item, Map) else ()
    for part, frame in zip(parts, piece.frames, strict=False):
        if part in plan.tags:
            yield TextLabel(plan.tags[part], frame.cx, frame.cy, SLAB_FONT, bold=True)


def _skip_end(link: Link, target: Piece) -> tuple[float, float]:
    """Give the x at which a skip ends, and how far its words may go."""
    part = link.part if isinstance(target.item, Map) else 0
    end = target.frames[0 if link.badges else part].x
    return end, min(target.span(above)[0] for above in ABOVE_AND_BELOW)


def _skip_words(
    link: Link, plan: UPlan, places: UPlaces, end: float, right: float | None = None
) -> Iterator[TextLabel]:
    """Write on a skip: in one line over it or, where that is too long, the sizes in a line under it."""
    source, words = places.pieces[link.source], plan.words(link, places.scale.spacing.compact)
    y, start = source.frames[0].cy, source.hull.right
    left = max(source.span(above)[1] for above in ABOVE_AND_BELOW)
    room = room_along(link)
    end, right = end - room, (end if right is None else right) - room
    one_line = " ".join(words)
    longest = right - left - distances.SKIP_ENDS
    lines = (one_line,) if text_width(one_line, SKIP_FONT) <= longest else words
    if places.scale.spacing.compact > 1 and max((text_width(line, SKIP_FONT) for line in lines), default=0) > longest:
        return
    for line, side in zip(lines, (-1, 1), strict=False):
        half = text_width(line, SKIP_FONT) / 2 + 2
        middle = min(max((start + end - 8) / 2, left + half), right - half)
        yield TextLabel(line, middle, y + side * (distances.LETTER_TO_ARROW + 2), SKIP_FONT, "middle", "muted")


def _words_over(arc: Arc, plan: UPlan, places: UPlaces) -> Iterator[TextLabel]:
    """Write on a skip that goes over rows."""
    (x0, y), (x1, _) = arc.points[1:3]
    words = plan.words(arc.link, places.scale.spacing.compact)
    line = next((line for line in (" ".join(words), *words[:1]) if text_width(line, SKIP_FONT) <= x1 - x0), "")
    if line:
        middle = (x0 + x1) / 2
        yield TextLabel(line, middle, y - distances.LETTER_TO_ARROW - 2, SKIP_FONT, "middle", "muted")


def _letter(link: Link, plan: UPlan, places: UPlaces) -> TextLabel:
    """Set a letter beside an arrow, where no other label is."""
    tag, (source, target, part) = plan.tags[link], places.ends(link)
    beside = max((pill_width(badge.text) / 2 + 2 for badge in link.badges), default=distances.LETTER_TO_ARROW)
    match link.kind:
        case "down":
            y = places.under(source) + distances.LETTER_TO_LABELS
            return draw_letter(tag, source.way_out(-1) - beside, y, link.kind, "end")
        case "up":
            x, y = target.way_in(part), source.hull.y - distances.LABEL_ROOM - distances.LETTER_TO_LABELS
            if plan.ports[link.source].arc_ends:
                # What comes over the row below has its way there.
                y = places.under(target) + distances.LETTER_TO_LABELS
            return draw_letter(tag, x + beside, y, link.kind, "start")
        case "head" if target.frames[0].cy != source.frames[0].cy:
            x = source.hull.right + distances.LETTER_TO_ARROW
            return draw_letter(tag, x, source.hull.bottom, link.kind, "start")
        case _:
            start, end = source.hull.right, target.frames[0].x
            if min(source.hull.height, target.hull.height) < LOW_BOX:
                start, end = source.span(True)[1], target.span(True)[0] + 6
            if link.badges:
                end = start + LETTER_FONT + 2
            # A little to the left of the middle, away from the head; in the middle where there is no room.
            x = (start + end - min(6, end - start - LETTER_FONT)) / 2
            return draw_letter(tag, x, source.frames[0].cy - distances.LETTER_TO_ARROW - 1, link.kind)


# --- ways between the maps: along a row and across, upright from row to row, over a row -------------------------------


def threads_of(plan: UPlan, places: UPlaces) -> dict[Link, Threaded]:
    """Draw all links, those over a row last."""
    arcs = {arc.link: arc.points for arc in places.arcs}
    straight = [link for link in plan.links if link not in arcs]
    threads = {link: _thread(link, _way(link, places), places, _covered(link, plan, places)) for link in straight}
    return threads | {link: _thread(link, points, places) for link, points in arcs.items()}


def _way(link: Link, places: UPlaces) -> tuple[Point, ...]:
    """Give the corners of a way that is no arc, from border to border."""
    source, target, part = places.ends(link)
    y = source.frames[0].cy
    match link.kind:
        case "down":
            return (source.way_out(-1), source.hull.bottom), (target.way_in(part), target.hull.y)
        case "up":
            x, bottom = target.way_in(part), target.hull.bottom
            if x != source.way_out(source.leave):
                return (source.hull.right, y), (x, y), (x, bottom)
            return (x, source.hull.y), (x, bottom)
        case "head" if target.frames[0].cy != y:
            under, x, start = source.hull.bottom + distances.OUTPUT_UNDER_MAP, target.column(part), source.column(-1)
            return (start, source.hull.bottom), (start, under), (x, under), (x, target.hull.bottom)
        case "skip":
            return (source.hull.right, y), (target.frames[part].x, y)
        case _:
            # A map that comes along the row enters a concatenation as a whole.
            return (source.hull.right, y), (target.frames[0].x, y)


def _covered(link: Link, plan: UPlan, places: UPlaces) -> float:
    """Give what signs on an arrow must keep clear of at its end, besides labels."""
    source, target, part = places.ends(link)
    if link.kind == "up":
        return signal_room(plan.u.skips[target.item.strand.level]) + _more_lines(target, places)
    if link.kind == "down":
        return _more_lines(source, places)
    if link.kind != "skip":
        return 0
    # A signal to a sign must pass what is written under the target.
    written = target.frames[0].x - target.span(False)[0] if lanes_of(link) else 0
    return target.frames[part].x - target.frames[0].x + written


def _more_lines(upper: Piece, places: UPlaces) -> float:
    """Give what is written under the row of a map besides one line under the map."""
    return places.under_row(upper) - upper.hull.bottom - distances.LABEL_ROOM


def _thread(link: Link, points: tuple[Point, ...], places: UPlaces, covered: float = 0) -> Threaded:
    source, target, part = places.ends(link)
    is_along = link.kind in ("conv", "head", "flow") and points[-1][1] == source.frames[0].cy
    start, end = source.part_id(_left(link, source)), target.part_id(0 if is_along else part)
    note = ": ".join(filter(None, (f"{source.item.path} to {target.item.path}", link.text)))
    if is_along and len(points) == 2 and stands_against(link, source, target, places.scale.spacing):
        return thread_against(link, points, source=start, note=note)
    return thread(link, points, source=start, target=end, note=note, covered=covered)


def _left(link: Link, source: Piece) -> int:
    """Name the part of its source whose border a link leaves."""
    match link.kind:
        case "up":
            return source.leave
        case "shortcut":
            return source.stems[link.leaves][0]
        case _:
            return link.leaves


# --- signals ----------------------------------------------------------------------------------------------------------


def signals_of(threads: Mapping[Link, Threaded], plan: UPlan, places: UPlaces) -> Iterator[Arrow]:
    """Lead signals to the signs that listen."""
    for skip, up, row in zip(plan.u.skips, plan.u.ups, plan.u.right, strict=True):
        lanes = lanes_of(skip)
        labels = max(places.pieces[item.id].under for item in row.items)
        for signal, pill in signals_to(skip, threads[skip]) if skip is not None else ():
            lane = lanes.index(signal.heard)
            y = labels + distances.SIGNAL_UNDER_LABELS + distances.SIGNAL_TO_SIGNAL * lane
            start, source = _start(signal, up, y, plan, places, is_last=lane == len(lanes) - 1)
            yield draw_signal(signal, pill, start, y, source=source, path=places.pieces[up.source].item.path)


def _start(signal: Signal, up: Link, y: float, plan: UPlan, places: UPlaces, *, is_last: bool) -> tuple[Point, str]:
    """Say where a signal begins: at the coarser map where there is room beside the arrow up, else on that arrow.

    Only the lowest of several may rise beside the arrow: others would be crossed by it.
    """
    source, target, part = places.ends(up)
    ports, x = plan.ports[up.source], target.way_in(part)
    is_free = (
        x == source.way_out(source.leave)
        and source.frames[-1].width >= 2 * distances.SIGNAL_TO_ARROW
        and not (ports.arcs or ports.arc_ends or ports.enters_above or up.badges)
    )
    if signal.heard == "below" and is_last and is_free:
        return (x - distances.SIGNAL_TO_ARROW, source.hull.y), source.part_id(-1)
    return (x, y), target.part_id(part)
