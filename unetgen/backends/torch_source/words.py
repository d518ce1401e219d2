"""What a class is made of, in words: the docstring of each class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from unetgen.analyses.op_names import OpName, op_name
from unetgen.backends.torch_source.groups import Group, Leaf, Step, module_of, word_of
from unetgen.backends.torch_source.text import docstring
from unetgen.ir.ops import Add

__all__ = ["class_docstring"]

_TIMES = {2: "twice", 3: "three times", 4: "four times"}
_TOO_LONG = 170
"""Characters from which on nobody reads a list of parts."""


def class_docstring(groups: Sequence[Group]) -> tuple[str, ...]:
    """Say what a class is made of, in run order; what repeats is said once.

    Args:
        groups: All instances of the class; what differs among them is left out.
    """
    twins = zip(*(group.steps for group in groups), strict=True)
    words = [(steps[0].number, _words(steps, groups[0])) for steps in twins if not _is_added(steps[0], groups[0])]
    units = [tuple(word for _, word in unit) for _, unit in groupby(words, key=lambda pair: pair[0])]
    runs = [(unit, len(list(run))) for unit, run in groupby(units)]
    said = ", ".join(_repeated(unit, count) for unit, count in runs)
    if len(said) > _TOO_LONG:
        said = f"made of {', '.join(dict.fromkeys(_short(step, groups[0]) for step in groups[0].steps))}"
    return docstring(((f"{said[:1].upper()}{said[1:]}.",),), 4)


def _repeated(unit: tuple[str, ...], count: int) -> str:
    text = ", ".join(unit)
    if count == 1:
        return text
    return f"{f'({text})' if len(unit) > 1 else text} {_TIMES.get(count, f'{count} times')}"


def _words(steps: Sequence[Step], group: Group) -> str:
    """Name a step as it is in all instances."""
    leaves = [leaf for step in steps if (leaf := module_of(step)) is not None]
    if not leaves:
        return _group_words([step for step in steps if isinstance(step, Group)])
    if isinstance(leaves[0].node.op, Add):
        return _sum(leaves[0], group)
    return _shared(op_name(leaf.node) for leaf in leaves)


def _short(step: Step, group: Group) -> str:
    return _words((step,), group) if isinstance(step, Leaf) or step.only else _scope_words(step)


def _group_words(groups: Sequence[Group]) -> str:
    """Name a module inside: by its few parts where it is one chain of them, else by its scope."""
    steps = groups[0].steps
    if len(steps) > 4 or not all(isinstance(step, Leaf) and step.is_module for step in steps):
        return _scope_words(groups[0])
    twins = zip(*(group.steps for group in groups), strict=True)
    return ", ".join(_words(alike, groups[0]) for alike in twins)


def _scope_words(group: Group) -> str:
    return word_of(group.scopes[0]).replace("_", " ")


def _sum(leaf: Leaf, group: Group) -> str:
    """Say what is added up: the input, or what modules give that only a sum takes, to the main path."""
    added = [
        _scope_words(step)
        for step in group.steps
        if isinstance(step, Group) and _is_added(step, group) and step.output in leaf.inputs
    ]
    if len(added) == len(leaf.inputs):
        return f"sum of {' and '.join(added)}"
    if any(value in group.inputs for value in leaf.inputs):
        return "sum with input"
    return f"sum with {added[0]}" if added else "sum"


def _is_added(step: Step, group: Group) -> bool:
    """Say whether a step is a module inside that only a sum takes."""
    takers = [other for other in group.steps if step.output in other.inputs]
    sums = all(isinstance(taker, Leaf) and isinstance(taker.node.op, Add) for taker in takers)
    return isinstance(step, Group) and step.number is None and bool(takers) and sums


def _shared(names: Iterable[OpName]) -> str:
    """Give what ops are called as far as all of them are; ASCII, as emitted source is read in any editor."""
    details: dict[str, list[tuple[str, ...]]] = {}
    for one in names:
        details.setdefault(one.name, []).append(one.details)
    same = (OpName(name, _in_all(found)) for name, found in details.items())
    return " or ".join(map(str, same)).replace("×", "x")


def _in_all(details: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(detail for detail in details[0] if all(detail in others for others in details))
