"""What is drawn of a U, before it has a place: its links, the letters on them, and where arrows touch its items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from unetgen.drawing.kit.letters import Look, sign_entries, tag
from unetgen.drawing.model.figure import Link, Map, Part
from unetgen.drawing.model.sketch import Entry
from unetgen.drawing.rows.pieces import Ports
from unetgen.drawing.rows.u import Row, U


@dataclass(frozen=True, slots=True)
class UPlan:
    """A U with all its links in order.

    Args:
        tags: The letters on some links and slabs.
        ports: Where arrows touch every item, by its id.
        sizes: Whether sizes of maps are written.
    """

    u: U
    links: tuple[Link, ...]
    tags: Mapping[Link | Part, str]
    ports: Mapping[str, Ports]
    sizes: bool

    def words(self, skip: Link) -> tuple[str, ...]:
        """Give what is written on a skip."""
        return skip.words if self.sizes else skip.words[:1]


def plan_of(u: U, *, sizes: bool = True) -> UPlan:
    """Work out everything about a U that needs no coordinates; `sizes` says whether sizes of maps are written."""
    cropped = {link.source for link in u.links if link.crop is not None}
    ports = {id: ports for row in u.rows for id, ports in _ports(row, u, cropped, sizes)}
    return UPlan(u, u.links, tag(_said(u)), ports, sizes)


def _said(u: U) -> dict[Link | Part, tuple[Look, str]]:
    """Say what links and slabs mean. Skips are not among them: what they do is written on them."""
    said: dict[Link | Part, tuple[Look, str]] = {
        link: ((link.kind, link.dashed), link.text) for link in u.links if link.kind not in ("skip", "flow")
    }
    return said | {part: ((part.look, False), part.text) for part in u.parts if part.text}


def entries_of(plan: UPlan, depth: float, *, bars: bool) -> Iterator[Entry]:
    """List what the legend explains; `depth` is that of the boxes drawn, `bars` whether they are bars."""
    links, parts, tags = plan.links, (*plan.u.parts,), plan.tags
    yield from (Entry(link.kind, link.text, link.dashed, tags.get(link, "")) for link in links if link.text)
    yield from (Entry(part.look, part.text, tag=tags.get(part, "")) for part in parts if part.text)
    yield from sign_entries(links)
    yield Entry("map", "feature map", depth=depth, bars=bars)
    if any(part.look == "copied" for part in parts):
        yield Entry("copied", "copied feature map", depth=depth, bars=bars)


def _ports(row: Row, u: U, cropped: set[str], sizes: bool) -> Iterator[tuple[str, Ports]]:
    side, level = row.strand.side, row.strand.level
    last = row.exit
    here = {item.id for item in row.items}
    stems = {_stem(arc, row, here) for arc in row.arcs if arc.kind != "skip"}
    shown, fused = _sizes_to_show(row) if sizes else set(), {link.source for link in u.fusions}
    entered = u.ups[level].part if side == "right" else None
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
