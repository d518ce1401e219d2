"""What is drawn, before it has a place: a U, the letters on its links, and where arrows touch its items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from unetgen.drawing.model.figure import Link, Map
from unetgen.drawing.rows.pieces import Ports
from unetgen.drawing.rows.rows import Row, U, without_sizes
from unetgen.drawing.rows.tagging import Tags, tag


@dataclass(frozen=True, slots=True)
class Plan:
    """A U with all its links in order, the letters on some of them and on slabs, the ports of every item by its id."""

    u: U
    links: tuple[Link, ...]
    tags: Tags
    ports: Mapping[str, Ports]


def plan_of(u: U, *, sizes: bool = True) -> Plan:
    """Work out everything about a U that needs no coordinates; `sizes` says whether sizes of maps are written."""
    u = u if sizes else without_sizes(u)
    links = u.links
    cropped = {link.source for link in links if link.crop is not None}
    ports = {id: ports for row in u.rows for id, ports in _ports(row, u, cropped)}
    if not sizes:
        ports = {id: replace(one, shows_size=False) for id, one in ports.items()}
    return Plan(u, links, tag(u, links), ports)


def _ports(row: Row, u: U, cropped: set[str]) -> Iterator[tuple[str, Ports]]:
    side, level = row.strand.side, row.strand.level
    last = row.exit
    here = {item.id for item in row.items}
    stems = {_stem(arc, row, here) for arc in row.arcs if arc.kind != "skip"}
    shown, fused = _sizes_to_show(row), {link.source for link in u.fusions}
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
