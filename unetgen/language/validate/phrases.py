"""Phrases of findings: what was expected, what was found, where, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as Items
from typing import Final

from unetgen.language.validate.places import PlacedError
from unetgen.source.diagnostics import quoted
from unetgen.source.diagnostics.suggest import one_of
from unetgen.source.yamltree import Mapping, Node, Path, Scalar, Sequence
from unetgen.source.yamltree.scalars import resolve

_TYPES: Final = {
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "finite_number": "a number",
    "float_type": "a number",
    "frozen_set_type": "a list",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "iterable_type": "a list",
    "list_type": "a list",
    "mapping_type": "a mapping",
    "model_attributes_type": "a mapping",
    "model_type": "a mapping",
    "none_required": "null",
    "set_type": "a list",
    "string_type": "text",
    "tuple_type": "a list",
}
_FEW: Final = 6
_SHORT: Final = 40


def expected(errors: Iterable[PlacedError]) -> list[str]:
    """Name what would have been accepted, each kind of value once."""
    return list(dict.fromkeys(_expected(error) for error in errors))


def _expected(error: PlacedError) -> str:
    if error.kind in {"literal_error", "enum"}:
        return one_of([str(word) for word in error.words]) if len(error.words) <= _FEW else "a word"
    return _TYPES.get(error.kind, error.message)


def found(node: Node) -> str:
    """Name what was written instead."""
    match node:
        case Sequence():
            return f"a list of {len(node.items)}"
        case Mapping():
            return "a mapping"
        case Scalar(value=None):
            return node.text or "nothing"
        case Scalar(value=str()):
            return f"the text {quoted(node.value)}"
        case Scalar(value=bool()):
            return f"the truth value {node.text}"
    return f"the number {node.text}"


def key_of(path: Path, *, bare: bool = False) -> str:
    """Name a place by its key: `"depth"`, or `an item of "filters"`."""
    keys = [step for step in path if isinstance(step, str)]
    if not keys:
        return "value" if bare else "the spec"
    if bare:
        return keys[-1]
    return quoted(keys[-1]) if path[-1] == keys[-1] else f"an item of {quoted(keys[-1])}"


def listed(words: Items[str], conjunction: str) -> str:
    """List words with commas and a conjunction.

    Example:
        >>> listed(["a list", "a mapping", "text"], "or")
        'a list, a mapping or text'
    """
    return f" {conjunction} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def mended(errors: Items[PlacedError], fields: Items[str]) -> list[str]:
    """Say what to write instead, as far as that can be guessed from what was written."""
    wanted, node = {_TYPES.get(error.kind, "") for error in errors}, errors[0].node
    guesses = _guesses(node, wanted) if isinstance(node, Scalar) else []
    if wanted == {"a mapping"} and fields:
        guesses.append(f"write a mapping; its keys are {', '.join(f'`{name}`' for name in fields)}")
    return guesses[:2]


def _guesses(node: Scalar, wanted: set[str]) -> list[str]:
    text, is_text = node.text, isinstance(node.value, str)
    guesses = {
        "write a value after the colon, or take the key out": node.value is None and not text,
        "take the key out": node.value is None and bool(text),
        f"write {text} without quotes": is_text and _is_number(text, wanted),
        f"write {_whole(node)}": "a whole number" in wanted and _whole(node) is not None,
        f"quote it: {quoted(text)}": "text" in wanted and node.value is not None,
        f"write a list: [{', '.join(text.replace(',', ' ').split())}]": wanted == {"a list"} and 0 < len(text) < _SHORT,
    }
    return [guess for guess, fits in guesses.items() if fits]


def _is_number(text: str, wanted: set[str]) -> bool:
    value = resolve(text)
    if isinstance(value, bool):
        return "true or false" in wanted
    return (isinstance(value, int) and bool(wanted & {"a whole number", "a number"})) or (
        isinstance(value, float) and "a number" in wanted
    )


def _whole(node: Scalar) -> int | None:
    return int(node.value) if isinstance(node.value, float) and node.value.is_integer() else None
