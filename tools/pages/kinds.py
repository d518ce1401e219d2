"""What a key takes, in words: its type, read off the annotation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic.fields import FieldInfo

from tools.pages.markdown import anchor, code, flow
from unetgen.language.spec import Name
from unetgen.language.theme_file import BoxColours, Colour, MarkerColours
from unetgen.parts.blocks.summed import Letters
from unetgen.parts.unit_words import ActivationWord, DropoutWord, InitWord, NormWord
from unetgen.parts.words import Order, SpecModel, Word, WordChoice, _one_or_each

__all__ = ["TITLES", "kind_of", "models_in"]

# NOTE: Any where annotations are walked: an annotation may be any object.

TITLES: dict[str, str] = {}
"""The heading under which a model or a choice of words stands, by its name; filled by the page."""

_PLAIN: dict[Any, str] = {bool: "`true`, `false`", str: "text", int: "whole number", float: "number"}
_WORDS: dict[Any, tuple[str, str]] = {
    ActivationWord: ("activation", "Activations"),
    NormWord: ("norm", "Norms"),
    DropoutWord: ("dropout", "Dropout"),
    InitWord: ("init", "First weights"),
    Order: ("order", "Order"),
    Letters: ('`""`, `a`, `n`, `na`, `an`', ""),
    Name: ("letters, digits, - and _", ""),
    Colour: ("a colour, `#rrggbb`", ""),
    BoxColours: ("the colours of a box, see below", ""),
    MarkerColours: ("the colours of a mark, see below", ""),
}


def kind_of(model: type[SpecModel], name: str) -> str:
    """Say what a field takes."""
    return _said(get_type_hints(model, include_extras=True)[name])


def _said(hint: Any) -> str:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if hint in _WORDS:
        text, title = _WORDS[hint]
        return f"[{text}](#{anchor(title)})" if title else text
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(args[0], args[1:])
    if origin is Literal:
        return ", ".join(code(flow(arg)) for arg in args)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(_said(arg) for arg in args if arg is not NoneType))
    if origin is tuple:
        return f"list of: {_said(args[0])}"
    title = TITLES[hint.__name__]
    return f"[{title[0].lower()}{title[1:]}](#{anchor(title)})"


def _annotated(hint: Any, marks: tuple[Any, ...]) -> str:
    for mark in marks:
        if isinstance(mark, WordChoice):
            return f"[{mark.what}](#{anchor(TITLES[mark.what])})"
        if getattr(mark, "discriminator", None) is _one_or_each:
            one, _ = get_args(hint)
            return f"{_said(one)}, or a list"
    if hint in (int, float, str):
        return _PLAIN[hint] + _bounds(marks)
    return _said(hint)


def models_in(model: type[SpecModel]) -> Iterator[type[SpecModel]]:
    """List the mappings that a model's fields hold, and those that these hold; words have lists of their own."""
    for hint in get_type_hints(model, include_extras=True).values():
        for found in _models(hint):
            yield found
            yield from models_in(found)


def _models(hint: Any) -> Iterator[type[SpecModel]]:
    if isinstance(hint, type) and issubclass(hint, SpecModel) and not issubclass(hint, Word):
        yield hint
    for arg in get_args(hint):
        yield from _models(arg)


_BOUNDS: dict[type, Callable[[Any], str]] = {
    Ge: lambda mark: f"from {mark.ge}",
    Gt: lambda mark: f"above {mark.gt}",
    Le: lambda mark: f"to {mark.le}",
    Lt: lambda mark: f"below {mark.lt}",
    MaxLen: lambda mark: f"of at most {mark.max_length:,} characters",
}


def _bounds(marks: Iterable[Any]) -> str:
    flat = [m for mark in marks for m in (mark.metadata if isinstance(mark, FieldInfo) else (mark,))]
    said = [_BOUNDS[type(mark)](mark) for mark in flat if type(mark) in _BOUNDS]
    return f" {' '.join(said)}" if said else ""
