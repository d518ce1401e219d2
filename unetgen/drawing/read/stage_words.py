"""What a stage is made of: a short name for its box, a sentence for the legend, lines where ops are asked for.

# NOTE: [The way down is not the stage]
Where a stage's first convolution makes the map smaller, the arrow says so, and not the stage.
Example: `conv 3×3 stride 2` and `conv 3×3` are `2 × conv 3×3`, as in a stage that takes a smaller map. A convolution on
a shortcut stands where channels change: it is said apart, so that stages with and without it are called alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from unetgen.analyses.op_names import op_name
from unetgen.analyses.repeats import repeats
from unetgen.drawing.read.composition import Composition, is_unit, name_of, units
from unetgen.drawing.read.node_groups import named_nodes
from unetgen.drawing.read.scopes import unit_of
from unetgen.drawing.read.words import chain_text, lettered, one_text, said
from unetgen.ir import Node, Region, Scope, ops


def composition_of(region: Region) -> Composition:
    """Say what a stage is made of, see [The way down is not the stage]."""
    nodes, signs = named_nodes(replace(region, nodes=tuple(map(_unstrided, region.nodes))))
    main = tuple(node for node in nodes if not node.within("shortcut"))
    # Several blocks of a stage do the same on their shortcuts, in most cases: it is said once.
    on_shortcut = {str(op_name(node)): node for node in nodes if node.within("shortcut")}
    found = list(units(main))
    name = name_of(main, sum(map(is_unit, found)))
    told = tuple(said(unit) for unit in found if not (_is_sum(unit) and name.block.sums))
    return Composition(name, told, signs, said(on_shortcut.values()))


def is_strided(region: Region) -> bool:
    """Whether a stage makes its own map smaller."""
    return any(isinstance(node.op, ops.Conv) and max(node.op.stride) > 1 for node in region.nodes)


def _unstrided(node: Node) -> Node:
    if not isinstance(node.op, ops.Conv) or max(node.op.stride) == 1:
        return node
    return replace(node, op=replace(node.op, stride=(1,) * len(node.op.stride)))


def _is_sum(nodes: tuple[Node, ...]) -> bool:
    """Say whether nodes are a sum that nothing follows."""
    return len(nodes) == 1 and isinstance(nodes[0].op, ops.Add)


# --- several stages ---------------------------------------------------------------------------------------------------


def name_stages(made: Mapping[str, Composition]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Give what stands in the box of every stage, by its path, and the lines of the legend.

    Where all are made alike, nothing stands in the boxes. Stages that differ in the number of groups of their norms
    alone count as alike.
    """
    kinds = Counter((one.short, one.said.alike) for one in made.values())
    if len(kinds) == 1:
        return dict.fromkeys(made, ""), (_meaning([*made.values()]),)
    signs: dict[tuple[str, str], str] = {}
    for short, alike in (kind for kind, _ in kinds.most_common()):
        signs[short, alike] = lettered(short, sum(other == short for other, _ in signs))
    named = {path: signs[one.short, one.said.alike] for path, one in made.items()}
    groups: dict[str, list[Composition]] = {}
    for path, one in made.items():
        groups.setdefault(named[path], []).append(one)
    return named, _lines(groups)


def _meaning(group: Sequence[Composition]) -> str:
    """Say what stages of one kind are made of, and what some of them have on their shortcuts."""
    (text, *_) = one_text(tuple(dict.fromkeys(one.said.text for one in group)))
    return "; ".join(filter(None, (text, _shortcuts(group))))


def _shortcuts(group: Sequence[Composition]) -> str:
    texts = one_text(tuple(dict.fromkeys(one.shortcut.text for one in group if one.shortcut)))
    some = "some shortcuts" if any(not one.shortcut for one in group) or len(texts) > 1 else "shortcut"
    return f"{some}: {' or '.join(texts)}" if texts else ""


def _lines(groups: Mapping[str, Sequence[Composition]]) -> tuple[str, ...]:
    """Say once what differs in counts alone: the boxes say which stage has how many."""
    alike: dict[object, list[str]] = {}
    for sign, group in groups.items():
        alike.setdefault((group[0].kind, _shortcuts(group)), []).append(f"{sign}: {_meaning(group)}")
    return tuple(text for same in alike.values() for text in one_text(tuple(same)))


# --- op by op ---------------------------------------------------------------------------------------------------------


def lines_of(region: Region) -> tuple[str, ...]:
    """List what a stage does, a line for a unit; up to four lines that come several times in a row are written once."""
    lines = [_line(tuple(group)) for _, group in groupby(region.nodes, _line_key)]
    return tuple(line for run, times in repeats(lines, longest=4) for line in _bracketed(run, times))


def _line_key(node: Node) -> tuple[tuple[Scope, ...], bool]:
    for place, scope in enumerate(node.scopes, start=1):
        if scope.kind == "attention":
            return node.scopes[:place], False
    return unit_of(node), isinstance(node.op, ops.Concat)


def _line(nodes: tuple[Node, ...]) -> str:
    scope = nodes[0].within("shortcut", "attention")
    return f"{scope.kind}: {chain_text(nodes)}" if scope is not None else chain_text(nodes)


def _bracketed(run: Sequence[str], times: int) -> Iterator[str]:
    match run:
        case (line,):
            yield f"{times} × {line}" if times > 1 else line
        case (first, *middle, last):
            yield f"{times} × ({first};"
            yield from (f"{line};" for line in middle)
            yield f"{last})"
