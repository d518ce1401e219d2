"""How to read a picture: the text, the three details side by side, and the keys of a theme's file."""

from __future__ import annotations

from pathlib import Path

import unetgen
from tools.pages.fields import meaning
from tools.pages.kinds import kind_of
from tools.pages.markdown import code, table
from unetgen.drawing import DETAILS
from unetgen.language.theme_file import BoxColours, MarkerColours, ThemeFile
from unetgen.parts.words import SpecModel

__all__ = ["details", "pictures_page"]

_TEXT = Path(__file__).parent / "texts" / "pictures.md"
_EXAMPLE = "{name: small, depth: 2, filters: 32, block: residual, skip: {path: additive_gate}, input_size: 128}"


def pictures_page() -> str:
    """Make the page; ends in a line break."""
    shown = "\n\n".join(f"`{detail}`:\n\n![{detail}](figures/detail-{detail}.svg)" for detail in DETAILS)
    text = _TEXT.read_text(encoding="utf-8")
    only = "![encoder.1 of MultiResUNet](figures/only.svg)"
    tables = {"keys": _keys(ThemeFile), "faces": _keys(BoxColours), "marks": _keys(MarkerColours)}
    return text.format(details=shown, only=only, **tables)


def details() -> dict[str, str]:
    """Draw one network at every detail, as solids, and a part of one: the names of the figures, and their SVG."""
    spec = unetgen.parse(_EXAMPLE)
    figures = {f"detail-{detail}": unetgen.draw(spec, detail=detail, theme="paper").svg for detail in DETAILS}
    part = unetgen.draw("multiresunet", only="encoder.1", theme="paper")
    return {**figures, "look-solid": unetgen.draw(spec, look="solid").svg, "only": part.svg}


def _keys(model: type[SpecModel]) -> str:
    rows = ((code(key), kind_of(model, key), meaning(model, key)) for key in model.model_fields)
    return table(("key", "takes", "meaning"), rows)
