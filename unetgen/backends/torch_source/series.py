"""Lists whose items differ in one width alone: written once, with the widths beside it.

nn.ModuleList(DoubleConv(2 * channels, channels) for channels in (64, 128, 256, 512))
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from unetgen.backends.torch_source.layout import WIDTH, Bracket, Expr, Repeated, call, flat

_LEAST: Final = 3
"""Items from which on a list is a row of equals."""
_TIMES: Final = (2, 3, 4)
"""How many times one width may be another so that a reader sees why."""
_INDENT: Final = 12
"""Columns in front of what stands in a list of the network."""


def in_series(made: Expr) -> Expr:
    """Write a list of modules as one and its widths, where they differ in nothing else.

    Example:
        >>> ups = (call("Up", "128", "64"), call("Up", "256", "128"), call("Up", "640", "320"))
        >>> flat(in_series(call("nn.ModuleList", Bracket("[", ups, "]"))))
        'nn.ModuleList(Up(2 * channels, channels) for channels in (64, 128, 320))'
    """
    match made:
        case Bracket(open="nn.ModuleList(", items=(Bracket(open="[", items=items),)):
            repeated = _series(items) if len(items) >= _LEAST else None
            return made if repeated is None else call("nn.ModuleList", repeated)
    return made


def _series(items: Sequence[Expr]) -> Repeated | None:
    """Give calls of one callee as one; None where they differ in more than one width, or not in all."""
    calls = [item for item in items if isinstance(item, Bracket)]
    if len(calls) < len(items) or len({(one.open, len(one.items)) for one in calls}) > 1:
        return None
    rows = [tuple(map(flat, row)) for row in zip(*(one.items for one in calls), strict=True)]
    varied = {place: row for place, row in enumerate(rows) if len(set(row)) > 1}
    if not varied or not all(_is_width(calls[0].open, place, row) for place, row in varied.items()):
        return None
    widths = {place: tuple(map(int, row)) for place, row in varied.items()}
    least = min(widths.values())
    written = {place: _in_terms(row, least) for place, row in widths.items()}
    arguments = (written.get(place, row[0]) for place, row in enumerate(rows))
    found = Repeated(call(calls[0].open.removesuffix("("), *arguments), "", values=tuple(map(str, least)))
    return found if all(written.values()) and _INDENT + len(found.clause) <= WIDTH else None


def _is_width(callee: str, place: int, row: Sequence[str]) -> bool:
    """Say whether an argument is a number of channels: positional in our own classes, the first two of convolutions."""
    ours = not callee.startswith("nn.")
    return all(map(str.isdecimal, row)) and (ours or (callee.startswith("nn.Conv") and place < 2))


def _in_terms(row: tuple[int, ...], least: tuple[int, ...]) -> str:
    """Say widths in the least ones; empty if they are not a few times as many."""
    if row == least:
        return "channels"
    times = {width / one for width, one in zip(row, least, strict=True)}
    return next((f"{k} * channels" for k in _TIMES if times == {k}), "")
