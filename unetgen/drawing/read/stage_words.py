"""What a stage is made of: a short name for its box, a sentence for the legend, lines where ops are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from unetgen.analyses.repeats import repeats
from unetgen.drawing.read.composition import Composition
from unetgen.drawing.read.scopes import unit_of
from unetgen.drawing.read.signs import on_shortcuts
from unetgen.drawing.read.words import chain_text, lettered, one_text
from unetgen.ir import Node, Region, Scope, ops

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
    return on_shortcuts(one.shortcut.text for one in group)


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
