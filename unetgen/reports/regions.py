"""What a region does, in a few words: `2 × (conv 3×3, batch norm, ReLU)`."""

from __future__ import annotations

from collections.abc import Sequence

from unetgen.analyses.op_names import op_name
from unetgen.ir import Node, Region


def describe_region(region: Region) -> str:
    """Say what a region's nodes do in their order, repetitions folded."""
    return ", ".join(_folded([_describe_node(node) for node in region.nodes]))


def _describe_node(node: Node) -> str:
    return f"shortcut {op_name(node)}" if node.within("shortcut") else str(op_name(node))


def _folded(words: Sequence[str]) -> list[str]:
    """Fold runs of equal groups of words: `a b a b c` -> `2 × (a, b)`, `c`."""
    parts: list[str] = []
    at = 0
    while at < len(words):
        length, repeats = _longest_run(words[at:])
        group = ", ".join(words[at : at + length])
        parts.append(group if repeats == 1 else f"{repeats} × ({group})" if length > 1 else f"{repeats} × {group}")
        at += length * repeats
    return parts


def _longest_run(words: Sequence[str]) -> tuple[int, int]:
    """Find the group at the start whose repetitions cover most; the shortest one of these."""
    runs = [(length, _repeats(words, length)) for length in range(1, len(words) // 2 + 1)]
    return max((run for run in runs if run[1] > 1), key=lambda run: (run[0] * run[1], -run[0]), default=(1, 1))


def _repeats(words: Sequence[str], length: int) -> int:
    repeats = 1
    while words[repeats * length : (repeats + 1) * length] == words[:length]:
        repeats += 1
    return repeats
