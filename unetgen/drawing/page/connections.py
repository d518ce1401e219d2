"""What the arrows of a drawn network do, and how those of two networks correspond.

# NOTE: [What an arrow does]
An arrow is drawn for the ops that lead into the thing it ends at, of which each has one owner. Of a stage these are the
ops between the stages; a sign stands for its ops itself, so the pieces of an arrow that leads through signs are one.
What maps meet in is told by skips and shortcuts, not by the way that they join.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unetgen.analyses.differences import INPUT
from unetgen.drawing.model.picture import Sketch
from unetgen.drawing.model.shapes import ArrowKind, Box, JoinSign
from unetgen.drawing.read.branches import MEETINGS
from unetgen.drawing.read.drawn_facts import made_by
from unetgen.ir import Network, Node, ops

Thing = Box | JoinSign
Name = str | tuple[str, int]
"""The path of a node, or of a concatenation with the place of a map that it lays beside others."""


@dataclass(frozen=True, slots=True)
class Connection:
    """An arrow from thing to thing, with all pieces of it.

    Args:
        source: The id of the thing that it leaves.
        target: The id of the thing that it enters.
        regions: Where these two are in the network.
        level: The level that it leads to.
        signs: The ids of the signs that it leads through.
        does: The ops that it stands for, see [What an arrow does], and whose weights they share.
        pieces: The places of its pieces among the arrows of the sketch.
    """

    source: str
    target: str
    kind: ArrowKind
    regions: tuple[str, str]
    level: int
    signs: tuple[str, ...]
    does: tuple[tuple[ops.Op, str | None], ...]
    pieces: tuple[int, ...]


class View:
    """A network and its sketch: which nodes each thing stands for, and what the arrows do.

    Args:
        drawn: The paths of the ops that are drawn; all unless given.
    """

    def __init__(self, network: Network, sketch: Sketch, drawn: frozenset[str] | None = None) -> None:
        self.image = network.input
        self.sketch = sketch
        things: tuple[Thing, ...] = (*sketch.boxes, *sketch.joins)
        self.things = {thing.id: thing for thing in things}
        self.levels = {region.path: region.level for region in network.regions}
        self.homes = {node.path: region.path for region in network.regions for node in region.nodes}
        # A sum has a sign and, where it ends a stage, a box: what it does is the sign's.
        self.made = made_by(network, (*sketch.joins, *sketch.boxes), drawn)

    def name(self, thing: Thing) -> Name | None:
        """Give the node, or the map among those side by side, that a thing is named after; None for a whole stage."""
        if isinstance(thing, Box) and thing.laid is not None:
            return thing.laid[0].path, thing.laid[1]
        if isinstance(thing, Box) and thing.value == self.image.id:
            return INPUT
        return thing.path if thing.path in self.homes else None

    def connections(self) -> Iterator[Connection]:
        """List the arrows: each ends where one of its pieces has a head."""
        pieces: list[int] = []
        for place, arrow in enumerate(self.sketch.arrows):
            pieces.append(place)
            if arrow.head:
                yield self._connection(tuple(pieces))
                pieces.clear()

    def _connection(self, pieces: tuple[int, ...]) -> Connection:
        arrows = [self.sketch.arrows[place] for place in pieces]
        first, last, signs = arrows[0], arrows[-1], tuple(arrow.target for arrow in arrows[:-1])
        regions = (self._region(first.source), self._region(last.target))
        does = tuple((node.op, node.shares) for node in last.nodes if _is_told(node, first.kind))
        level = self.levels.get(regions[1], 0)
        return Connection(first.source, last.target, first.kind, regions, level, signs, does, pieces)

    def _region(self, id: str) -> str:
        """Give the region that a thing is in, or is; that of a half is the region of the concatenation."""
        thing = self.things[id]
        path = thing.laid[0].path if isinstance(thing, Box) and thing.laid is not None else thing.path
        return self.homes.get(path, path)


def _is_told(node: Node, kind: ArrowKind) -> bool:
    return kind in ("skip", "shortcut") or not isinstance(node.op, MEETINGS)


def correspond(
    before: Sequence[Connection], after: Sequence[Connection]
) -> Iterator[tuple[Connection | None, Connection | None]]:
    """Pair the arrows of two networks: between things of one name, else in their order between the same regions.

    What is left may lead to the stage of a level in one network, and to a sum before that stage in the other.
    """
    left = [*before], [*after]
    for key in (_by_things, _by_regions, _by_levels):
        for one in tuple(left[0]):
            other = next((other for other in left[1] if key(other) == key(one)), None)
            if other is not None:
                left[0].remove(one)
                left[1].remove(other)
                yield one, other
    yield from ((one, None) for one in left[0])
    yield from ((None, other) for other in left[1])


def _by_things(one: Connection) -> tuple[str, ...]:
    return one.kind, one.source, one.target


def _by_regions(one: Connection) -> tuple[str, ...]:
    return one.kind, *one.regions


def _by_levels(one: Connection) -> tuple[str, ...]:
    return one.kind, one.regions[0], str(one.level)
