"""The PowerPoint writer: one slide with a shape for every box, arrow and word, in groups, through python-pptx.

Its files say neither when nor by whom they were written, and are always the same.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, assert_never

from unetgen.drawing.model.picture import Picture
from unetgen.drawing.model.shapes import HEAD_SLIMNESS, Arrow, Box, JoinSign, Point, Rect, TextLabel
from unetgen.drawing.write.groups import Group, groups
from unetgen.drawing.write.marks import (
    BASELINE,
    Circle,
    Dashes,
    Line,
    Look,
    Mark,
    MarkGroup,
    Pixels,
    Pointed,
    Polygon,
    Rectangle,
    Words,
    paint,
)
from unetgen.source.problem import MissingTool

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_WAYS_OUT: Final = ("`pip install 'unetgen[pptx]'`", "or write .drawio or .svg, which need nothing")
EMU: Final = 12_700
"""English metric units, in which slides are measured, in a point."""
LEAST, MOST = 72.0, 4032.0
"""How wide and high a slide of PowerPoint is at least and at most, in points."""
FACE: Final = "Arial"
SPARE: Final = 1.3
"""How much wider than its text a text box is made."""
DATE: Final = datetime(2000, 1, 1)
OLDEST: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip knows."""
BLANK: Final = 6
"""The layout without a place for a title, in the template of python-pptx."""
NEAR: Final = 2.0
"""Within so many points of the middle of a side, a line holds on to it."""
SITES: Final = {"box": (0, 1, 2, 3), "join": (0, 2, 4, 6)}
"""Numbers of the middles of the upper, left, lower and right side, as rectangles and circles count them."""


def write_pptx(picture: Picture) -> bytes:
    """Write a picture as a presentation with one slide of its size on paper.

    Raises:
        MissingTool: python-pptx is not installed.
        ValueError: No slide is so large.
    """
    try:
        import pptx
        from pptx.util import Emu
    except ImportError:
        raise MissingTool("cannot write PowerPoint without python-pptx", *_WAYS_OUT) from None
    if max(picture.paper) > MOST:
        raise ValueError(f"a slide is at most {MOST / 72:g} inches wide and high; give a --width, such as 178mm")
    file = pptx.Presentation()
    file.slide_width, file.slide_height = (Emu(_emu(max(LEAST, length))) for length in picture.paper)
    _describe(file, picture)
    slide = file.slides.add_slide(file.slide_layouts[BLANK])
    _Slide(slide, picture).paint()
    written = io.BytesIO()
    file.save(written)
    return _without_dates(written.getvalue())


def _describe(file: Presentation, picture: Picture) -> None:
    about = file.core_properties
    about.title, about.comments = picture.title, picture.description
    about.author = about.last_modified_by = "unetgen"
    about.created = about.modified = DATE


def _without_dates(content: bytes) -> bytes:
    """Pack a zip again, with all files as old as can be."""
    import zipfile  # costs 5 ms: whoever draws something else does not pay for it

    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, OLDEST), old.read(name), zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _emu(points: float) -> int:
    return round(points * EMU)


