"""Figure -> rows of a U and the links between them; and what else needs no coordinates: letters, ports, the legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from unetgen.drawing.kit.signs import Look, sign_entries, tag
from unetgen.drawing.kit.sizes import CROPPED_BOX, CROWDED_BOX, NARROWEST_BOX, SPARED
from unetgen.drawing.model.figure import Figure, Item, Link, Map, Part, Side, Strand
from unetgen.drawing.model.picture import LegendEntry
from unetgen.drawing.model.shapes import ArrowKind
from unetgen.drawing.model.text import halved
from unetgen.drawing.read.shape_words import NUMBERS, ShapeWords
from unetgen.drawing.read.words import difference


@dataclass(frozen=True, slots=True)
class Row:
    """The items of one level on one side, from left to right; outputs beside the way up stand last.

    `steps` has one link from each item to the next; `arcs` are the other links to items of the row, from before them
    in the row, from the last item of the row above, or from the other side where maps meet after the stage.
    """

    strand: Strand
    items: tuple[Item, ...]
    steps: tuple[Link, ...]
    arcs: tuple[Link, ...]

    @property
    def exit(self) -> int:
        """The number of the item from which the way goes on to another row."""
        return max((number for number, item in enumerate(self.items) if not _is_aside(item)), default=0)


@dataclass(frozen=True, slots=True)
class URows:
    """Rows by level; `downs[i]` leaves level i, `ups[i]` and `skips[i]` enter it on the right.

    `fusions` lead from outputs of lower levels to where all outputs meet.
    """

    left: tuple[Row, ...]
    bottom: Row
    right: tuple[Row, ...]
    downs: tuple[Link, ...]
    ups: tuple[Link, ...]
    skips: tuple[Link | None, ...]
    fusions: tuple[Link, ...] = ()

    @property
    def depth(self) -> int:
        return len(self.left)

    @property
    def turns_at_one(self) -> bool:
        """Whether the way up starts at the first map of the bottom, which it must leave sideways."""
        return self.bottom.exit == 0

    @property
    def bridges(self) -> Iterator[Link]:
        """List the skips that go over a row, or a pair of rows, from a map that is not the last of its row."""
        exits = {row.items[row.exit].id for row in self.left}
        return (arc for row in self.rows for arc in row.arcs if arc.kind == "skip" and arc.source not in exits)

    @property
    def rows(self) -> tuple[Row, ...]:
        return (*self.left, self.bottom, *self.right)

    @property
    def parts(self) -> Iterator[Part]:
        """List the boxes of all maps."""
        return (part for row in self.rows for item in row.items if isinstance(item, Map) for part in item.parts)

    @property
    def links(self) -> tuple[Link, ...]:
        """All links, in the order of a walk down, along and up."""
        inside = (link for row in (*self.left, self.bottom, *reversed(self.right)) for link in (*row.steps, *row.arcs))
        arcs = {arc for row in self.rows for arc in row.arcs}
        skips = (skip for skip in self.skips if skip is not None and skip not in arcs)
        return (*inside, *self.downs, *self.ups, *skips, *self.fusions)


def as_u(figure: Figure) -> URows | None:
    """Sort a figure into the rows of a U; None when it is no plain U."""
    strands = {item.id: item.strand for item in figure.items}
    depth = max(strand.level for strand in strands.values())
    rows = {strand: _row(strand, figure) for strand in _all_strands(depth)}
    if set(strands.values()) != set(rows) or not all(map(_is_chain, rows.values())):
        return None
    inside = {link for row in rows.values() for link in (*row.steps, *row.arcs)}
    between = [link for link in figure.links if link not in inside]
    left = tuple(rows[Strand("left", level)] for level in range(depth))
    right = tuple(rows[Strand("right", level)] for level in range(depth))
    bottom = rows[Strand("bottom", depth)]
    downs = _find(between, zip(left, (*left[1:], bottom), strict=True), "down")
    ups = _find(between, zip((*right[1:], bottom), right, strict=True), "up")
    skips = tuple(_skip(figure, *pair) for pair in zip(left, right, strict=True))
    fusions = tuple(link for link in between if link.kind == "head")
    direct = [link for link in skips if link is not None and link in between]
    if len(downs) < depth or len(ups) < depth or len((*downs, *ups, *direct, *fusions)) != len(between):
        return None
    return URows(left, bottom, right, downs, ups, skips, fusions)


def unchained(figure: Figure) -> frozenset[Strand]:
    """List the rows whose items are no chain."""
    strands = {item.strand for item in figure.items}
    return frozenset(strand for strand in strands if not _is_chain(_row(strand, figure)))


def _all_strands(depth: int) -> tuple[Strand, ...]:
    sides: tuple[Side, Side] = ("left", "right")
    return (*(Strand(side, level) for side in sides for level in range(depth)), Strand("bottom", depth))


def _row(strand: Strand, figure: Figure) -> Row:
    items = tuple(item for item in figure.items if item.strand == strand)
    place = {item.id: number for number, item in enumerate(items)}
    inside = [link for link in figure.links if link.source in place and link.target in place]
    along = (link for link in inside if link.kind not in ("shortcut", "skip"))
    steps = [link for link in along if place[link.target] == place[link.source] + 1]
    above = _last_above(strand, figure)
    drops = [link for link in figure.links if link.source == above and place.get(link.target, 0) > 0]
    late = [link for link in figure.links if link.kind == "skip" and place.get(link.target, 0) > 0]
    return Row(strand, items, tuple(steps), (*(link for link in inside if link not in steps), *drops, *late))


def _is_aside(item: Item) -> bool:
    return isinstance(item, Map) and item.aside


def _skip(figure: Figure, left: Row, right: Row) -> Link | None:
    """Find the skip of a level."""
    if not left.items:
        return None
    ends = {item.id for item in right.items}
    source = left.items[left.exit].id
    skips = (link for link in figure.links if link.kind == "skip" and link.source == source and link.target in ends)
    return next(skips, None)


def _last_above(strand: Strand, figure: Figure) -> str | None:
    """Name the last item of the encoder's row above a row."""
    if strand.side == "right" or strand.level == 0:
        return None
    above = [item.id for item in figure.items if item.strand == Strand("left", strand.level - 1)]
    return above[-1] if above else None


