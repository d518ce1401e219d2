"""Rows of a U -> sketch: every box, arrow and label at its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from unetgen.drawing.kit.pills import Threaded, pill_width, room_along, thread
from unetgen.drawing.kit.sizes import SPACINGS, Spacing, bars_in
from unetgen.drawing.model.figure import Link, Map, Meeting
from unetgen.drawing.model.shapes import (
    Box,
    Join,
    Label,
    Outline,
    Point,
    Rect,
)
from unetgen.drawing.model.sketch import Sketch
from unetgen.drawing.model.text import text_width
from unetgen.drawing.read.wording import shape_text
from unetgen.drawing.rows.arcs import Arc
from unetgen.drawing.rows.lines import LOW
from unetgen.drawing.rows.pieces import LABEL_ZONE, Piece, part_id
from unetgen.drawing.rows.placing import SKIP_FONT, Placed, hears, place, signal_room, skip_room
from unetgen.drawing.rows.plan import Plan, plan_of
from unetgen.drawing.rows.rows import U
from unetgen.drawing.rows.signals import draw_signals
from unetgen.drawing.rows.tagging import Tags, entries_of

LETTERS: Final = 8
SLAB_LETTERS: Final = 6
BESIDE: Final = 6
"""From an arrow to the letter beside it, or to the words above it."""
UNDER: Final = 8
"""How far below its box the way of an output to the others runs."""
INSET: Final = 3
"""From a box to the dashed outline in it."""
ENDS: Final = 9
"""The font of the words at both ends of the network."""
THINGS: Final = {1: "signal", 2: "image", 3: "volume"}


def draw_u(u: U, widest: float, *, sizes: bool = True, spacings: tuple[Spacing, ...] = SPACINGS) -> Sketch:
    """Draw a U, as roomy as `widest` allows, in points from the first box to the last."""
    plan = plan_of(u, sizes=sizes)
    placed = place(plan, spacings[0])
    for spacing in spacings[1:]:
        if placed.width <= widest:
            break
        placed = place(plan, spacing)
    return _draw(plan, placed)


def _draw(plan: Plan, placed: Placed) -> Sketch:
    pieces = tuple(placed.pieces.values())
    lines = (*_straight(plan, placed), *(_arc(arc, placed) for arc in placed.arcs))
    signals = tuple(draw_signals(plan, placed, lines))
    return Sketch(
        boxes=(*(box for piece in pieces for box in _boxes(piece)), *(pill for line in lines for pill in line.pills)),
        outlines=tuple(_outlines(plan, placed)),
        joins=tuple(join for piece in pieces for join in _joins(piece)),
        arrows=(*(arrow for line in lines for arrow in line.arrows), *signals),
        labels=(*_labels(plan, placed), *(label for line in lines for label in line.labels)),
        entries=entries_of(plan.u, plan.links, plan.tags, max(piece.depth for piece in pieces), bars=placed.scale.bars),
    )


def _boxes(piece: Piece) -> Iterator[Box]:
    item = piece.item
    if isinstance(item, Map):
        for number, (part, frame) in enumerate(zip(item.parts, piece.frames, strict=True)):
            note = ": ".join(filter(None, (part.path, part.text, shape_text(part.shape))))
            shape = tuple(part.shape.as_list())
            covered = number < len(item.parts) - 1
            bars = bars_in(frame.width) if len(part.shape.size) == 1 and not part.text else 0
            id, look = part_id(piece, number), part.look
            yield Box(id, part.path, look, frame, piece.depth, shape, note, covered, bars, part.value)


def _joins(piece: Piece) -> Iterator[Join]:
    item, hull = piece.item, piece.hull
    if isinstance(item, Meeting):
        note = f"{item.path}: {shape_text(item.shape)}"
        yield Join(item.id, item.path, item.symbol, hull.cx, hull.cy, hull.width / 2, 1.0, note)


def _outlines(plan: Plan, placed: Placed) -> Iterator[Outline]:
    for id, crop in dict.fromkeys((link.source, link.crop) for link in plan.links if link.crop is not None):
        piece = placed.pieces[id]
        if placed.scale.spacing.face:
            yield from _cuts(piece, crop)
            continue
        frame = piece.frames[0]
        inset = min(INSET, frame.width / 4)
        width = piece.frames[-1].right - frame.x - 2 * inset
        height = min(placed.scale.height(crop), frame.height - 2 * INSET)
        yield Outline(part_id(piece, 0), Rect(frame.x + inset, frame.cy - height / 2, width, height))


def _cuts(piece: Piece, crop: tuple[int, ...]) -> Iterator[Outline]:
    """Outline what goes on of a map that is seen, to scale."""
    *_, rows, columns = piece.item.shape.size if len(crop) > 1 else (*piece.item.shape.size, 1)
    parts = piece.item.parts if isinstance(piece.item, Map) else ()
    for part, frame in ((n, frame) for n, frame in enumerate(piece.frames) if not parts[n].text):
        width = frame.width * crop[-1] / columns if len(crop) > 1 else frame.width - 2 * INSET
        height = frame.height * crop[-2 if len(crop) > 1 else -1] / rows
        yield Outline(part_id(piece, part), Rect(frame.cx - width / 2, frame.cy - height / 2, width, height))


def _straight(plan: Plan, placed: Placed) -> Iterator[Threaded]:
    for link in _straight_links(plan):
        source, target = placed.pieces[link.source], placed.pieces[link.target]
        part = min(link.part, len(target.frames) - 1)
        covered = _covered(link, target, part, plan)
        yield _arrow(link, source, target, part, _ends(link, source, target, part), covered)


def _straight_links(plan: Plan) -> Iterator[Link]:
    arcs = {arc for row in plan.u.rows for arc in row.arcs}
    return (link for link in plan.links if link not in arcs)


def _ends(link: Link, source: Piece, target: Piece, part: int) -> tuple[Point, ...]:
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
            under, x, start = source.hull.bottom + UNDER, target.column(part), source.column(-1)
            return (start, source.hull.bottom), (start, under), (x, under), (x, target.hull.bottom)
        case "skip":
            return (source.hull.right, y), (target.frames[part].x, y)
        case _:
            # A map that comes along the row enters a concatenation as a whole.
            return (source.hull.right, y), (target.frames[0].x, y)


def _covered(link: Link, target: Piece, part: int, plan: Plan) -> float:
    """Give what signs on an arrow must keep clear of at its end, besides labels."""
    if link.kind == "up":
        return signal_room(plan.u.skips[target.item.strand.level])
    if link.kind != "skip":
        return 0
    # A signal to a sign must pass what is written under the target.
    written = target.frames[0].x - target.span(False)[0] if hears(link) else 0
    return target.frames[part].x - target.frames[0].x + written


def _arrow(
    link: Link, source: Piece, target: Piece, part: int, points: tuple[Point, ...], covered: float = 0
) -> Threaded:
    is_along = link.kind in ("conv", "head", "flow") and points[-1][1] == source.frames[0].cy
    ends = {"source": part_id(source, _left(link, source)), "target": part_id(target, 0 if is_along else part)}
    note = ": ".join(filter(None, (f"{source.item.path} to {target.item.path}", link.text)))
    return thread(link, points, **ends, note=note, covered=covered)


def _left(link: Link, source: Piece) -> int:
    """Name the part of its source whose border a link leaves."""
    match link.kind:
        case "up":
            return source.leave % len(source.frames)
        case "shortcut":
            return source.stems[link.leaves][0]
        case _:
            return link.leaves


def _arc(arc: Arc, placed: Placed) -> Threaded:
    link = arc.link
    source, target = placed.pieces[link.source], placed.pieces[link.target]
    return _arrow(link, source, target, min(link.part, len(target.frames) - 1), arc.points)


def _labels(plan: Plan, placed: Placed) -> Iterator[Label]:
    for piece in placed.pieces.values():
        yield from piece.labels
        yield from _slab_letters(piece, plan.tags)
    yield from _end_words(plan.u, placed)
    for arc in placed.arcs:
        yield from arc.letters
        if arc.link.kind == "skip":
            yield from _skip_words(arc.link, placed.pieces[arc.link.source], arc.points[1][0])
    for link in _straight_links(plan):
        source, target = placed.pieces[link.source], placed.pieces[link.target]
        if link.kind == "skip":
            yield from _skip_words(link, source, *_skip_end(link, target))
        elif link in plan.tags.links:
            over = bool(plan.ports[link.source].arc_ends)
            yield _letter(link, plan.tags.links[link], source, target, over=over)


def _slab_letters(piece: Piece, tags: Tags) -> Iterator[Label]:
    parts = piece.item.parts if isinstance(piece.item, Map) else ()
    for part, frame in zip(parts, piece.frames, strict=False):
        if part in tags.slabs:
            yield Label(tags.slabs[part], frame.cx, frame.cy, SLAB_LETTERS, bold=True)


def _end_words(u: U, placed: Placed) -> Iterator[Label]:
    """Say what goes in and what comes out, beside the first and the last map."""
    first, last = placed.pieces[u.left[0].items[0].id], placed.pieces[u.right[0].items[-1].id]
    thing = THINGS[len(first.item.shape.size)]
    y = first.frames[0].cy
    for line, word in enumerate(("input", thing)):
        yield Label(word, first.hull.x - ENDS, y + (line - 0.5) * 11, ENDS, "end", bold=True)
    for line, word in enumerate(("output", thing if len(first.item.shape.size) != 2 else "map")):
        yield Label(word, last.hull.right + ENDS, y + (line - 0.5) * 11, ENDS, "start", bold=True)


def _skip_end(link: Link, target: Piece) -> tuple[float, float]:
    """Give the x at which a skip ends, and how far its words may go."""
    part = link.part if isinstance(target.item, Map) else 0
    end = target.frames[0 if link.badges else part].x
    return end, min(target.span(above)[0] for above in (True, False))


def _skip_words(link: Link, source: Piece, end: float, right: float | None = None) -> Iterator[Label]:
    """Write on a skip: in one line over it or, where that is too long, the sizes in a line under it."""
    y, start = source.frames[0].cy, source.hull.right
    left = max(source.span(above)[1] for above in (True, False))
    room = room_along(link)
    end, right = end - room, (end if right is None else right) - room
    one_line = " ".join(link.words)
    lines = (one_line,) if text_width(one_line, SKIP_FONT) <= skip_room(right - left) else link.words
    for line, side in zip(lines, (-1, 1), strict=False):
        half = text_width(line, SKIP_FONT) / 2 + 2
        middle = min(max((start + end - 8) / 2, left + half), right - half)
        yield Label(line, middle, y + side * (BESIDE + 2), SKIP_FONT, "middle", "muted")


def _letter(link: Link, tag: str, source: Piece, target: Piece, *, over: bool) -> Label:
    """Set a letter beside an arrow, where no other label is; `over` says that arcs end at its source."""
    beside = max((pill_width(badge.text) / 2 + 2 for badge in link.badges), default=BESIDE)
    match link.kind:
        case "down":
            y = source.hull.bottom + LABEL_ZONE + 9
            return Label(tag, source.column(-1) - beside, y, LETTERS, "end", link.kind, bold=True)
        case "up":
            x, y = target.column(min(link.part, len(target.frames) - 1)), source.hull.y - LABEL_ZONE - 9
            if over:
                # What comes over the row below has its way there.
                y = target.hull.bottom + LABEL_ZONE + 9
            return Label(tag, x + beside, y, LETTERS, "start", link.kind, bold=True)
        case "head" if target.frames[0].cy != source.frames[0].cy:
            return Label(tag, source.hull.right + BESIDE, source.hull.bottom, LETTERS, "start", link.kind, bold=True)
        case _:
            start, end = source.hull.right, target.frames[0].x
            if min(source.hull.height, target.hull.height) < LOW:
                start, end = source.span(True)[1], target.span(True)[0] + 6
            if link.badges:
                end = start + LETTERS + 2
            # A little to the left of the middle, away from the head; in the middle where there is no room.
            x = (start + end - min(6, end - start - LETTERS)) / 2
            return Label(tag, x, source.frames[0].cy - BESIDE - 1, LETTERS, "middle", link.kind, bold=True)
