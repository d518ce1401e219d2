"""The PNG writer: our SVG, rasterised by resvg with the faces that come with unetgen.

It needs neither Graphviz nor cairo nor a font of the system, and gives the same bytes wherever resvg-py is the same.
"""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import replace
from typing import Final

from unetgen.drawing.model.picture import Legend, LegendRow, Picture
from unetgen.drawing.model.shapes import TextLabel
from unetgen.drawing.write.faces import FACES, drawable
from unetgen.drawing.write.svg import write_svg
from unetgen.source.problem import MissingTool

SCALE: Final = 2.0
"""Pixels per point, unless asked otherwise."""
MAX_PIXELS: Final = 100_000_000
"""Four bytes each while a picture is drawn."""
METRE: Final = 72 / 0.0254
"""Points in a metre."""


def write_png(drawing: Picture, *, scale: float = SCALE) -> bytes:
    """Write a drawing as PNG, `scale` pixels per point of paper; the file says how large it is on paper.

    Raises:
        MissingTool: resvg-py is not installed.
        ValueError: The picture would have no pixels, or too many.
    """
    check_scale(drawing, scale)
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise MissingTool("cannot draw PNG without resvg-py", "`pip install resvg-py`") from None
    image = svg_to_bytes(
        svg_string=write_svg(_drawable(drawing)),
        dpi=72 * scale,
        skip_system_fonts=True,
        font_files=[str(face.file) for face in FACES],
        sans_serif_family="Unetgen Sans",
    )
    return _with_density(image, round(scale * METRE))


def check_scale(drawing: Picture, scale: float) -> None:
    """Refuse pictures that no memory holds."""
    width, height = (length * scale for length in drawing.paper)
    if not scale > 0 or min(width, height) < 1:
        raise ValueError(f"a picture of {scale:g} pixels per point has nothing to see")
    if not width * height <= MAX_PIXELS:
        largest = (MAX_PIXELS / math.prod(drawing.paper)) ** 0.5
        raise ValueError(
            f"{scale:g} pixels per point make {width:.0f} × {height:.0f} pixels, "
            f"more than {MAX_PIXELS:,}; this drawing allows up to {largest:.3g}"
        )


def _drawable(drawing: Picture) -> Picture:
    """Give the drawing in characters that the faces draw: resvg gives up on a text with any other."""
    rows = tuple(LegendRow(row.meanings, row.sample, _in_faces(row.labels)) for row in drawing.legend.rows)
    return replace(drawing, labels=_in_faces(drawing.labels), legend=Legend(drawing.legend.frame, rows))


def _in_faces(labels: tuple[TextLabel, ...]) -> tuple[TextLabel, ...]:
    return tuple(replace(label, text=drawable(label.text)) for label in labels)


def _with_density(image: bytes, per_metre: int) -> bytes:
    """Add a `pHYs` chunk after the header, which is the first chunk and always 25 bytes long."""
    body = b"pHYs" + struct.pack(">LLB", per_metre, per_metre, 1)
    chunk = struct.pack(">L", len(body) - 4) + body + struct.pack(">L", zlib.crc32(body))
    start = 8 + 25
    return image[:start] + chunk + image[start:]
