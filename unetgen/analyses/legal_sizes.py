"""Which input sizes a network accepts, exactly.

NOTE: [Why a few sizes decide about all]
Fix one axis. Let s(n) be the size of some map for an input of n pixels, where a join that does not fit goes on with the
size of one of its inputs.

* Every op keeps order: a larger map never gives a smaller one. So s never decreases in n, and what an op demands of a
  single map (at least one window, at least the reflected border) holds for all n from some bound on. Let T be the
  largest of these bounds: below T nothing is legal. T is found by bisection.
* Every op shifts exactly: of a map that grows by k strides comes one that grows by k, whatever the rounding. With rate
  r of a map (its growth per pixel of input, 1/4 after two halvings) and P a number for which P * r is whole for every
  map, s(n + P) = s(n) + P * r.
* Maps that meet at one rate therefore differ by an amount that depends on n mod P alone: whether they fit (equal, an
  even difference, not smaller) is decided by the P sizes from T on. T and those P sizes are the whole answer.

The number of sizes to look at follows from the network itself, and needs no guess for deep ones or large kernels.

NOTE: [Maps that meet at different rates]
A network may let maps of different rate meet, or broadcast a map that happens to have one position. Then their
difference has one sign from some size on, which the P sizes from T on bound; after it the pattern has settled,
with a period of 2 P as an even difference may be asked for. The sizes before are looked at one by one.
"""

from __future__ import annotations

import math
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from unetgen.analyses.axis_walk import AxisWalk, rates, walk
from unetgen.analyses.sizes import AxisSizes, KeptSizes, LegalSizes, complete, covers
from unetgen.ir import Network, Node, SizeError, ops

MAX_SIZES = 2**17
"""Most input sizes of one axis that are looked at: sixteen halvings take half of them, and two seconds."""

_NOTHING = AxisSizes(0, 1, ())
_EVERY = sys.maxsize
"""Stands for every input size, where a single position is left whatever the input."""


def periods(network: Network) -> tuple[int, ...]:
    """Give, per axis, after how many pixels the legal sizes repeat at the latest: 16 after four halvings."""
    return tuple(_period(rates(network, axis)) for axis in range(network.dims))


def legal_sizes(network: Network) -> LegalSizes:
    """Find every input size that the network accepts; exact, see the notes on top of this file.

    Raises:
        SizeError: More than `MAX_SIZES` sizes of an axis would have to be looked at; `periods` tells before.
    """
    picky = tuple(node.inputs[0].id for node in network.nodes if _is_picky(node))
    pooled = tuple(node.inputs[0].id for node in network.nodes if _takes_batch(node))
    found: dict[tuple[object, ...], _Axis] = {}
    axes: list[_Axis] = []
    for axis in range(network.dims):
        # Two axes of which every op says the same behave alike.
        numbers = tuple(said[axis] for node in network.nodes for said in node.op.per_axis.values())
        if numbers not in found:
            found[numbers] = _study(network, axis, (*picky, *pooled))
        axes.append(found[numbers])
    singles = tuple(zip(*(axis.single for axis in axes), strict=True))
    sizes = _without_corners(tuple(axis.sizes for axis in axes), singles[: len(picky)])
    return replace(sizes, too_small_alone=_alone(sizes, singles[len(picky) :]), kept=_kept(sizes, axes))


def idle_resizes(network: Network) -> frozenset[int]:
    """Find the resizes to the size of another map that every legal input has at that size already.

    Returns:
        The ids of their outputs; nothing where the legal sizes are too many to be looked at.
    """
    idle = frozenset(node.output.id for node in network.nodes if isinstance(node.op, ops.ResizeLike))
    try:
        for axis in range(network.dims) if idle else ():
            idle &= _study(network, axis, ()).idle
    except SizeError:
        return frozenset()
    return idle


def _is_picky(node: Node) -> bool:
    """Say whether a single position is too little for the node."""
    return node.op.least_pixels(node.inputs[0].shape.channels) > 1


def _takes_batch(node: Node) -> bool:
    """Say whether a single position of a single image is too little for the node in training."""
    return isinstance(node.op, ops.Norm) and node.op.kind == "batch"


@dataclass(frozen=True, slots=True)
class _Axis:
    """One axis: its legal sizes, and per picky node the largest input that leaves it one position here, or -1.

    `idle` holds the outputs of the resizes that change nothing here for any legal size. `kept` is None where the output
    is never as large as the input.
    """

    sizes: AxisSizes
    single: tuple[int, ...]
    idle: frozenset[int] = frozenset()
    kept: KeptSizes | None = None


def _study(network: Network, axis: int, picky: tuple[int, ...]) -> _Axis:
    rate = rates(network, axis)
    period = _period(rate)
    first = _first_unblocked(network, axis, rate)
    if first is None:
        return _Axis(_NOTHING, (-1,) * len(picky))
    inputs = _looked_at(first, first + period)
    window = walk(network, axis, inputs)
    single = tuple(_last_single(window.sizes[taken], inputs, rate[taken]) for taken in picky)
    settled = first
    if late := [n for node in network.nodes for n in _settles(node, rate, window, inputs)]:
        settled, period = max(first, *late), 2 * period
        inputs = _looked_at(first, settled + period)
        window = walk(network, axis, inputs)
    legal = [n for n, meets in zip(inputs, window.meets, strict=True) if meets]
    idle = frozenset(node.output.id for node in network.nodes if _is_idle(node, rate, window))
    # An output that grows as the input does differs from it by what repeats as the legal sizes do.
    apart = dict(zip(inputs, map(int.__sub__, window.sizes[network.output.id], inputs), strict=True))
    keeps = AxisSizes.of((n for n in legal if apart[n] == 0), first=settled, period=period)
    kept = None if keeps.empty or rate[network.output.id] != 1 else KeptSizes.of(keeps, {apart[n] for n in legal})
    return _Axis(AxisSizes.of(legal, first=settled, period=period), single, idle, kept)