class _Slide:
    """A slide, and where things stand on it that lines may hold on to."""

    # NOTE: Any: shapes of python-pptx, whose types say less than they are.
    def __init__(self, slide: Any, picture: Picture) -> None:
        self.slide = slide
        self.picture = picture
        self.held: dict[str, tuple[Any, Box | JoinSign]] = {}

    def paint(self) -> None:
        self._fill(self.slide.background.fill, self.picture.theme.background)
        _, *painted = paint(self.picture)
        waiting: list[tuple[Any, Arrow]] = []
        for group, marks in zip(groups(self.picture), painted, strict=True):
            shapes = self._group(group, marks)
            thing = group.shapes[0]
            if isinstance(thing, Box | JoinSign) and group.layer != "legend":
                self.held[thing.id] = (shapes[marks.marks.index(_front(marks))], thing)
            if isinstance(thing, Arrow) and group.layer != "legend":
                waiting.append((shapes[0], thing))
        for line, arrow in waiting:
            self._hold(line, arrow)

    def _group(self, group: Group, marks: MarkGroup) -> list[Any]:
        """Write the marks of a group; what is one mark needs no group around it."""
        where = self.slide.shapes
        if group.id and len(marks.marks) > 1:
            whole = where.add_group_shape()
            whole.name = group.id
            where = whole.shapes
        shapes = [shape for mark in marks.marks for shape in self._mark(where, mark)]
        if group.id and len(shapes) == 1:
            shapes[0].name = group.id
        return shapes

    def _mark(self, where: Any, mark: Mark) -> list[Any]:
        match mark:
            case Rectangle(frame, look, radius):
                return [self._rectangle(where, frame, look, radius)]
            case Polygon(points, look):
                return [self._freeform(where, points, look, close=True)]
            case Line(strokes, look):
                return [self._line(where, stroke, look) for stroke in strokes]
            case Pointed():
                return [self._pointed(where, mark)]
            case Circle(x, y, radius, look):
                from pptx.enum.shapes import MSO_SHAPE

                frame = Rect(x - radius, y - radius, 2 * radius, 2 * radius)
                return [self._looked(where.add_shape(MSO_SHAPE.OVAL, *self._place(frame)), look)]
            case Words():
                return [self._words(where, mark)]
            case Pixels(frame, png):
                return [where.add_picture(io.BytesIO(png), *self._place(frame))]
            case _:
                assert_never(mark)

    def _rectangle(self, where: Any, frame: Rect, look: Look, radius: float) -> Any:
        from pptx.enum.shapes import MSO_SHAPE

        kind = MSO_SHAPE.ROUNDED_RECTANGLE if radius else MSO_SHAPE.RECTANGLE
        shape = where.add_shape(kind, *self._place(frame))
        if radius:
            shape.adjustments[0] = min(0.5, radius / min(frame.width, frame.height))
        return self._looked(shape, look)

    def _line(self, where: Any, points: tuple[Point, ...], look: Look) -> Any:
        """Write a straight line as a connector, any other as a shape that is not filled."""
        from pptx.enum.shapes import MSO_CONNECTOR

        if len(points) > 2:
            return self._freeform(where, points, look, close=False)
        ends = [self._own(n) for point in points for n in point]
        return self._looked(where.add_connector(MSO_CONNECTOR.STRAIGHT, *ends), look)

    def _pointed(self, where: Any, mark: Pointed) -> Any:
        ((*way, _),) = mark.line.strokes
        shape = self._line(where, (*way, mark.end), mark.look)
        long = mark.length / mark.look.pen
        wide = 2 * HEAD_SLIMNESS * long
        hollow = mark.head.look.fill != mark.look.line
        end = shape.line._get_or_add_ln().makeelement(_tag("a:tailEnd"))
        end.set("type", "arrow" if hollow else "triangle")
        end.set("w", _grade(wide))
        end.set("len", _grade(long))
        shape.line._get_or_add_ln().append(end)
        return shape

    def _freeform(self, where: Any, points: tuple[Point, ...], look: Look, *, close: bool) -> Any:
        first, *others = [(self._own(x), self._own(y)) for x, y in points]
        drawn = where.build_freeform(*first, scale=1.0)
        drawn.add_line_segments(others, close=close)
        return self._looked(drawn.convert_to_shape(), look)

    def _words(self, where: Any, mark: Words) -> Any:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Emu

        shape = where.add_textbox(*self._place(_room(mark)))
        frame = shape.text_frame
        # Programs differ in where a text without lines to wrap stands; this one has room enough for its only line.
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        paragraph = frame.paragraphs[0]
        sides = {"start": PP_ALIGN.LEFT, "middle": PP_ALIGN.CENTER, "end": PP_ALIGN.RIGHT}
        paragraph.alignment = sides[mark.anchor]
        run = paragraph.add_run()
        run.text = mark.text
        run.font.size, run.font.name, run.font.bold = Emu(self._own(mark.size)), FACE, mark.bold
        run.font.color.rgb = _rgb(mark.colour)
        return shape

    def _looked(self, shape: Any, look: Look) -> Any:
        """Give a shape its look; without the style of its template, which has shadows and colours of its own."""
        for style in shape._element.findall(_tag("p:style")):
            shape._element.remove(style)
        if hasattr(shape, "fill"):
            self._fill(shape.fill, look.fill)
        if look.line is None:
            shape.line.fill.background()
            return shape
        shape.line.width = self._own(look.pen)
        shape.line.color.rgb = _rgb(look.line)
        if look.dashes:
            shape.line.dash_style = _dash(look.dashes)
        return shape

    def _fill(self, fill: Any, colour: str | None) -> None:
        if colour is None:
            fill.background()
            return
        fill.solid()
        fill.fore_color.rgb = _rgb(colour)

    def _hold(self, line: Any, arrow: Arrow) -> None:
        """Let a straight line hold on to what it joins, where it ends in the middle of a side."""
        if len(arrow.points) > 2:
            return
        about = line._element.nvCxnSpPr.cNvCxnSpPr
        for name, id, point in (("st", arrow.source, arrow.points[0]), ("end", arrow.target, arrow.end)):
            shape, thing = self.held.get(id, (None, None))
            site = None if thing is None else _site(thing, point)
            if shape is not None and site is not None:
                held = getattr(about, f"_add_{name}Cxn")()
                held.id, held.idx = shape.shape_id, site

    def _place(self, frame: Rect) -> tuple[int, int, int, int]:
        x, y, right, bottom = map(self._own, (frame.x, frame.y, frame.right, frame.bottom))
        return x, y, right - x, bottom - y

    def _own(self, points: float) -> int:
        """Give a length on paper."""
        return _emu(points * self.picture.scale)


