"""Legends: at most eight rows, each with a look of its own, and every op of a network in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from unetgen.analyses.op_names import op_name
from unetgen.api import lower
from unetgen.drawing import Drawing, DrawOptions, draw_network
from unetgen.drawing.kit.signs import PILL_FONT
from unetgen.drawing.model.picture import LegendRow
from unetgen.drawing.model.shapes import Arrow, Box, JoinSign
from unetgen.ir import Node, ops
from unetgen.language.zoo import zoo_names

ZOO = sorted(Path(__file__).parents[1].glob("specs/*.yaml"))
EVERY = pytest.mark.parametrize("path", ZOO, ids=lambda path: path.stem)
NUMBER = r"\d+(?:[×.]\d+)*"


def drawings(path: Path) -> list[Drawing]:
    network = lower(path)
    widths = ("none", "178mm")
    return [draw_network(network, DrawOptions(detail=d, width=w)) for d in ("units", "blocks") for w in widths]


@EVERY
def test_a_legend_has_at_most_eight_rows_and_no_two_share_a_sample_or_words(path: Path) -> None:
    for drawing in drawings(path):
        rows = drawing.legend.rows
        assert len(rows) <= 8
        looks = [look for row in rows for look in {*look_of(row)}]
        assert len(looks) == len(set(looks))
        said = [row.text for row in rows]
        assert len(said) == len(set(said))
        assert not any("and others" in text for text in said)


def look_of(row: LegendRow) -> Iterator[tuple[str, ...]]:
    """Give what tells the samples of a row from those of others: what they are, or what is written in them."""
    for part in row.sample:
        match part:
            case Box(kind="mark"):
                yield from (("mark", label.text) for label in row.labels if label.size == PILL_FONT and label.bold)
            case Box() | Arrow():
                yield type(part).__name__, part.kind, "dashed" if isinstance(part, Arrow) and part.dashed else ""
            case JoinSign():
                yield "sign", part.symbol


@EVERY
def test_every_op_is_said_in_words(path: Path) -> None:
    network = lower(path)
    for drawing in drawings(path):
        said = [meaning for row in drawing.legend.rows for meaning in row.meanings]
        said += [label.text for label in drawing.labels]
        unsaid = {str(op_name(node)) for node in network.nodes if _is_told(node) and not is_said(node, said)}
        assert not unsaid


def _is_told(node: Node) -> bool:
    """Whether words stand for an op itself: a sum is drawn, a gate has a name."""
    groups = node.within("gate", "attention", "repetition")
    drawn = ops.Concat | ops.Add | ops.Multiply | ops.Maximum | ops.CropLike | ops.PadLike | ops.ResizeLike
    return groups is None and not isinstance(node.op, drawn)


def is_said(node: Node, said: list[str]) -> bool:
    """Say whether a text names an op; one with numbers may name the first and the last of several."""
    name = str(op_name(node))
    return any(_covers(match, name) for text in said for match in _pattern(name).finditer(text))


def _pattern(name: str) -> re.Pattern[str]:
    """Find an op's name, with any number, or a span of numbers, in place of each of its own."""
    words = map(re.escape, re.split(NUMBER, name))
    return re.compile(r"(?<![\w-])" + f"({NUMBER})(?: to ({NUMBER}))?".join(words) + r"(?!\w)(?! stride)")


def _covers(match: re.Match[str], name: str) -> bool:
    numbers = [_axes(number) for number in re.findall(NUMBER, name)]
    found = match.groups()
    spans = [(_axes(one), _axes(other or one)) for one, other in zip(found[::2], found[1::2], strict=True)]
    return all(low <= number <= high for (low, high), number in zip(spans, numbers, strict=True))


def _axes(number: str) -> tuple[float, ...]:
    return tuple(map(float, number.split("×")))


def test_an_op_that_no_words_stand_for_is_seen() -> None:
    (node,) = (node for node in lower("unet-2015").nodes if node.path.startswith("head"))
    assert is_said(node, ["conv 1×1, softmax"]) and is_said(node, ["conv 1×1 to 5×5"])
    assert not is_said(node, ["conv 3×3", "transposed conv 1×1 stride 2", "conv 2×2 to 5×5"])


@pytest.mark.parametrize("name", zoo_names())
def test_a_sign_with_a_letter_has_a_row_of_its_own(name: str) -> None:
    """Of `res ×3 a` no row for `res ×n` speaks."""
    drawing = draw_network(lower(name), DrawOptions(width="178mm", is_wished=True))
    frames = {(box.frame.cx, box.frame.cy) for box in drawing.boxes if box.kind == "mark"}
    signs = {label.text for label in drawing.labels if (label.x, label.y) in frames}
    explained = {label.text for row in drawing.legend.rows for label in row.labels}
    assert {sign for sign in signs if re.search(r" [a-z]$", sign)} <= explained
