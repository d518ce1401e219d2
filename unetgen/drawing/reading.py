"""Network -> figure: which maps are shown, and what lies between them.

# NOTE: [One arrow per unit]
A value is shown by a box when it ends a unit, when a stage takes or gives it, or when maps meet in it. The nodes
between two boxes (a convolution with its norm, activation and dropout; a whole downsampling; a whole upsampling) are
one arrow. Which nodes make a unit is said by their names: `norm1`, `act1` and `conv1` belong together.
"""

from __future__ import annotations

from typing import Final, assert_never

from unetgen.drawing.figure import Figure, Item, Map, Meeting, Part, Side, Strand
from unetgen.drawing.meanings import Arrival, Way, computes, folds, is_fit, link_of
from unetgen.drawing.shapes import Symbol
from unetgen.ir import Network, Node, Region, Role, Value
from unetgen.ir.ops import Add, Concat, Maximum, Multiply

__all__ = ["read_figure"]

STAGES: Final[frozenset[Role]] = frozenset({"stem", "encoder", "bottleneck", "decoder", "head"})
SIDES: Final[dict[Role, Side]] = {"stem": "left", "encoder": "left", "down": "left", "bottleneck": "bottom"}


def read_figure(network: Network) -> Figure:
    """Read what a picture of the network shows, see [One arrow per unit]."""
    depth = max(region.level + (region.role == "down") for region in network.regions)
    return _Reader(depth).read(network)


