"""The words of a picture: what chains of ops and sizes are called in legends and labels."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from string import ascii_lowercase
from typing import Final, assert_never

from unetgen.analyses.op_names import MAXIMUM, PRODUCT, SUM, has_groups, op_name
from unetgen.drawing.model.deeds import Said
from unetgen.drawing.model.shapes import Symbol
from unetgen.ir import Node, Shape, ops

_POWERS: Final = {1: "", 2: "²", 3: "³"}
_UNITS = ("", "k", "M", "G", "T", "P", "E")

MEETS: Final[dict[Symbol, str]] = {
    "plus": SUM, "times": PRODUCT, "max": MAXIMUM, "cat": "concatenation",
}  # fmt: skip
"""How maps meet in a sign, in the words for its op: on arrows, in the legend, wherever reports name it."""
THINGS: Final = {1: "signal", 2: "image", 3: "volume"}
"""What goes into a network, by the number of its axes."""


def symbol_of(op: ops.Add | ops.Maximum | ops.Multiply) -> Symbol:
    """Give the sign of an op in which maps meet."""
    match op:
        case ops.Add():
            return "plus"
        case ops.Maximum():
            return "max"
        case ops.Multiply():
            return "times"
        case _:
            assert_never(op)


def size_text(size: tuple[int, ...]) -> str:
    """Write the sizes of a map.

    Example:
        >>> size_text((572, 572)), size_text((64, 64, 64)), size_text((128, 96)), size_text((512,))
        ('572²', '64³', '128×96', '512')
        >>> size_text((132, 132, 116)), size_text((80, 160, 160))
        ('132²×116', '80×160²')
    """
    runs = ((n, len(list(run))) for n, run in groupby(size))
    return "×".join(f"{n}{_POWERS[count]}" for n, count in runs)


def shape_text(shape: Shape) -> str:
    """Write channels and sizes.

    Example:
        >>> shape_text(Shape(64, (568, 568)))
        '64 × 568²'
    """
    return f"{shape.channels} × {size_text(shape.size)}"


def count_text(count: int) -> str:
    """Write a large count in four digits.

    Example:
        >>> count_text(150_389_915_648), count_text(31_030_658), count_text(812), count_text(999_960)
        ('150.4 G', '31.03 M', '812', '1 M')
    """
    value, power = float(count), 0
    while float(f"{value:.4g}") >= 1000 and power < len(_UNITS) - 1:
        value, power = value / 1000, power + 1
    return f"{value:.4g} {_UNITS[power]}".rstrip()


def lettered(text: str, number: int) -> str:
    """Tell one of several meanings of a sign from the others by a letter; the first one has none.

    Example:
        >>> lettered("SE", 0), lettered("SE", 2), lettered("SE", 27)
        ('SE', 'SE b', 'SE 27')
    """
    if not number:
        return text
    return f"{text} {ascii_lowercase[number - 1] if number <= len(ascii_lowercase) else number}"


def one_text(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Say in one text what several say that differ in numbers alone; give them as they are where they differ in more.

    Example:
        >>> one_text(("max pool 2×2, conv 3×3", "max pool 4×4, conv 3×3", "max pool 8×8, conv 3×3"))
        ('max pool 2×2 to 8×8, conv 3×3',)
        >>> one_text(("max pool 2×2", "average pool 2×2"))
        ('max pool 2×2', 'average pool 2×2')
    """
    return tuple(dict.fromkeys(said_together(texts).values()))


def said_together(texts: Collection[str]) -> dict[str, str]:
    """Give for each text the one that says it together with those that differ from it in numbers alone.

    Example:
        >>> said_together(("group norm 8", "group norm 16", "batch norm"))
        {'group norm 8': 'group norm 8 to 16', 'group norm 16': 'group norm 8 to 16', 'batch norm': 'batch norm'}
    """
    groups: dict[str, list[str]] = {}
    for text in texts:
        groups.setdefault(without_numbers(text), []).append(text)
    return {text: _spanned(groups[without_numbers(text)]) for text in texts}


def counted_together(texts: Mapping[str, str]) -> tuple[str, str]:
    """Give one sign, and one meaning, for signs with meanings that differ from each other in numbers alone.

    A number that is the sign's own is `n`; others go from the first to the last.

    Example:
        >>> counted_together({"U-4": "4 ways down: 11 × conv 3×3", "U-5": "5 ways down: 13 × conv 3×3"})
        ('U-n', 'n ways down: 11 to 13 × conv 3×3')
    """
    signs = [_NUMBERS.findall(text) for text in texts]
    columns = list(zip(*map(_NUMBERS.findall, texts.values()), strict=True))
    own = {column for column in zip(*signs, strict=True) if len(set(column)) > 1}
    said = ("n" if column in own else _span(column) for column in columns)
    (sign, meaning), *_ = texts.items()
    return _NUMBERS.sub("n", sign), _filled(meaning, said)


def without_numbers(text: str) -> str:
    """Give what texts have in common that differ in numbers alone."""
    return _NUMBERS.sub("#", text)


_NUMBERS: Final = re.compile(r"\d+(?:[×.]\d+)*")


def _spanned(texts: list[str]) -> str:
    """Put the numbers of all texts, from the first to the last where they differ, into the words of one."""
    return _filled(texts[0], map(_span, zip(*map(_NUMBERS.findall, texts), strict=True)))


def _span(numbers: tuple[str, ...]) -> str:
    ordered = sorted(set(numbers), key=_size)
    return ordered[0] if len(ordered) == 1 else f"{ordered[0]} to {ordered[-1]}"


def _filled(text: str, numbers: Iterable[str]) -> str:
    """Put numbers in place of those of a text."""
    return "".join(map("".join, zip(_NUMBERS.split(text), (*numbers, ""), strict=True)))


def _size(number: str) -> tuple[float, ...]:
    return tuple(map(float, number.split("×")))


def difference(text: str, usual: str) -> str:
    """Say in a few words what one chain of ops does and another one does not.

    Example:
        >>> usual = "conv 3×3 stride 2, batch norm, ReLU"
        >>> difference("conv 7×7 stride 2, batch norm, ReLU", usual), difference("conv 3×3 stride 2, ReLU", usual)
        ('conv 7×7 stride 2', 'no batch norm')
        >>> difference("max pool 2×2", "conv 3×3, ReLU"), difference("conv 3×3", "conv 3×3, batch norm, ReLU")
        ('max pool 2×2', 'conv 3×3 alone')
    """
    own, others = text.split(", "), usual.split(", ")
    if new := [phrase for phrase in own if phrase not in others]:
        return ", ".join(new)
    if 2 * len(own) > len(others):
        return ", ".join(f"no {phrase}" for phrase in others if phrase not in own)
    return f"{own[0]} alone" if len(own) == 1 else own[0]


def said(nodes: Iterable[Node]) -> Said:
    """Name ops that run one after the other, and what they have in common where norms have other groups."""
    passed = tuple(nodes)
    return Said(chain_text(passed), chain_text(map(_ungrouped, passed)))


def _ungrouped(node: Node) -> Node:
    """Give a norm one group in place of several."""
    if not isinstance(node.op, ops.Norm) or not has_groups(node.op) or node.op.groups == node.output.shape.channels:
        return node
    return replace(node, op=replace(node.op, groups=1))


def chain_text(nodes: Iterable[Node]) -> str:
    """Name ops that run one after the other.

    Example: `conv 3×3, batch norm, ReLU`.
    """
    passed = tuple(nodes)
    text = ", ".join(str(op_name(node)) for node in passed)
    return f"{text} (weights shared)" if any(node.shares for node in passed) else text
