"""A theme in a file: a small YAML mapping of colours, laid over one of the themes there are."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from unetgen.drawing.model.shapes import ArrowKind
from unetgen.drawing.model.theme import THEMES, Faces, Marker, Theme
from unetgen.language.validate import validate
from unetgen.parts.words import Items, SpecModel
from unetgen.source.files import decode_source
from unetgen.source.text import SourceFile
from unetgen.source.yamltree import parse_yaml

# Colours reach SVG, CSS, DOT and TeX: nothing but six digits may pass.
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class BoxColours(SpecModel):
    """The colours of one kind of box; those left out stay as they are."""

    front: Colour | None = None
    """The face in front."""
    top: Colour | None = None
    """The upper face of a cuboid."""
    side: Colour | None = None
    """Its right face."""
    line: Colour | None = None
    """The lines around them."""


class MarkerColours(SpecModel):
    """The colours of one kind of mark; those left out stay as they are."""

    line: Colour | None = None
    """The line around marked boxes."""
    halo: Colour | None = None
    """The wide line under marked arrows."""


class ThemeFile(SpecModel):
    """A theme: `base` says which one it starts from, everything else is laid over that."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")] = "own"
    """What it is called."""
    base: Literal["paper", "light", "dark", "okabe-ito", "mono"] = "light"
    """The theme that it starts from."""
    background: Colour | None = None
    """The page."""
    ink: Colour | None = None
    """Words."""
    muted: Colour | None = None
    """Words of less weight: sizes, names of totals, what is written on skips."""
    panel: Colour | None = None
    """The ground of the legend."""
    panel_line: Colour | None = None
    """The line around it."""
    map: BoxColours | None = None
    """Feature maps."""
    copied: BoxColours | None = None
    """Copied feature maps."""
    norm: BoxColours | None = None
    """What norms give, op by op."""
    activation: BoxColours | None = None
    """What activations give, op by op."""
    dropout: BoxColours | None = None
    """What dropouts give, op by op."""
    stage: BoxColours | None = None
    """Stages of a grid."""
    nested: BoxColours | None = None
    """Stages that nesting adds."""
    end: BoxColours | None = None
    """Input and outputs of a grid."""
    mark: BoxColours | None = None
    """Signs on arrows."""
    conv: Colour | None = None
    """Arrows of convolutions."""
    head: Colour | None = None
    """Arrows of heads."""
    down: Colour | None = None
    """Arrows down."""
    up: Colour | None = None
    """Arrows up."""
    skip: Colour | None = None
    """Skips."""
    shortcut: Colour | None = None
    """Shortcuts inside of blocks."""
    flow: Colour | None = None
    """Thin arrows, and signs in circles."""
    signal: Colour | None = None
    """Gating signals."""
    changed: MarkerColours | None = None
    """Marks of what changed, in a picture of two networks."""
    new: MarkerColours | None = None
    """Marks of what is new."""
    removed: MarkerColours | None = None
    """Marks of what was removed."""
    dashed: Items[ArrowKind] | None = None
    """Kinds of arrows that are dashed, whatever else they mean."""
    dotted: Items[ArrowKind] | None = None
    """Kinds of arrows that are dotted."""


def load_theme(path: str | os.PathLike[str]) -> Theme:
    """Read the theme in a file.

    Raises:
        SpecError: The file is wrong, with a place for everything that is.
        OSError: It cannot be read.
    """
    return parse_theme(decode_source(os.fspath(path), Path(path).read_bytes()))


def parse_theme(source: SourceFile) -> Theme:
    """Read a theme from a source file.

    Raises:
        SpecError: The theme is wrong.
    """
    file = validate(parse_yaml(source), ThemeFile)
    base = THEMES[file.base]
    # Any: a colour, the colours of a box or a mark, or kinds of arrows, as the theme's own field has it.
    given: dict[str, Any] = {name: getattr(file, name) for name in file.model_fields_set if name != "base"}
    boxes = {name: _faces(value, getattr(base, name)) for name, value in given.items() if isinstance(value, BoxColours)}
    marks = {n: _marker(value, getattr(base, n)) for n, value in given.items() if isinstance(value, MarkerColours)}
    return replace(base, **{"name": file.name, **given, **boxes, **marks})


def _marker(colours: MarkerColours, base: Marker) -> Marker:
    """Lay the colours of a mark over others."""
    return Marker(colours.line or base.line, colours.halo or base.halo)


def _faces(colours: BoxColours, base: Faces) -> Faces:
    """Lay the colours of a box over others; a front alone colours the other faces too."""
    front = colours.front
    usual = Faces(front or base.front, front or base.top, front or base.side, base.line)
    own = {field.name: getattr(colours, field.name) for field in fields(Faces)}
    return replace(usual, **{name: colour for name, colour in own.items() if colour is not None})
