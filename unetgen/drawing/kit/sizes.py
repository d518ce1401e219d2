"""How large a box is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from unetgen.drawing.kit.distances import Spacing
from unetgen.drawing.model.shapes import BAR
from unetgen.drawing.model.thumbnails import aspect

TALLEST_BOX: Final = 150
LOWEST_BOX: Final = 10
LOWEST_WITH_SIGN: Final = 24
"""The least height of a box against which a sign in two lines may stand."""
NARROWEST_BOX: Final = 6
SHALLOWEST: Final = 4
"""How far the faces of a solid stand out at least."""
BAR_PITCH: Final = 6
"""About what lies from one bar to the next."""
SLIMMEST_BARS: Final = 10
"""A slimmer map is one bar."""
CROWDED_BOX: Final = 14
"""The least width of a box on which an arrow ends and a shortcut begins."""
CROPPED_BOX: Final = 10
"""The least width of a box in which an outline is drawn."""
SPARED: Final = (0, 0, 2)
"""By how much all of these may be less where words have given way, by how much these have."""
SLAB: Final = 8
"""The width of a slab: what a letter needs."""
LOWEST_FACE: Final = 22
SIGNAL_FACE: Final = 22
"""How wide a signal's face is at least: positions by channels."""


NO_LEAST: Final[Mapping[int, int]] = {}
"""Where no count of channels needs a box of some width."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How maps become boxes.

    Args:
        largest: The size of the tallest map of the picture.
        narrowest: The least width of a box, in points.
        bars: Whether maps have one axis and are drawn as upright bars, a line for some channels.
        lowest: The least height of a box.
        widths: The width of a box by its channels, where the rule alone would give two counts the same.
    """

    spacing: Spacing
    largest: tuple[int, ...]
    narrowest: int = NARROWEST_BOX
    bars: bool = False
    lowest: int = LOWEST_BOX
    widths: Mapping[int, int] = field(default_factory=dict)

    def among(self, channels: Iterable[int], least: Mapping[int, int] = NO_LEAST) -> Scale:
        """Give the scale for a picture with these counts of channels, where more are to be wider.

        Where the rule gives two counts one width, those of less are made slimmer, down to the narrowest box; what then
        still falls together is made wider.

        Args:
            least: Least widths of boxes of some counts.

        Example:
            >>> from unetgen.drawing.kit.distances import SPACINGS
            >>> scale = Scale(replace(SPACINGS[0], wider=2), (572, 572))
            >>> [scale.width(n) for n in (64, 72, 80)], [scale.among((64, 72, 80)).width(n) for n in (64, 72, 80)]
            ([20, 20, 20], [16, 18, 20])
        """
        counts, wider = sorted(set(channels)), self.spacing.wider
        widths = [self.width(count) for count in counts]
        for place in reversed(range(len(counts) - 1)):
            widths[place] = max(self.narrowest, min(widths[place], widths[place + 1] - wider))
        for place, count in enumerate(counts):
            slimmer = widths[place - 1] + wider if place else 0
            widths[place] = max(widths[place], slimmer, least.get(count, 0))
        found = dict(zip(counts, widths, strict=True))
        return replace(self, widths=found) if wider else self

    def height(self, size: tuple[int, ...]) -> int:
        """Give a height that grows with the square root of the size, in even points.

        The size of a map is the geometric mean of its axes. A linear scale is unreadable over more than three levels.

        Example:
            >>> from unetgen.drawing.kit.distances import SPACINGS
            >>> scale = Scale(SPACINGS[0], (572, 572))
            >>> scale.height((572, 572)), scale.height((32, 32)), scale.height((1, 1))
            (150, 36, 10)
        """
        if self.spacing.face:
            return even(self._face(size) / aspect(size) ** 0.5)
        return max(
            self.lowest,
            even(TALLEST_BOX * self.spacing.tall * (mean(size) / mean(self.largest)) ** 0.5),
        )

    def width(self, channels: int, size: tuple[int, ...] = ()) -> int:
        """Give a width that grows with the logarithm of the channels, in even points; that of a face where it shows.

        Example:
            >>> from unetgen.drawing.kit.distances import SPACINGS
            >>> scale = Scale(SPACINGS[0], (572, 572))
            >>> scale.width(1), scale.width(64), scale.width(1024)
            (6, 20, 30)
        """
        if self.spacing.face and size:
            return even(self._face(size) * aspect(size) ** 0.5) if len(size) > 1 else self._signal_face(channels)
        if channels in self.widths:
            return self.widths[channels]
        return max(self.narrowest, even(self.spacing.boxes * (3.5 + 2.6 * math.log2(channels + 1))))

    def depth(self, channels: int, size: tuple[int, ...]) -> float:
        """Give how far a cuboid's faces stand out: those of volumes, and of stacks of channels whose front shows."""
        if self.spacing.face and len(size) > 1:
            return even(1 + 0.8 * math.log2(channels + 1))
        if self.spacing.solid and len(size) > 1:
            return even(max(SHALLOWEST, self.spacing.solid * self.height(size)))
        return self.spacing.depth if len(size) == 3 else 0

    def _face(self, size: tuple[int, ...]) -> float:
        """Give the side of a face if it were a square."""
        return max(LOWEST_FACE, self.spacing.face * math.sqrt(mean(size) / mean(self.largest)))

    def _signal_face(self, channels: int) -> int:
        return even(SIGNAL_FACE + 2 * math.log2(channels + 1))


def bars_in(width: float) -> int:
    """Count the bars of a map with one axis; 0 is a whole box.

    Their number is odd, so that an arrow to the middle of the map ends at a bar.

    Example:
        >>> bars_in(6), bars_in(14), bars_in(20), bars_in(30)
        (0, 3, 5, 5)
    """
    return 0 if width < SLIMMEST_BARS else 2 * round((width - BAR) / BAR_PITCH / 2) + 1


def mean(size: tuple[int, ...]) -> float:
    """Give the geometric mean of the axes of a map.

    Example:
        >>> round(mean((128, 32)), 9)
        64.0
    """
    return math.exp(math.fsum(map(math.log, size)) / len(size))


def even(points: float) -> int:
    """Round to an even whole number: Graphviz 2.43 rounds the sizes of nodes to whole points, on both sides alike.

    Example:
        >>> even(3.1), even(4.9), even(6.0)
        (4, 4, 6)
    """
    return 2 * round(points / 2)
