"""Colours. A theme is a row; every text and line of `dark` has a contrast of at least 4.5 to what is behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from unetgen.drawing.model.shapes import Arrow, ArrowKind, BoxKind, Ink, OutlineLook, Status, Stroke


@dataclass(frozen=True, slots=True)
class Faces:
    """The colours of one kind of box: front, top and right face of a cuboid, and the lines between them."""

    front: str
    top: str
    side: str
    line: str


@dataclass(frozen=True, slots=True)
class Marker:
    """The colours that mark what became of a part: the line around a box, and the paler halo of an arrow."""

    line: str
    halo: str


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a drawing, each `#rrggbb`."""

    name: str
    background: str
    ink: str
    muted: str
    panel: str
    panel_line: str
    map: Faces
    copied: Faces
    norm: Faces
    activation: Faces
    dropout: Faces
    stage: Faces
    nested: Faces
    end: Faces
    mark: Faces
    conv: str
    head: str
    down: str
    up: str
    skip: str
    shortcut: str
    flow: str
    signal: str
    changed: Marker
    new: Marker
    removed: Marker
    dashed: tuple[ArrowKind, ...] = ()
    """Kinds of arrows that are dashed, whatever else they mean, so that they differ without colours."""
    dotted: tuple[ArrowKind, ...] = ()
    """Kinds of arrows that are dotted."""

    def faces(self, kind: BoxKind) -> Faces:
        """Give the colours of a kind of box: those of its name, or tints of the arrow that makes it.

        An op has those of a stage, or of the slab that it is elsewhere.
        """
        if kind in MADE_BY:
            return _tinted(self.colour(MADE_BY[kind]), self.background)
        faces: Faces = getattr(self, "stage" if kind == "op" else kind.removesuffix(" op"))
        return faces

    def marker(self, status: Status) -> Marker:
        """Give the colours of a mark, likewise."""
        marker: Marker = getattr(self, status)
        return marker

    def colour(self, ink: Ink) -> str:
        """Give the colour of a text or of a kind of arrow, likewise."""
        return str(getattr(self, ink))

    def outline(self, look: OutlineLook) -> str:
        """Give the colour of an outline."""
        match look:
            case "crop":
                return self.map.line
            case "follows":
                return self.changed.halo
            case "repeat":
                return self.muted
            case _:
                return self.marker(look).line

    def stroke(self, arrow: Arrow) -> Stroke:
        """Say how the line of an arrow is broken."""
        if arrow.kind in self.dotted:
            return "dotted"
        if arrow.kind == "conv" and arrow.dashed:
            # Its head is hollow, which is enough where the arrow to an output has another colour.
            return "dashed" if self.conv == self.head else "solid"
        return "dashed" if arrow.dashed or arrow.kind in self.dashed else "solid"


MADE_BY: Final[dict[BoxKind, ArrowKind]] = {
    "conv map": "conv", "down map": "down", "up map": "up", "head map": "head",
}  # fmt: skip
_TINTS: Final = (0.3, 0.18, 0.46)
"""How much of the arrow's colour is in the front, the top and the side of a solid."""


def _tinted(colour: str, background: str) -> Faces:
    front, top, side = (_mixed(colour, background, share) for share in _TINTS)
    return Faces(front, top, side, colour)


