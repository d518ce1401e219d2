"""How far things stand apart, in points: every distance of both layouts, and how tightly they may be set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

# --- along a row ------------------------------------------------------------------------------------------------------

LETTER_ROOM: Final = 12
"""What a letter on an arrow needs between two boxes, or between their labels."""
LABEL_TO_ARROW: Final = 5
"""From the channels or the sizes of a map to an upright arrow."""
CORNER_TO_STEP: Final = 4
"""From the side of a map that is all of its row to the arrows that enter and leave it."""
END_TO_BOX: Final = 9
"""From `input image` to the first box, and from the last box to `output map`."""
CAPTION_TO_BOX: Final = 6
"""From an output to what is written to the right of it."""
JOIN_TO_BOX: Final = 13
"""From a sign in a circle to the box of a stage beside it."""
SHORTEST_SKIP: Final = 36
"""The least length of a skip between maps."""
SHORTEST_SKIP_IN_PRINT: Final = 22
"""The same where words have given way."""
SHORTEST_STAGE_SKIP: Final = 28
"""The least length of a skip between stages."""
SKIP_ENDS: Final = 13
"""What a skip needs besides its words: its head, and some line before them."""
OUTPUTS_TO_ARROW: Final = 14
"""From the outputs of lower levels to the arrows that lead up from them."""
STAGE_COLUMNS_APART: Final = 12
"""From the columns of one stage to those of the next, where every stage of the decoder has its own."""

# --- from level to level ----------------------------------------------------------------------------------------------

LABEL_ROOM: Final = 13
"""What a line of labels above or under a map takes."""
STAGE_LEVELS_APART: Final = 36
"""From the stages of a level to those of the next, besides arcs and signals between them."""
PYRAMID_LEVELS_APART: Final = 46
"""The same where arrows between levels lean."""
HEADS_ABOVE: Final = 16
"""From the bows over the top row of a pyramid to the heads above it; the bows count as so high at least."""

# --- arcs over a row --------------------------------------------------------------------------------------------------

ARC_TO_ARC: Final = 8
"""From one arc to the next higher one."""
ARC_LETTER_ROOM: Final = 10
"""What a letter on an arc takes."""
ROW_TO_ARC: Final = 15
"""From a row of stages to the lowest arc over it, which must have room for a head."""
ARC_TO_MIDDLE: Final = 10
"""From the middle of a stage to where an arc over its row begins or ends."""
ARC_TO_PASSED: Final = 9
"""From where a skip between stages rises to the stage that it passes."""
SKIP_TO_ROW: Final = 8
"""From where a skip between maps rises to the row that it goes over."""
LOWEST_BOW: Final = 16
"""How high the lowest bow of a pyramid rises over its row."""
HIGHER_BOW: Final = 13
"""By how much a bow rises higher for every stage more that it passes."""
BOW_TO_BOW: Final = 8
"""From one bow to the next at the border of a box."""
BOW_TO_MIDDLE: Final = 5
"""From the middle of a box to the first bow at its upper border."""

# --- arrows at the border of a box, and what stands beside them -------------------------------------------------------

CORNER_TO_ARROW: Final = 10
"""From the corner of a stage to the first arrow at its border."""
RAIL_TO_RAIL: Final = 10
"""From one output to the next that enters the same stage from below."""
RAIL_OFF_MIDDLE: Final = 6
"""From the middle of a stage to its rail on the way down, and from its lower border to that on the way up."""
RAIL_UNDER_STAGE: Final = 7
"""From a stage to a rail that runs under it, and from its right border to where that leaves it."""
OUTPUT_UNDER_MAP: Final = 8
"""From an output to its way to where all outputs meet, which runs under it."""
CROP_INSET: Final = 3
"""From the border of a map to the dashed outline of what goes on of it."""
LETTER_TO_ARROW: Final = 6
"""From an arrow to the letter beside it, or to the words above it."""
LETTER_TO_LABELS: Final = 9
"""From the labels of a row to the middle of a letter on an arrow to another level."""

# --- signs on arrows, and the signals to them -------------------------------------------------------------------------

SIGN_TO_SIGN: Final = 8
"""The least length of a line between signs."""
SIGN_TO_TIP: Final = 14
"""The least length of the piece that has the head."""
SIGN_TO_ROW: Final = 17
"""What the labels of a row take of an arrow that leaves it for another level."""
SIGNAL_TO_SIGNAL: Final = 7
"""From one signal between two levels to the next."""
SIGNAL_ROOM: Final = 14
"""What a signal takes between two levels of maps."""
STAGE_SIGNAL_ROOM: Final = 10
"""What a signal takes between two levels of stages."""
SIGNAL_UNDER_LABELS: Final = 6
"""From the labels of a row of maps to the first signal under them."""
SIGNAL_UNDER_STAGES: Final = 9
"""From a row of stages to the signals under it."""
SIGNAL_TO_ARROW: Final = 4
"""From an arrow that leads up between maps to the signal that rises beside it."""
STAGE_SIGNAL_TO_ARROW: Final = 8
"""The same between stages."""

# --- how tightly ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spacing:
    """How tightly maps are set.

    Args:
        gap: Least length of an arrow between two boxes.
        flow: The same for the short arrow from a sum to its map.
        labels: Least room between two labels side by side.
        level: Least room between the sizes under one level and the channels above the next.
        depth: How far a cuboid's faces stand out.
        boxes: Factor on the widths of boxes.
        signs: What an arrow in a row needs besides the signs on it and the line between these.
        face: How high the face of the largest map is where maps are shown on the faces; 0 where they are not.
        tall: Factor on the heights of boxes.
        wider: By how much the box of more channels is wider at least, as it is to be seen on paper.
        solid: How far the faces of a map with two axes stand out, as a share of its height; 0 where it is flat.
        compact: How much words give way: not at all, with sizes an axis to a line and `input` and `output` under their
            boxes (1), with signs in lines against the box behind them and skips without sizes as well (2).
    """

    gap: int
    flow: int
    labels: float
    level: int
    depth: int
    boxes: float
    signs: int
    face: int = 0
    tall: float = 1
    wider: int = 0
    compact: int = 0
    solid: float = 0

    @property
    def shortest_skip(self) -> int:
        """The least length of a skip between maps."""
        return SHORTEST_SKIP if self.compact < 2 else SHORTEST_SKIP_IN_PRINT


TALL: Final = (0.85, 0.7, 0.55, 0.42)
"""Factors on the heights of boxes: a picture that may not be so high takes the first with which it fits."""
CLOSEST_LEVELS: Final = (16, 14)
"""What then is the least room between two levels, one after the other."""
SPACINGS: Final = (
    Spacing(gap=26, flow=13, labels=6, level=20, depth=6, boxes=1, signs=22),
    Spacing(gap=20, flow=12, labels=4, level=20, depth=5, boxes=1, signs=20),
    Spacing(gap=15, flow=11, labels=3, level=18, depth=4, boxes=0.85, signs=18),
    Spacing(gap=13, flow=10, labels=2.5, level=18, depth=4, boxes=0.7, signs=17),
    Spacing(gap=12, flow=10, labels=2.5, level=18, depth=3, boxes=0.5, signs=15),
    Spacing(gap=9, flow=9, labels=2.5, level=18, depth=3, boxes=0.5, signs=14),
)
"""From roomy to tight: a large network takes the first that fits on a page."""

PRINTED_SPACINGS: Final = tuple(replace(spacing, wider=2) for spacing in SPACINGS)
"""The same for paper: two points are more than a quarter of one at any scale at which letters are read."""
_ROOMY: Final = SPACINGS[:4]
_TIGHTEST: Final = (SPACINGS[-1], replace(SPACINGS[-1], gap=8, flow=7, boxes=0.25, depth=2))
PAPER_SPACINGS: Final = tuple(
    replace(spacing, wider=2, compact=compact)
    for compact, spacings in enumerate((_ROOMY, SPACINGS[3:], _TIGHTEST))
    for spacing in spacings
)
"""The same for paper of some width: words give way before boxes stand as close as can be."""


def lower(spacing: Spacing) -> Iterator[Spacing]:
    """Give the same with lower boxes, then with levels closer to each other; those that show maps stay as they are."""
    if not spacing.face:
        yield from (replace(spacing, tall=factor) for factor in TALL)
        yield from (replace(spacing, tall=TALL[-1], level=level) for level in CLOSEST_LEVELS)


FACE_SPACINGS: Final = (
    Spacing(gap=26, flow=13, labels=6, level=20, depth=6, boxes=1, signs=22, face=112),
    Spacing(gap=20, flow=12, labels=4, level=20, depth=5, boxes=1, signs=20, face=98),
    Spacing(gap=16, flow=11, labels=3, level=18, depth=4, boxes=1, signs=18, face=86),
    Spacing(gap=14, flow=11, labels=3, level=18, depth=4, boxes=1, signs=17, face=76),
    Spacing(gap=13, flow=10, labels=2.5, level=18, depth=4, boxes=1, signs=16, face=66),
    Spacing(gap=12, flow=10, labels=2.5, level=18, depth=3, boxes=1, signs=15, face=56),
    Spacing(gap=11, flow=9, labels=2.5, level=18, depth=3, boxes=1, signs=14, face=46),
    Spacing(gap=9, flow=9, labels=2.5, level=18, depth=3, boxes=1, signs=14, face=36),
)
"""The same where maps are shown on the faces of boxes."""


@dataclass(frozen=True, slots=True)
class StageSpacing:
    """How tightly stages are set.

    Args:
        step: How far the boxes of a level stand inwards of those of the level above.
        gap: The least length of an arrow along a row.
        ends_above: Whether input and output stand above the first and the last stage, not beside them.
        columns: Whether every stage of the decoder has columns of its own.
        aside: From the last stages to the heads beside them, and from these to what takes them all.
        levels: Factor on the room between levels.
    """

    step: float
    gap: float
    ends_above: bool = False
    columns: bool = False
    aside: float = 34
    levels: float = 1


_STEPS: Final = ((56, 36), (44, 36), (36, 32), (28, 28), (22, 26), (16, 24), (10, 22), (4, 20), (0, 18))
LEVEL_ROOMS: Final = (0.8, 0.65, 0.5, 0.36, 0.28)
"""Factors on the room between levels of stages, for a picture that may not be so high: the first that fits is taken."""


def closer(spacing: StageSpacing) -> Iterator[StageSpacing]:
    """Give the same with levels closer to each other."""
    return (replace(spacing, levels=factor) for factor in LEVEL_ROOMS)


V_SPACINGS: Final = (
    tuple(StageSpacing(step, gap) for step, gap in _STEPS),
    (
        *(StageSpacing(step, gap, ends_above=True) for step, gap in _STEPS),
        StageSpacing(0, 18, ends_above=True, aside=18),
        StageSpacing(0, 14, ends_above=True, aside=13),
    ),
)
"""With input and output beside the stages; and above them, where that is needed, from roomy to tight again."""
RAIL_SPACINGS: Final = tuple(tuple(replace(one, columns=True) for one in spacings) for spacings in V_SPACINGS)
"""The same where rails from all levels rise and fall to every stage of the decoder."""
PYRAMID_SPACINGS: Final = (tuple(StageSpacing(0, gap) for gap in (60, 48, 38, 30, 24, 18, 12)),)
"""Those of a nested network, where the gap is what lies between two boxes of a row."""
