"""The HTML writer: one page that needs no network, in which the picture answers.

Pointing at a map, or reaching it with the keyboard, shows what is known of it; opening it, or a level, lists the ops.
The page holds no data but text: everything comes from the picture and its facts, and each string is escaped. Nothing
runs but the one script and nothing is fetched, which the page's own policy tells the browser to hold.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from html import escape
from pathlib import Path
from typing import Any, Final

from unetgen.drawing.model.facts import Facts, OpFacts, StageFacts, ThingFacts
from unetgen.drawing.model.picture import Picture
from unetgen.drawing.model.shapes import Box, JoinSign, Rect
from unetgen.drawing.model.theme import THEMES, Faces, Marker, Theme
from unetgen.drawing.write.svg import place, sheet, write_svg

EXPLORER: Final = Path(__file__).parent / "explorer"
NOTHING: Final = Facts({}, ())
NARROWEST: Final = 12
"""The least width of what can be pointed at, in points."""
HINT: Final = (
    "Point at a feature map, or reach it with Tab and the arrow keys. Enter lists the ops of its stage, Esc closes."
)


def write_html(picture: Picture) -> str:
    """Write a picture as a page; with the theme `light`, it is dark where the system is."""
    facts = picture.facts() if picture.facts else NOTHING
    style = f"{_variables(picture.theme)}{_asset('explorer.css')}"
    script = _asset("explorer.js")
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            *_head(picture, style, script),
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            "<main>",
            *_navigation(facts),
            *_figure(picture, facts),
            *_details(picture, facts),
            "</main>",
            '<div id="tip" role="tooltip" hidden></div>',
            f"<script>{script}</script>",
            "</body>",
            "</html>",
            "",
        )
    )


def _asset(name: str) -> str:
    return (EXPLORER / name).read_text(encoding="utf-8")


def _head(picture: Picture, style: str, script: str) -> Iterator[str]:
    policy = (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    scheme = "light dark" if _follows_system(picture.theme) else "dark" if _is_dark(picture.theme) else "light"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta name="color-scheme" content="{scheme}">'
    yield '<meta name="generator" content="unetgen">'
    yield f'<meta name="description" content="{escape(picture.description)}">'
    yield f"<title>{escape(picture.title)}</title>"
    # Without an icon of its own, a page makes browsers ask the server for one.
    yield '<link rel="icon" href="data:,">'


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _follows_system(theme: Theme) -> bool:
    return theme == THEMES["light"]


def _is_dark(theme: Theme) -> bool:
    return sum(bytes.fromhex(theme.background[1:])) < 3 * 128


def _variables(theme: Theme) -> str:
    """Write the colours as variables of CSS; those of the dark theme take over where the system is dark."""
    own = f":root {{{_declarations(theme)}}}\n"
    if not _follows_system(theme):
        return own
    return f"{own}@media (prefers-color-scheme: dark) {{:root {{{_declarations(THEMES['dark'])}}}}}\n"


def _declarations(theme: Theme) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in _colours(theme))


def _colours(theme: Theme) -> Iterator[tuple[str, str]]:
    for field in fields(theme):
        match getattr(theme, field.name):
            case Faces() | Marker() as several:
                yield from ((f"{field.name}-{one.name}", getattr(several, one.name)) for one in fields(several))
            case str(colour) if colour.startswith("#"):
                yield field.name, colour


def _as_variables(theme: Theme) -> Theme:
    """Give a theme whose colours are the variables."""
    # Any: a colour or the colours of a box, as the field has it; a list by hand would miss a new one.
    values: dict[str, Any] = {}
    for field in fields(theme):
        value = getattr(theme, field.name)
        if isinstance(value, Faces | Marker):
            values[field.name] = type(value)(*(f"var(--{field.name}-{one.name})" for one in fields(value)))
        elif field.name in dict(_colours(theme)):
            values[field.name] = f"var(--{field.name})"
    return replace(theme, **values)


def _navigation(facts: Facts) -> Iterator[str]:
    """One button for each level, which says how large its first map is."""
    levels = {stage.level: stage for stage in reversed(facts.stages)}
    if not levels:
        return
    yield '<nav aria-label="levels">'
    for level, stage in sorted(levels.items()):
        about = f'data-level="{level}" aria-pressed="false" aria-controls="details"'
        yield f'<button type="button" {about}>level {level} <small>{escape(stage.shape)}</small></button>'
    yield "</nav>"


def _figure(picture: Picture, facts: Facts) -> Iterator[str]:
    yield "<figure>"
    yield write_svg(replace(picture, theme=_as_variables(picture.theme))).rstrip()
    yield f'<svg class="things" {sheet(picture)} role="group" aria-label="feature maps">'
    for at, thing in enumerate(_things(picture, facts)):
        yield _thing(at, thing, facts.things.get(thing.id))
    yield "</svg>"
    yield "</figure>"
    yield "<div hidden>"
    for at, thing in enumerate(_things(picture, facts)):
        yield _said(at, thing, facts.things.get(thing.id))
    yield "</div>"


def _things(picture: Picture, facts: Facts) -> list[Box | JoinSign]:
    """List what can be pointed at, as the network runs: that is where arrow keys lead."""
    ranks = {id: rank for rank, id in enumerate(facts.things)}
    return sorted(picture.things, key=lambda thing: ranks.get(thing.id, 0))


def _thing(at: int, thing: Box | JoinSign, known: ThingFacts | None) -> str:
    label = "; ".join((thing.path, *(f"{name} {text}" for name, text in _lines(thing, known))))
    stage = escape(known.stage if known else "")
    focus = "0" if at == 0 else "-1"
    return (
        f'<rect class="thing" {place(_reach(thing.hull))} rx="2" tabindex="{focus}" role="button" aria-pressed="false" '
        f'data-thing="{at}" data-path="{escape(thing.path)}" data-stage="{stage}" aria-label="{escape(label)}"/>'
    )


def _reach(hull: Rect) -> Rect:
    """Give the room in which one points at a thing: a narrow one is easier to hit than it looks."""
    extra = max(0, NARROWEST - hull.width) / 2
    return Rect(hull.x - extra, hull.y, hull.width + 2 * extra, hull.height)


def _said(at: int, thing: Box | JoinSign, known: ThingFacts | None) -> str:
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in _lines(thing, known))
    return f'<div id="facts-{at}"><strong>{escape(thing.path)}</strong><dl>{lines}</dl></div>'


def _lines(thing: Box | JoinSign, known: ThingFacts | None) -> tuple[tuple[str, str], ...]:
    return known.lines if known else (("this is", thing.note),)


def _details(picture: Picture, facts: Facts) -> Iterator[str]:
    ids = {thing.id: at for at, thing in enumerate(_things(picture, facts))}
    yield '<section id="details" aria-label="ops" aria-live="polite" tabindex="0">'
    yield f'<p id="hint">{escape(HINT)}</p>'
    yield '<div id="stages">'
    for stage in facts.stages:
        yield from _stage(stage, ids)
    yield "</div>"
    yield "</section>"


def _stage(stage: StageFacts, ids: dict[str, int]) -> Iterator[str]:
    about = f"level {stage.level}, {stage.shape}, {stage.parameters:,} parameters, {stage.macs:,} MACs"
    yield f'<article data-stage="{escape(stage.path)}" data-level="{stage.level}">'
    yield f"<h2>{escape(stage.path)} <small>{escape(about)}</small></h2>"
    yield "<table>"
    yield f"<thead>{_row('th', ('op', 'what', 'output'), ('parameters', 'MACs'))}</thead>"
    yield "<tbody>"
    for op in stage.ops:
        yield _op(op, ids)
    yield "</tbody>"
    yield "</table>"
    yield "</article>"


def _op(op: OpFacts, ids: dict[str, int]) -> str:
    words = (op.name, op.what, op.shape)
    return _row("td", words, (f"{op.parameters:,}", f"{op.macs:,}"), f' data-makes="{ids[op.makes]}"')


def _row(tag: str, words: Iterable[str], numbers: Iterable[str], about: str = "") -> str:
    cells = (f"<{tag}>{escape(word)}</{tag}>" for word in words)
    counts = (f'<{tag} class="number">{escape(word)}</{tag}>' for word in numbers)
    return f"<tr{about}>{''.join(cells)}{''.join(counts)}</tr>"
