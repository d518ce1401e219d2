"""The words around the picture: title, reference, totals, and all of it in a sentence for those who cannot see it."""

from __future__ import annotations

from unetgen.analyses.macs import macs
from unetgen.analyses.parameters import parameters
from unetgen.drawing.options import USUAL, DrawOptions
from unetgen.drawing.page import Caption
from unetgen.drawing.wording import count_text, shape_text
from unetgen.ir import Network

__all__ = ["caption"]


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
