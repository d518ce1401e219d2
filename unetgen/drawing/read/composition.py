"""Nodes -> what they are made of: what they are called, their units, and the groups among them that have a sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from unetgen.analyses.op_names import op_name
from unetgen.drawing.model.deeds import Said, join
from unetgen.drawing.model.figure import Badge
from unetgen.drawing.read.scopes import unit_of
from unetgen.drawing.read.words import said
from unetgen.ir import Node, Region, Scope, ops

CONVS: Final = Scope("block", sign="conv")
"""What nodes are called that no block with a sign is around."""


@dataclass(frozen=True, slots=True)
class Name:
    """The name of some nodes, such as `res ×2` in a sign and `2 residual blocks` in the legend.

    Args:
        block: The scope that gives the words, declared by the part that wrote the nodes.
        times: How many of these there are, as a sign counts them.
        blocks: The same as words count them: a dense block of four units is `dense ×4`, and one `dense block`.
        is_stacked: Whether maps are laid side by side before they are summed.
    """

    block: Scope
    times: int
    blocks: int = 1
    is_stacked: bool = False

    @property
    def sign(self) -> str:
        """What stands in a sign: `res ×2`."""
        return f"{self.block.sign} ×{self.times}" if self.times > 1 else self.block.sign

    @property
    def words(self) -> str:
        """What stands in the legend: `2 residual blocks`; nothing where units say it all."""
        one, many = self.block.says, self.block.says_many
        counted = f"{self.blocks} {many}" if many else f"{self.blocks} × {one}"
        words = counted if one and self.blocks > 1 else one
        return f"{words} of stacked maps" if self.is_stacked else words


@dataclass(frozen=True, slots=True)
class Composition:
    """What nodes are made of.

    Args:
        units: What each unit does, in order.
        signs: The groups that are named by a sign each.
        shortcut: What stands on shortcuts, where that is said apart.
    """

    name: Name
    units: tuple[Said, ...]
    signs: tuple[Badge, ...] = ()
    shortcut: Said = Said("", "")

    @property
    def short(self) -> str:
        """What stands in the box of a stage: `conv ×2 + SE`, or `conv ×2 (each ×3)` where each runs again."""
        added = (f"(each {badge.text})" if badge.runs_again else f"+ {badge.text}" for badge in self.signs)
        return " ".join((self.name.sign, *dict.fromkeys(added)))

    @property
    def said(self) -> Said:
        """The same in the legend's words: what every block is made of, where all are made alike, or else all units."""
        counted, blocks = Counter(self.units), self.name.blocks
        is_shared = blocks > 1 and bool(self.name.block.says) and all(n % blocks == 0 for n in counted.values())
        share = blocks if is_shared else 1
        units = _counted({unit: n // share for unit, n in counted.items()})
        words = f"{self.name.words}, each" if is_shared else self.name.words
        return join(": ", (words, join("; ", (units, *dict.fromkeys(badge.said for badge in self.signs)))))

    @property
    def kind(self) -> tuple[object, ...]:
        """What it has in common with those that have another number of blocks, of units, or of ways inside a block."""
        block, signs = self.name.block, tuple((badge.text, badge.said) for badge in self._distinct_signs)
        return block.family or (block.sign, block.says), self.name.is_stacked, frozenset(self.units), signs

    @property
    def _distinct_signs(self) -> tuple[Badge, ...]:
        """Leave out signs that repeat another one, as `SE` does in every block of a stage."""
        return tuple({(badge.text, badge.said): badge for badge in self.signs}.values())


def _counted(units: Mapping[Said, int]) -> Said:
    """Say how many units there are of each kind."""
    return join("; ", (join("", (f"{n} × ", unit)) if n > 1 else unit for unit, n in units.items()))


def composed(nodes: tuple[Node, ...], signs: tuple[Badge, ...] = ()) -> Composition:
    """Say what nodes are made of: their units, and the groups among them that are named by a sign."""
    main = tuple(node for node in nodes if not node.within("shortcut"))
    # Several blocks of a stage do the same on their shortcuts, in most cases: it is said once.
    on_shortcut = {str(op_name(node)): node for node in nodes if node.within("shortcut")}
    found = list(units(main))
    name = name_of(main, sum(map(is_unit, found)))
    told = tuple(said(unit) for unit in found if not (_is_sum(unit) and name.block.sums))
    return Composition(name, told, signs, said(on_shortcut.values()))


def strided(nodes: Iterable[Node]) -> Node | None:
    """Give the convolution, not on a shortcut, with which a block makes its own map smaller."""
    convs = (node for node in nodes if isinstance(node.op, ops.Conv) and max(node.op.stride) > 1)
    return next((node for node in convs if not node.within("shortcut")), None)


def unstrided(region: Region) -> Region:
    """Give a stage as if it kept the size of its map, see [The way down is not the stage]."""
    first = strided(region.nodes)
    if not region.is_stage or first is None or not isinstance(first.op, ops.Conv):
        return region
    kept = replace(first, op=replace(first.op, stride=(1,) * len(first.op.stride)))
    return replace(region, nodes=tuple(kept if node is first else node for node in region.nodes))


def _is_sum(nodes: tuple[Node, ...]) -> bool:
    """Say whether nodes are a sum that nothing follows."""
    return len(nodes) == 1 and isinstance(nodes[0].op, ops.Add)


def name_of(nodes: tuple[Node, ...], convs: int) -> Name:
    """Give the name of nodes.

    Blocks that have a sign are counted; where units see each other's maps and meet in no sum, their convolutions are.
    """
    is_stacked, is_sum = any(map(_stacks, nodes)), any(isinstance(node.op, ops.Add) for node in nodes)
    blocks = [block for block in dict.fromkeys(map(_block, nodes)) if block is not None]
    if not blocks:
        return Name(CONVS, convs)
    return Name(blocks[0], len(blocks), len(blocks), is_stacked) if is_sum or not is_stacked else Name(blocks[0], convs)


def _stacks(node: Node) -> bool:
    """Say whether maps are laid side by side that are of one way, rather than where ways meet."""
    return isinstance(node.op, ops.Concat) and len(set(node.inputs)) > 1 and node.within("join") is None


def _block(node: Node) -> Scope | None:
    """Give the outermost block with a sign that a node is in."""
    return next((scope for scope in node.scopes if scope.kind == "block" and scope.sign), None)


def units(nodes: Iterable[Node]) -> Iterator[tuple[Node, ...]]:
    """List units in order, and what stands between them: a sum with what follows it, a pooling, a resizing."""
    for _, group in groupby(nodes, lambda node: (unit_of(node), isinstance(node.op, ops.Concat))):
        unit = tuple(node for node in group if not isinstance(node.op, ops.Concat))
        if unit:
            yield unit


def is_unit(nodes: tuple[Node, ...]) -> bool:
    """Say whether nodes are a unit, which has a convolution."""
    return any(isinstance(node.op, ops.Conv | ops.ConvTransposed) for node in nodes)
