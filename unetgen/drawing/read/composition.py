"""What a stage is made of: a short name for its box, a sentence for the legend, lines where ops are asked for.

# NOTE: [The way down is not the stage]
Where a stage's first convolution makes the map smaller, the arrow says so, and not the stage.
Example: `conv 3×3 stride 2` and `conv 3×3` are `2 × conv 3×3`, as in a stage that takes a smaller map. A convolution on
a shortcut stands where channels change: it is said apart, so that stages with and without it are called alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from unetgen.analyses.repeats import repeats
from unetgen.drawing.read.node_groups import NodeGroup, name_of, node_groups, unit_of
from unetgen.drawing.read.words import chain_text, lettered, one_text, without_groups
from unetgen.ir import Node, Region, Scope, ops

MOST: Final = 5
"""So many kinds of units are named; of more, the most frequent."""


@dataclass(frozen=True, slots=True)
class Composition:
    """What a stage is made of.

    Args:
        short: What stands in its box, where stages differ.
        meaning: The same in the legend's words.
        shortcut: What stands on its shortcuts.
    """

    short: str
    meaning: str
    shortcut: str = ""


def composition_of(region: Region) -> Composition:
    """Say what a stage is made of, see [The way down is not the stage]."""
    groups = tuple(node_groups(replace(region, nodes=tuple(map(_unstrided, region.nodes)))))
    nodes = tuple(node for group in groups for node in _spoken(group))
    main = tuple(node for node in nodes if not node.within("shortcut"))
    on_shortcut = tuple(node for node in nodes if node.within("shortcut") and not isinstance(node.op, ops.CropLike))
    units = list(_units(main))
    short, words = name_of(main, sum(map(_is_unit, units)))
    signs = dict.fromkeys((group.badge.text, group.badge.meaning) for group in groups if group.badge is not None)
    # A residual block has a sum; elsewhere it is worth a word.
    said = _counted(chain_text(unit) for unit in units if not _is_sum(unit) or "residual" not in words)
    parts = (said, *(meaning for _, meaning in signs))
    meaning = ": ".join(filter(None, (words, "; ".join(filter(None, parts)))))
    return Composition(" ".join((short, *_added(groups))), meaning, chain_text(dict.fromkeys(on_shortcut)))


def _added(groups: Iterable[NodeGroup]) -> Iterator[str]:
    """Name what comes on top of units: a squeeze-and-excite (`+ SE`), the number of runs of each (`(each ×2)`)."""
    signs = {group.badge.text: group for group in groups if group.badge is not None}
    for sign, group in signs.items():
        yield f"(each {sign})" if group.is_run_again else f"+ {sign}"


def is_strided(region: Region) -> bool:
    """Whether a stage makes its own map smaller."""
    return any(isinstance(node.op, ops.Conv) and max(node.op.stride) > 1 for node in region.nodes)


def _unstrided(node: Node) -> Node:
    if not isinstance(node.op, ops.Conv) or max(node.op.stride) == 1:
        return node
    return replace(node, op=replace(node.op, stride=(1,) * len(node.op.stride)))


def _spoken(group: NodeGroup) -> Iterator[Node]:
    """Give the nodes that are named one by one: not those under a sign, nor crops of nothing."""
    for node in group.nodes if group.badge is None else group.shown:
        if not isinstance(node.op, ops.CropLike) or node.output.shape != node.inputs[0].shape:
            yield node


def _units(nodes: tuple[Node, ...]) -> Iterator[tuple[Node, ...]]:
    """List units in order, and what stands between them: a sum with what follows it, a pooling, a resizing."""
    for _, group in groupby(nodes, lambda node: (unit_of(node), isinstance(node.op, ops.Concat))):
        unit = tuple(node for node in group if not isinstance(node.op, ops.Concat))
        if unit:
            yield unit


def _is_unit(nodes: tuple[Node, ...]) -> bool:
    return any(isinstance(node.op, ops.Conv | ops.ConvTransposed) for node in nodes)


def _is_sum(nodes: tuple[Node, ...]) -> bool:
    """Say whether nodes are a sum that nothing follows."""
    return len(nodes) == 1 and isinstance(nodes[0].op, ops.Add)


def _counted(texts: Iterable[str]) -> str:
    """Sum up units in order; of many kinds, the most frequent."""
    counted = Counter(texts)
    kept = {text for text, _ in counted.most_common(MOST)}
    said = "; ".join(f"{n} × {text}" if n > 1 else text for text, n in counted.items() if text in kept)
    return f"{said}; and others" if len(counted) > MOST else said


# --- several stages ---------------------------------------------------------------------------------------------------

_COUNTS: Final = re.compile(r"\d+ (?=× |\w+ blocks|inverted|ways)|s\b|(?<=[×-])\d+")


def name_stages(made: Mapping[str, Composition]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Give what stands in the box of every stage, by its path, and the lines of the legend.

    Where all are made alike, nothing stands in the boxes. Stages that differ in the number of groups of their norms
    alone count as alike.
    """
    kinds = Counter((one.short, without_groups(one.meaning)) for one in made.values())
    if len(kinds) == 1:
        return dict.fromkeys(made, ""), tuple(_meaning(tuple(made.values())))
    signs: dict[tuple[str, str], str] = {}
    for short, meaning in (kind for kind, _ in kinds.most_common()):
        same = sum(other == short for other, _ in signs)
        signs[short, meaning] = lettered(short, same)
    groups: dict[str, list[Composition]] = {}
    for one in made.values():
        groups.setdefault(signs[one.short, without_groups(one.meaning)], []).append(one)
    texts = [f"{sign}: {text}" for sign, group in groups.items() for text in _meaning(tuple(group))]
    return {path: signs[one.short, without_groups(one.meaning)] for path, one in made.items()}, _merged(texts)


def _meaning(group: tuple[Composition, ...]) -> Iterator[str]:
    """Say what stages of one kind are made of, and what some of them have on their shortcuts."""
    (text, *_) = one_text(tuple(dict.fromkeys(one.meaning for one in group)))
    shortcuts = one_text(tuple(dict.fromkeys(one.shortcut for one in group if one.shortcut)))
    some = "some shortcuts" if any(not one.shortcut for one in group) or len(shortcuts) > 1 else "shortcut"
    yield f"{text}; {some}: {' or '.join(shortcuts)}" if shortcuts else text


def _merged(texts: list[str]) -> tuple[str, ...]:
    """Say once what differs in counts alone: the boxes say which stage has how many."""
    groups: dict[str, list[str]] = {}
    for text in texts:
        groups.setdefault(_COUNTS.sub("", text), []).append(text)
    return tuple(text for same in groups.values() for text in one_text(tuple(same)))


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
