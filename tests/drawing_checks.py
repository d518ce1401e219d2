"""What must be true of every drawing, whatever it shows: `problems(drawing)` lists what is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from typing import Final, get_args

from unetgen.drawing import Drawing
from unetgen.drawing.model.picture import segments
from unetgen.drawing.model.shapes import Arrow, Box, Halo, JoinSign, OpKind, Outline, Point, Rect

__all__ = ["problems"]

OPS = get_args(OpKind)
"""Boxes that say in words what an op does, and what goes into a part of a network and comes out."""
WRITTEN_IN = ("norm", "activation", "dropout", "stage", "nested", "end", "mark", *OPS)
"""The kinds of boxes with words inside."""
CLEAR = 0.7
"""What is free above and below the letters of a line of text, in points."""
CLOSE = 3.0
"""How far from a border an arrow may begin or end, in points."""


def problems(drawing: Drawing) -> list[str]:
    """List every flaw that coordinates can show; nothing for a good picture."""
    checks = (_inside, _texts, _boxes, _runs, _pictures, _marks, _ends, _crossings, _directions, _legend)
    return [problem for check in checks for problem in check(drawing)]


def _inside(drawing: Drawing) -> Iterator[str]:
    page = Rect(0, 0, drawing.width, drawing.height)
    for name, room in _everything(drawing):
        if not _contains(page, room):
            yield f"{name} leaves the page"


def _texts(drawing: Drawing) -> Iterator[str]:
    """Find text over text, over a line, over a box that is not its own."""
    labels = [(f"text {label.text!r}", label.hull) for label in drawing.every_label]
    yield from _meeting_pairs(labels)
    boxes = [(box.id, room) for box in drawing.boxes if not _is_written_in(box, drawing) for room in _faces(box)]
    lines = [] if drawing.has_boxes_on_top else [*_lines(drawing.arrows)]
    things = [*boxes, *((join.id, join.hull) for join in drawing.joins), *lines]
    for text, room in labels:
        yield from (f"{text} lies on {thing}" for thing, other in things if room.overlaps(other))
    yield from _struck(drawing)
    for box in (box for box in drawing.boxes if _is_written_in(box, drawing)):
        touching = [label for label in drawing.labels if label.hull.overlaps(box.frame)]
        outside = (label for label in touching if not _contains(box.frame, label.hull))
        yield from (f"{label.text!r} hangs out of {box.id}" for label in outside)


def _is_written_in(box: Box, drawing: Drawing) -> bool:
    """Say whether words stand inside of a box; on a grid they do in every box."""
    return box.kind in WRITTEN_IN or drawing.has_boxes_on_top


def _struck(drawing: Drawing) -> Iterator[str]:
    """Find arrows over words, also where they lean or bow."""
    for label in drawing.labels:
        room = label.hull.inset(0.5)
        for arrow in drawing.arrows:
            if any(_runs_into(piece, room) for piece in pairwise(arrow.points)):
                yield f"{_name(arrow)} runs over {label.text!r}"


def _boxes(drawing: Drawing) -> Iterator[str]:
    """Find boxes that overlap, halves that do not abut, outlines outside their box."""
    for one, other in combinations(drawing.boxes, 2):
        siblings = _base(one.id) == _base(other.id)
        if siblings and one.frame.right != other.frame.x and abs(_number(one) - _number(other)) == 1:
            yield f"{one.id} and {other.id} do not abut"
        elif not siblings and one.hull.overlaps(other.hull):
            yield f"{one.id} and {other.id} overlap"
    for box in drawing.boxes:
        yield from (f"{box.id} and {join.id} overlap" for join in drawing.joins if box.hull.overlaps(join.hull))
        if box.frame.width % 2 or box.frame.height % 2:
            yield f"{box.id} is not an even number of points wide and high"
    for outline in (outline for outline in drawing.outlines if outline.look == "crop"):
        around = _around(box.frame for box in drawing.boxes if _base(box.id) == _base(outline.of))
        if not _contains(around, outline.frame):
            yield f"the outline in {outline.of} hangs out"


def _runs(drawing: Drawing) -> Iterator[str]:
    """Find frames around what comes several times in a row that cut a box or words, or do not hold their own box."""
    frames = {box.id: box.frame for box in drawing.boxes} | {join.id: join.hull for join in drawing.joins}
    for outline in (outline for outline in drawing.outlines if outline.look == "repeat"):
        if not _contains(outline.frame, frames[outline.of]):
            yield f"{outline.of} hangs out of its frame"
        rooms = [*_rooms(drawing), *((label.text, label.hull) for label in drawing.labels)]
        cut = (name for name, room in rooms if outline.frame.overlaps(room) and not _contains(outline.frame, room))
        yield from (f"the frame around {outline.of} cuts {name}" for name in cut)


def _pictures(drawing: Drawing) -> Iterator[str]:
    """Find pictures of maps that hang out of their box, or lie under words."""
    frames = {box.id: box.frame for box in drawing.boxes}
    for picture in drawing.thumbnails:
        if not _contains(frames[picture.of], picture.frame):
            yield f"the picture in {picture.of} hangs out"
        under = (label.text for label in drawing.every_label if label.hull.overlaps(picture.frame))
        yield from (f"the picture in {picture.of} lies under {text!r}" for text in under)


def _marks(drawing: Drawing) -> Iterator[str]:
    """Find marks that are not around or inside of their thing, twice at one, not under an arrow, or under words."""
    rooms, marked = dict(_rooms(drawing)), [*_marked(drawing)]
    rounds = {join.id for join in drawing.joins}
    for outline in marked:
        room, own = rooms[outline.of], outline.frame
        fits = _contains(own, room) and outline.is_round if outline.of in rounds else _contains(room, own)
        if not fits or (own.cx, own.cy) != _middle(outline.of, drawing):
            yield f"the mark of {outline.of} is not at its border"
    ids = [outline.of for outline in marked]
    yield from (f"{id} is marked twice" for id in set(ids) if ids.count(id) > 1)
    lines = [arrow.points for arrow in drawing.arrows]
    yield from (f"the halo at {halo.points} is under no arrow" for halo in drawing.halos if halo.points not in lines)
    for halo in drawing.halos if not drawing.has_boxes_on_top else ():
        for room in _along(halo):
            # Letters are not as high as their line.
            over = (label for label in drawing.labels if label.hull.inset(CLEAR).overlaps(room))
            yield from (f"{label.text!r} is too pale for a halo" for label in over if label.ink != "ink")


def _middle(id: str, drawing: Drawing) -> Point:
    faces = {box.id: box.frame for box in drawing.boxes} | {join.id: join.hull for join in drawing.joins}
    return (faces[id].cx, faces[id].cy)


def _along(halo: Halo) -> Iterator[Rect]:
    half = halo.pen / 2
    for (x0, y0), (x1, y1) in pairwise(halo.points):
        across, down = half * (y0 != y1), half * (x0 != x1)
        yield Rect(min(x0, x1) - across, min(y0, y1) - down, abs(x1 - x0) + 2 * across, abs(y1 - y0) + 2 * down)


def _ends(drawing: Drawing) -> Iterator[str]:
    """Find arrows that do not begin and end at a border of what they join."""
    rooms = dict(_rooms(drawing))
    for arrow in drawing.arrows:
        for id, point in ((arrow.source, arrow.points[0]), (arrow.target, arrow.points[-1])):
            if not _on_border(rooms[id], *point) and not _taps(arrow, point, drawing.arrows):
                yield f"{_name(arrow)} is not at the border of {id}"


def _taps(arrow: Arrow, point: Point, arrows: Iterable[Arrow]) -> bool:
    """Say whether a gating signal begins on the arrow that leads up to what it is said to come from."""
    on = Rect(*point, 0, 0)
    ups = (other for other in arrows if other.kind == "up" and other.target == arrow.source)
    rooms = (room for other in ups for room in segments(other))
    return arrow.kind == "signal" and point == arrow.points[0] and any(on.overlaps(room) for room in rooms)


def _crossings(drawing: Drawing) -> Iterator[str]:
    """Find arrows over boxes or joins that are not theirs, and arrows over arrows, which may cross on a grid."""
    things: list[Box | JoinSign] = [*drawing.boxes, *drawing.joins]
    for arrow in drawing.arrows:
        own = {_base(arrow.source), _base(arrow.target)}
        for thing in things:
            inner = thing.hull.inset(1.5)
            if _base(thing.id) not in own and any(_runs_into(piece, inner) for piece in pairwise(arrow.points)):
                yield f"{_name(arrow)} runs over {thing.id}"
    yield from _shared(drawing.arrows)
    if drawing.has_boxes_on_top:
        return
    for one, other in combinations(drawing.arrows, 2):
        pairs = ((a, b) for a in segments(one) for b in segments(other) if a.overlaps(b))
        if any(not _may_meet(one, other, a, b) for a, b in pairs):
            yield f"{_name(one)} runs over {_name(other)}"


SHARED: Final = 4.0
"""How far two lines may run upon each other, in points: where tips meet."""


def _shared(arrows: Iterable[Arrow]) -> Iterator[str]:
    """Find arrows from different maps that run upon each other along a stretch."""
    straight = [(arrow, [piece for piece in pairwise(arrow.points) if _is_straight(piece)]) for arrow in arrows]
    for (one, pieces), (other, others) in combinations(straight, 2):
        if one.source == other.source or "signal" in (one.kind, other.kind):
            continue
        if any(_common(piece, beside) > SHARED for piece in pieces for beside in others):
            yield f"{_name(one)} runs upon {_name(other)}"


def _is_straight(piece: tuple[Point, Point]) -> bool:
    (x0, y0), (x1, y1) = piece
    return x0 == x1 or y0 == y1


def _common(piece: tuple[Point, Point], other: tuple[Point, Point]) -> float:
    """Give how long the common stretch of two level or two upright lines is."""
    for across, along in ((0, 1), (1, 0)):
        places = [point[across] for point in (*piece, *other)]
        if max(places) - min(places) < 1:
            (a, b), (c, d) = (sorted(point[along] for point in ends) for ends in (piece, other))
            return min(b, d) - max(a, c)
    return 0.0


def _runs_into(piece: tuple[Point, Point], room: Rect) -> bool:
    """Say whether a straight piece of a line, which may lean, enters a rectangle.

    It does unless a line parts them: one along a side of the rectangle, or one along the piece itself.
    """
    (x0, y0), (x1, y1) = piece
    left, right = sorted((x0, x1))
    top, bottom = sorted((y0, y1))
    if right <= room.x or left >= room.right or bottom <= room.y or top >= room.bottom:
        return False
    corners = ((x, y) for x in (room.x, room.right) for y in (room.y, room.bottom))
    sides = [(x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) for x, y in corners]
    return min(sides) < 0 < max(sides)


def _may_meet(one: Arrow, other: Arrow, a: Rect, b: Rect) -> bool:
    """Allow shortcuts to begin as one, and to cross at right angles where neither bends.

    Also that a skip which goes over its row crosses the arrow that leads up from there, that a gating signal begins on
    its arrow up, that several begin as one, and that the way up and an output beside it leave a map as one.
    """
    kinds = {one.kind, other.kind}
    if kinds == {"signal", "up"}:
        signal, room = (one, a) if one.kind == "signal" else (other, b)
        return room == next(segments(signal)) and _taps(signal, signal.points[0], (one, other))
    if kinds in ({"signal"}, {"up", "head"}, {"shortcut"}) and one.points[0] == other.points[0]:
        return True
    return kinds in ({"skip", "up"}, {"shortcut"}) and (_goes_through(a, b) or _goes_through(b, a))


def _goes_through(across: Rect, upright: Rect) -> bool:
    """Say whether a level piece and an upright one cross, each going on to both sides."""
    is_across = across.x < upright.x and upright.right < across.right
    return is_across and upright.y < across.y and across.bottom < upright.bottom


def _directions(drawing: Drawing) -> Iterator[str]:
    """Find skips that are not level, and arrows between levels that do not fall or rise straight."""
    if drawing.has_boxes_on_top:
        return
    for arrow in drawing.arrows:
        (x0, y0), (x1, y1) = arrow.points[0], arrow.points[-1]
        (x2, _) = arrow.points[-2]
        match arrow.kind:
            case "skip" | "conv" | "head" | "flow" if len(arrow.points) == 2 and (y0 != y1 or x0 >= x1):
                yield f"{_name(arrow)} is not level"
            case "down" if x2 != x1 or y0 >= y1:
                yield f"{_name(arrow)} does not fall straight"
            case "up" if (arrow.head and (x2 != x1 or y0 <= y1)) or (not arrow.head and y0 < y1):
                yield f"{_name(arrow)} does not rise straight"


def _legend(drawing: Drawing) -> Iterator[str]:
    """Find a legend that lies on something, or whose words leave it, or that misses or invents a look."""
    frame = drawing.legend.frame
    for name, room in (*_things(drawing), *((label.text, label.hull) for label in drawing.labels)):
        if frame.overlaps(room):
            yield f"the legend lies on {name}"
    for row in drawing.legend.rows:
        yield from (f"{label.text!r} leaves the legend" for label in row.labels if not _contains(frame, label.hull))
    samples = [part for row in drawing.legend.rows for part in row.sample]
    looks = [part for part in samples if isinstance(part, Box | Arrow)]
    explained = {(part.kind, isinstance(part, Arrow) and part.dashed) for part in looks}
    # An arrow that does nothing speaks for itself, and so do the boxes that say what goes in and out, or what they do.
    spoken = [arrow for arrow in drawing.arrows if arrow.kind != "flow" or not _does_nothing(arrow)]
    boxes = [box for box in drawing.boxes if box.kind not in ("end", *OPS)]
    # A map in the colour of its arrow is explained as a map, and the arrow beside it.
    kinds = {"map" if box.kind.endswith(" map") else box.kind for box in boxes}
    drawn = {(kind, False) for kind in kinds} | {(arrow.kind, arrow.dashed) for arrow in spoken}
    if drawing.legend.rows and explained != drawn:
        yield f"the legend explains {explained - drawn} and misses {drawn - explained}"
    for kind in (Outline, Halo):
        said, used = (
            {_status(part) for part in parts if isinstance(part, kind)} for parts in (samples, _marking(drawing))
        )
        if drawing.legend.rows and not used <= said:
            yield f"the legend misses what is {used - said}"
    said = {_status(part) for part in samples if isinstance(part, Outline)}
    if not said <= {_status(part) for part in _marking(drawing)}:
        yield f"the legend invents what is {said}"


def _does_nothing(arrow: Arrow) -> bool:
    return arrow.note.partition(": ")[2] in ("", "passed on as it is")


def _marking(drawing: Drawing) -> list[Outline | Halo]:
    return [*_marked(drawing), *drawing.halos]


def _marked(drawing: Drawing) -> Iterator[Outline]:
    """List the outlines that mark what became of a part."""
    return (outline for outline in drawing.outlines if outline.look not in ("crop", "repeat"))


def _status(mark: Outline | Halo) -> str:
    return mark.look if isinstance(mark, Outline) else mark.status


def _faces(box: Box) -> Iterator[Rect]:
    """Give the room of a box that is seen: of a cuboid with another one against it, the right face is not."""
    if not box.covered:
        yield box.hull
        return
    yield box.frame
    yield Rect(box.frame.x, box.frame.y - box.depth, box.frame.width + box.depth, box.depth)


def _everything(drawing: Drawing) -> Iterator[tuple[str, Rect]]:
    yield from _things(drawing)
    yield from ((label.text, label.hull) for label in drawing.every_label)
    yield "the legend", drawing.legend.frame


def _things(drawing: Drawing) -> Iterator[tuple[str, Rect]]:
    yield from _rooms(drawing)
    yield from _lines(drawing.arrows)
    yield from (("a halo", room) for halo in drawing.halos for room in _along(halo))


def _rooms(drawing: Drawing) -> Iterator[tuple[str, Rect]]:
    """Give the room of every box and every join."""
    yield from ((box.id, box.hull) for box in drawing.boxes)
    yield from ((join.id, join.hull) for join in drawing.joins)


def _lines(arrows: Iterable[Arrow]) -> Iterator[tuple[str, Rect]]:
    """Give the room of every line and of every head."""
    for arrow in arrows:
        yield from ((_name(arrow), room) for room in segments(arrow))
        if arrow.head:
            xs, ys = zip(arrow.points[-1], *arrow.barbs, strict=True)
            yield f"the head of {_name(arrow)}", Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _meeting_pairs(rooms: list[tuple[str, Rect]]) -> Iterator[str]:
    for (one, room), (other, other_room) in combinations(rooms, 2):
        if room.overlaps(other_room):
            yield f"{one} lies on {other}"


def _name(arrow: Arrow) -> str:
    return f"the {arrow.kind} arrow from {arrow.source} to {arrow.target}"


def _contains(outer: Rect, inner: Rect) -> bool:
    return outer.x <= inner.x and outer.y <= inner.y and inner.right <= outer.right and inner.bottom <= outer.bottom


def _around(rooms: Iterable[Rect]) -> Rect:
    every = list(rooms)
    x, y = min(room.x for room in every), min(room.y for room in every)
    return Rect(x, y, max(room.right for room in every) - x, max(room.bottom for room in every) - y)


def _on_border(room: Rect, x: float, y: float) -> bool:
    is_near = room.x - CLOSE <= x <= room.right + CLOSE and room.y - CLOSE <= y <= room.bottom + CLOSE
    inner = room.inset(CLOSE)
    return is_near and not (inner.x < x < inner.right and inner.y < y < inner.bottom)


def _base(id: str) -> str:
    """Give the id without the number of a half."""
    base, _, number = id.rpartition(" ")
    return base if number.isdigit() else id


def _number(box: Box) -> int:
    number = box.id.rpartition(" ")[2]
    return int(number) if number.isdigit() else 0