def _is_chain(row: Row) -> bool:
    """Say whether one step leads from the end of each item to the next, and every other link forwards."""
    place = {item.id: number for number, item in enumerate(row.items)}
    ends = [place[link.target] for link in row.steps if link.leaves == _last_part(row.items[place[link.source]])]
    return ends == list(range(1, len(row.items))) and all(
        place.get(arc.source, -1) < place[arc.target] for arc in row.arcs
    )


def _last_part(item: Item) -> int:
    return len(item.parts) - 1 if isinstance(item, Map) else 0


def _find(links: list[Link], rows: Iterable[tuple[Row, Row]], kind: ArrowKind) -> tuple[Link, ...]:
    """For each pair of rows, find the link from the last item of the one to the first item of the other."""
    ends = {(link.source, link.target, link.kind): link for link in links}
    whole = ((source, target) for source, target in rows if source.items and target.items)
    wanted = ((source.items[source.exit].id, target.items[0].id, kind) for source, target in whole)
    return tuple(ends[one] for one in wanted if one in ends)


# --- before anything has a place: letters on links, and where arrows touch items --------------------------------------


@dataclass(frozen=True, slots=True)
class Ports:
    """Where arrows touch an item above and below, so that its labels stand elsewhere.

    Args:
        enters_above: Whether an arrow from the row above ends at its upper side.
        leaves_above: Whether an arrow to the row above starts there.
        leaves_below: Whether an arrow to the row below, or to where all outputs meet, starts at its lower side.
        enters_below: The number of the part at whose lower side an arrow from the row below ends; None for no arrow.
        arcs: The numbers of the parts over which arcs along the row start.
        arc_ends: The numbers of the parts over which such arcs end.
        is_cropped: Whether a dashed outline shows what of it goes on.
        shows_size: Whether its size is written under it.
        is_last: Whether nothing stands to the right of it in its row.
        is_lone: Whether arrows from and to other levels enter and leave its row at it alone, and no arc.
        drops: Whether shortcuts lead from it to the row below, beside the arrow there.
        bridges: The number of the part over which a skip that goes over its row starts; None for no skip.
    """

    enters_above: bool = False
    leaves_above: bool = False
    leaves_below: bool = False
    enters_below: int | None = None
    arcs: tuple[int, ...] = ()
    arc_ends: tuple[int, ...] = ()
    is_cropped: bool = False
    shows_size: bool = False
    is_last: bool = True
    is_lone: bool = False
    drops: bool = False
    bridges: int | None = None

    def narrowest(self, compact: int) -> int:
        """Give the least width of the box, in points; `compact` is how much words have given way."""
        if self.bridges is not None:
            return CROWDED_BOX
        if 0 in self.arcs and self.enters_above:
            return CROWDED_BOX - 2 * SPARED[compact]
        return (CROPPED_BOX if self.is_cropped else NARROWEST_BOX) - SPARED[compact]


@dataclass(frozen=True, slots=True)
class UPlan:
    """A U with all its links in order.

    Args:
        tags: The letters on some links and slabs.
        ports: Where arrows touch every item, by its id.
        shape_words: What is written for channels and sizes.
        beside: The words beside some arrows between levels.
    """

    u: URows
    links: tuple[Link, ...]
    tags: Mapping[Link | Part, str]
    ports: Mapping[str, Ports]
    shape_words: ShapeWords
    beside: Mapping[Link, str]

    def words(self, skip: Link, compact: int = 0) -> tuple[str, ...]:
        """Give what is written on a skip.

        Where room is short, that is neither its sizes, which stand at the maps, nor anything beside signs.
        """
        if compact < 2:
            return skip.words if self.shape_words == NUMBERS else skip.words[:1]
        if skip.badges:
            return ()
        return tuple(line for words in skip.words[:1] for line in halved(words))


