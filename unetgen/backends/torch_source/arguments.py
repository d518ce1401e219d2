"""The channels of input and output as arguments of the network's class.

How they enter a network only its spec knows: a depthwise convolution, a sum with the input and a fusion of all outputs
each take them in a way of their own. So the spec is compiled with other channels too, and what is written is compared:
where nothing but numbers differs, each is a sum of these channels. Where more differs, the class keeps its numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from unetgen.backends.torch_source.layout import Expr
from unetgen.backends.torch_source.widths import Term
from unetgen.ir.network import Network

NAMES: Final = ("in_channels", "out_channels")
Vary = Callable[[int, int], Network | None]
"""Gives the network that a spec describes with these channels of input and output; None where it refuses them."""

_STEPS: Final = ((1680, 13 * 1680), (2 * 1680, 17 * 1680), (4 * 1680, 61 * 1680))
"""What is added to both channels: groups go on to divide them, and a sum of few multiples says which they are."""
_MOST: Final = 12
"""How many times a number may hold the channels."""
_NUMBER: Final = re.compile(r"(?<![\w.])\d+(?![\w.])")


@dataclass(frozen=True, slots=True)
class Sample:
    """A network as it would be written.

    Args:
        channels: Of input and output.
        modules: What makes each module of the network's class.
        classes: The text of the other classes.
        rest: All that must not differ.
    """

    channels: tuple[int, int]
    modules: Mapping[str, Expr]
    classes: tuple[tuple[str, ...], ...]
    rest: tuple[object, ...]


class _Differs(Exception):
    """More than numbers differs, or a number is no sum of channels."""


def generalize(first: Sample, vary: Callable[[int, int], Sample | None]) -> tuple[Sample, tuple[tuple[str, int], ...]]:
    """Write a network for any channels.

    Returns:
        The network with sums of channels in place of numbers, and the arguments that it takes, each with its default:
        both channels, one or none.
    """
    for chosen in ((True, True), (True, False), (False, True)):
        try:
            found, used = _compared(first, vary, chosen)
        except _Differs:
            continue
        wanted = {name for name, is_chosen in zip(NAMES, chosen, strict=True) if is_chosen}
        if used == wanted:
            return found, tuple((n, c) for n, c in zip(NAMES, first.channels, strict=True) if n in used)
    return first, ()


def _compared(
    first: Sample, vary: Callable[[int, int], Sample | None], chosen: tuple[bool, bool]
) -> tuple[Sample, set[str]]:
    others: list[Sample] = []
    for steps in _STEPS:
        taken, given = (c + step * is_chosen for c, step, is_chosen in zip(first.channels, steps, chosen, strict=True))
        sample = vary(taken, given)
        if sample is None or sample.rest != first.rest or list(sample.modules) != list(first.modules):
            raise _Differs
        others.append(sample)
        # Where the spec's own channels happen to be those of something else, its classes may say too little.
        if len(others) == 2 and first.classes == sample.classes:
            others.append(first)
            break
    if any(other.classes != others[0].classes for other in others):
        raise _Differs
    writer = _SampleWriter([sample.channels for sample in others])
    modules = {name: writer.write([sample.modules[name] for sample in others]) for name in first.modules}
    return replace(others[0], modules=modules), writer.used


class _SampleWriter:
    """Writes expressions that differ in numbers as one."""

    def __init__(self, channels: list[tuple[int, int]]) -> None:
        self.used: set[str] = set()
        self._channels = channels

    def write(self, parts: list[Any]) -> Any:
        """Write what is alike in all samples once, and numbers that differ as sums of channels."""
        first = parts[0]
        if len({type(part) for part in parts}) > 1:
            raise _Differs
        if isinstance(first, str):
            return self._text(parts)
        if isinstance(first, tuple):
            if len({len(part) for part in parts}) > 1:
                raise _Differs
            return tuple(self.write(list(items)) for items in zip(*parts, strict=True))
        if is_dataclass(first) and not isinstance(first, type):
            found = {f.name: self.write([getattr(part, f.name) for part in parts]) for f in fields(first)}
            return replace(first, **found)
        if any(part != first for part in parts):
            raise _Differs
        return first

    def _text(self, texts: list[str]) -> str:
        if len({_NUMBER.sub("", text) for text in texts}) > 1:
            raise _Differs
        numbers = iter(zip(*(map(int, _NUMBER.findall(text)) for text in texts), strict=True))
        return _NUMBER.sub(lambda _: self._number(next(numbers)), texts[0])

    def _number(self, numbers: tuple[int, ...]) -> str:
        """Write a number as a sum of multiples of the channels and a constant."""
        if len(set(numbers)) == 1:
            return str(numbers[0])
        for times in ((a, b) for a in range(_MOST + 1) for b in range(_MOST + 1)):
            rests = {n - times[0] * c[0] - times[1] * c[1] for n, c in zip(numbers, self._channels, strict=True)}
            if len(rests) == 1 and min(rests) >= 0:
                terms = [Term.of(name, k) for name, k in zip(NAMES, times, strict=True) if k]
                self.used.update(name for name, k in zip(NAMES, times, strict=True) if k)
                return str(sum(terms[1:], terms[0]) + Term((), rests.pop()))
        raise _Differs
