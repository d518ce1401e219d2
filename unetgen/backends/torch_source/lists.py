"""How a list of modules is written: items one by one, and stretches of them as one item and a count."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from unetgen.backends.torch_source.torch_ops import constructor
from unetgen.plan import Leaf, Step

_FEW = 3
"""Items, not all of them equal, that are written one by one wherever there are always so many."""
Items = Sequence[Step]
KindOf = Callable[[Step], Hashable]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Items that stand side by side in the lists of all instances of a class.

    Args:
        items: Those of each instance.
        repeated: Whether they are written as one item and a count; else there is one item in each instance.
    """

    items: tuple[tuple[Step, ...], ...]
    repeated: bool = False


def stretches(lists: Sequence[Items], kind: KindOf, dims: int) -> tuple[Stretch, ...] | None:
    """Divide the lists of all instances of a class alike; None if there is no such way.

    Items of a stretch are of one kind, and their numbers stay the same or grow by equal steps: of a list whose first
    item takes other channels than the others, that one stands alone.

    Args:
        lists: The items in each instance, of kinds in the same order.
        kind: Gives the kind of an item: those of one kind have the same class.
        dims: The number of spatial axes.
    """
    lengths = {len(items) for items in lists}
    if len(lengths) == 1 and max(lengths) <= _FEW and not _equal(lists, kind, dims):
        return _one_by_one(lists)
    found: list[Stretch] = []
    for alike in zip(*(_by_kind(items, kind) for items in lists), strict=True):
        divided = _divided(alike, dims)
        if divided is None:
            return _one_by_one(lists) if len(lengths) == 1 else None
        found += divided
    varying = [stretch for stretch in found if len({len(items) for items in stretch.items}) > 1]
    return tuple(found) if len(varying) <= 1 else None


def kinds_in_order(items: Items, kind: KindOf) -> tuple[Hashable, ...]:
    """List the kinds of items, each once where it stands several times in a row."""
    return tuple(kind(alike[0]) for alike in _by_kind(items, kind))


def _by_kind(items: Items, kind: KindOf) -> list[tuple[Step, ...]]:
    return [tuple(alike) for _, alike in groupby(items, kind)]


def _equal(lists: Sequence[Items], kind: KindOf, dims: int) -> bool:
    return all(len({(kind(item), _numbers(item, dims)) for item in items}) == 1 for items in lists)


def _one_by_one(lists: Sequence[Items]) -> tuple[Stretch, ...]:
    return tuple(Stretch(tuple((item,) for item in items)) for items in zip(*lists, strict=True))


def _divided(lists: Sequence[tuple[Step, ...]], dims: int) -> tuple[Stretch, ...] | None:
    """Divide lists of one kind: if need be, the first item and the last one stand alone."""
    for before, behind in ((0, 0), (1, 0), (0, 1), (1, 1)):
        if min(map(len, lists)) < before + behind:
            continue
        rests = tuple(items[before : len(items) - behind] for items in lists)
        if all(_in_steps(rest, dims) for rest in rests):
            first = _one_by_one([items[:before] for items in lists])
            last = _one_by_one([items[len(items) - behind :] for items in lists])
            several = max(map(len, rests)) > 1 or min(map(len, rests)) == 0
            return (*first, Stretch(rests, repeated=several), *last)
    return None


def _in_steps(items: Items, dims: int) -> bool:
    """Say whether each number of items stays or grows by equal steps."""
    return all(_is_row(numbers) for numbers in zip(*(_numbers(item, dims) for item in items), strict=True))


def _is_row(numbers: Sequence[object]) -> bool:
    if len(set(numbers)) == 1:
        return True
    whole = [number for number in numbers if isinstance(number, int)]
    return len(whole) == len(numbers) and len({after - before for before, after in pairwise(whole)}) == 1


def _numbers(step: Step, dims: int) -> tuple[object, ...]:
    return tuple(_all_numbers(step, dims))


def _all_numbers(step: Step, dims: int) -> Iterator[object]:
    """List the channels that enter and leave a step and all inside, and what else modules are made with."""
    yield from (value.shape.channels for value in (*step.inputs, step.output))
    if not isinstance(step, Leaf):
        for inside in step.steps:
            yield from _all_numbers(inside, dims)
    elif step.is_module:
        yield from (argument.value for argument in constructor(step.node, dims).arguments)
