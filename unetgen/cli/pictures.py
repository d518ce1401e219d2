"""Pictures on the command line: what may be chosen about them, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from unetgen.cli.files import save_file
from unetgen.cli.terminal import terminal
from unetgen.drawing.model.options import CHOICES, Choice
from unetgen.drawing.model.paper import POINTS, millimetres
from unetgen.drawing.model.theme import THEMES
from unetgen.source.diagnostics import InternalError
from unetgen.source.problem import Problem

if TYPE_CHECKING:
    from unetgen.drawing import Drawing, DrawOptions, Theme
    from unetgen.drawing.write.writers import Renderer

Command = Callable[..., int]
WIDE: Final = 1500
"""A wider picture says so, in points."""
STANDARD: Final = "drawing.svg"
"""What a picture on standard output is as a file."""


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """What a command line says about a picture; None where it says nothing."""

    output: str | None
    renderer: Renderer | None
    scale: float | None
    dpi: float | None
    fragment: bool | None
    choices: Mapping[str, Any]  # NOTE: Any: what click makes of a command line

    @property
    def is_chosen(self) -> bool:
        """Whether anything is said."""
        said = (self.output, self.renderer, self.scale, self.dpi, self.fragment, *self.choices.values())
        return any(value is not None for value in said)

    @property
    def to_stdout(self) -> bool:
        """Whether it goes to standard output."""
        return self.output == "-"

    def options(self, usual: DrawOptions) -> DrawOptions:
        """Give the options with what is said laid over the usual ones; a file but one to explore keeps to paper.

        Raises:
            SpecError: The theme's file is wrong.
            Problem: It cannot be read.
            click.UsageError: There is no such theme.
        """
        if self.choices["max_width"] is not None:
            terminal().message("note: `--max-width` is deprecated: say `--width`, such as `--width 178mm`")
        options = usual.changed({**self.choices, "theme": read_theme(self.choices["theme"])})
        return options.for_file(self.path)

    @property
    def path(self) -> Path:
        """Where it goes to; what standard output gets is SVG."""
        return Path(STANDARD if self.output in (None, "-") else str(self.output))

    def writer(self, *, with_maps: bool = False) -> Callable[[Drawing], None]:
        """Find what writes the picture to its file, and says so; `with_maps` is whether boxes show pictures of maps.

        Raises:
            click.UsageError: No format has that suffix, or it has no pixels to scale, is no fragment, or cannot hold
                pictures.
        """
        from unetgen.drawing.write.writers import lost_characters, writer_for

        output, renderer, path = self.output or "-", self.renderer or "unetgen", self.path
        if self.scale is not None and self.dpi is not None:
            raise click.UsageError("`--scale` and `--dpi` say the same: 1 is 72 dpi; give one of them")
        scale = self.scale if self.dpi is None else self.dpi / POINTS["in"]
        try:
            write = writer_for(path, renderer=renderer, scale=scale, fragment=bool(self.fragment), pictures=with_maps)
        except ValueError as error:
            raise click.UsageError(str(error)) from None

        def save(drawing: Drawing) -> None:
            try:
                save_file(terminal(), output, write(drawing))
            except ValueError as error:  # a scale that is too large for the drawing is the user's to change
                raise click.UsageError(str(error)) from None
            for said in notes_on(drawing):
                terminal().message(f"note: {said}")
            # Characters that a terminal should not see never pass validation.
            if lost := " ".join(lost_characters(drawing, path, renderer=renderer)):
                terminal().message(
                    f"note: no face here draws {lost}; squares stand for them (not so in .svg and .html)"
                )

        return save


def notes_on(drawing: Drawing) -> Iterator[str]:
    """Say what is worth knowing about a picture that was written."""
    yield from drawing.notes
    yield from filter(None, (said_of_paper(drawing),))
    if drawing.paper[0] > WIDE:
        yield f"the picture is {drawing.paper[0]:,.0f} pt wide, more than a screen or a page; see `--width`"


def said_of_paper(drawing: Drawing) -> str:
    """Say what gave way so that a picture keeps to its paper, and whether it does; empty where all is as usual."""
    width, letters = millimetres(drawing.paper[0]), f"{drawing.smallest_letters:.3g} pt"
    if not drawing.keeps:
        return f"the picture is {width} wide, the narrowest with letters of {letters}; see `--width`"
    return f"to be {width} wide with letters of {letters}: {drawing.gave_way}" if drawing.gave_way else ""


def read_theme(name: str | None) -> str | Theme | None:
    """Find a theme as the command line names it; None stays None.

    Raises:
        SpecError: The theme's file is wrong.
        Problem: It cannot be read.
        click.UsageError: There is no such theme.
    """
    from unetgen.api import find_theme

    if name is None:
        return None
    try:
        theme = find_theme(name)
    except OSError as error:
        raise Problem(f'cannot read "{name}": {error.strerror or error}') from None
    if isinstance(theme, str) and theme not in THEMES:
        known = ", ".join(f"'{known}'" for known in THEMES)
        raise click.UsageError(f"'--theme': '{name}' is not one of {known}, nor the .yaml file of a theme")
    return theme


def picture_options(*, required: bool) -> Callable[[Command], Command]:
    """Give a command the options of a picture, which come to it as one `picture`; `required` says that one is drawn."""

    def gathering(command: Command) -> Command:
        @wraps(command)
        def gathered(
            *,
            output: str | None,
            renderer: Renderer | None,
            scale: float | None,
            dpi: float | None,
            fragment: bool | None,
            **others: Any,
        ) -> int:
            choices = {name: others.pop(name) for name in CHOICES}
            return command(picture=PictureRequest(output, renderer, scale, dpi, fragment, choices), **others)

        given: Command = gathered
        for option in reversed((_output(required), *_OPTIONS)):
            given = option(given)
        return given

    return gathering


def _output(required: bool) -> Callable[[Command], Command]:
    where = "Where to" if required else "Where a picture of both goes to"
    return click.option(
        "-o", "--output", required=required, metavar="FILE", help=f"{where}; `-` is standard output (as SVG)."
    )


def option_of(name: str, choice: Choice) -> Callable[[Command], Command]:
    """Give the option of the command line by which one of a picture is chosen; it says None where it is not given.

    Raises:
        InternalError: No command line can say what the option is.
    """
    flag = name.replace("_", "-")
    if choice.type is bool:
        given, flag = not choice.default, f"no-{flag}" if choice.default else flag
        return click.option(f"--{flag}", name, flag_value=given, default=None, type=click.BOOL, help=choice.help)
    option = click.option(f"--{flag}", name, type=_type_of(choice), metavar=choice.metavar, help=choice.help)
    if choice.flags is None:
        return option
    off = choice.flags[1]
    short = click.option(f"--no-{flag}", name, flag_value=off, default=None, help=f"The same as --{flag} {off}.")
    return lambda command: option(short(command))


def _type_of(choice: Choice) -> click.ParamType[Any]:
    if choice.words and choice.metavar is None:
        return click.Choice(choice.words)
    low, high = choice.bounds or (-inf, inf)
    if choice.type is int:
        return click.IntRange(int(low), int(high)) if choice.bounds else click.INT
    if choice.type is float:
        return click.FloatRange(low, high) if choice.bounds else click.FLOAT
    if choice.type is str:
        return click.STRING if choice.check is None else _Checked(choice.check)
    raise InternalError(f"a command line cannot say an option of the type {choice.type.__name__}")


class _Checked(click.ParamType[str]):
    """A text that has to be as its option says."""

    name = "text"

    def __init__(self, check: Callable[[str], object]) -> None:
        self._check = check

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            self._check(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return str(value)


_OPTIONS: tuple[Callable[[Command], Command], ...] = (
    *(option_of(name, choice) for name, choice in CHOICES.items()),
    click.option(
        "--renderer",
        type=click.Choice(["unetgen", "graphviz"]),
        help="Who draws: unetgen, unless given; graphviz needs `dot` and knows .svg, .png, .pdf.",
    ),
    click.option("--scale", type=float, metavar="N", help="Pixels per point of a .png (2 unless given; 1 is 72 dpi)."),
    click.option("--dpi", type=float, metavar="N", help="The same in dots per inch; journals ask for 300."),
    click.option(
        "--fragment",
        flag_value=True,
        default=None,
        type=click.BOOL,
        help="Write a .tex for another document to \\input, in the face of that document.",
    ),
)
