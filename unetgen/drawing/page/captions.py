"""The words around the picture: title, reference, totals, and all of it in a sentence for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator

from unetgen.analyses.differences import INPUT, Differences
from unetgen.analyses.macs import macs
from unetgen.analyses.parameters import parameters
from unetgen.drawing.model.options import USUAL, DrawOptions
from unetgen.drawing.page.page import Caption
from unetgen.drawing.read.words import count_text, shape_text
from unetgen.ir import Network


def caption(network: Network, options: DrawOptions = USUAL) -> Caption:
    """Collect what a picture says in words."""
    count, work = parameters(network).total, macs(network).total
    sizes = f"{shape_text(network.input.shape)} → {shape_text(network.output.shape)}"
    others = len(network.outputs) - 1
    sizes += f" (and {others} more)" if others else ""
    description = (
        f"{network.name}: a {network.dims}D network of depth {network.depth}, {sizes}, "
        f"{count:,} parameters, {count_text(work)} multiply-accumulates."
    )
    totals = (("parameters", f"{count:,}"), ("MACs", count_text(work)), ("input → output", sizes))
    title = network.name if options.title is None else options.title
    said = "".join(f" {name.capitalize()}: {text}." for name, text in options.shown)
    rows = (*(totals if options.totals else ()), *options.shown)
    return Caption(title, network.reference or "", rows, f"{description}{said}")


def pair_caption(before: Network, after: Network, found: Differences[str], options: DrawOptions = USUAL) -> Caption:
    """Collect what a picture of two networks says in words."""
    names = tuple(dict.fromkeys((before.name, after.name)))
    title = " → ".join(names) if options.title is None else options.title
    words = _told(found)
    totals = tuple((name, one if one == other else f"{one} → {other}") for name, one, other in _pairs(before, after))
    description = f"{' and '.join(names)} compared: {words}; {'; '.join(map(' '.join, totals))}."
    return Caption(title, words, totals if options.totals else (), description)


def _told(found: Differences[str]) -> str:
    """Count what differs.

    Example:
        >>> _told(Differences(frozenset({"input", "a"}), frozenset(), frozenset({"b", "c"})))
        '1 op changed, 2 ops new'
    """
    parts = (("changed", found.changed - {INPUT}), ("removed", found.removed), ("new", found.new))
    counts = [f"{len(paths)} op{'s' if len(paths) > 1 else ''} {word}" for word, paths in parts if paths]
    return ", ".join(counts) or "every op is the same"


def _pairs(before: Network, after: Network) -> Iterator[tuple[str, str, str]]:
    yield from zip(("parameters", "MACs", "input", "output"), _numbers(before), _numbers(after), strict=True)


def _numbers(network: Network) -> tuple[str, ...]:
    shapes = (shape_text(value.shape) for value in (network.input, network.output))
    return (f"{parameters(network).total:,}", count_text(macs(network).total), *shapes)