def plan_of(u: URows, words: ShapeWords = NUMBERS) -> UPlan:
    """Work out everything about a U that needs no coordinates; `words` are written for channels and sizes."""
    cropped = {link.source for link in u.links if link.crop is not None}
    ports = {id: ports for row in u.rows for id, ports in _ports(row, u, cropped, words.shows_sizes)}
    said = _said(u)
    beside = dict(_words_beside(u, said))
    letters = tag({thing: one for thing, one in said.items() if thing not in beside})
    return UPlan(u, u.links, letters, ports, words, beside)


def _crossed(row: Row) -> Iterator[str]:
    """Name both ends of arcs that come from another row: they run beside an arrow between levels."""
    here = {item.id for item in row.items}
    for arc in row.arcs:
        if arc.source not in here:
            yield from (arc.source, row.items[0].id)


def _words_beside(u: URows, said: Mapping[Link | Part, tuple[Look, str]]) -> Iterator[tuple[Link, str]]:
    """Give what is written beside arrows between levels that do something else than most of their kind.

    There is room to their right, but where a shortcut comes down or signs stand on them.
    """
    crossed = {id for row in u.rows for id in _crossed(row)}
    for links in (u.downs, u.ups):
        usual = Counter(link.text for link in links).most_common(1)[0][0]
        for link in links:
            is_free = not link.badges and not {link.source, link.target} & crossed
            if link in said and link.text != usual and is_free and (words := difference(link.text, usual)):
                yield link, words


def _said(u: URows) -> dict[Link | Part, tuple[Look, str]]:
    """Say what links and slabs mean. Skips are not among them: what they do is written on them."""
    said: dict[Link | Part, tuple[Look, str]] = {
        link: ((link.kind, link.dashed), link.text) for link in u.links if link.kind not in ("skip", "flow")
    }
    return said | {part: ((part.look, False), part.text) for part in u.parts if part.text}


def entries_of(plan: UPlan, depth: float, *, bars: bool, are_coloured: bool = False) -> Iterator[LegendEntry]:
    """List what the legend explains.

    Args:
        depth: That of the boxes drawn.
        bars: Whether they are bars.
        are_coloured: Whether they have the colours of what makes them.
    """
    coloured = ", coloured like its arrow" if are_coloured else ""
    links, parts, tags = plan.links, (*plan.u.parts,), plan.tags
    yield from (LegendEntry(link.kind, link.text, link.dashed, tags.get(link, "")) for link in links if link.text)
    yield from (LegendEntry(part.look, part.text, tag=tags.get(part, "")) for part in parts if part.text)
    yield from sign_entries(links)
    if any(part.look == "copied" for part in parts):
        yield LegendEntry("copied", f"copied and new map{coloured}", depth=depth, bars=bars)
    else:
        yield LegendEntry("map", f"feature map{coloured}", depth=depth, bars=bars)


def _ports(row: Row, u: URows, cropped: set[str], sizes: bool) -> Iterator[tuple[str, Ports]]:
    side, level = row.strand.side, row.strand.level
    last = row.exit
    here = {item.id for item in row.items}
    stems = {_stem(arc, row, here) for arc in row.arcs if arc.kind != "skip"}
    shown, fused = _sizes_to_show(row) if sizes else set(), {link.source for link in u.fusions}
    entered = u.ups[level].part if side == "right" else None
    below = [arc for other in (*u.left, u.bottom) if other is not row for arc in other.arcs]
    bridging = {link.source: link.leaves for link in u.bridges}
    for number, item in enumerate(row.items):
        yield (
            item.id,
            Ports(
                enters_above=number == 0 and (side == "bottom" or (side == "left" and level > 0)),
                leaves_above=number == last and ((side == "right" and level > 0) or (side == "bottom" and last > 0)),
                leaves_below=(number == last and side == "left") or item.id in fused,
                enters_below=entered if number == 0 else None,
                arcs=tuple(sorted(part for id, part in stems if id == item.id)),
                arc_ends=tuple(arc.part for arc in row.arcs if arc.target == item.id),
                is_cropped=item.id in cropped,
                shows_size=number in shown,
                is_last=number == len(row.items) - 1,
                is_lone=last == 0 and not row.arcs,
                drops=any(arc.source == item.id and arc.kind == "shortcut" for arc in below),
                bridges=bridging.get(item.id),
            ),
        )


def _stem(arc: Link, row: Row, here: set[str]) -> tuple[str, int]:
    """Say beside which part of which item an arc rises: of the first where it comes from the row above."""
    return (arc.source, arc.leaves) if arc.source in here else (row.items[0].id, 0)


def _sizes_to_show(row: Row) -> set[int]:
    """Choose the maps under which a size stands: the first of a row, those of another size, input and output."""
    maps = [number for number, item in enumerate(row.items) if isinstance(item, Map)]
    sizes = [row.items[number].shape.size for number in maps]
    changed = (number for number, (before, size) in zip(maps[1:], pairwise(sizes), strict=True) if before != size)
    is_last = row.strand.side == "right" and row.strand.level == 0
    return {*maps[:1], *changed, *(maps[-1:] if is_last else ())}
