"""What may be chosen about a picture: themes, how much is shown one by one, what stands around the network."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_args

import click
import pytest
from pydantic import ValidationError, create_model

from tests.drawing_checks import problems
from tests.drawing_samples import SAMPLES, drawn, sample
from unetgen.api import draw, draw_difference, lower, parse
from unetgen.cli.draw import draw_command
from unetgen.cli.pictures import option_of
from unetgen.drawing import CHOICES, DETAILS, THEMES, DrawChoices, Drawing, DrawOptions, draw_network
from unetgen.drawing.model.options import Choice
from unetgen.drawing.model.shapes import ArrowKind
from unetgen.language.spec import DrawingOptions, field_of
from unetgen.parts.words import SpecModel
from unetgen.source.diagnostics import InternalError

BARE = DrawOptions(title="", legend=False, totals=False, sizes="none")


def words(drawing: Drawing) -> list[str]:
    return [label.text for label in drawing.every_label]


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_detail_is_drawn_without_a_flaw(name: str, detail: str) -> None:
    assert problems(draw_network(sample(name), DrawOptions(detail=detail))) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("topology", ["nested", "full_scale"])
@pytest.mark.parametrize("detail", DETAILS)
def test_grids_are_drawn_without_a_flaw_at_every_detail(topology: str, detail: str) -> None:
    network = lower(parse(f"{{depth: 3, filters: 8, topology: {topology}, block: residual}}"))
    assert problems(draw_network(network, DrawOptions(detail=detail))) == []  # type: ignore[arg-type]


def test_blocks_are_one_box_for_each_stage() -> None:
    drawing = draw_network(sample("gates"), DrawOptions(detail="blocks"))
    assert [box.path for box in drawing.boxes if box.kind != "mark"] == [
        "input", *(f"encoder.{i}" for i in range(3)), "bottleneck", *(f"decoder.{i}" for i in (2, 1, 0)), "head",
    ]  # fmt: skip


def test_ops_are_one_box_for_each_op() -> None:
    network = sample("one map below")
    drawing = draw_network(sample("paper"), DrawOptions(detail="ops"))
    paths = {box.path for box in drawing.boxes}
    assert {node.path for node in sample("paper").nodes if "conv" in node.path or "act" in node.path} <= paths
    assert len(draw_network(network, DrawOptions(detail="ops")).boxes) > len(drawn("one map below").boxes)


def test_a_bare_picture_has_the_network_alone() -> None:
    for name in ("paper", "3D", "gates"):
        drawing = draw_network(sample(name), BARE)
        assert problems(drawing) == []
        assert not drawing.legend.rows
        assert not [text for text in words(drawing) if "²" in text or "³" in text or text in ("unet", "MACs")]
        assert "legend" not in drawing.dot


def test_a_title_of_ones_own_stands_above() -> None:
    assert words(draw_network(sample("paper"), DrawOptions(title="Figure 1")))[0] == "Figure 1"


@pytest.mark.parametrize("name", ["paper", "residual", "depth 8", "3D residual"])
def test_a_picture_becomes_narrower_where_that_is_asked_for(name: str) -> None:
    narrow = draw_network(sample(name), DrawOptions(max_width=600))
    assert problems(narrow) == []
    assert narrow.width < drawn(name).width


@pytest.mark.parametrize("detail", ["units", "ops"])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_narrowest_picture_has_room_for_its_words(name: str, detail: str) -> None:
    narrow = draw_network(sample(name), DrawOptions(max_width=100, detail=detail))  # type: ignore[arg-type]
    assert problems(narrow) == []


def test_the_paper_fits_where_it_can() -> None:
    assert draw_network(sample("paper"), DrawOptions(max_width=800)).width <= 800


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["fused", "attention at joins", "1D", "3D"])
def test_every_theme_draws_the_same_picture_in_other_colours(name: str, theme: str) -> None:
    drawing = draw_network(sample(name), theme=theme)
    assert problems(drawing) == []
    assert [box.frame for box in drawing.boxes] == [box.frame for box in drawn(name).boxes]


def test_without_colours_kinds_differ_by_their_lines() -> None:
    """By dashes, dots, width or head: what a photocopier leaves."""
    mono, arrows = THEMES["mono"], [*drawn("fused").arrows, *drawn("gates").arrows]
    looks = {a.kind: (mono.stroke(a), a.pen, a.hollow) for a in arrows if not (a.kind == "head" and a.dashed)}
    assert len(set(looks.values())) == len(looks) >= 6


def test_colour_blind_readers_are_not_left_with_red_and_green() -> None:
    theme = THEMES["okabe-ito"]
    colours = {kind: theme.colour(kind) for kind in get_args(ArrowKind)}
    assert len(set(colours.values())) == len(colours)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"theme": "pink"}, "no theme is called 'pink'"),
        ({"detail": "atoms"}, "no detail is called 'atoms'; there are blocks, units, ops"),
        ({"max_width": -3.0}, "a page cannot be -3.0 points wide"),
        ({"max_width": float("nan")}, "a page cannot be nan points wide"),
    ],
)
def test_choices_that_there_are_not_are_refused(choice: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DrawOptions(**choice)  # type: ignore[arg-type]


def test_an_option_is_chosen_wherever_pictures_are() -> None:
    ours = {"shown", "within", "whole", "is_wished"}
    assert list(CHOICES) == [field.name for field in fields(DrawOptions) if field.name not in ours]
    assert list(CHOICES) == list(DrawChoices.__annotations__) == list(DrawingOptions.model_fields)
    assert set(CHOICES) <= {parameter.name for parameter in draw_command.params}


TRIED = {
    "bare": Choice(bool, False, "Whether it is bare.", "Draw it bare."),
    "frame": Choice(bool, True, "Whether it is framed.", "Leave the frame out."),
    "count": Choice(int, 3, "How many there are.", "How many."),
    "gap": Choice(float, 3.5, "How wide gaps are.", "How wide."),
    "slope": Choice(float, None, "How steep it is.", "How steep.", bounds=(0.5, 2.5)),
    "corner": Choice(str, "round", "What corners are.", "Which corners.", words=("round", "sharp")),
    "stamp": Choice(str, None, "What stands below.", "What stands below."),
}
"""An option of every type."""


def chosen(*arguments: str) -> dict[str, object]:
    """Give what a command line with the options tried makes of its arguments."""

    def command(**given: object) -> int:
        found.update({name: value for name, value in given.items() if value is not None})
        return 0

    found: dict[str, object] = {}
    for name, choice in TRIED.items():
        command = option_of(name, choice)(command)
    click.command()(command).main(arguments, standalone_mode=False)
    return found


def section_of_all() -> type[SpecModel]:
    """Make the section of a spec that has the options tried."""
    known: dict[str, Any] = {name: field_of(choice) for name, choice in TRIED.items()}
    return create_model("Tried", __base__=SpecModel, **known)


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        (("--bare",), "bare", True),
        (("--no-frame",), "frame", False),
        (("--count", "7"), "count", 7),
        (("--gap", "7.5"), "gap", 7.5),
        (("--slope", "1.25"), "slope", 1.25),
        (("--corner", "sharp"), "corner", "sharp"),
        (("--stamp", "draft"), "stamp", "draft"),
    ],
)
def test_an_option_of_any_type_is_said_in_specs_and_on_the_command_line(
    arguments: tuple[str, ...], name: str, value: object
) -> None:
    assert chosen(*arguments) == {name: value}
    assert type(chosen(*arguments)[name]) is type(value)
    model = section_of_all()
    assert getattr(model(**{name: value}), name) == value
    assert getattr(model(), name) == TRIED[name].default


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("count", "7.5", 7.5), ("gap", "wide", "wide"), ("slope", "2.6", 2.6), ("slope", "0.4", 0.4),
        ("corner", "soft", "soft"), ("gap", None, float("nan")), ("bare", None, "no"),
    ],
)  # fmt: skip
def test_an_option_of_any_type_refuses_what_it_is_not(name: str, text: str | None, value: object) -> None:
    if text is not None:
        with pytest.raises(click.BadParameter):
            chosen(f"--{name}", text)
    with pytest.raises(ValidationError):
        section_of_all()(**{name: value})


def test_an_option_of_an_unknown_type_is_a_mistake_in_unetgen() -> None:
    strange = Choice(bytes, b"", "What it is.", "What it is.")  # type: ignore[arg-type]  # what is wrong with it
    with pytest.raises(InternalError, match="the type bytes"):
        option_of("strange", strange)
    with pytest.raises(InternalError, match="the type bytes"):
        field_of(strange)


@pytest.mark.parametrize("function", [draw, draw_difference])
def test_help_spells_every_option_out(function: Callable[..., Drawing]) -> None:
    assert set(CHOICES) <= set(inspect.signature(function).parameters)
    assert all(f" {name}: " in (inspect.getdoc(function) or "") for name in CHOICES)


def test_an_option_that_there_is_not_is_refused() -> None:
    with pytest.raises(TypeError, match="no option of a drawing is called 'shown'"):
        draw("unet-2015", shown=())  # type: ignore[call-arg]  # the reason why it is refused