def _room(mark: Words) -> Rect:
    """Give the room of a text, with some to spare for a wider face, on the sides where it is not anchored."""
    y = mark.y - BASELINE * mark.size
    hull = TextLabel(mark.text, mark.x, y, mark.size, mark.anchor, bold=mark.bold).hull
    extra = (SPARE - 1) * hull.width
    left = {"start": 0, "middle": extra / 2, "end": extra}[mark.anchor]
    return Rect(hull.x - left, hull.y, hull.width + extra, hull.height)


def _front(marks: MarkGroup) -> Mark:
    """Find what a line holds on to: the front of a box, the circle of a join."""
    return next(mark for mark in marks.marks if isinstance(mark, Rectangle | Circle))


def _site(thing: Box | JoinSign, point: Point) -> int | None:
    """Number the side in whose middle a line ends; None where it ends elsewhere."""
    frame, sites = (thing.frame, SITES["box"]) if isinstance(thing, Box) else (thing.hull, SITES["join"])
    middles = ((frame.cx, frame.y), (frame.x, frame.cy), (frame.cx, frame.bottom), (frame.right, frame.cy))
    near = (
        site for site, (x, y) in zip(sites, middles, strict=True) if max(abs(x - point[0]), abs(y - point[1])) <= NEAR
    )
    return next(near, None)


def _grade(ratio: float) -> str:
    """Grade a head as PowerPoint does: two, three or five times as long, or wide, as its line is."""
    return "sm" if ratio < 2.5 else "med" if ratio < 3.5 else "lg"


def _dash(dashes: Dashes) -> Any:
    from pptx.enum.dml import MSO_LINE

    return MSO_LINE.DASH if dashes and dashes[0] > 2 else MSO_LINE.SQUARE_DOT


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    made: Any = RGBColor  # it has no types
    return made(*bytes.fromhex(colour.removeprefix("#")))


def _tag(name: str) -> str:
    from pptx.oxml.ns import qn

    return str(qn(name))