class _Reader:
    """The items found so far, how each value is reached from one of them, and the level each downsampling leaves."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.items: dict[str, Item] = {}
        self.arrivals: list[Arrival] = []
        self.ways: dict[int, Way] = {}
        self.downs: dict[str, int] = {}

    def read(self, network: Network) -> Figure:
        image = network.input
        self._put(image, Map("input", "input", image.shape, (Part("input", image.shape),), Strand("left", 0)))
        for region in network.regions:
            self._region(region)
        for value in network.outputs:
            self._show(value, network.regions[-1])
        # What follows a meeting before its box: an activation after the sum.
        after = {arrival.way.source: arrival.way.nodes for arrival in self.arrivals}
        links = (
            link_of(arrival, self.items[arrival.way.source], after.get(arrival.target.id, ()))
            for arrival in self.arrivals
        )
        return Figure(tuple(self.items.values()), tuple(links))

    def _region(self, region: Region) -> None:
        for value in region.inputs if region.role != "skip" else ():
            self._show(value, region)
        if region.role == "down":
            self.downs |= dict.fromkeys((node.path for node in region.nodes), region.level)
        for node in region.nodes:
            self._node(node, region)
        if region.role in STAGES:
            self._show(region.output, region)

    def _node(self, node: Node, region: Region) -> None:
        match node.op:
            case Concat() if len(set(node.inputs)) > 1:
                self._concat(node, region)
            case Add() | Maximum() | Multiply():
                self._meeting(node, _symbol(node.op), region)
            case _:
                # A relative op takes its second input for its size alone.
                given = node.inputs[0]
                if region.role in STAGES and self._starts_unit(node, self.ways[given.id]):
                    self._show(given, region)
                self.ways[node.output.id] = self.ways[given.id].through(node)

    def _concat(self, node: Node, region: Region) -> None:
        ways = self._ways_to(node, region)
        parts = tuple(self._part(way, value, node, region) for way, value in zip(ways, node.inputs, strict=True))
        self._meet(node, region, ways, Map(node.path, node.path, node.output.shape, parts, _strand(region)))

    def _part(self, way: Way, value: Value, concat: Node, region: Region) -> Part:
        """Describe one half of a concatenation: a copy, if it comes from its own level and nothing computed it anew."""
        comes_level = self.items[way.source].strand.level == region.level
        return Part(_giver(way) or concat.path, value.shape, comes_level and not any(map(computes, way.nodes)))

    def _meeting(self, node: Node, symbol: Symbol, region: Region) -> None:
        ways = self._ways_to(node, region)
        item = Meeting(f"{node.path} join", node.path, node.output.shape, symbol, _strand(region))
        self._meet(node, region, ways, item)

    def _ways_to(self, join: Node, region: Region) -> tuple[Way, ...]:
        """Give the ways that meet in a node; a unit of a scope around the node's own has ended and gets its box."""
        scope = _unit(join.path)[0]
        for value in join.inputs:
            nodes = self.ways[value.id].nodes
            if nodes and scope.startswith(f"{_unit(nodes[-1].path)[0]}."):
                self._show(value, region)
        return tuple(self.ways[value.id] for value in join.inputs)

    def _meet(self, node: Node, region: Region, ways: tuple[Way, ...], item: Item) -> None:
        main = self._main(ways, node)
        for part, way in enumerate(ways):
            others = (*ways[:part], *ways[part + 1 :])
            in_stage, in_head = region.role in STAGES, region.role == "head"
            self.arrivals.append(Arrival(way, item, part, in_stage, in_head, others, part == main))
        self._put(node.output, item)

    def _main(self, ways: tuple[Way, ...], join: Node) -> int:
        """Choose the way that runs along the row: from the latest item, not set apart in a scope, and not empty."""
        order, scope = {id: number for number, id in enumerate(self.items)}, _unit(join.path)[0]

        def rank(number: int) -> tuple[int, bool, bool]:
            way = ways[number]
            is_apart = any(_unit(node.path)[0] != scope for node in way.nodes)
            return (order[way.source], not is_apart, bool(way.nodes))

        return max(range(len(ways)), key=rank)

    def _starts_unit(self, node: Node, way: Way) -> bool:
        """Say whether a node belongs to another unit than those before it on the way."""
        source = self.items[way.source]
        has_begun = isinstance(source, Meeting) or not all(map(folds, way.nodes))
        if not has_begun or is_fit(node):
            return False
        before, here = _unit(way.nodes[-1].path if way.nodes else source.path), _unit(node.path)
        return before != here and (not folds(node) or here[1] != "")

    def _show(self, value: Value, region: Region) -> None:
        """Give a value a box of its own, unless it has one."""
        way = self.ways[value.id]
        source = self.items[way.source]
        if not way.nodes and isinstance(source, Map):
            return
        path = _giver(way) or source.path
        strand = self._strand_below(way) or (_strand(region) if way.nodes else source.strand)
        item = Map(path, path, value.shape, (Part(path, value.shape),), strand)
        self.arrivals.append(Arrival(way, item, 0, region.role in STAGES, region.role == "head"))
        self._put(value, item)

    def _strand_below(self, way: Way) -> Strand | None:
        """Name the row that a map belongs to because a downsampling gave it; None when none did."""
        if not way.nodes or way.nodes[-1].path not in self.downs:
            return None
        level = self.downs[way.nodes[-1].path] + 1
        return Strand("left" if level < self.depth else "bottom", level)

    def _put(self, value: Value, item: Item) -> None:
        self.items[item.id] = item
        self.ways[value.id] = Way(item.id)


def _unit(path: str) -> tuple[str, str]:
    """Give the scope and the number in a node's path: `encoder.0.conv1` is unit 1 of `encoder.0`."""
    scope, _, name = path.rpartition(".")
    return scope, name[len(name.rstrip("0123456789")) :]


def _giver(way: Way) -> str | None:
    """Name the node that gave the map its shape; None for a way without nodes."""
    if not way.nodes:
        return None
    return next((node.path for node in reversed(way.nodes) if not folds(node)), way.nodes[-1].path)


def _strand(region: Region) -> Strand:
    return Strand(SIDES.get(region.role, "right"), region.level)


def _symbol(op: Add | Maximum | Multiply) -> Symbol:
    match op:
        case Add():
            return "plus"
        case Maximum():
            return "max"
        case Multiply():
            return "times"
        case _:
            assert_never(op)
