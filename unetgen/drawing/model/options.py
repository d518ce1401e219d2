"""What may be chosen about a picture; nothing here changes what the network is.

An option is a field of `DrawOptions` and a key of `DrawChoices`. The spec's `drawing`, the options of the command line,
the keywords of `unetgen.draw` and the reference of the language are made of them.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from inspect import Parameter
from pathlib import Path
from typing import Any, Final, Literal, TypedDict, TypeVar, get_args

from unetgen.drawing.model.paper import USUAL_HEIGHT, USUAL_LETTERS, USUAL_WIDTH, Paper, Room, points
from unetgen.drawing.model.theme import THEMES, Theme

F = TypeVar("F", bound=Callable[..., object])

Detail = Literal["blocks", "units", "ops"]
"""One box per stage, one per convolution with its norm and activation, or one per op."""
DETAILS: tuple[Detail, ...] = get_args(Detail)


Style = Literal["report", "figure"]
"""A page that says all by itself, or a figure that stands above a caption."""
STYLES: tuple[Style, ...] = get_args(Style)


Look = Literal["flat", "solid"]
"""Boxes as plain rectangles (cuboids where maps are volumes), or as solids in the colour of what makes them."""
LOOKS: tuple[Look, ...] = get_args(Look)


Sizes = Literal["nominal", "symbolic", "none"]
"""Sizes of maps and channels in numbers, as shares of the input's and of the first stage's, or no sizes."""
SIZES: tuple[Sizes, ...] = get_args(Sizes)


class DrawChoices(TypedDict, total=False):
    """What a caller chooses; None is as good as nothing."""

    theme: str | os.PathLike[str] | Theme | None
    detail: Detail | None
    style: Style | None
    look: Look | None
    title: str | None
    reference: bool | None
    legend: bool | None
    totals: bool | None
    sizes: Sizes | bool | None
    width: str | None
    height: str | None
    min_letters: float | None
    max_width: float | None
    only: str | None
    inset: bool | None


@dataclass(frozen=True, slots=True)
class Choice:
    """What is said of an option wherever it is chosen.

    Args:
        type: What it is: a flag, a whole number, a number, or text; of an option that may also be None, the rest.
        default: What holds where nothing is chosen. A flag on the command line says the contrary: `--no-legend` where
            it is true, `--legend` where it is false.
        meaning: What it does, as the reference has it.
        help: What it does, as the command line has it.
        words: The words it may be.
        bounds: The numbers it may lie between.
        metavar: What stands for its value in help.
        flags: The words that true and false stand for, where it may be said so, too.
        check: Raises a ValueError that says what may be written, where a text is none of it.
    """

    type: type[bool | int | float | str]
    default: object
    meaning: str
    help: str
    words: tuple[str, ...] = ()
    bounds: tuple[float, float] | None = None
    metavar: str | None = None
    check: Callable[[str], object] | None = None
    flags: tuple[str, str] | None = None

    def of_flag(self, value: object) -> object:
        """Give the word that a flag stands for; anything else as it is.

        Example:
            >>> CHOICES["sizes"].of_flag(False), CHOICES["sizes"].of_flag("nominal")
            ('none', 'nominal')
        """
        return self.flags[not value] if self.flags and isinstance(value, bool) else value


def _option(type: type[bool | int | float | str], default: Any, meaning: str, help: str, **more: Any) -> Any:
    # NOTE: Any, as in `dataclasses.field`: every field has a type of its own.
    return field(default=default, metadata={"choice": Choice(type, default, meaning, help, **more)})


@dataclass(frozen=True, slots=True)
class Within:
    """What a picture has to keep to while it is laid out.

    Args:
        room: How large the page may be, in its own points.
        compact: How much boxes of stages give way: not at all, with smaller letters (1), with channels and sizes in
            two lines as well (2).
    """

    room: Room
    compact: int = 0


@dataclass(frozen=True, slots=True)
class DrawOptions:
    """Everything that may be chosen about a picture; `shown` alone comes from what a network makes of an image.

    Raises:
        ValueError: There is no such theme or detail, or the width is none.
    """

    theme: str | Theme = _option(
        str,
        "light",
        "The colours: those of the paper of 2015, light, dark, safe for colour-blind readers, or greys for print.",
        f"The colours: {', '.join(THEMES)}, or a theme's own .yaml file.",
        words=tuple(THEMES),
        metavar="THEME",
    )
    """A key of `THEMES`, or a theme of one's own."""
    detail: Detail = _option(
        str,
        "units",
        "One box per stage, one per convolution with its norm and activation, or one per op.",
        "One box per stage, per convolution (the usual), or per op.",
        words=DETAILS,
    )
    """Grids (UNet++, UNet 3+) have one box per stage at every detail; `ops` lists what is inside, a line for a unit."""
    style: Style = _option(
        str,
        "report",
        "All that is known stands around the network, or as little as a figure above a caption needs: no reference, no "
        "totals, no title but one that is chosen with it, the legend in rows below.",
        "A page of its own (report), or a figure above a caption: no title, reference or totals.",
        words=STYLES,
    )
    look: Look = _option(
        str,
        "flat",
        "Boxes as plain rectangles, or as solids in the colour of the arrow that makes them.",
        "Plain boxes (flat), or solids in the colour of what makes them.",
        words=LOOKS,
    )
    """Volumes are cuboids in both, and signals stay bars."""
    title: str | None = _option(
        str,
        None,
        "What stands above in place of the network's name.",
        "What stands above in place of the network's name.",
        metavar="TEXT",
    )
    """Nothing stands there where it is empty."""
    reference: bool = _option(
        bool, True, "Whether the reference stands below the title.", "Leave the reference below the title out."
    )
    legend: bool = _option(bool, True, "Whether looks are explained.", "Leave the legend out.")
    totals: bool = _option(
        bool,
        True,
        "Whether parameters, MACs and sizes are summed up.",
        "Leave parameters, MACs and sizes at the lower left out.",
    )
    sizes: Sizes = _option(
        str,
        "nominal",
        "What is written at maps: sizes in numbers, shares of the input (H/2×W/2, and 2C channels), or no sizes.",
        "Sizes of maps in numbers, as shares of the input (H/2×W/2, 2C), or none.",
        words=SIZES,
        flags=("nominal", "none"),
    )
    width: str | None = _option(
        str,
        None,
        f"How wide the picture may be on paper, such as 85mm, 3.3in or 504pt, or none; files keep to {USUAL_WIDTH} "
        "where they can.",
        f"How wide it may be on paper: 85mm, 3.3in, 504pt, or none ({USUAL_WIDTH}, where nothing is said).",
        metavar="LENGTH",
        check=points,
    )
    """None wishes for `USUAL_WIDTH` in a file and for nothing elsewhere; `none` is no limit anywhere."""
    height: str | None = _option(
        str,
        None,
        f"How high it may be on paper, or none; {USUAL_HEIGHT} where there is a width to keep to.",
        f"How high it may be on paper ({USUAL_HEIGHT}, where nothing is said).",
        metavar="LENGTH",
        check=points,
    )
    min_letters: float = _option(
        float,
        USUAL_LETTERS,
        "How high letters are at least on paper, in points (1/72 inch).",
        f"How high letters are at least on paper ({USUAL_LETTERS:g}, where nothing is said).",
        bounds=(3, 24),
        metavar="POINTS",
    )
    max_width: float | None = _option(
        int,
        None,
        "Deprecated: write `width`. How wide the page should be at most, in points (1/72 inch).",
        "Deprecated: say `--width`. How wide the page may be.",
        bounds=(100, 20_000),
        metavar="POINTS",
    )
    """The picture is set more tightly, and shows stages as signs, until it fits; letters never shrink, so that it may
    stay a little wider."""
    only: str | None = _option(
        str,
        None,
        "The one region, or block inside of one, that is drawn, op by op: such as `encoder.2`.",
        "Draw one region or block alone, op by op, such as encoder.2.",
        metavar="PATH",
    )
    """A path as the network has it."""
    inset: bool = _option(
        bool,
        False,
        "Whether panels below the network show what its blocks are made of, one for each kind of block.",
        "Show below the network what its blocks are made of.",
    )
    shown: tuple[tuple[str, str], ...] = ()
    """What is said, by name, of the maps that are shown in the boxes; boxes have room for maps where something is."""

    within: Within | None = None
    """What it has to keep to while it is laid out; None where it may be as large as is usual."""
    whole: str | None = None
    """The title of the network of which a part alone is drawn."""
    is_wished: bool = False
    """Whether the width is that of files where nothing is said, which need not be kept."""

    def __post_init__(self) -> None:
        if isinstance(self.theme, str) and self.theme not in THEMES:
            raise ValueError(f"no theme is called {self.theme!r}; there are {', '.join(THEMES)}")
        if self.detail not in DETAILS:
            raise ValueError(f"no detail is called {self.detail!r}; there are {', '.join(DETAILS)}")
        if self.look not in LOOKS:
            raise ValueError(f"no look is called {self.look!r}; there are {', '.join(LOOKS)}")
        if self.sizes not in SIZES:
            raise ValueError(f"no sizes are called {self.sizes!r}; there are {', '.join(SIZES)}")
        if self.style not in STYLES:
            raise ValueError(f"no style is called {self.style!r}; there are {', '.join(STYLES)}")
        for length in (self.width, self.height):
            if length is not None:
                points(length)
        if not self.min_letters > 0:
            raise ValueError(f"letters cannot be {self.min_letters} points high")
        if self.max_width is not None and not self.max_width > 0:
            raise ValueError(f"a page cannot be {self.max_width} points wide")

    @property
    def paper(self) -> Paper | None:
        """What has to be kept on paper; None where neither width nor height is said."""
        if self.width is None and self.height is None:
            return None
        usual = "none" if self.width in ("none", None) else USUAL_HEIGHT
        return Paper(points(self.width or "none"), points(self.height or usual), self.min_letters)

    def for_file(self, path: Path) -> DrawOptions:
        """Give the options of a picture that goes to a file: where no width is said, a usual one is wished for.

        A page to explore on a screen (.html) and one whose width is said in the old way are as wide as they come.
        """
        is_said = self.width is not None or self.max_width is not None or path.suffix.lower() == ".html"
        is_wished = self.height is None and self.min_letters == USUAL_LETTERS
        return self if is_said else replace(self, width=USUAL_WIDTH, is_wished=is_wished)

    @property
    def colours(self) -> Theme:
        """The theme itself."""
        return self.theme if isinstance(self.theme, Theme) else THEMES[self.theme]

    def changed(self, choices: Mapping[str, object]) -> DrawOptions:
        """Give the options with those changed that are chosen."""
        strangers = [name for name in choices if name not in CHOICES]
        if strangers:
            raise TypeError(f"no option of a drawing is called {strangers[0]!r}; there are {', '.join(CHOICES)}")
        chosen = {name: CHOICES[name].of_flag(value) for name, value in choices.items() if value is not None}
        if chosen.get("style") == "figure":
            chosen.setdefault("title", "")  # that of the spec is for a page of its own
        if "only" in chosen and "title" not in chosen:
            return replace(self, **chosen, title=None, whole=self.title)  # type: ignore[arg-type]  # as below
        return replace(self, **chosen)  # type: ignore[arg-type]  # keys and types of `DrawChoices` are those of fields


