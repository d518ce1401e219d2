"""Gating signals: dashed elbows from the way up to the signs on skips that listen to it."""

from __future__ import annotations

from collections.abc import Iterator

from unetgen.drawing.kit.pills import Threaded
from unetgen.drawing.model.figure import Link, Signal
from unetgen.drawing.model.pens import draw_arrow
from unetgen.drawing.model.shapes import Arrow, Box, Point
from unetgen.drawing.read.meanings import HEARD


def signals_to(link: Link, threaded: Threaded) -> Iterator[tuple[Signal, Box]]:
    """List what the signs on a link listen to, each with its pill."""
    for badge, pill in zip(link.badges, threaded.pills, strict=True):
        for signal in dict.fromkeys(badge.signals):
            yield signal, pill


def draw_signal(signal: Signal, pill: Box, start: Point, y: float, *, source: str, path: str) -> Arrow:
    """Lead a signal from its start to `y`, along it, and to a pill from below.

    Args:
        source: The id of the box that it leaves.
        path: The network's own name for what gives it.
    """
    points = dict.fromkeys((start, (start[0], y), (pill.frame.cx, y), (pill.frame.cx, pill.frame.bottom)))
    note = f"{path} to {pill.path}: {HEARD[signal.heard]}"
    return draw_arrow("signal", tuple(points), source=source, target=pill.id, note=note, dashed=True)
