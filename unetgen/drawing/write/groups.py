"""What of a picture belongs together, for whoever changes it by hand: layers, and in them things with their words.

A box comes with the outline inside it and with the words that are said of it, so that all of it moves as one.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from unetgen.drawing.model.picture import AnyShape, Picture, segments
from unetgen.drawing.model.shapes import Arrow, Box, JoinSign, Outline, Rect, TextLabel

Layer = Literal["words", "boxes", "changed boxes", "changed arrows", "skips", "arrows", "joins", "legend"]
"""What may be hidden or restyled at once; words without a thing of their own, such as the title, have a layer."""
Thing = Box | JoinSign | Arrow

NEAR: Final = 12.0
"""Within so many points of a thing, words are said of it; what stands around a network is farther away."""
CELL: Final = 64.0
"""The side of the squares in which things are looked for, in points."""
STRANGE: Final = re.compile(r"[^A-Za-z0-9._-]+")
"""What no id of XML may hold, or had better not."""


@dataclass(frozen=True, slots=True)
class Group:
    """What is moved as one.

    Args:
        id: Made from the network's own names, unique in the picture, and one that XML allows; empty for what has no
            name, such as a title.
        shapes: In the order in which they are painted; first the thing, last its words.
    """

    id: str
    layer: Layer
    shapes: tuple[AnyShape, ...]


def groups(picture: Picture) -> Iterator[Group]:
    """List everything in the order in which it is painted, layer by layer, each over what comes before it."""
    ids, said = Ids(), _said(picture)
    names = {id(thing): ids.of(thing.id) for thing in picture.things}
    lines = (*_halos(picture), *_arrows(picture, names, ids, said))
    boxes = tuple(_boxes(picture, names, said))
    # The title first: it is what people hear, or copy, first.
    yield from (Group("", "words", (label,)) for label in said[NOBODY])
    yield from (*lines, *boxes) if picture.has_boxes_on_top else (*boxes, *lines)
    for join in picture.joins:
        yield Group(names[id(join)], "joins", (join, *said[id(join)]))
    yield from _legend(picture, ids)


class Ids:
    """Ids that XML allows, each of which is given once.

    Example:
        >>> ids = Ids()
        >>> ids.of("skip.0.concat 1"), ids.of("skip.0.concat-1"), ids.of("3D")
        ('skip.0.concat-1', 'skip.0.concat-1-2', '_3D')
    """

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def of(self, text: str) -> str:
        """Make an id of a text."""
        plain = STRANGE.sub("-", text)
        first = plain if plain[:1].isalpha() else f"_{plain}"
        found, number = first, self._given.get(first, 0)
        while found in self._given:
            number += 1
            found = f"{first}-{number + 1}"
        self._given[first] = number
        self._given.setdefault(found, 0)
        return found


def _boxes(picture: Picture, names: Mapping[int, str], said: Mapping[int, Sequence[TextLabel]]) -> Iterator[Group]:
    inside = defaultdict[str, list[Outline]](list)
    for outline in picture.outlines:
        # It may reach over what is made of a map, and lies over the last of these boxes.
        under = (box.id for box in reversed(picture.boxes) if outline.frame.overlaps(box.frame))
        inside[next(under, "") if outline.look in ("crop", "repeat") else ""].append(outline)
    for box in picture.boxes:
        yield Group(names[id(box)], "boxes", (box, *inside[box.id], *said[id(box)]))
    yield from (Group("", "changed boxes", (outline,)) for outline in inside[""])


def _halos(picture: Picture) -> Iterator[Group]:
    yield from (Group("", "changed arrows", (halo,)) for halo in picture.halos)


def _arrows(
    picture: Picture, names: Mapping[int, str], ids: Ids, said: Mapping[int, Sequence[TextLabel]]
) -> Iterator[Group]:
    """List the arrows, skips under all others; their ids say where they lead from and to."""
    ends = {thing.id: names[id(thing)] for thing in picture.things}
    for arrow in sorted(picture.arrows, key=lambda arrow: arrow.kind != "skip"):
        name = ids.of(f"{ends.get(arrow.source, arrow.source)}-to-{ends.get(arrow.target, arrow.target)}")
        yield Group(name, "skips" if arrow.kind == "skip" else "arrows", (arrow, *said[id(arrow)]))


def _legend(picture: Picture, ids: Ids) -> Iterator[Group]:
    if not picture.legend.rows:
        return
    yield Group(ids.of("legend"), "legend", (picture.legend,))
    for number, row in enumerate(picture.legend.rows, start=1):
        yield Group(ids.of(f"legend.{number}"), "legend", (*row.sample, *row.labels))


# --- whose words are whose --------------------------------------------------------------------------------------------


NOBODY: Final = 0
"""Where words stand that are said of no thing."""


def _said(picture: Picture) -> defaultdict[int, list[TextLabel]]:
    """List the labels that are said of each thing, by its identity: that in which they stand, or else the nearest."""
    cells = _cells(picture)
    said = defaultdict[int, list[TextLabel]](list)
    for label in picture.labels:
        hull = label.hull
        near = {id(thing): (thing, rooms) for cell in _around(hull) for thing, rooms in cells[cell]}
        found = ((_distance(label, hull, *one), number) for number, one in near.items())
        distance, number = min(found, default=((math.inf,), NOBODY), key=lambda pair: pair[0])
        said[number if distance[0] <= NEAR else NOBODY].append(label)
    return said


Roomed = tuple[Thing, tuple[Rect, ...]]
"""A thing with its rooms, which are asked for often."""


def _cells(picture: Picture) -> defaultdict[tuple[int, int], list[Roomed]]:
    """Sort things by the squares that they are near to: of hundreds, few are looked at for a label."""
    cells = defaultdict[tuple[int, int], list[Roomed]](list)
    for thing in (*picture.things, *picture.arrows):
        rooms = _rooms(thing)
        near = {cell for room in rooms for cell in _around(room.inset(-NEAR))}
        for cell in sorted(near):
            cells[cell].append((thing, rooms))
    return cells


def _around(room: Rect) -> Iterator[tuple[int, int]]:
    across, down = ((room.x, room.right), (room.y, room.bottom))
    for column in range(int(across[0] // CELL), int(across[1] // CELL) + 1):
        yield from ((column, row) for row in range(int(down[0] // CELL), int(down[1] // CELL) + 1))


def _rooms(thing: Thing) -> tuple[Rect, ...]:
    return tuple(segments(thing)) if isinstance(thing, Arrow) else (thing.hull,)


def _distance(label: TextLabel, hull: Rect, thing: Thing, rooms: tuple[Rect, ...]) -> tuple[float, float, float]:
    """Say how far a label is from a thing, how far its middle, and how large the thing is: an inner box comes first.

    A text in the colour of arrows speaks of one of them.
    """
    kind = thing.kind if isinstance(thing, Arrow) else None
    if label.ink not in ("ink", "muted", kind):
        return math.inf, math.inf, math.inf
    middle = Rect(hull.cx, hull.cy, 0, 0)
    size = math.inf if isinstance(thing, Arrow) else rooms[0].width * rooms[0].height
    return min(_apart(hull, room) for room in rooms), min(_apart(middle, room) for room in rooms), size


def _apart(one: Rect, other: Rect) -> float:
    across = max(0.0, one.x - other.right, other.x - one.right)
    return math.hypot(across, max(0.0, one.y - other.bottom, other.y - one.bottom))
