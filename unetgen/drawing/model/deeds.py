"""What a link does on its way, and the words that are written from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from unetgen.drawing.model.shapes import ArrowKind

FitVerb = Literal["crop", "pad", "resize"]
"""What is done to a map whose size is not that of the map it meets."""
Beside = Literal["", "before", "after"]
"""Where a map lies in memory beside the one it meets, in so far as that is said."""
FITTED: Final[dict[FitVerb, str]] = {"crop": "cropped", "pad": "padded", "resize": "resized"}


@dataclass(frozen=True, slots=True)
class Said:
    """What some nodes do, in words.

    Args:
        text: The words, such as `conv 3×3, group norm 8`.
        alike: The same as if norms had one group: equal for all nodes that differ in the number of groups alone.
    """

    text: str
    alike: str

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.text)


def join(between: str, parts: Iterable[Said | str]) -> Said:
    """Put words together, but for empty ones."""
    said = [Said(part, part) if isinstance(part, str) else part for part in parts]
    texts, alike = (part.text for part in said), (part.alike for part in said)
    return Said(between.join(filter(None, texts)), between.join(filter(None, alike)))


@dataclass(frozen=True, slots=True)
class Deed:
    """What a link does on its way, piece by piece: the words of the legend are put together from it.

    Args:
        first: The first word of a skip or a shortcut, as `copy`; of other links, what is said if `through` is empty.
        through: What it goes through: ops in a row, signs, a way that branches.
        fits: What is done to its map so that it can meet others.
        meets: How it meets them, if not side by side: `sum`.
        then: What follows right behind that.
        beside: Its place among maps side by side, where that is said.
        others: What is done to the upsampled map so that it can be met.
        signs: What signs on it mean that are not drawn.
    """

    first: str = ""
    through: tuple[Said, ...] = ()
    fits: tuple[FitVerb, ...] = ()
    meets: str = ""
    then: Said = Said("", "")
    beside: Beside = ""
    others: tuple[FitVerb, ...] = ()
    signs: tuple[Said, ...] = ()

    def said(self, kind: ArrowKind) -> Said:
        """Say in the legend's words what it does as a link of some kind.

        Example:
            >>> conv = Said("conv 3×3", "conv 3×3")
            >>> Deed("copy", (conv,), ("crop",), others=("pad",)).said("skip").text
            'copy and crop, conv 3×3; upsampled map padded to fit'
            >>> Deed("skip", (conv,), ("crop",), "sum").said("skip").text
            'skip, conv 3×3, crop, sum'
        """
        return join(
            "; ", (self._own(kind), *dict.fromkeys(f"upsampled map {FITTED[fit]} to fit" for fit in self.others))
        )

    def _own(self, kind: ArrowKind) -> Said:
        match kind:
            case "skip" if self.meets:
                return join(", ", (self.first, *self.through, _both(self.fits), self.meets, self.then, *self.signs))
            case "skip":
                return join(", ", (_both((self.first, *self.fits)), *self.through, self._beside, *self.signs))
            case "shortcut":
                own = join(", ", (self.first, *self.through, *dict.fromkeys(FITTED[fit] for fit in self.fits)))
                return join("; ", (own, join(", ", (self.meets, self.then, *self.signs))))
            case _:
                return join(", ", (*(self.through or (self.first,)), *self.signs))

    @property
    def _beside(self) -> str:
        return {"": "", "before": "concatenated", "after": "concatenated after the upsampled map"}[self.beside]


def _both(verbs: Iterable[str]) -> str:
    return " and ".join(verbs)
