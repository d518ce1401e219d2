"""The words for topologies: which maps meet. How each is written is `lowering`'s business."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from unetgen.parts.words import Word, WordChoice


class Topology(Word):
    """Which maps meet."""

    nested: ClassVar[bool] = False
    """Whether each level has a row of nodes instead of one decoder stage."""
    joins_once: ClassVar[bool] = False
    """Whether each level has one join, so that the path of its skip may be walked before the next level."""
    unused: ClassVar[tuple[str, ...]] = ()
    """Keys of the spec that mean nothing here."""


class U(Topology):
    """One skip per level.

    References:
        Ronneberger et al. 2015, "U-Net", arXiv:1505.04597.
    """

    word: ClassVar[str] = "u"
    joins_once: ClassVar[bool] = True


class Nested(Topology):
    """Each level has a row of nodes, each of which takes all maps before it in its row and the upsampled one below.

    References:
        Zhou et al. 2018, "UNet++", arXiv:1807.10165.
    """

    word: ClassVar[str] = "nested"
    nested: ClassVar[bool] = True

    inner: Literal["decoder", "encoder"] = "decoder"
    """Whose channels the inner nodes of a row have; the last node always has those of the decoder stage."""
    along: Literal["diagonals", "columns"] = "diagonals"
    """In which order nodes are computed; it changes the order of weights, never the result."""


class FullScale(Topology):
    """Each decoder stage takes a map of every level, brought to its own resolution.

    References:
        Huang et al. 2020, "UNet 3+", arXiv:2004.08790.
    """

    word: ClassVar[str] = "full_scale"
    unused: ClassVar[tuple[str, ...]] = ("skip", "upsample")

    channels: Annotated[int, Field(ge=1, le=65536)] = 64
    """Channels that each map is brought to before all are concatenated."""


TOPOLOGY_WORDS: tuple[type[Topology], ...] = (
    U,
    Nested,
    FullScale,
)

TopologyWord = Annotated[Topology, WordChoice("topology", TOPOLOGY_WORDS)]
"""The type of a field that holds a topology."""
