"""The pages that are made, not written: the language, the zoo and how to read a picture, with all their figures.

`python -m tools.pages` writes them; a test holds that they are what would be written now. What they say is read off the
models, the registries, the specs of the zoo and the recorded proofs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import unetgen
from tools.pages.contact import contact_page
from tools.pages.gallery import gallery_page
from tools.pages.language import language_page
from tools.pages.pictures import details, pictures_page
from unetgen.language.zoo import zoo_names

__all__ = ["COMPARED", "DOCS", "comparison", "figure", "pages"]

DOCS = Path(__file__).parents[2] / "docs"


def pages() -> Iterator[tuple[Path, str]]:
    """Make every page and every figure: the file, and its text."""
    yield DOCS / "language.md", language_page()
    yield DOCS / "gallery.md", gallery_page()
    yield DOCS / "contact.md", contact_page()
    yield DOCS / "pictures.md", pictures_page()
    for name, svg in details().items():
        yield DOCS / "figures" / f"{name}.svg", svg
    for name in zoo_names():
        yield DOCS / "figures" / f"{name}.svg", figure(name)
    for name in COMPARED:
        yield DOCS / "figures" / f"{name}.svg", comparison(name)


COMPARED = {
    "diff-residual": (
        "{name: small, depth: 2, filters: 16}",
        "{name: small, depth: 2, filters: 16, block: residual, skip: [add, concat]}",
        "small, block=residual, skip=[add, concat]",
    )
}
"""The figures of two networks: both specs, and what the second one is called over its panel."""


def comparison(name: str) -> str:
    """Draw two networks as the README shows them; ends in a line break."""
    before, after, called = COMPARED[name]
    one, other = unetgen.parse(before), unetgen.parse(after)
    return _text(unetgen.draw_difference(one, other, theme="paper", names=("small", called)).svg)


def figure(name: str) -> str:
    """Draw a network of the zoo as the pages show it; ends in a line break."""
    return _text(unetgen.draw(name, theme="paper", width="178mm").svg)


def _text(svg: str) -> str:
    return svg if svg.endswith("\n") else f"{svg}\n"
