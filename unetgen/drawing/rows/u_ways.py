"""Ways between the maps of a U: level along a row and across, upright from row to row, over a row; and the signals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from unetgen.drawing.kit.distances import (
    LABEL_ROOM,
    OUTPUT_UNDER_MAP,
    SIGNAL_TO_ARROW,
    SIGNAL_TO_SIGNAL,
    SIGNAL_UNDER_LABELS,
)
from unetgen.drawing.kit.signs import Threaded, draw_signal, signals_to, thread
from unetgen.drawing.model.figure import Link, Signal
from unetgen.drawing.model.shapes import Arrow, Point
from unetgen.drawing.rows.pieces import Piece
from unetgen.drawing.rows.u_places import UPlaces, lanes_of, signal_room
from unetgen.drawing.rows.u_plan import UPlan


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
            return (source.column(-1), source.hull.bottom), (target.column(part), target.hull.y)
        case "up":
            x, bottom = target.column(part), target.hull.bottom
            if x != source.column(source.leave):
                return (source.hull.right, y), (x, y), (x, bottom)
            return (x, source.hull.y), (x, bottom)
        case "head" if target.frames[0].cy != y:
            under, x, start = source.hull.bottom + OUTPUT_UNDER_MAP, target.column(part), source.column(-1)
            return (start, source.hull.bottom), (start, under), (x, under), (x, target.hull.bottom)
        case "skip":
            return (source.hull.right, y), (target.frames[part].x, y)
        case _:
            # A map that comes along the row enters a concatenation as a whole.
            return (source.hull.right, y), (target.frames[0].x, y)


def _covered(link: Link, plan: UPlan, places: UPlaces) -> float:
    """Give what signs on an arrow must keep clear of at its end, besides labels."""
    _, target, part = places.ends(link)
    if link.kind == "up":
        return signal_room(plan.u.skips[target.item.strand.level])
    if link.kind != "skip":
        return 0
    # A signal to a sign must pass what is written under the target.
    written = target.frames[0].x - target.span(False)[0] if lanes_of(link) else 0
    return target.frames[part].x - target.frames[0].x + written


def _thread(link: Link, points: tuple[Point, ...], places: UPlaces, covered: float = 0) -> Threaded:
    source, target, part = places.ends(link)
    is_along = link.kind in ("conv", "head", "flow") and points[-1][1] == source.frames[0].cy
    ends = {"source": source.part_id(_left(link, source)), "target": target.part_id(0 if is_along else part)}
    note = ": ".join(filter(None, (f"{source.item.path} to {target.item.path}", link.text)))
    return thread(link, points, **ends, note=note, covered=covered)


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
        under = max(places.pieces[item.id].hull.bottom for item in row.items) + LABEL_ROOM + SIGNAL_UNDER_LABELS
        for signal, pill in signals_to(skip, threads[skip]) if skip is not None else ():
            lane = lanes.index(signal.heard)
            y = under + SIGNAL_TO_SIGNAL * lane
            start, source = _start(signal, up, y, plan, places, is_last=lane == len(lanes) - 1)
            yield draw_signal(signal, pill, start, y, source=source, path=places.pieces[up.source].item.path)


def _start(signal: Signal, up: Link, y: float, plan: UPlan, places: UPlaces, *, is_last: bool) -> tuple[Point, str]:
    """Say where a signal begins: at the coarser map where there is room beside the arrow up, else on that arrow.

    Only the lowest of several may rise beside the arrow: others would be crossed by it.
    """
    source, target, part = places.ends(up)
    ports, x = plan.ports[up.source], target.column(part)
    is_free = (
        x == source.column(source.leave)
        and source.frames[-1].width >= 2 * SIGNAL_TO_ARROW
        and not (ports.arcs or ports.arc_ends or ports.enters_above or up.badges)
    )
    if signal.heard == "below" and is_last and is_free:
        return (x - SIGNAL_TO_ARROW, source.hull.y), source.part_id(-1)
    return (x, y), target.part_id(part)
