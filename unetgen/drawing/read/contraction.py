"""Network -> stages: the picture of maps, in which every stage and every head is one box.

# NOTE: [One box per stage]
The network is read as for a picture with a box per unit, each stage as one sign on an arrow. Then the sign becomes a
box: it stands for the map that the stage gives and for the one that it takes, where nobody else takes that. A map that
no stage gives or takes keeps a box of its own. So both pictures say the same of what lies between the stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from unetgen.analyses.op_names import op_name
from unetgen.drawing.model.deeds import Deed, Said, join
from unetgen.drawing.model.figure import Badge, Figure, Item, Link, Map, Meeting
from unetgen.drawing.model.shapes import BoxKind
from unetgen.drawing.read.branches import MEETINGS
from unetgen.drawing.read.composition import strided
from unetgen.drawing.read.figure_reader import read_figure
from unetgen.drawing.read.links import finishes, folds
from unetgen.drawing.read.node_groups import composition_of, describe
from unetgen.drawing.read.shape_words import NUMBERS, ShapeWords
from unetgen.drawing.read.signs import with_distinct_signs
from unetgen.drawing.read.stage_words import lines_of
from unetgen.drawing.read.stages import Cell, StageGraph, StageItem, leads_across
from unetgen.drawing.read.words import MEETS, chain_text, said
from unetgen.ir import Network, Node, Region, ops

PASSED: Final = "passed on as it is"


def read_stages(network: Network, words: ShapeWords = NUMBERS, *, with_ops: bool = False) -> StageGraph:
    """Read the stages of a network of any wiring; with what they do one by one, if asked for.

    Args:
        words: What is written for sizes.
    """
    return _Contraction(network, words).graph(with_ops)


class _Contraction:
    """A figure whose stages are signs, and what each of its items becomes, see [One box per stage]."""

    def __init__(self, network: Network, words: ShapeWords) -> None:
        self.network = network
        self.words = words
        self.regions = {node.path: region for region in network.regions for node in region.nodes}
        self.signed = {region.nodes[-1].path: region for region in network.regions if _is_signed(region)}
        self.nested = any(region.column is not None for region in network.regions)
        self.figure = read_figure(network, dict.fromkeys((region.path for region in self.signed.values()), "sign"))
        self.items: dict[str, Item] = {item.id: item for item in self.figure.items}
        self.into = self._heads() | self._stages()
        strands = {id: item.strand for id, item in self.items.items()}
        self.is_many = self.nested or leads_across(strands, self.figure.links)
        if self.is_many:
            self.into |= self._meetings()

    def graph(self, with_ops: bool) -> StageGraph:
        links = _merged(link for link in map(self._link, self.figure.links) if link.source != link.target)
        kept = [item for item in self.items.values() if item.id not in self.into]
        named = with_distinct_signs(Figure((), tuple(_united(links))))
        nodes = self._nodes({node.path for link in named.links for badge in link.badges for node in badge.nodes})
        stages = tuple(
            replace(self._stage(item, with_ops), value=self._value(item), nodes=tuple(nodes[item.id])) for item in kept
        )
        names = {item.id: stage.id for item, stage in zip(kept, stages, strict=True)}
        renamed = (replace(link, source=names[link.source], target=names[link.target]) for link in named.links)
        return StageGraph(stages, tuple(renamed))

    def _nodes(self, signed: set[str]) -> dict[str, list[Node]]:
        """Collect what each item that is left stands for, but for what signs on links stand for."""
        found: dict[str, dict[str, Node]] = {}
        meetings = [item for item in self.items.values() if isinstance(item, Meeting) and item.id not in self.into]
        met = {node.path: item.id for item in meetings for node in item.nodes}
        for item in self.items.values():
            found.setdefault(self._final(item.id), {}).update({node.path: node for node in item.nodes})
        for link in self.figure.links:
            nodes = (node for badge in link.badges for node in badge.nodes)
            found[self._final(link.target)].update({node.path: node for node in nodes})
        return {
            id: [node for path, node in nodes.items() if path not in signed and met.get(path, id) == id]
            for id, nodes in found.items()
        }

    # --- which items become one ---------------------------------------------------------------------------------------

    def _heads(self) -> dict[str, str]:
        """Let all of a head be one box."""
        parts: dict[str, list[str]] = {}
        for id in self.items:
            owner = self._owner(id)
            if owner is not None and owner.role == "head":
                parts.setdefault(owner.path, []).append(id)
        return {id: last for (*others, last) in parts.values() for id in others}

    def _stages(self) -> dict[str, str]:
        """Let what a stage takes, and nobody else, be one box with the stage."""
        return {
            link.source: link.target
            for link in self.figure.links
            if self._entered(link) is not None and self._leaves_no_stage(link)
        }

    def _leaves_no_stage(self, link: Link) -> bool:
        """Say whether a link leads along a row from a map that no stage gives, and that nothing else takes.

        Example: in `skip and up -> concat -> [decoder.0] -> map` the concatenation and the map are one box.
        """
        source, owner = self.items[link.source], self._owner(link.source)
        is_between = owner is not None and owner.is_between and isinstance(source, Map)
        leaving = sum(other.source == link.source for other in self.figure.links)
        heard = any(
            signal.source == link.source for one in self.figure.links for b in one.badges for signal in b.signals
        )
        return is_between and leaving == 1 and not heard and source.strand == self.items[link.target].strand

    def _meetings(self) -> dict[str, str]:
        """Let meetings be one with what follows them, where many maps meet in every stage."""
        return {
            link.source: self.into.get(link.target, link.target)
            for link in self.figure.links
            if isinstance(self.items[link.source], Meeting) and link.source not in self.into
        }

    def _owner(self, id: str) -> Region | None:
        return self.regions.get(self.items[id].path)

    def _entered(self, link: Link) -> Region | None:
        """Give the stage (or the branching way up or down) that a link enters, which is a sign on it."""
        return next((self.signed[b.id] for b in link.badges if b.id in self.signed), None)

    # --- what becomes of a link ---------------------------------------------------------------------------------------

    def _link(self, link: Link) -> Link:
        source, target = (self._final(end) for end in (link.source, link.target))
        badges = tuple(badge for badge in link.badges if badge.id not in self.signed)
        signals = (replace(b, signals=tuple(replace(s, source="") for s in b.signals)) for b in badges)
        made = replace(
            link, source=source, target=target, part=0, badges=tuple(signals), words=(), crop=None,
            nodes=self._between(link, target),
        )  # fmt: skip
        owner = self._owner(target)
        if owner is not None and owner.role == "head" and not link.dashed:
            return replace(made, kind="head", does=(Deed(through=(_head_words(owner),)),))
        made, deed = self._among_many(made, self._deed(link))
        return replace(made, does=(self._met(deed, link) if made.kind == "skip" else deed,))

    def _between(self, link: Link, target: str) -> tuple[Node, ...]:
        """List what a link does that the stage or the head at its end does not do itself."""
        ends = (self._entered(link), self._owner(target))
        regions = (region for region in ends if region is not None and not region.is_between)
        inside = {node.path for region in regions for node in region.nodes}
        return tuple(node for node in link.nodes if node.path not in inside)

    def _final(self, id: str) -> str:
        while id in self.into:
            id = self.into[id]
        return id

    def _deed(self, link: Link) -> Deed:
        """Say what a link does: of one that enters a stage, what lies before that."""
        entered = self._entered(link)
        if entered is None:
            return link.does[0] if link.does else Deed(PASSED)
        if not entered.is_stage:
            made = composition_of(entered)
            on_shortcut = join(": ", ("shortcut", made.shortcut)) if made.shortcut else ""
            return Deed(through=(join("; ", (made.said, on_shortcut)),))
        if link.kind in ("down", "up"):
            stays = self.items[link.source].shape.size == self.items[link.target].shape.size
            inside = "no resampling" if stays else f"way {link.kind} inside of the stage"
            first = strided(entered.nodes)
            return Deed(inside if first is None else f"{op_name(first)} in the stage")
        return Deed(PASSED)

    def _among_many(self, link: Link, deed: Deed) -> tuple[Link, Deed]:
        """Call what runs along a row of a nested network a skip, and say in words what else would be a sign."""
        signs = tuple(map(_said, link.badges))
        if not self.is_many:
            return (link, deed) if link.kind == "skip" else (replace(link, badges=()), replace(deed, signs=signs))
        link, through = replace(link, badges=()), (*signs, *deed.through)
        source, target = self.items[link.source].strand, self.items[link.target].strand
        if target.side != "right" or target.level != source.level or link.kind == "head":
            return link, replace(deed, through=through)
        first = "skip" if through or deed.meets else "copy"
        return replace(link, kind="skip"), replace(deed, first=first, through=through)

    def _met(self, deed: Deed, before: Link) -> Deed:
        """Say of a skip that the maps are concatenated, and in which order where that is unusual; or summed."""
        target = self.items[before.target]
        if isinstance(target, Meeting):
            return replace(deed, first="skip" if deed.first == "copy" else deed.first, meets=MEETS[target.symbol])
        if len(target.parts) < 2:
            return deed
        return replace(deed, beside="after" if target.comes_last(before.part) else "before")

    # --- what becomes of an item --------------------------------------------------------------------------------------

    def _stage(self, item: Item, with_ops: bool) -> StageItem:
        owner = self._owner(item.id)
        if isinstance(item, Meeting):
            return StageItem(item.id, item.path, item.symbol, item.strand, item.shape)
        if owner is None:
            return StageItem(item.id, item.path, "end", item.strand, item.shape, name="Input")
        is_given = owner.role == "head" or _gives(owner, item.path)
        path = owner.path if is_given else item.path
        is_stage = is_given and owner.is_stage
        look: BoxKind = "end" if owner.role == "head" else "stage" if is_stage else "map"
        finished = tuple(self._finished(item, owner if is_given else None))
        cell = _cell(owner) if self.nested else None
        name = stage_name(owner) if is_given else ""
        stage = StageItem(path, path, look, item.strand, item.shape, owner.role, name, cell=cell, finished=finished)
        if not is_stage:
            return stage
        return replace(stage, made=composition_of(owner), lines=lines_of(owner) if with_ops else ())

    def _value(self, item: Item) -> int | None:
        """Give the id of what a box shows; a sign shows nothing."""
        if isinstance(item, Meeting):
            return None
        if len(item.parts) == 1 or item.parts[-1].text:
            return item.parts[-1].value
        return next(node.output.id for node in self.network.nodes if node.path == item.path)

    def _finished(self, item: Item, given_by: Region | None) -> Iterator[str]:
        """Say of an output what becomes of it at the end."""
        if given_by is None:
            value = next(node.output for node in self.network.nodes if node.path == item.path)
        else:
            value = given_by.output
        for region in self.network.regions:
            if finishes(region) and region.inputs[0] == value:
                value = region.output
                for node in region.nodes:
                    if not isinstance(node.op, ops.ResizeLike):
                        yield chain_text((node,))
                    elif node.output.shape != node.inputs[0].shape:
                        yield f"→ {self.words.size(node.output.shape.size)}"
        if value in self.network.outputs and (given_by is None or given_by.role != "head"):
            yield "output"


def _is_signed(region: Region) -> bool:
    """Say whether a region becomes a box, or a plain arrow though it branches."""
    branches = any(isinstance(node.op, MEETINGS) for node in region.nodes)
    return bool(region.nodes) and (region.is_stage or (region.role in ("up", "down") and branches))


def stage_name(region: Region) -> str:
    """Say what people call what a region gives: levels count from 1 in figures."""
    match region.role:
        case "head" if region.use == "fuse":
            return "Fuse"
        case "stem" | "bottleneck":
            return region.role.capitalize()
        case "head" if not region.level:
            return "Head"
        case role:
            return f"{role.capitalize()} {region.level + 1}"


def _gives(region: Region, path: str) -> bool:
    """Say whether nothing but a norm, an activation or a dropout follows a node in its region."""
    number = next(number for number, node in enumerate(region.nodes) if node.path == path)
    return all(map(folds, region.nodes[number + 1 :]))


def _said(badge: Badge) -> Said:
    """Say what a sign means, and what it listens to."""
    heard = dict.fromkeys(f"that listens to {signal.from_where}" for signal in badge.signals)
    return join(" ", (badge.said, *heard))


def _head_words(region: Region) -> Said:
    """Name what a head does; of one that branches, its parts."""
    if region.use == "fuse":
        return join(", ", ("outputs concatenated", said(region.nodes[1:])))
    branches = any(isinstance(node.op, MEETINGS) for node in region.nodes)
    return describe(region).said if branches else said(region.nodes)


def _merged(links: Iterable[Link]) -> Iterator[Link]:
    """Draw links that look alike once; what one of them does, it does."""
    alike: dict[Link, dict[str, Node]] = {}
    for link in links:
        alike.setdefault(link, {}).update({node.path: node for node in link.nodes})
    return (replace(link, nodes=tuple(nodes.values())) for link, nodes in alike.items())


def _united(links: Iterable[Link]) -> Iterator[Link]:
    """Draw several links between the same two boxes once."""
    ends: dict[tuple[str, str, str, bool], list[Link]] = {}
    for link in links:
        ends.setdefault((link.source, link.target, link.kind, link.dashed), []).append(link)
    for one, *others in ends.values():
        # Signs of several ways cannot stand on one line: it would be one way.
        does = tuple(deed for link in (one, *others) for deed in _with_signs(link))
        nodes = tuple(node for link in (one, *others) for node in link.nodes)
        yield replace(one, does=does, badges=(), nodes=nodes) if others else one


def _with_signs(link: Link) -> Iterator[Deed]:
    """Let what a link does be told with its signs."""
    for deed in link.does:
        yield replace(deed, signs=(*deed.signs, *map(_said, link.badges)))


def _cell(region: Region) -> Cell | None:
    """Give row and column of a stage of a nested network."""
    return None if region.column is None else (region.level, region.column)
