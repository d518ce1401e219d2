"""Which network of the zoo needs which key, and which word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import unetgen
from tools.pages.fields import defined_in, short
from tools.pages.markdown import code, flow, listed
from unetgen.api import normal_form
from unetgen.language.spec import StageOptions, UnitOptions
from unetgen.language.zoo import zoo_names
from unetgen.parts.extra_convolutions import SideConv
from unetgen.parts.unit_words import ActivationWord, NormWord
from unetgen.parts.words import SpecModel, Word

__all__ = ["key_users", "usual", "word_users"]


@dataclass(frozen=True, slots=True)
class _Use:
    """A key with a value that differs from the default, or, with no key, a word.

    Args:
        owner: The model that the key belongs to, or the word.
        key: The key; of a catalogue its row.
        value: The value in words.
        spelled: Whether the value is a word of the key's own, which is worth telling from its others.
    """

    owner: type
    key: str = ""
    value: str = ""
    spelled: bool = False


@cache
def _uses() -> dict[_Use, tuple[str, ...]]:
    """Give the networks of every use, in the order of the zoo."""
    found: dict[_Use, dict[str, None]] = defaultdict(dict)
    for name in zoo_names():
        for use in _walk(unetgen.load(name)):
            found[use][name] = None
    return {use: tuple(names) for use, names in found.items()}


def _walk(value: object) -> Iterator[_Use]:
    match value:
        case tuple():
            for item in value:
                yield from _walk(item)
        case ActivationWord() | NormWord():
            yield _Use(type(value), value.kind)
        case SpecModel():
            yield from _of_model(value)


def _of_model(model: SpecModel) -> Iterator[_Use]:
    if isinstance(model, Word):
        yield _Use(type(model))
    for key in type(model).model_fields:
        if key in model.model_fields_set:
            value = getattr(model, key)
            if not _is_usual(model, key, value):
                yield _Use(_owner(type(model), key), key, *_in_words(key, value))
            yield from _walk(value)


def _owner(model: type[SpecModel], key: str) -> type[SpecModel]:
    # The same convolution stands in many places, and a word's options are its own.
    return model if issubclass(model, Word | SideConv) else defined_in(model, key)


def _is_usual(model: SpecModel, key: str, value: object) -> bool:
    """Say whether a value is what would hold without it; of unit options, unless the nearest height says otherwise."""
    if isinstance(model, UnitOptions) and key in usual():
        return short(value) == usual()[key]
    return bool(value == type(model).model_fields[key].default)


@cache
def usual() -> dict[str, object]:
    """Give the unit and stage options that hold where nobody says anything, as the smallest spec has them."""
    stage = normal_form(unetgen.parse("depth: 1\nfilters: 8\n")).encoder[0]
    style = {**stage.to_plain(), "convs": len(stage.widths), "dropout": 0}
    style |= {"norm": short(stage.style.norm), "block": short(stage.block), "recurrent": 0}
    known = (key for key in StageOptions.model_fields if key in style)
    return {key: _for_all_axes(style[key]) for key in known}


def _for_all_axes(value: object) -> object:
    return value[0] if isinstance(value, list) and len(set(value)) == 1 else value


_FREE = ("name", "reference", "notes")
"""Keys whose texts are the networks' own."""


def _in_words(key: str, value: object) -> tuple[str, bool]:
    match value:
        case str() | bool() if key not in _FREE:
            return code(flow(value)), True
        case int():
            return "a number", False
    return "a mapping", False


def key_users(model: type[SpecModel], key: str) -> str:
    """Say who needs a key, value by value where it takes words."""
    owner = _owner(model, key)
    uses = {use: names for use, names in _uses().items() if use.owner is owner and use.key == key}
    if not any(use.spelled for use in uses):
        return _listed({name for names in uses.values() for name in names})
    return "; ".join(f"{use.value}: {_listed(set(names))}" for use, names in uses.items())


def word_users(word: type, key: str = "") -> str:
    """Say who writes a word: a block, a join, ..., or of a catalogue (`NormWord`) one of its rows."""
    return _listed(set(_uses().get(_Use(word, key), ())))


def _listed(names: set[str]) -> str:
    return "most" if len(names) > len(zoo_names()) / 2 else listed(sorted(names))
