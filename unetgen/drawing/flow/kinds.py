"""Network -> the kinds of blocks in it that have a name, each with one that stands for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Final

from unetgen.drawing.flow.chart import Chart, read_chart
from unetgen.drawing.flow.parts import part_in
from unetgen.drawing.read.composition import composed
from unetgen.drawing.read.contraction import stage_name
from unetgen.drawing.read.words import MEETS
from unetgen.ir import Network, Node, Region, Scope

NAMED: Final = ("block", "attention", "gate")
"""The kinds of scopes that have a sign in pictures."""


@dataclass(frozen=True, slots=True)
class BlockKind:
    """A kind of block, drawn as the one that stands for it.

    Args:
        sign: What stands for it in boxes and on arrows: `AG`.
        name: What it is called in legends: `additive attention gate`.
        place: Where the one that is drawn stands, such as `Encoder 1`.
    """

    sign: str
    name: str
    place: str
    chart: Chart

    @property
    def heading(self) -> str:
        """What stands over its panel."""
        return f"{self.sign}: {self.name}, as in {self.place}"

    @property
    def signature(self) -> tuple[object, ...]:
        """What it has in common with blocks that do the same on other channels."""
        return tuple(step.signature for step in self.chart.steps)

    @property
    def words(self) -> frozenset[str]:
        """What is to be read in its panel: the names of its ops."""
        cells = {cell.text for step in self.chart.steps for cell in step.cells}
        return frozenset(cells | {MEETS[step.symbol] for step in self.chart.steps if step.symbol})


def block_kinds(network: Network) -> tuple[BlockKind, ...]:
    """List the kinds of blocks in which ways fork and meet, in the order in which they first run.

    Of blocks of one kind that differ, as the first of a stage does, the most frequent one stands for all; of equally
    frequent ones, as an RSU of each depth, the smallest.
    """
    kinds: dict[object, list[BlockKind]] = {}
    for region in network.regions:
        for scope, nodes in _named(region):
            part = part_in(network, region, nodes)
            chart = read_chart(part, closed=scope.kind == "block") if part is not None else None
            if chart is not None and is_composite(chart):
                kind = BlockKind(scope.sign, _name(scope, nodes), stage_name(region), chart)
                kinds.setdefault((scope.kind, scope.family or scope.sign, _symbols(chart)), []).append(kind)
    return tuple(map(_usual, kinds.values()))


def is_composite(chart: Chart) -> bool:
    """Say whether anything leaves the way through a chart: a chain of ops needs no picture of its own."""
    return any(step.symbol for step in chart.steps)


def _named(region: Region) -> Iterator[tuple[Scope, tuple[Node, ...]]]:
    """List the outermost blocks of a region that have a sign, its gates, and all attentions, those in blocks too."""
    for kind in NAMED:
        for scopes, nodes in groupby(region.nodes, partial(_down_to, kind)):
            if scopes:
                yield scopes[-1], tuple(nodes)


def _down_to(kind: str, node: Node) -> tuple[Scope, ...]:
    """Give the scopes down to the outermost one of a kind that has a sign; none where there is none."""
    places = (place for place, scope in enumerate(node.scopes, start=1) if scope.kind == kind and scope.sign)
    return node.scopes[: next(places, 0)]


def _symbols(chart: Chart) -> frozenset[str]:
    return frozenset(step.symbol for step in chart.steps if step.symbol)


def _name(scope: Scope, nodes: tuple[Node, ...]) -> str:
    words = composed(nodes).name.words if scope.kind == "block" else scope.says
    return words or scope.says


def _usual(kinds: list[BlockKind]) -> BlockKind:
    """Choose the most frequent one of a kind, and of equally frequent ones the smallest."""
    made = Counter(kind.signature for kind in kinds)
    return max(kinds, key=lambda kind: (made[kind.signature], -len(kind.chart.steps)))
