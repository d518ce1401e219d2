"""Network -> figure: which maps are shown, and what lies between them.

# NOTE: [One arrow per unit]
A value is shown by a box when it ends a unit, when a stage takes or gives it, or when maps meet in it. The nodes
between two boxes (a convolution with its norm, activation and dropout; a whole downsampling; a whole upsampling) are
one arrow. Which nodes make a unit is said by their names: `norm1`, `act1` and `conv1` belong together. At the detail
`ops` every node of a stage has its own arrow; a way up or down stays one. Groups of nodes that have a name of their own
are signs, see [Signs for groups].
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, assert_never

from unetgen.drawing.figure import Badge, Figure, Item, Link, Map, Meeting, Part, Side, Signal, Strand
from unetgen.drawing.grouping import Step, sign_of, steps_of, unit_of
from unetgen.drawing.meanings import Arrival, Way, computes, folds, is_fit, link_of
from unetgen.drawing.shapes import Symbol
from unetgen.drawing.wording import chain_text, size_text
from unetgen.ir import Network, Node, Region, Role, Value
from unetgen.ir.ops import Add, Concat, Maximum, Multiply

__all__ = ["read_figure"]

STAGES: Final[frozenset[Role]] = frozenset({"stem", "encoder", "bottleneck", "decoder", "head"})
SIDES: Final[dict[Role, Side]] = {"stem": "left", "encoder": "left", "down": "left", "bottleneck": "bottom"}
FINISHING: Final = ("resized.", "outputs.")
"""The regions that make outputs of what heads give."""


def read_figure(
    network: Network, *, detail: Literal["units", "ops"] = "units", signs: frozenset[str] = frozenset()
) -> Figure:
    """Read what a picture of the network shows, see [One arrow per unit]; `signs` are regions shown as one sign."""
    depth = max(region.level + (region.role == "down") for region in network.regions)
    return _Reader(depth, detail, signs).read(network)


class _Reader:
    """The items found so far, how each value is reached from one of them, and what becomes of outputs at the end."""

    def __init__(self, depth: int, detail: str, signs: frozenset[str]) -> None:
        self.depth = depth
        self.detail = detail
        self.signs = signs
        self.items: dict[str, Item] = {}
        self.arrivals: list[Arrival] = []
        self.ways: dict[int, Way] = {}
        self.finishing: dict[str, list[Node]] = {}

    def read(self, network: Network) -> Figure:
        image = network.input
        self._put(image, Map("input", "input", image.shape, (Part("input", image.shape),), Strand("left", 0)))
        for region in network.regions:
            self._region(region)
        for value in network.outputs:
            self._show(value, network.regions[-1])
        self._caption_outputs(network)
        return Figure(tuple(self.items.values()), tuple(self._links()))

    def _links(self) -> list[Link]:
        # What follows a meeting before its box: an activation after the sum.
        after = {arrival.way.source: arrival.way.nodes for arrival in self.arrivals}
        return [
            link_of(arrival, self.items[arrival.way.source], after.get(arrival.target.id, ()))
            for arrival in self.arrivals
        ]

    def _region(self, region: Region) -> None:
        if region.path.startswith(FINISHING):
            self._finish(region)
            return
        for value in region.inputs if region.role != "skip" else ():
            self._show(value, region)
        for step in (sign_of(region),) if region.path in self.signs else steps_of(region):
            self._step(step, region)
        if region.role in STAGES:
            self._show(region.output, region)

    def _finish(self, region: Region) -> None:
        """Note what becomes of an output, which is drawn as its head gives it."""
        given = self._shown(region.inputs[0], region)
        self.finishing.setdefault(given, []).extend(region.nodes)
        self.ways[region.output.id] = Way(given)

    def _shown(self, value: Value, region: Region) -> str:
        self._show(value, region)
        return self.ways[value.id].source

    def _step(self, step: Step, region: Region) -> None:
        if step.badge is None:
            self._node(step.nodes[0], region)
            return
        first = step.shown[:1]
        if region.role in STAGES and first and self._starts_unit(first[0], self.ways[step.given.id]):
            self._show(step.given, region)
        signals = self._signals(step, region)
        at_box = any(self._is_stage_map(value, region) for value in step.heard if region.role == "skip")
        meaning = f"{step.badge.meaning}, listening to the decoder's map" if at_box else step.badge.meaning
        badge = replace(step.badge, meaning=meaning, signals=tuple(signals))
        self.ways[step.output.id] = self._longer(step.given, step.shown, badge, step.nodes[-1], region)

    def _signals(self, step: Step, region: Region) -> list[Signal]:
        """Say what else a step on a skip listens to."""
        if region.role != "skip" or region.path in self.signs:
            return []
        below = region.inputs[-1] if len(region.inputs) > 2 else None
        heard: list[Signal] = []
        for value in step.heard:
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
        """Say whether a step listens to what the decoder's stage of its own level gives, not to the map before it."""
        way = self.ways[value.id]
        return way.is_empty and self.items[way.source].strand == self._strand(region)

    def _longer(self, given: Value, nodes: tuple[Node, ...], badge: Badge | None, last: Node, region: Region) -> Way:
        return self.ways[given.id].through(nodes, badge, last, self._strand(region))

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
                self.ways[node.output.id] = self._longer(given, (node,), None, node, region)

    def _concat(self, node: Node, region: Region) -> None:
        ways = self._ways_to(node, region)
        parts = tuple(self._part(way, value, node, region) for way, value in zip(ways, node.inputs, strict=True))
        self._meet(node, region, ways, Map(node.path, node.path, node.output.shape, parts, self._strand(region)))

    def _part(self, way: Way, value: Value, concat: Node, region: Region) -> Part:
        """Describe one half of a concatenation: a copy, if it comes from its own level and nothing computed it anew."""
        source, in_stage = self.items[way.source].strand, region.role in STAGES
        crosses = source.side != self._strand(region).side
        passes = not any(map(computes, way.nodes)) and not (way.badges and in_stage)
        is_copy = source.level == region.level and passes and (crosses or (in_stage and region.role != "head"))
        return Part(way.giver or concat.path, value.shape, is_copy)

    def _meeting(self, node: Node, symbol: Symbol, region: Region) -> None:
        ways = self._ways_to(node, region)
        item = Meeting(f"{node.path} join", node.path, node.output.shape, symbol, self._strand(region))
        self._meet(node, region, ways, item)

    def _ways_to(self, join: Node, region: Region) -> tuple[Way, ...]:
        """Give the ways that meet in a node; a unit of a scope around the node's own has ended and gets its box."""
        scope = unit_of(join.path)[0]
        for value in join.inputs:
            nodes = self.ways[value.id].nodes
            if nodes and scope.startswith(f"{unit_of(nodes[-1].path)[0]}."):
                self._show(value, region)
        return tuple(self.ways[value.id] for value in join.inputs)

    def _meet(self, node: Node, region: Region, ways: tuple[Way, ...], item: Item) -> None:
        main = self._main(ways, node, region)
        for part, way in enumerate(ways):
            others = (*ways[:part], *ways[part + 1 :])
            in_stage, in_head = region.role in STAGES, region.role == "head"
            self.arrivals.append(Arrival(way, item, part, in_stage, in_head, others, part == main))
        self._put(node.output, item)

    def _main(self, ways: tuple[Way, ...], join: Node, region: Region) -> int:
        """Choose the way that runs along the row: from the latest item, not set apart in a scope, and not empty.

        Where outputs of several levels meet, it is the way of the row's own.
        """
        order, scope = {id: number for number, id in enumerate(self.items)}, unit_of(join.path)[0]

        def rank(number: int) -> tuple[bool, int, bool, bool]:
            way = ways[number]
            is_apart = any(unit_of(node.path)[0] != scope for node in way.nodes)
            is_here = region.role == "head" and self.items[way.source].strand == self._strand(region)
            return (is_here, order[way.source], not is_apart, not way.is_empty)

        return max(range(len(ways)), key=rank)

    def _starts_unit(self, node: Node, way: Way) -> bool:
        """Say whether a node belongs to another unit than those before it on the way."""
        source = self.items[way.source]
        if self.detail == "ops":
            return not way.is_empty or isinstance(source, Meeting)
        has_begun = isinstance(source, Meeting) or bool(way.badges) or not all(map(folds, way.nodes))
        if not has_begun or is_fit(node):
            return False
        before, here = unit_of(way.nodes[-1].path if way.nodes else source.path), unit_of(node.path)
        return before != here and (not folds(node) or here[1] != "")

    def _show(self, value: Value, region: Region) -> None:
        """Give a value a box of its own, unless it has one."""
        way = self.ways[value.id]
        source = self.items[way.source]
        if way.is_empty and isinstance(source, Map):
            return
        path = way.giver or source.path
        strand = way.strand or source.strand
        aside = region.path.startswith("heads.")
        item = Map(path, path, value.shape, (Part(path, value.shape),), strand, aside)
        self.arrivals.append(Arrival(way, item, 0, region.role in STAGES, region.role == "head"))
        self._put(value, item)

    def _caption_outputs(self, network: Network) -> None:
        """Write beside every output but the main one what it is."""
        for number, value in enumerate(network.outputs):
            id = self.ways[value.id].source
            item = self.items[id]
            if number == network.main or not isinstance(item, Map):
                continue
            words = ", ".join(self._finished(id))
            kind = f"aux {item.strand.level}" if item.strand.level else "full size"
            name = f"{kind} · {item.shape.channels} ch"
            self.items[id] = replace(item, caption=(name, words) if words else (name,))

    def _finished(self, id: str) -> list[str]:
        words = []
        for node in self.finishing.get(id, ()):
            words.append(f"→ {size_text(node.output.shape.size)}" if is_fit(node) else chain_text((node,)))
        return words

    def _strand(self, region: Region) -> Strand:
        """Name the row that what a region gives belongs to."""
        level = region.level + (region.role == "down")
        if level == self.depth:
            return Strand("bottom", level)
        return Strand(SIDES.get(region.role, "right"), level)

    def _put(self, value: Value, item: Item) -> None:
        self.items[item.id] = item
        self.ways[value.id] = Way(item.id)


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