CHOICES: Final[Mapping[str, Choice]] = {
    option.name: option.metadata["choice"] for option in fields(DrawOptions) if option.metadata
}
"""What is said of every option, by its name."""
USUAL: Final = DrawOptions()
"""What holds where nothing is chosen."""


def takes_choices(function: F) -> F:
    """Spell out the keywords of a function that takes `**choices: Unpack[DrawChoices]`, for `help` and `inspect`."""
    signature = inspect.signature(function)
    *others, _ = signature.parameters.values()
    kinds = ((name, kind.__forward_arg__) for name, kind in DrawChoices.__annotations__.items())
    keywords = (Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=kind) for name, kind in kinds)
    setattr(function, "__signature__", signature.replace(parameters=[*others, *keywords]))  # noqa: B010 - for mypy
    lines = "".join(rf"\1{name}: {_in_a_docstring(choice)}\n" for name, choice in CHOICES.items())
    function.__doc__, found = re.subn(r"( +)choices: .*\n", lines, function.__doc__ or "")
    assert found == 1, f"the docstring of {function.__name__} describes its `choices` in one line"
    return function


def _in_a_docstring(choice: Choice) -> str:
    return f"{choice.meaning.removesuffix('.')} ({', '.join(choice.words)})." if choice.words else choice.meaning