def _is_idle(node: Node, rate: dict[int, Fraction], window: AxisWalk) -> bool:
    """Say whether a node resizes a map to the size that it has for every legal input of the window, and so for all."""
    if not isinstance(node.op, ops.ResizeLike):
        return False
    x, like = (value.id for value in node.inputs)
    both = zip(window.meets, window.sizes[x], window.sizes[like], strict=True)
    return rate[x] == rate[like] and all(a == b for meets, a, b in both if meets)


def _period(rate: dict[int, Fraction]) -> int:
    return math.lcm(*(r.denominator for r in rate.values()))


def _looked_at(first: int, stop: int) -> range:
    if stop - first > MAX_SIZES:
        raise SizeError(f"the legal sizes repeat only after {stop - first:,} pixels, the limit is {MAX_SIZES:,}")
    return range(first, stop)


def _first_unblocked(network: Network, axis: int, rate: dict[int, Fraction]) -> int | None:
    """Find the least input for which every op has something to compute; None if there is none."""
    blocked, free = 0, 1
    while (node := walk(network, axis, (free,)).blocked) is not None:
        if rate[node.inputs[0].id] == 0:
            return None
        blocked, free = free, 2 * free
    while free - blocked > 1:
        middle = (blocked + free) // 2
        if walk(network, axis, (middle,)).blocked is None:
            free = middle
        else:
            blocked = middle
    return free


def _last_single(sizes: Sequence[int], inputs: range, rate: Fraction) -> int:
    """Find the largest input that gives a map of one position: -1 if none does."""
    if sizes[0] > 1:
        return -1
    if rate == 0:
        return _EVERY
    # A map that grows at all grows within a period: the next one needs no look.
    return inputs[bisect_right(sizes, 1) - 1]


def _settles(node: Node, rate: dict[int, Fraction], window: AxisWalk, inputs: range) -> Iterator[int]:
    """Give input sizes from which on a node's inputs fit by `n mod period` alone; none if that is so everywhere.

    Example: where `n` pixels meet `n // 2`, the difference is n / 2, give or take a half: from 2 on they never fit.
    See the note [Maps that meet at different rates].
    """
    if isinstance(node.op, ops.ResizeLike):
        return
    one, *others = (value.id for value in node.inputs)
    for other in others:
        sizes = list(zip(inputs, window.sizes[one], window.sizes[other], strict=True))
        if isinstance(node.op, ops.Multiply) and any(b == 1 != a for _, a, b in sizes):
            if rate[other] == 0:
                # A map of one position for every input, as a squeeze gives: it always fits.
                continue
            yield inputs.stop
        if rate[one] != rate[other]:
            apart = max(abs((a - rate[one] * n) - (b - rate[other] * n)) for n, a, b in sizes)
            yield math.floor(apart / abs(rate[one] - rate[other])) + 1


def _without_corners(axes: tuple[AxisSizes, ...], singles: Sequence[tuple[int, ...]]) -> LegalSizes:
    """Combine the axes; where a node sees a single position on every axis, the input is too small."""
    if _always(singles):
        return LegalSizes((_NOTHING,) * len(axes))
    corners = _corners(axes, singles)
    if len(axes) == 1 and corners:
        return LegalSizes((axes[0].beyond(corners[0][0]),))
    return LegalSizes(axes, corners)


def _kept(sizes: LegalSizes, axes: Sequence[_Axis]) -> tuple[KeptSizes, ...]:
    """Give which sizes the output keeps on each axis; nothing where it keeps none on one of them."""
    kept = tuple(axis.kept for axis in axes if axis.kept is not None)
    if len(kept) < len(axes):
        return ()
    # Without the sizes of a single axis that are too small.
    return tuple(
        replace(one, sizes=one.sizes.beyond(legal.minimum - 1)) if legal != axis.sizes else one
        for one, legal, axis in zip(kept, sizes.axes, axes, strict=True)
    )


def _alone(sizes: LegalSizes, singles: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], ...] | None:
    """Find the corners of legal sizes that leave a batch norm a single position of each image; None if all do."""
    if _always(singles):
        return None
    found = _corners(sizes.axes, singles)
    return tuple(one for one in found if not any(covers(corner, one) for corner in sizes.too_small))


def _always(singles: Sequence[tuple[int, ...]]) -> bool:
    """Say whether some node sees a single position whatever the input."""
    return any(all(n == _EVERY for n in single) for single in singles)


def _corners(axes: tuple[AxisSizes, ...], singles: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """Give the largest legal sizes that leave a node a single position, without those that another covers."""
    legal = (tuple(axis.below(n) for axis, n in zip(axes, single, strict=True)) for single in set(singles))
    corners = {corner for found in legal if (corner := complete(found))}
    largest = (one for one in corners if not any(one != other and covers(other, one) for other in corners))
    return tuple(sorted(largest))
