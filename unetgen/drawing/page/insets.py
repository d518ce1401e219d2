"""A drawn network -> the same with panels below it that show what its blocks are made of.

# NOTE: [What an inset stands for]
Boxes of a panel are those of one block, which stands for all of its kind. Its ops are counted in the network above,
where they stand too: so what a panel shows is no thing of the network, and has no facts of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import Final

from unetgen.drawing.flow.flow_sketch import draw_chart
from unetgen.drawing.flow.kinds import BlockKind, block_kinds
from unetgen.drawing.model.picture import LegendEntry, Sketch, bounds
from unetgen.drawing.model.shapes import TextLabel
from unetgen.drawing.model.text import wrap
from unetgen.drawing.read.shape_words import ShapeWords
from unetgen.ir import Network

HEADING_FONT: Final = 9
HEADING_LINE: Final = 12
HEADING_TO_PANEL: Final = 8
INSETS_APART: Final = 26
"""Between panels side by side."""
ROWS_APART: Final = 18
"""Between rows of panels, and from the network to the first."""
SEPARATORS: Final = re.compile(r"; shortcut: |; some shortcuts: |: |[;,] | or ")
"""What stands between ops in the words of a legend."""
COUNT: Final = re.compile(r"^(n|\d+)( to \d+)? × | \(weights shared\)$")
"""What stands before and behind an op there."""


@dataclass(frozen=True, slots=True)
class Inset:
    """A panel: what stands over it, and the block, with its upper left corner at the origin."""

    kind: BlockKind
    letter: str
    sketch: Sketch
    width: float
    height: float


def insets_of(networks: Iterable[Network], width: float, words: ShapeWords) -> tuple[Inset, ...]:
    """Draw a panel for each kind of block in which ways fork and meet; none where there is no such block.

    Args:
        networks: Those that are drawn on one page; what several have is drawn once.
        width: How wide a panel may be, in points.
        words: How channels and sizes are written.
    """
    kinds = {(kind.sign, kind.signature): kind for network in networks for kind in block_kinds(network)}
    lettered = zip(kinds.values(), ascii_lowercase[1:], strict=False)
    return tuple(_inset(kind, letter, width, words) for kind, letter in lettered)


def _inset(kind: BlockKind, letter: str, width: float, words: ShapeWords) -> Inset:
    drawn = draw_chart(kind.chart, width, words, prefix=f"inset {letter} ")
    room = bounds(drawn.rooms)
    lines = wrap(f"({letter}) {kind.heading}", max(room.width, width / 2), HEADING_FONT, bold=True)
    top = HEADING_LINE * len(lines) + HEADING_TO_PANEL
    sketch = drawn.moved(round(-room.x), round(top - room.y))
    labels = (
        TextLabel(line, 0, HEADING_LINE * (number + 0.5), HEADING_FONT, "start", bold=True)
        for number, line in enumerate(lines)
    )
    made = replace(sketch, labels=(*sketch.labels, *labels))
    whole = bounds(made.rooms)
    return Inset(kind, letter, made, whole.right, whole.bottom)


def with_insets(network: Sketch, insets: Sequence[Inset], width: float) -> Sketch:
    """Set panels in rows below a drawn network, no wider than `width` together."""
    if not insets:
        return network
    room = bounds(network.rooms)
    label = TextLabel("(a)", room.x, room.y - HEADING_LINE / 2, HEADING_FONT, "start", bold=True)
    top, placed = room.bottom + ROWS_APART, list[Sketch]()
    for row in _rows(insets, max(width, room.width)):
        x = room.x
        for inset in row:
            placed.append(_nobody(inset.sketch.moved(round(x), round(top))))
            x += inset.width + INSETS_APART
        top += max(inset.height for inset in row) + ROWS_APART
    entries = tuple(_shorter(entry, insets) for entry in network.entries)
    return _together(replace(network, labels=(label, *network.labels), entries=entries), placed)


def _shorter(entry: LegendEntry, insets: Sequence[Inset]) -> LegendEntry:
    """Say of a sign that a panel shows it, where all that the legend would say of it is to be read there."""
    for colon in re.finditer(": ", entry.text if entry.look in ("mark", "stage") else ""):
        words, ops = entry.text[: colon.start()], entry.text[colon.end() :]
        named = [inset for inset in insets if _plain(inset.kind.name) in _plain(words) and ";" not in words]
        shown = max(named, key=lambda inset: len(inset.kind.name), default=None)
        if shown is not None and _told(ops, insets) <= shown.kind.words:
            return replace(entry, text=f"{words.removesuffix(', each')}, see ({shown.letter})")
    return entry


def _told(ops: str, insets: Sequence[Inset]) -> set[str]:
    """List what words of a legend name one by one, but for blocks that have a panel of their own."""
    for inset in insets:
        ops = ops.replace(inset.kind.name, "")
    return {COUNT.sub("", op) for op in SEPARATORS.split(ops) if op}


def _plain(words: str) -> str:
    """Leave out numbers, and the `n` that stands for them: `inner U with n ways down`."""
    return re.sub(r"\bn\b|\d+( to \d+)?", "#", words)


def _rows(insets: Iterable[Inset], width: float) -> Iterator[list[Inset]]:
    """Fill rows one after the other."""
    row = list[Inset]()
    for inset in insets:
        if row and sum(one.width + INSETS_APART for one in row) + inset.width > width:
            yield row
            row = []
        row.append(inset)
    yield row


def _nobody(sketch: Sketch) -> Sketch:
    """Let what a panel shows stand for no ops of the network, see [What an inset stands for]."""
    boxes = tuple(replace(box, nodes=()) for box in sketch.boxes)
    joins = tuple(replace(join, nodes=()) for join in sketch.joins)
    return replace(sketch, boxes=boxes, joins=joins)


def _together(network: Sketch, panels: Sequence[Sketch]) -> Sketch:
    every = (network, *panels)
    return replace(
        network,
        boxes=tuple(box for one in every for box in one.boxes),
        outlines=tuple(outline for one in every for outline in one.outlines),
        joins=tuple(join for one in every for join in one.joins),
        arrows=tuple(arrow for one in every for arrow in one.arrows),
        labels=tuple(label for one in every for label in one.labels),
        entries=(*network.entries, *_news(network, panels)),
    )


def _news(network: Sketch, panels: Sequence[Sketch]) -> Iterator[LegendEntry]:
    """List what panels have to explain besides the network."""
    known = {(entry.look, entry.dashed, entry.text) for entry in network.entries}
    for entry in dict.fromkeys(entry for panel in panels for entry in panel.entries):
        if (entry.look, entry.dashed, entry.text) not in known:
            yield entry
