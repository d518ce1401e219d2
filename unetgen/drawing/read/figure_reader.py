"""Network -> figure: which maps are shown, and what lies between them.

# NOTE: [One arrow per unit]
A value is shown by a box when it ends a unit, when a stage takes or gives it, or when maps meet in it. The nodes
between two boxes (a convolution with its norm, activation and dropout; a whole downsampling; a whole upsampling) are
one arrow. Which nodes make a unit is said by their scopes. Groups of nodes that have a name of their own are signs,
see [Signs for groups].

# NOTE: [One box per op]
Looked at op by op, every node of a stage has a box or a sign in a circle, also those of a group. What a norm, an
activation or a dropout gives is a slab against the map that it takes: it has the same channels and sizes, and an arrow
to it would say less in more room. A way up, down or across stays one arrow, whose ops the legend names in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from unetgen.analyses.op_names import op_name
from unetgen.drawing.model.figure import Badge, Figure, Item, Link, Map, Meeting, Part, Side, Signal, Strand, Zoom
from unetgen.drawing.model.shapes import MapKind, Symbol
from unetgen.drawing.read.branches import branches, takers_of
from unetgen.drawing.read.links import Arrival, Way, computes, finishes, folds, is_fit, link_of
from unetgen.drawing.read.node_groups import NodeGroup, folded, node_groups, sign_of
from unetgen.drawing.read.scopes import around, is_inside, unit_of
from unetgen.drawing.read.shape_words import NUMBERS, ShapeWords
from unetgen.drawing.read.words import chain_text, symbol_of
from unetgen.ir import Network, Node, Region, Role, Scope, Value, ops

INPUT_NAME: Final = "input"
"""What the network's input is called."""
SIDES: Final[dict[Role, Side]] = {"stem": "left", "encoder": "left", "down": "left", "bottleneck": "bottom"}


def read_figure(
    network: Network, zooms: Mapping[str, Zoom], usual: Zoom = "units", words: ShapeWords = NUMBERS
) -> Figure:
    """Read what a picture of the network shows, see [One arrow per unit] and [One box per op].

    Args:
        zooms: How closely to look at regions, by their paths.
        usual: How closely to look at all others.
        words: What is written for channels and sizes.
    """
    depth = max(region.level + (region.role == "down") for region in network.regions)
    return _Reader(network, depth, zooms, usual, words).read()


