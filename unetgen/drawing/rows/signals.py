"""Gating signals: dashed elbows from the way up to the signs on skips that listen to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unetgen.drawing.kit.pills import Threaded
from unetgen.drawing.model.figure import Link, Signal
from unetgen.drawing.model.pens import draw_arrow
from unetgen.drawing.model.shapes import Arrow, Box, Point
from unetgen.drawing.read.meanings import HEARD
from unetgen.drawing.rows.pieces import LABEL_ZONE, part_id
from unetgen.drawing.rows.placing import LANE, Placed, lanes_of
from unetgen.drawing.rows.plan import Plan

UNDER: Final = 6
"""How far below the labels of a row a signal runs."""
BESIDE: Final = 4
"""From a signal to the arrow up beside which it rises."""


def draw_signals(plan: Plan, placed: Placed, lines: tuple[Threaded, ...]) -> Iterator[Arrow]:
    """Lead signals to the signs that listen."""
    pills = {pill.id: pill for line in lines for pill in line.pills}
    for level, skip in enumerate(plan.u.skips):
        lanes = lanes_of(skip)
        for badge in skip.badges if skip is not None else ():
            for signal in dict.fromkeys(badge.signals):
                lane = lanes.index(signal.heard)
                yield _signal(
                    signal, pills[f"{badge.id} sign"], level, plan, placed, lane, is_last=lane == len(lanes) - 1
                )


def _signal(signal: Signal, pill: Box, level: int, plan: Plan, placed: Placed, lane: int, *, is_last: bool) -> Arrow:
    row, up = plan.u.right[level], plan.u.ups[level]
    y = max(placed.pieces[item.id].hull.bottom for item in row.items) + LABEL_ZONE + UNDER + LANE * lane
    start, source = _start(signal, up, y, plan, placed, is_last=is_last)
    turn = () if start[1] == y else ((start[0], y),)
    note = f"{placed.pieces[up.source].item.path} to {pill.path}: {HEARD[signal.heard]}"
    points = (start, *turn, (pill.frame.cx, y), (pill.frame.cx, pill.frame.bottom))
    return draw_arrow("signal", points, source=source, target=pill.id, note=note, dashed=True)


def _start(signal: Signal, up: Link, y: float, plan: Plan, placed: Placed, *, is_last: bool) -> tuple[Point, str]:
    """Say where a signal begins: at the coarser map where there is room beside the arrow up, else on that arrow.

    Only the lowest of several may rise beside the arrow: others would be crossed by it.
    """
    source, target = placed.pieces[up.source], placed.pieces[up.target]
    ports = plan.ports[up.source]
    x = target.column(min(up.part, len(target.frames) - 1))
    is_free = (
        x == source.column(source.leave)
        and source.frames[-1].width >= 2 * BESIDE
        and not (ports.arcs or ports.arc_ends)
    )
    if signal.heard == "below" and is_last and is_free and not ports.enters_above and not up.badges:
        return (x - BESIDE, source.hull.y), part_id(source, len(source.frames) - 1)
    return (x, y), part_id(target, min(up.part, len(target.frames) - 1))
