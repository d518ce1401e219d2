"""A part of a network -> a drawing of it alone, op by op."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from unetgen.analyses.macs import macs
from unetgen.analyses.parameters import parameters
from unetgen.drawing.drawing import Drawing
from unetgen.drawing.flow.chart import read_chart
from unetgen.drawing.flow.flow_sketch import draw_chart
from unetgen.drawing.flow.parts import Part, part_of, part_paths
from unetgen.drawing.model.options import DrawOptions
from unetgen.drawing.page.page import MARGIN, PRINTED_MARGIN, WIDEST_PAGE, Caption, compose
from unetgen.drawing.read.drawn_facts import facts_of
from unetgen.drawing.read.shape_words import ShapeWords, shape_words
from unetgen.drawing.read.words import count_text, shape_text
from unetgen.ir import Network
from unetgen.source.diagnostics import did_you_mean
from unetgen.source.problem import Problem


class NoSuchPart(Problem, ValueError):
    """A network has no part of that name, or nothing happens in it."""

    kind = "spec"


def find_part(network: Network, path: str) -> Part:
    """Find the part of a network that is to be drawn alone.

    Raises:
        NoSuchPart: There is none; it names those that are spelled alike.
    """
    part = part_of(network, path)
    if part is None:
        fact = f'"{path}" is no part of {network.name} that can be drawn alone'
        raise NoSuchPart(fact, did_you_mean(path, part_paths(network)))
    return part


def draw_alone(network: Network, part: Part, options: DrawOptions) -> Drawing:
    """Draw a part of a network, op by op."""
    words = shape_words(network, options.sizes)
    sketch = draw_chart(read_chart(part), widest_sketch(options), words)
    drawing = compose(sketch, _caption(network, part, options, words), options)
    return replace(drawing, facts=partial(facts_of, network, drawing.things, part.paths))


def widest_sketch(options: DrawOptions) -> float:
    """Give how wide what is drawn may be on its page, in points."""
    if options.within is not None:
        return options.within.room.width - 2 * PRINTED_MARGIN
    return (options.max_width or WIDEST_PAGE) - 2 * MARGIN


def _caption(network: Network, part: Part, options: DrawOptions, words: ShapeWords) -> Caption:
    """Collect what a picture of a part says in words."""
    is_figure = options.style == "figure"
    count = sum(parameters(network).by_node[node.path] for node in part.nodes)
    work = sum(macs(network).by_node[node.path] for node in part.nodes)
    takes = ", ".join(shape_text(value.shape) for value, _ in part.takes)
    sizes = f"{takes} → {shape_text(part.gives.shape)}"
    totals = (("parameters", f"{count:,}"), ("MACs", count_text(work)), ("input → output", sizes), *words.legend)
    said = f"{part.name} of {options.whole or network.name}"
    title = options.title if options.title is not None else "" if is_figure else said
    subtitle = (network.reference or "") if options.reference and not is_figure else ""
    description = f"{said}: {sizes}, {count:,} parameters, {count_text(work)} multiply-accumulates."
    return Caption(title, subtitle, totals if options.totals and not is_figure else (), description)