class _Reader:
    """The items found so far, how each value is reached from one of them, and what becomes of outputs at the end."""

    def __init__(self, network: Network, depth: int, zooms: Mapping[str, Zoom], usual: Zoom, words: ShapeWords) -> None:
        self.network = network
        self.depth = depth
        self.zooms = zooms
        self.usual = usual
        self.words = words
        self.takers = takers_of(network)
        self.nodes = {node.path: node for node in network.nodes}
        self.regions = {node.path: region for region in network.regions for node in region.nodes}
        self.branches: frozenset[str] = frozenset()
        self.items: dict[str, Item] = {}
        self.arrivals: list[Arrival] = []
        self.ways: dict[int, Way] = {}
        self.finishing: dict[str, list[Node]] = {}

    def read(self) -> Figure:
        network, image = self.network, self.network.input
        # A region or a node may be called `input`, too.
        is_taken = INPUT_NAME in self.nodes or any(region.path == INPUT_NAME for region in network.regions)
        id = f"{INPUT_NAME} map" if is_taken else INPUT_NAME
        part = Part(INPUT_NAME, image.shape, image.id)
        self._put(image, Map(id, INPUT_NAME, image.shape, (part,), Strand("left", 0)))
        for region in network.regions:
            self._region(region)
        for value in network.outputs:
            self._show(value, network.regions[-1])
        self._finish_outputs()
        self._caption_outputs()
        return Figure(tuple(self.items.values()), tuple(self._links()))

    def _links(self) -> list[Link]:
        # What follows a meeting before its box: an activation after the sum.
        after = {arrival.way.source: arrival.way.nodes for arrival in self.arrivals}
        return [
            link_of(arrival, self.items[arrival.way.source], after.get(arrival.target.id, ()))
            for arrival in self.arrivals
        ]

    def _region(self, region: Region) -> None:
        if finishes(region):
            self._finish(region)
            return
        for value in region.inputs if region.role != "skip" else ():
            if not self._is_before_stride(value, region):
                self._show(value, region)
        is_by_op = self._zoom(region) in ("ops", "steps") and not region.is_between
        self.branches = branches(region) if is_by_op else frozenset()
        for group in self._groups(region):
            self._group(group, region)
        if not region.is_between:
            self._show(region.output, region)

    def _is_before_stride(self, value: Value, region: Region) -> bool:
        """Say whether a stage takes a map of the row above once, and strides: then it is a part of the way down."""
        way, sizes = self.ways[value.id], [n.output.shape.size for n in region.nodes if value in n.inputs]
        source = self.items[way.source]
        is_here = region.is_between or way.is_empty or source.strand == self._strand(region)
        return not is_here and len(sizes) == 1 and sizes[0] != value.shape.size == source.shape.size

    def _zoom(self, region: Region) -> Zoom:
        return self.zooms.get(region.path, self.usual)

    def _is_op(self, node: Node, region: Region) -> bool:
        """Say whether a node is drawn on its own, which those on a shortcut never are."""
        return self._zoom(region) in ("ops", "steps") and node.path not in self.branches

    def _groups(self, region: Region) -> Iterator[NodeGroup]:
        zoom = self._zoom(region)
        if zoom == "folded" and self._comes_from_elsewhere(region):
            yield from folded(region)
        elif zoom in ("sign", "folded"):
            yield sign_of(region)
        elif zoom == "ops" and not region.is_between:
            yield from (NodeGroup((node,)) for node in region.nodes)
        else:
            yield from node_groups(region)

    def _comes_from_elsewhere(self, region: Region) -> bool:
        """Say whether a region takes a map of another row, so that it begins with a way down or up."""
        return self.items[self.ways[region.inputs[0].id].source].strand != self._strand(region)

    def _finish(self, region: Region) -> None:
        """Note what becomes of an output, which is drawn as its head gives it."""
        given = self._shown(region.inputs[0], region)
        before = self.ways[region.inputs[0].id]
        self.finishing.setdefault(given, []).extend(region.nodes)
        self.ways[region.output.id] = replace(before, source=given, finishing=(*before.finishing, *region.nodes))

    def _shown(self, value: Value, region: Region) -> str:
        self._show(value, region)
        return self.ways[value.id].source

    def _group(self, group: NodeGroup, region: Region) -> None:
        if group.badge is None:
            self._node(group.nodes[0], region)
            return
        if self._stands_behind_a_box(group, region):
            self._show(group.given, region)
        signals = self._signals(group, region)
        at_box = any(self._is_stage_map(value, region) for value in group.heard if region.role == "skip")
        also = ", listening to the decoder's map" if at_box else ""
        meaning, alike = f"{group.badge.meaning}{also}", f"{group.badge.alike}{also}"
        badge = replace(group.badge, meaning=meaning, alike=alike, signals=tuple(signals))
        self.ways[group.output.id] = self._longer(group.given, group.shown, badge, group.nodes[-1], region)

    def _stands_behind_a_box(self, group: NodeGroup, region: Region) -> bool:
        """Say whether what a sign takes has a box: where a unit starts, and between the sign and another row."""
        way, first = self.ways[group.given.id], group.shown[:1]
        if self._zoom(region) == "folded" or region.is_between:
            return self._zoom(region) == "folded"
        crosses = self.items[way.source].strand != self._strand(region)
        return crosses or (bool(first) and self._starts_unit(first[0], way, region))

    def _signals(self, group: NodeGroup, region: Region) -> list[Signal]:
        """Say what else a group of nodes on a skip listens to."""
        if region.role != "skip" or self._zoom(region) == "sign":
            return []
        below = region.inputs[-1] if len(region.inputs) > 2 else None
        heard: list[Signal] = []
        for value in group.heard:
            if value == below and self._is_coarser(value, region):
                heard.append(Signal("below", self._shown(value, region)))
            elif not self._is_stage_map(value, region):
                heard.append(Signal("up", ""))
        return heard

    def _is_coarser(self, value: Value, region: Region) -> bool:
        """Say whether a value is a map of a lower level, as it was there."""
        way = self.ways[value.id]
        return way.is_empty and self.items[way.source].strand.level > region.level

    def _is_stage_map(self, value: Value, region: Region) -> bool:
        """Say whether a value is what the decoder's stage of the own level gives, not the map before it."""
        way = self.ways[value.id]
        return way.is_empty and self.items[way.source].strand == self._strand(region)

    def _longer(self, given: Value, nodes: tuple[Node, ...], badge: Badge | None, last: Node, region: Region) -> Way:
        return self.ways[given.id].through(nodes, badge, last, self._strand(region))

    def _node(self, node: Node, region: Region) -> None:
        match node.op:
            case ops.Concat() if len(set(node.inputs)) > 1:
                self._concat(node, region)
            case ops.Add() | ops.Maximum() | ops.Multiply():
                self._meeting(node, symbol_of(node.op), region)
            case ops.Norm() | ops.Activation() | ops.Dropout() if self._is_slab(node, region):
                self._slab(node)
            case _:
                # A relative op takes its second input for its size alone.
                given = node.inputs[0]
                if not region.is_between and self._starts_unit(node, self.ways[given.id], region):
                    self._show(given, region)
                self.ways[node.output.id] = self._longer(given, (node,), None, node, region)

    def _is_slab(self, node: Node, region: Region) -> bool:
        """Say whether what a node gives stands against what it takes, which gets a box, see [One box per op].

        Not where something outside of the region takes that map too: it would leave from the midst of a box.
        """
        given = node.inputs[0]
        if region.is_between or not self._is_op(node, region) or self.takers[given.id] != {region.path}:
            return False
        self._show(given, region)
        way = self.ways[given.id]
        item = self.items[way.source]
        return isinstance(item, Map) and item.strand == self._strand(region) and way.leaves == len(item.parts) - 1

    def _slab(self, node: Node) -> None:
        item = self.items[self.ways[node.inputs[0].id].source]
        if isinstance(item, Map):
            slab = Part(node.path, node.output.shape, node.output.id, _look(node), str(op_name(node)), (node,))
            self._put(node.output, replace(item, parts=(*item.parts, slab)))

    def _concat(self, node: Node, region: Region) -> None:
        given = self._ways_to(node, region)
        # What comes across faces where it comes from: in which order memory holds the maps is said in words.
        order = sorted(range(len(given)), key=lambda number: not self._crosses(given[number], region))
        ways = tuple(given[number] for number in order)
        parts = tuple(self._part(given[n], node, n, region, named=n == order[self._named(ways)]) for n in order)
        self._meet(node, region, ways, Map(node.path, node.path, node.output.shape, parts, self._strand(region)))

    def _crosses(self, way: Way, region: Region) -> bool:
        """Say whether a way leads to a join from the other side of its level."""
        source = self.items[way.source].strand
        return region.is_between and source.level == region.level and source.side != self._strand(region).side

    def _named(self, ways: tuple[Way, ...]) -> int:
        """Choose the part that stands for a concatenation: of a map that has a box already, else of one on an arrow.

        Example: a dense block lays its own map, cropped, beside a new one; the crop is on the arrow of the shortcut.
        """
        givers = [way.giver for way in ways]
        on_arrows = (number for number, giver in enumerate(givers) if giver and giver.path in self.branches)
        return givers.index(None) if None in givers else next(on_arrows, 0)

    def _part(self, way: Way, concat: Node, number: int, region: Region, *, named: bool) -> Part:
        """Describe one half of a concatenation: a copy, if nothing computed it anew on the way.

        Between stages it is one only if it comes from the other side of its own level. Inside a stage it may come from
        the level above, as where a way down of factor 1 leaves a dense block to take what the stage before gave.
        `named` is whether that half stands for the concatenation itself.
        """
        in_stage = not region.is_between
        passes = not any(map(computes, way.nodes)) and not (way.badges and in_stage)
        is_copy = passes and (self._crosses(way, region) or (in_stage and region.role != "head"))
        look: MapKind = "copied" if is_copy else "map"
        value, nodes = concat.inputs[number], (*way.makes, concat) if named else way.makes
        giver = concat if way.giver is None or (named and way.giver.path in self.branches) else way.giver
        return Part(giver.path, value.shape, value.id, look, nodes=nodes, laid=(concat, number))

    def _meeting(self, node: Node, symbol: Symbol, region: Region) -> None:
        for value in node.inputs if not region.is_between else ():
            nodes = self.ways[value.id].nodes
            if nodes and self._is_op(nodes[-1], region):
                self._show(value, region)
        ways = self._ways_to(node, region)
        signed = {one.path for way in ways for badge in way.badges for one in badge.nodes}
        led = (one for way in ways for one in (*way.nodes, *way.finishing) if one.path not in signed)
        nodes = (*led, node)
        item = Meeting(f"{node.path} join", node.path, node.output.shape, symbol, self._strand(region), nodes)
        self._meet(node, region, ways, item)

    def _ways_to(self, join: Node, region: Region) -> tuple[Way, ...]:
        """Give the ways that meet in a node; a unit of a scope around the node's own has ended and gets its box."""
        for value in join.inputs:
            nodes = self.ways[value.id].nodes
            if nodes and self.regions[nodes[-1].path] is region and is_inside(join, nodes[-1]):
                self._show(value, region)
        return tuple(self.ways[value.id] for value in join.inputs)

    def _meet(self, node: Node, region: Region, ways: tuple[Way, ...], item: Item) -> None:
        main = self._main(ways, node, region)
        for part, way in enumerate(ways):
            others = (*ways[:part], *ways[part + 1 :])
            in_stage, in_head = not region.is_between, region.role == "head"
            self.arrivals.append(Arrival(way, item, part, in_stage, in_head, others, part == main, node))
        self._put(node.output, item)

    def _main(self, ways: tuple[Way, ...], join: Node, region: Region) -> int:
        """Choose the way that runs along the row: from the latest item, not set apart in a scope, and not empty.

        Where outputs of several levels meet, it is the way of the row's own.
        """
        order, here = {id: number for number, id in enumerate(self.items)}, self._home(join, around)

        def rank(number: int) -> tuple[bool, int, int, bool, bool]:
            way = ways[number]
            is_apart = any(self._home(node, around) != here for node in way.nodes)
            is_here = region.role == "head" and self.items[way.source].strand == self._strand(region)
            return (is_here, order[way.source], way.leaves, not is_apart, not way.is_empty)

        return max(range(len(ways)), key=rank)

    def _starts_unit(self, node: Node, way: Way, region: Region) -> bool:
        """Say whether a node belongs to another unit than those before it on the way."""
        source = self.items[way.source]
        if self._is_op(node, region):
            return not way.is_empty or isinstance(source, Meeting)
        has_begun = isinstance(source, Meeting) or bool(way.badges) or not all(map(folds, way.nodes))
        # What runs before the stride has no row: it is part of the way to the level below.
        crosses = source.strand != self._strand(region)
        strides = node.output.shape.size != source.shape.size == node.inputs[0].shape.size
        if not has_begun or is_fit(node) or (crosses and strides):
            return False
        before = way.nodes[-1] if way.nodes else self.nodes.get(source.path)
        if before is not None and self._home(before, unit_of) == self._home(node, unit_of):
            return False
        unit = node.within("unit")
        return not folds(node) or (unit is not None and unit.number is not None)

    def _home(self, node: Node, scopes: Callable[[Node], tuple[Scope, ...]]) -> tuple[str, tuple[Scope, ...]]:
        """Give the region of a node, and its scopes there."""
        return self.regions[node.path].path, scopes(node)

    def _show(self, value: Value, region: Region) -> None:
        """Give a value a box of its own, unless it has one."""
        way = self.ways[value.id]
        source = self.items[way.source]
        if way.is_empty and isinstance(source, Map):
            return
        path = way.giver.path if way.giver else source.path
        strand = way.strand or source.strand
        part = Part(path, value.shape, value.id, nodes=self._made(way))
        item = Map(path, path, value.shape, (part,), strand, region.aside)
        self.arrivals.append(Arrival(way, item, 0, not region.is_between, region.role == "head"))
        self._put(value, item)

    def _made(self, way: Way) -> tuple[Node, ...]:
        """Give the nodes that a box at the end of a way stands for.

        Example: behind a sum, in `sum -> relu -> [SE] -> box`, the box stands for `SE`, and `relu` goes to the sum. In
        `sum -> box` there is nothing between: the box stands for the sum, too.
        """
        source = self.items[way.source]
        if way.is_empty:
            return source.nodes
        if not isinstance(source, Meeting) or not all(map(folds, way.led)):
            return way.makes
        self.items[source.id] = replace(source, nodes=tuple(dict.fromkeys((*source.nodes, *way.led))))
        return way.makes[len(way.led) :]

    def _finish_outputs(self) -> None:
        """Let the box of an output stand for what happens to it last, such as a sigmoid, unless another one does."""
        told = {node.path for item in self.items.values() for node in item.nodes}
        for id, nodes in self.finishing.items():
            if isinstance(item := self.items[id], Map):
                *parts, last = item.parts
                left = (node for node in nodes if node.path not in told)
                self.items[id] = replace(item, parts=(*parts, replace(last, nodes=(*last.nodes, *left))))

    def _caption_outputs(self) -> None:
        """Write beside every output but the main one what it is."""
        for number, value in enumerate(self.network.outputs):
            item = self.items[id := self.ways[value.id].source]
            if number == self.network.main or not isinstance(item, Map):
                continue
            words = ", ".join(self._finished(id))
            kind = f"aux {item.strand.level}" if item.strand.level else "full size"
            name = f"{kind} · {item.shape.channels} ch"
            self.items[id] = replace(item, caption=(name, words) if words else (name,))

    def _finished(self, id: str) -> list[str]:
        return [
            f"→ {self.words.size(node.output.shape.size)}" if is_fit(node) else chain_text((node,))
            for node in self.finishing.get(id, ())
        ]

    def _strand(self, region: Region) -> Strand:
        """Name the row that what a region gives belongs to."""
        level = region.level + (region.role == "down")
        if level == self.depth:
            return Strand("bottom", level)
        return Strand(SIDES.get(region.role, "right"), level)

    def _put(self, value: Value, item: Item) -> None:
        self.items[item.id] = item
        self.ways[value.id] = Way(item.id, leaves=len(item.parts) - 1 if isinstance(item, Map) else 0)


def _look(node: Node) -> MapKind:
    match node.op:
        case ops.Norm():
            return "norm"
        case ops.Activation():
            return "activation"
        case _:
            return "dropout"
