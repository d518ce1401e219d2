"""Two drawn networks -> marks: outlines around what differs, halos under arrows that do.

# NOTE: [What a mark means]
A thing is marked if one of the nodes that it stands for differs; so every node that differs is seen, and where none
does there are no marks. It is new or removed if what it is named after is; else it is changed, or tinted where all that
differs follows from something before it: other channels or sizes of what it takes. An arrow is marked if what it does
differs, channels included, or if it leads to or from something marked and has no counterpart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeVar, get_args

from unetgen.analyses.differences import Differences, differences, part_differences
from unetgen.drawing.model.picture import LegendEntry, Sketch, segments
from unetgen.drawing.model.shapes import HALO, Box, Halo, JoinSign, OpKind, Outline, Rect, Status, TextLabel
from unetgen.drawing.page.connections import Connection, Name, Thing, View, correspond
from unetgen.ir import Network

Mark = Status | Literal["follows"]
"""What becomes of a thing, or what follows for it."""
MARK_INSET: Final = 2
"""From the border of a map to the middle of the line that marks it: maps may stand side by side."""
MARK_AROUND: Final = 2
"""From a join's circle to the one that marks it."""


MEANINGS: Final[Mapping[Mark, str]] = {
    "changed": "changed",
    "follows": "the same, on other channels or sizes",
    "removed": "removed: not in the second network",
    "new": "new: not in the first network",
}

Alone = Literal["removed", "new"]
Statuses = Mapping[str, Mark]
T = TypeVar("T")
Both = tuple[T, T]
"""One of the first network, one of the second."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A network, and the sketch of it, or of a part of it: then with the paths of the ops that are drawn."""

    network: Network
    sketch: Sketch
    only: frozenset[str] | None = None


def mark(before: Drawn, after: Drawn) -> Both[Sketch]:
    """Mark what differs in both sketches, see [What a mark means]."""
    one, other = (View(drawn.network, drawn.sketch, drawn.only) for drawn in (before, after))
    views = one, other
    found = differences(before.network, after.network) | part_differences(before.network, after.network)
    if not found:
        return before.sketch, after.sketch
    things = _statuses(views[0], found, "removed"), _statuses(views[1], found, "new")
    arrows = _arrows(views, things)
    return _marked(views[0], things[0], arrows[0]), _marked(views[1], things[1], arrows[1])


def _statuses(view: View, found: Differences[Name], alone: Alone) -> Statuses:
    statuses = ((id, _status(thing, view, found, alone)) for id, thing in view.things.items())
    return {id: status for id, status in statuses if status is not None}


def _status(thing: Thing, view: View, found: Differences[Name], alone: Alone) -> Mark | None:
    one_sided = found.removed if alone == "removed" else found.new
    name, made = view.name(thing), {node.path for node in view.made[thing.id]}
    if name in one_sided or (name is None and made and made <= one_sided):
        return alone
    if not (found.changed | one_sided).isdisjoint({name, *made}):
        return "changed"
    return "follows" if not found.follows.isdisjoint({name, *made}) else None


def _arrows(views: Both[View], things: Both[Statuses]) -> Both[dict[int, Status]]:
    """Say which pieces of arrows are marked, by their places."""
    marks: Both[dict[int, Status]] = {}, {}
    for pair in correspond(*(tuple(view.connections()) for view in views)):
        match pair:
            case (Connection() as one, Connection() as other):
                if (one.does, one.signs) != (other.does, other.signs):
                    marks[0].update(dict.fromkeys(one.pieces, "changed"))
                    marks[1].update(dict.fromkeys(other.pieces, "changed"))
            case (Connection() as one, None) if not things[0].keys().isdisjoint((one.source, one.target)):
                marks[0].update(dict.fromkeys(one.pieces, "removed"))
            case (None, Connection() as other) if not things[1].keys().isdisjoint((other.source, other.target)):
                marks[1].update(dict.fromkeys(other.pieces, "new"))
    return marks


def _marked(view: View, things: Statuses, arrows: Mapping[int, Status]) -> Sketch:
    sketch = view.sketch
    halos = tuple(Halo(sketch.arrows[place].points, status, HALO) for place, status in sorted(arrows.items()))
    grounds = tuple(room for halo in halos for room in segments(halo) if min(room.width, room.height) <= HALO)
    marks = {status: LegendEntry(status, MEANINGS[status]) for status in (*things.values(), *arrows.values())}
    return replace(
        sketch,
        boxes=tuple(replace(box, note=_note(box, things)) for box in sketch.boxes),
        joins=tuple(replace(join, note=_note(join, things)) for join in sketch.joins),
        outlines=(*sketch.outlines, *(_outline(view.things[id], status) for id, status in things.items())),
        labels=tuple(_readable(label, grounds) for label in sketch.labels),
        halos=halos,
        entries=(*sketch.entries, *marks.values()),
    )


def _readable(label: TextLabel, grounds: tuple[Rect, ...]) -> TextLabel:
    """Write what stands close to an arrow, and so on its halo, in the ink that can be read there."""
    is_on_halo = label.ink != "ink" and any(label.hull.overlaps(ground) for ground in grounds)
    return replace(label, ink="ink") if is_on_halo else label


def _note(thing: Thing, things: Statuses) -> str:
    return f"{thing.note}; {MEANINGS[things[thing.id]]}" if thing.id in things else thing.note


def _outline(thing: Thing, status: Mark) -> Outline:
    """Draw a line just inside the border of a box, or around a join."""
    match thing:
        case JoinSign():
            ring = thing.hull.inset(-MARK_AROUND)
            return Outline(thing.id, ring, status, ring.width / 2)
        case Box(radius=radius, kind=kind) if radius or kind in get_args(OpKind):
            # The border itself: words may stand close to it.
            return Outline(thing.id, thing.frame, status, radius)
        case Box():
            return Outline(thing.id, thing.frame.inset(MARK_INSET), status)
