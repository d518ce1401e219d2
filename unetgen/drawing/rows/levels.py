"""Levels of one resolution share a row, and halves of a join face what comes along it.

# NOTE: [A way that stays]
Some ways down change channels and no size, as the one to the bottom of a network whose last stride is 1. Then the maps
behind it have as many pixels as those before it, and stand in their row. The arrow between them is that of its unit, or
a thin one where nothing happens on it; what the skip of the upper level copies goes over the row.

# NOTE: [Halves that face their arrow]
A join whose new map comes along its row has that half on the left, where the arrow ends, and the copy, which comes over
the row, on the right. In which order memory holds them is said in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from unetgen.drawing.model.figure import Figure, Item, Link, Map, Strand
from unetgen.ir import Node, ops


def leveled(figure: Figure) -> Figure:
    """Set levels of one resolution into one row, see [A way that stays]; those stay whose skip has signs on it."""
    items = {item.id: item for item in figure.items}
    depth = max(item.strand.level for item in figure.items)
    merged = {*_merged(figure, items)}
    if not merged or len(merged) == depth:
        return figure
    levels = [level - sum(other < level for other in merged) for level in range(depth + 1)]

    def strand(item: Item) -> Strand:
        level = levels[item.strand.level]
        return Strand("bottom" if level == levels[depth] else item.strand.side, level)

    found = tuple(replace(item, strand=strand(item)) for item in figure.items)
    strands = {item.id: item.strand for item in found}
    links = (_in_row(link) if strands[link.source] == strands[link.target] else link for link in figure.links)
    return Figure(found, tuple(links))


def facing(figure: Figure) -> Figure:
    """Turn joins so that what comes along a row ends at its own half, see [Halves that face their arrow]."""
    strands = {item.id: item.strand for item in figure.items}
    along = {link.target: link.part for link in figure.links if link.part and _runs_along(link, strands)}
    skipped = {link.target for link in figure.links if link.kind == "skip"}
    # What rises from a join to go over the row would cross the skip that comes down on it.
    skipped -= {link.source for link in figure.links if link.kind == "shortcut"}
    turned = {item.id: along[item.id] for item in figure.items if item.id in skipped & along.keys() and _is_join(item)}
    if not turned:
        return figure

    def place(id: str, part: int) -> int:
        first = turned.get(id, 0)
        return 0 if part == first else part + (part < first)

    items = (_turned(item, turned[item.id]) if item.id in turned else item for item in figure.items)
    links = (replace(link, part=place(link.target, link.part)) for link in figure.links)
    return Figure(tuple(items), tuple(links))


def _runs_along(link: Link, strands: Mapping[str, Strand]) -> bool:
    return link.kind in ("conv", "flow") and strands[link.source] == strands[link.target]


def _is_join(item: Item) -> bool:
    return isinstance(item, Map) and all(part.laid for part in item.parts)


def _turned(item: Item, first: int) -> Item:
    """Set one part before all others."""
    if not isinstance(item, Map):
        return item
    return replace(item, parts=(item.parts[first], *item.parts[:first], *item.parts[first + 1 :]))


def _merged(figure: Figure, items: dict[str, Item]) -> Iterator[int]:
    """List the levels whose way down keeps the size of the map."""
    signed = {items[link.source].strand.level for link in figure.links if link.kind == "skip" and link.badges}
    striding = {item.strand for item in figure.items if any(map(_strides, item.nodes))}
    for link in figure.links:
        source, target = items[link.source], items[link.target]
        stays = source.shape.size == target.shape.size and target.strand not in striding
        if link.kind == "down" and stays and source.strand.level not in signed:
            yield source.strand.level


def _strides(node: Node) -> bool:
    """Say whether a node leaves rows of pixels out; op by op, others of its stage run before it, in its row."""
    return isinstance(node.op, ops.Conv) and max(node.op.stride) > 1


def _in_row(link: Link) -> Link:
    """Give a link between two levels as one along a row."""
    if link.kind not in ("down", "up"):
        return link
    return replace(link, kind="conv") if link.nodes else replace(link, kind="flow", does=())
