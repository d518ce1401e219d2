"""The contact sheet: every picture of the zoo side by side, to be compared at a glance."""

from __future__ import annotations

from collections.abc import Iterator

from tools.pages.markdown import anchor
from unetgen.language.zoo import zoo_names

__all__ = ["contact_page"]

IN_A_ROW = 4


def contact_page() -> str:
    """Make the page; ends in a line break."""
    names = zoo_names()
    starts = range(0, len(names), IN_A_ROW)
    rows = "\n".join(f"<tr>\n{_cells(names[start : start + IN_A_ROW])}\n</tr>" for start in starts)
    return f"{_INTRODUCTION}\n\n<table>\n{rows}\n</table>\n"


_INTRODUCTION = """\
# Contact sheet

Every picture of the zoo as it is drawn for a page of 178 mm when nothing is said, to be compared at a glance. A name
leads to its numbers in [the zoo](gallery.md), a picture to the file at its own size."""


def _cells(names: tuple[str, ...]) -> str:
    return "\n".join(_cell(names))


def _cell(names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        link = f'<a href="gallery.md#{anchor(name)}">{name}</a>'
        picture = f'<a href="figures/{name}.svg"><img src="figures/{name}.svg" width="230" alt="{name}"></a>'
        yield f'<td valign="top">{link}<br>{picture}</td>'