def _mixed(colour: str, other: str, share: float) -> str:
    """Mix two colours; where a reader's browser is to choose them, it mixes them, too.

    Example:
        >>> _mixed("#ff0000", "#ffffff", 0.5), _mixed("var(--up)", "var(--background)", 0.3)
        ('#ff8080', 'color-mix(in srgb, var(--up) 30%, var(--background))')
    """
    if not colour.startswith("#"):
        return f"color-mix(in srgb, {colour} {share:.0%}, {other})"
    pairs = ((int(one[n : n + 2], 16) for one in (colour, other)) for n in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


_LIGHT = Theme(
    name="light",
    background="#ffffff",
    ink="#1f2328",
    muted="#59636e",
    panel="#f6f8fa",
    panel_line="#c9d3dd",
    map=Faces("#cfe0f7", "#e3edfb", "#b3cdef", "#2f62a8"),
    copied=Faces("#ffffff", "#ffffff", "#eceff3", "#6e7781"),
    norm=Faces("#fdf3d0", "#fef9e6", "#f3e3a8", "#8a6a10"),
    activation=Faces("#fbdcc8", "#fdeee4", "#f0c2a4", "#a9501c"),
    dropout=Faces("#e6e8eb", "#f2f3f5", "#d3d7dc", "#59636e"),
    stage=Faces("#eef4fc", "#eef4fc", "#eef4fc", "#2f62a8"),
    nested=Faces("#ffffff", "#ffffff", "#ffffff", "#2f62a8"),
    end=Faces("#ffffff", "#ffffff", "#ffffff", "#0a7d7d"),
    mark=Faces("#fdf1f7", "#fdf1f7", "#fdf1f7", "#b0417e"),
    conv="#1f5fc0",
    head="#0a7d7d",
    down="#c7321f",
    up="#1a8035",
    skip="#848d97",
    shortcut="#b35900",
    flow="#1f2328",
    signal="#b0417e",
    changed=Marker("#b45309", "#ffd666"),
    new=Marker("#1a7f37", "#a9ecb9"),
    removed=Marker("#c2185b", "#ff9dbb"),
)

_DARK = Theme(
    name="dark",
    background="#0d1117",
    ink="#e6edf3",
    muted="#9ba5b0",
    panel="#161b22",
    panel_line="#3d444d",
    map=Faces("#1d3a5f", "#2b5284", "#142a46", "#79b4ff"),
    copied=Faces("#0d1117", "#1b222b", "#0d1117", "#9ba5b0"),
    norm=Faces("#3d3210", "#54461a", "#2b230a", "#d9b44a"),
    activation=Faces("#4a2614", "#63351d", "#34190c", "#f0965a"),
    dropout=Faces("#2b3138", "#3a424b", "#1e2329", "#9ba5b0"),
    stage=Faces("#15253a", "#15253a", "#15253a", "#79b4ff"),
    nested=Faces("#0d1117", "#0d1117", "#0d1117", "#79b4ff"),
    end=Faces("#0d1117", "#0d1117", "#0d1117", "#39c5cf"),
    mark=Faces("#2a1622", "#2a1622", "#2a1622", "#f28cc0"),
    conv="#58a6ff",
    head="#39c5cf",
    down="#ff7b72",
    up="#56d364",
    skip="#8b949e",
    shortcut="#e3a03c",
    flow="#e6edf3",
    signal="#f28cc0",
    changed=Marker("#f2cc60", "#6e5600"),
    new=Marker("#6fdd8b", "#1b6b35"),
    removed=Marker("#ff9bb5", "#96305a"),
)

# The colours of the figure in Ronneberger et al. 2015 (arXiv:1505.04597).
_PAPER = Theme(
    name="paper",
    background="#ffffff",
    ink="#000000",
    muted="#404040",
    panel="#ffffff",
    panel_line="#bfbfbf",
    map=Faces("#dbe5f1", "#eaf0f7", "#c3d3e8", "#385d8a"),
    copied=Faces("#ffffff", "#ffffff", "#f2f2f2", "#385d8a"),
    norm=Faces("#fdf2cc", "#fef8e4", "#f2e2a6", "#7f6000"),
    activation=Faces("#f8d9c4", "#fbebe0", "#edbf9f", "#9c4a12"),
    dropout=Faces("#e4e4e4", "#f1f1f1", "#d2d2d2", "#595959"),
    stage=Faces("#dbe5f1", "#dbe5f1", "#dbe5f1", "#385d8a"),
    nested=Faces("#ffffff", "#ffffff", "#ffffff", "#385d8a"),
    end=Faces("#ffffff", "#ffffff", "#ffffff", "#007d84"),
    mark=Faces("#ffffff", "#ffffff", "#ffffff", "#8c2d66"),
    conv="#1f3f9e",
    head="#007d84",
    down="#c00000",
    up="#00803c",
    skip="#7f7f7f",
    shortcut="#a65200",
    flow="#000000",
    signal="#8c2d66",
    changed=Marker("#a65200", "#ffd666"),
    new=Marker("#00702f", "#b4ebc1"),
    removed=Marker("#c00040", "#ff9dbb"),
)

# The palette of Okabe and Ito (https://jfly.uni-koeln.de/color/), which colour-blind readers tell apart; its lighter
# colours are darkened until a letter in them can be read on white. Orange is darkened far more than vermilion: without
# red or green both are one hue, and only their lightness can differ.
_OKABE_ITO = Theme(
    name="okabe-ito",
    background="#ffffff",
    ink="#000000",
    muted="#4d4d4d",
    panel="#ffffff",
    panel_line="#bfbfbf",
    map=Faces("#d6ebf8", "#e9f4fb", "#b4daf1", "#0072b2"),
    copied=Faces("#ffffff", "#ffffff", "#efefef", "#6b6b6b"),
    norm=Faces("#fbf3b8", "#fdf9dc", "#efe48c", "#7a6200"),
    activation=Faces("#fbdcb4", "#fdeeda", "#f0c488", "#9a5a00"),
    dropout=Faces("#e6e6e6", "#f2f2f2", "#d4d4d4", "#595959"),
    stage=Faces("#d6ebf8", "#d6ebf8", "#d6ebf8", "#0072b2"),
    nested=Faces("#ffffff", "#ffffff", "#ffffff", "#0072b2"),
    end=Faces("#ffffff", "#ffffff", "#ffffff", "#000000"),
    mark=Faces("#fbf0c4", "#fbf0c4", "#fbf0c4", "#7a6200"),
    conv="#0072b2",
    head="#005a8c",
    down="#b84e00",
    up="#007f5c",
    skip="#8f8f8f",
    shortcut="#573600",
    flow="#000000",
    signal="#a14878",
    changed=Marker("#9a5200", "#ffdf99"),
    new=Marker("#006e52", "#a8e6d3"),
    removed=Marker("#9a3f72", "#e3a0c6"),
)

# For print: greys alone; dashes, dots, widths and heads tell kinds apart.
_MONO = Theme(
    name="mono",
    background="#ffffff",
    ink="#000000",
    muted="#404040",
    panel="#ffffff",
    panel_line="#999999",
    map=Faces("#e0e0e0", "#efefef", "#c8c8c8", "#000000"),
    copied=Faces("#ffffff", "#ffffff", "#f4f4f4", "#000000"),
    norm=Faces("#ffffff", "#ffffff", "#f4f4f4", "#000000"),
    activation=Faces("#bdbdbd", "#d0d0d0", "#a6a6a6", "#000000"),
    dropout=Faces("#f2f2f2", "#fafafa", "#e2e2e2", "#666666"),
    stage=Faces("#e0e0e0", "#e0e0e0", "#e0e0e0", "#000000"),
    nested=Faces("#ffffff", "#ffffff", "#ffffff", "#000000"),
    end=Faces("#ffffff", "#ffffff", "#ffffff", "#666666"),
    mark=Faces("#ffffff", "#ffffff", "#ffffff", "#000000"),
    conv="#000000",
    head="#000000",
    down="#000000",
    up="#000000",
    skip="#808080",
    shortcut="#595959",
    flow="#000000",
    signal="#595959",
    changed=Marker("#000000", "#c9c9c9"),
    new=Marker("#000000", "#b4b4b4"),
    removed=Marker("#595959", "#a6a6a6"),
    dashed=("up",),
    dotted=("down", "signal"),
)

THEMES: dict[str, Theme] = {theme.name: theme for theme in (_PAPER, _LIGHT, _DARK, _OKABE_ITO, _MONO)}
