"""The checker of drawings finds what it is there to find: each flaw, put into a flawless drawing, is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.drawing_checks import problems
from tests.drawing_samples import drawn
from unetgen.drawing import Drawing
from unetgen.drawing.model.shapes import Arrow, Box, TextLabel

GOOD = "paper"


def with_boxes(drawing: Drawing, *boxes: Box) -> Drawing:
    """Replace the boxes of the same ids."""
    new = {box.id: box for box in boxes}
    return replace(drawing, boxes=tuple(new.get(box.id, box) for box in drawing.boxes))


def with_arrow(drawing: Drawing, old: Arrow, **changes: object) -> Drawing:
    new = replace(old, **changes)  # type: ignore[arg-type]  # fields of an arrow
    return replace(drawing, arrows=tuple(new if arrow == old else arrow for arrow in drawing.arrows))


def box(drawing: Drawing, id: str) -> Box:
    return next(box for box in drawing.boxes if box.id == id)


def arrow(drawing: Drawing, kind: str) -> Arrow:
    return next(arrow for arrow in drawing.arrows if arrow.kind == kind)


def test_a_text_on_a_text_is_seen() -> None:
    drawing = drawn(GOOD)
    label = drawing.labels[-1]
    assert any("lies on text" in p for p in problems(replace(drawing, labels=(*drawing.labels, label))))


@pytest.mark.parametrize("place", ["a box", "an arrow"])
def test_a_text_on_a_line_or_a_box_is_seen(place: str) -> None:
    drawing = drawn(GOOD)
    skip, frame = arrow(drawing, "skip"), box(drawing, "encoder.1.conv1").frame
    x, y = (frame.cx, frame.cy) if place == "a box" else (skip.points[0][0] + 200, skip.points[0][1])
    found = problems(replace(drawing, labels=(*drawing.labels, TextLabel("here", x, y, 9))))
    assert any("'here' lies on" in p for p in found)


def test_boxes_that_overlap_are_seen() -> None:
    drawing = drawn(GOOD)
    one = box(drawing, "encoder.0.conv1")
    moved = replace(one, frame=one.frame.moved(40, 0))
    assert any("overlap" in p for p in problems(with_boxes(drawing, moved)))


def test_halves_apart_are_seen() -> None:
    drawing = drawn(GOOD)
    half = box(drawing, "skip.0.concat 1")
    assert any("do not abut" in p for p in problems(with_boxes(drawing, replace(half, frame=half.frame.moved(2, 0)))))


def test_a_skip_that_is_not_level_is_seen() -> None:
    drawing = drawn(GOOD)
    skip = arrow(drawing, "skip")
    (x0, y0), end = skip.points
    assert any("is not level" in p for p in problems(with_arrow(drawing, skip, points=((x0, y0 + 1), end))))


@pytest.mark.parametrize(("kind", "words"), [("down", "fall"), ("up", "rise")])
def test_an_arrow_between_levels_that_leans_is_seen(kind: str, words: str) -> None:
    drawing = drawn(GOOD)
    leaning = arrow(drawing, kind)
    (x0, y0), end = leaning.points
    found = problems(with_arrow(drawing, leaning, points=((x0 - 1, y0), end)))
    assert any(f"does not {words} straight" in p for p in found)


def test_an_arrow_that_ends_in_the_air_is_seen() -> None:
    drawing = drawn(GOOD)
    skip = arrow(drawing, "skip")
    start, (x, y) = skip.points
    assert any("not at the border" in p for p in problems(with_arrow(drawing, skip, points=(start, (x - 9, y)))))


def test_an_arrow_over_a_box_is_seen() -> None:
    drawing = drawn(GOOD)
    conv = arrow(drawing, "conv")
    crossing = with_arrow(drawing, conv, target="encoder.0.conv2", points=(conv.points[0], (180.0, conv.points[0][1])))
    assert any("runs over" in p for p in problems(crossing))


def test_an_arrow_over_words_is_seen_where_it_leans_too() -> None:
    drawing = drawn(GOOD)
    up = arrow(drawing, "up")
    words = next(label for label in drawing.labels if label.text == drawing.title)
    leaning = with_arrow(drawing, up, points=(up.points[0], (words.x + words.width / 2, words.y)))
    assert any(f"runs over {drawing.title!r}" in p for p in problems(leaning))


def test_arrows_from_two_maps_upon_each_other_are_seen() -> None:
    drawing = drawn(GOOD)
    down, up = arrow(drawing, "down"), arrow(drawing, "up")
    assert any("runs upon" in p for p in problems(with_arrow(drawing, up, points=down.points)))


def test_what_leaves_the_page_is_seen() -> None:
    drawing = drawn(GOOD)
    assert any("leaves the page" in p for p in problems(replace(drawing, width=drawing.width - 40)))


def test_a_legend_that_misses_an_operation_is_seen() -> None:
    drawing = drawn(GOOD)
    legend = replace(drawing.legend, rows=drawing.legend.rows[1:])
    assert any("misses" in p for p in problems(replace(drawing, legend=legend)))


def test_a_legend_that_invents_an_operation_is_seen() -> None:
    drawing = drawn(GOOD)
    without_skips = tuple(arrow for arrow in drawing.arrows if arrow.kind != "skip")
    assert any("the legend explains {" in p for p in problems(replace(drawing, arrows=without_skips)))


def test_an_outline_outside_its_box_is_seen() -> None:
    drawing = drawn(GOOD)
    first = drawing.outlines[0]
    moved = replace(first, frame=first.frame.moved(8, 0))
    assert any("hangs out" in p for p in problems(replace(drawing, outlines=(moved, *drawing.outlines[1:]))))


def test_shortcuts_that_cross_where_one_bends_are_seen() -> None:
    drawing = drawn("residual")
    one, other = [arrow for arrow in drawing.arrows if arrow.kind == "shortcut"][:2]
    (x0, _), (x1, top), *_ = one.points
    onto = (((x0 + x1) / 2 + 9, top - 20), ((x0 + x1) / 2 + 9, top), *other.points[-2:])
    assert any("runs over" in p for p in problems(with_arrow(drawing, other, points=onto)))


def test_a_signal_that_begins_on_another_way_up_is_seen() -> None:
    drawing = drawn("gates")
    one, other = [arrow for arrow in drawing.arrows if arrow.kind == "signal"][:2]
    found = problems(with_arrow(drawing, one, source=other.source))
    assert any("is not at the border" in p for p in found)


def test_a_way_up_that_ends_leaning_is_seen() -> None:
    drawing = drawn("joined after the stage")
    leaning = arrow(drawing, "up")
    *before, (x, y) = leaning.points
    found = problems(with_arrow(drawing, leaning, points=(*before, (x - 1, y))))
    assert any("does not rise straight" in p for p in found)
