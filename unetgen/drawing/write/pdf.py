"""The PDF writer: vectors and embedded faces, through reportlab. Its files carry no date and are always the same."""

from __future__ import annotations

import io
import math
from functools import cache
from typing import TYPE_CHECKING, Final, assert_never

from unetgen.drawing.model.picture import Picture
from unetgen.drawing.write.faces import EMOJI, REGULAR, Face, TextRun, runs
from unetgen.drawing.write.marks import Circle, Line, Look, Mark, Pixels, Pointed, Polygon, Rectangle, Words, paint
from unetgen.source.problem import MissingTool

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]  # it has neither types nor stubs

_WAYS_OUT: Final = ("`pip install 'unetgen[pdf]'`", "or let Graphviz draw it: `--renderer graphviz`")
MITRED: Final = 0
ROUND: Final = 1
FILL_NON_ZERO: Final = 1
"""As outlines of glyphs are filled."""
MITRE_LIMIT: Final = 4
"""As in SVG."""


def write_pdf(picture: Picture) -> bytes:
    """Write a picture as a PDF file of one page.

    Raises:
        MissingTool: reportlab is not installed.
    """
    try:
        from reportlab.pdfgen.canvas import Canvas
    except ImportError:
        raise MissingTool("cannot draw PDF without reportlab", *_WAYS_OUT) from None
    file = io.BytesIO()
    canvas = Canvas(file, picture.paper, pageCompression=1, invariant=1, initialFontName=_font(REGULAR))
    canvas.setAuthor("")
    canvas.setCreator("unetgen")
    canvas.setTitle(picture.title)
    canvas.setSubject(picture.description)
    canvas.setMiterLimit(MITRE_LIMIT)
    if picture.scale != 1:
        canvas.scale(picture.scale, picture.scale)
    _Page(canvas, picture.height).paint(picture)
    canvas.save()
    return file.getvalue()


class _Page:
    """A page whose y points up."""

    def __init__(self, canvas: Canvas, height: float) -> None:
        self.canvas = canvas
        self.height = height

    def paint(self, picture: Picture) -> None:
        for group in paint(picture):
            for mark in group.marks:
                self._mark(mark)

    def _mark(self, mark: Mark) -> None:
        match mark:
            case Rectangle():
                self._rectangle(mark)
            case Polygon(points, look):
                self._look(look)
                self.canvas.setLineJoin(ROUND if look.round_joins else MITRED)
                self._path(points, fill=1, close=True)
                self.canvas.setLineJoin(MITRED)
            case Line(strokes, look):
                for stroke in strokes:
                    self._look(look)
                    self._path(stroke, fill=0, close=False)
            case Pointed(line, _, head):
                self._mark(line)
                self._mark(head)
            case Circle(x, y, radius, look):
                self._look(look)
                self.canvas.circle(x, self.height - y, radius, stroke=1, fill=1)
            case Words():
                self._words(mark)
            case Pixels():
                self._pixels(mark)
            case _:
                assert_never(mark)

    def _pixels(self, mark: Pixels) -> None:
        from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]  # see above

        frame = mark.frame
        self.canvas.drawImage(
            ImageReader(io.BytesIO(mark.png)), frame.x, self.height - frame.bottom, frame.width, frame.height
        )

    def _rectangle(self, mark: Rectangle) -> None:
        frame, y = mark.frame, self.height - mark.frame.bottom
        self._look(mark.look)
        paints = {"stroke": int(mark.look.line is not None), "fill": int(mark.look.fill is not None)}
        if mark.radius:
            self.canvas.roundRect(frame.x, y, frame.width, frame.height, mark.radius, **paints)
            return
        self.canvas.rect(frame.x, y, frame.width, frame.height, **paints)

    def _path(self, points: tuple[tuple[float, float], ...], *, fill: int, close: bool) -> None:
        path = self.canvas.beginPath()
        path.moveTo(points[0][0], self.height - points[0][1])
        for x, y in points[1:]:
            path.lineTo(x, self.height - y)
        if close:
            path.close()
        self.canvas.drawPath(path, stroke=1, fill=fill)

    def _look(self, look: Look) -> None:
        from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]  # see above

        if look.fill is not None:
            self.canvas.setFillColor(HexColor(look.fill))
        if look.line is not None:
            self.canvas.setStrokeColor(HexColor(look.line))
        self.canvas.setLineWidth(look.pen)
        self.canvas.setDash(list(look.dashes or ()))

    def _words(self, mark: Words) -> None:
        self._look(mark.look)
        parts = tuple(runs(mark.text, bold=mark.bold))
        width = math.fsum(part.width for part in parts) * mark.size
        x = mark.x - {"start": 0, "middle": width / 2, "end": width}[mark.anchor]
        for part in parts:
            self._run(part, x, mark)
            x += part.width * mark.size

    def _run(self, run: TextRun, x: float, mark: Words) -> None:
        # Emoji are shapes: reportlab would name them wrongly to whoever copies the text.
        if run.face is EMOJI:
            self._outlines(run, x, mark)
            return
        self.canvas.setFont(_font(run.face), mark.size)
        self.canvas.drawString(x, self.height - mark.y, run.text)

    def _outlines(self, run: TextRun, x: float, mark: Words) -> None:
        path, at = self.canvas.beginPath(), x
        for character in run.text:
            for curve in run.face.outline(character, mark.size):
                for number, piece in enumerate(curve):
                    points = [n for x, y in piece for n in (at + x, self.height - mark.y + y)]
                    step = path.moveTo if number == 0 else path.lineTo if len(piece) == 1 else path.curveTo
                    step(*points)
                path.close()
            at += run.face.advance(character) * mark.size
        self.canvas.drawPath(path, stroke=0, fill=1, fillMode=FILL_NON_ZERO)


@cache
def _font(face: Face) -> str:
    """Make a face known to reportlab, and give its name there."""
    from reportlab.pdfbase.pdfmetrics import registerFont  # type: ignore[import-untyped]  # see above
    from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]  # see above

    registerFont(TTFont(face.name, str(face.file)))
    return face.name
