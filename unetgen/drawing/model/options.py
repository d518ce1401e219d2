"""What may be chosen about a picture; nothing here changes what the network is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from unetgen.drawing.model.theme import THEMES, Theme

Detail = Literal["blocks", "units", "ops"]
"""One box per stage, one per convolution with its norm and activation, or one per op."""
DETAILS: tuple[Detail, ...] = get_args(Detail)


@dataclass(frozen=True, slots=True)
class DrawOptions:
    """Everything that may be chosen about a picture.

    Args:
        theme: The colours: a key of `THEMES`, or a theme of one's own.
        detail: How much is shown one by one. Grids (UNet++, UNet 3+) have one box per stage at every detail; `ops`
            lists what is inside, a line for a unit.
        title: What stands above in place of the network's name; nothing where it is empty.
        legend: Whether looks are explained.
        totals: Whether parameters, MACs and sizes are summed up.
        sizes: Whether the sizes of maps are written at them.
        max_width: How wide the page should be at most, in points (1/72 inch). The picture is set more tightly, and
            shows stages as signs, until it fits; letters never shrink, so that it may stay a little wider.
        shown: What is said, by name, of the maps that are shown in the boxes; boxes have room for maps where
            something is.

    Raises:
        ValueError: There is no such theme or detail, or the width is none.
    """

    theme: str | Theme = "light"
    detail: Detail = "units"
    title: str | None = None
    legend: bool = True
    totals: bool = True
    sizes: bool = True
    max_width: float | None = None
    shown: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.theme, str) and self.theme not in THEMES:
            raise ValueError(f"no theme is called {self.theme!r}; there are {', '.join(THEMES)}")
        if self.detail not in DETAILS:
            raise ValueError(f"no detail is called {self.detail!r}; there are {', '.join(DETAILS)}")
        if self.max_width is not None and not self.max_width > 0:
            raise ValueError(f"a page cannot be {self.max_width} points wide")

    @property
    def colours(self) -> Theme:
        """The theme itself."""
        return self.theme if isinstance(self.theme, Theme) else THEMES[self.theme]

    def changed(
        self,
        *,
        theme: str | Theme | None = None,
        detail: Detail | None = None,
        title: str | None = None,
        legend: bool | None = None,
        totals: bool | None = None,
        sizes: bool | None = None,
        max_width: float | None = None,
    ) -> DrawOptions:
        """Give the options with those changed that are given."""
        return replace(
            self,
            theme=self.theme if theme is None else theme,
            detail=self.detail if detail is None else detail,
            title=self.title if title is None else title,
            legend=self.legend if legend is None else legend,
            totals=self.totals if totals is None else totals,
            sizes=self.sizes if sizes is None else sizes,
            max_width=self.max_width if max_width is None else max_width,
        )


USUAL: Final = DrawOptions()
"""What holds where nothing is chosen."""
