"""Themes on the command line: by name, or a file of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from unetgen.drawing.model.theme import THEMES
from unetgen.source.problem import Problem

if TYPE_CHECKING:
    from unetgen.drawing import Theme


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
