"""What is said of each kind of error, and the phrases it is said in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as Table
from collections.abc import Sequence as Items
from dataclasses import replace
from typing import Any, Final, Literal

from unetgen.language.validate.errors import Group, PlacedError, is_wrong_kind
from unetgen.language.validate.language import Language, tags
from unetgen.source.diagnostics import Diagnostic, InternalError, Label, quoted
from unetgen.source.diagnostics.suggest import did_you_mean, one_of, suggest
from unetgen.source.text import SpecPath
from unetgen.source.yamltree import Mapping, Node, Scalar, Sequence, span_at
from unetgen.source.yamltree.scalars import resolve

Side = Literal["key", "value"]

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


def describe(tree: Node, language: Language, group: Group) -> Diagnostic:
    """Write the finding for one group of errors."""
    return _FindingWriter(tree, language, group).write()


class _FindingWriter:
    """One finding being written; holds what the words of every kind are made from."""

    def __init__(self, tree: Node, language: Language, group: Group) -> None:
        self._tree = tree
        self._language = language
        self._group = group
        self._error = group[0]
        self._context: Table[str, Any] = group[0].context
        self._path = group[0].path

    def write(self) -> Diagnostic:
        kind = self._error.kind
        if "code" in self._context:
            return self._custom()
        if kind in _BOUNDS:
            return self._out_of_range(_BOUNDS[kind])
        if kind in _LENGTHS:
            return self._wrong_length(_LENGTHS[kind])
        if is_wrong_kind(self._error):
            return self._wrong_type()
        writer = _WRITERS.get(kind)
        return writer(self) if writer else self._other()

    def _finding(
        self,
        code: str,
        headline: str,
        label: str,
        help: Iterable[str] = (),
        *,
        path: SpecPath | None = None,
        at: Side = "value",
    ) -> Diagnostic:
        place = self._path if path is None else path
        return Diagnostic(code, headline, (Label(span_at(self._tree, place, at), label),), tuple(help), path=place)

    def _unknown_key(self) -> Diagnostic:
        key, fields = str(self._path[-1]), self._fields()
        home = self._home(key)
        is_sibling = self._here() in self._language.homes(key)
        if home and (is_sibling or not suggest(key, fields)):
            return self._finding("U102", f"the key {quoted(key)} does not belong here", "not here", (home,), at="key")
        helps = [did_you_mean(key, fields), home]
        return self._finding(
            "U101", f"unknown key {quoted(key)}", "not a key of this mapping", filter(None, helps), at="key"
        )

    def _fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for error in self._group for name in self._language.fields(error.schemas)))

    def _home(self, key: str) -> str:
        """Say where in the language a key belongs; empty if it belongs nowhere."""
        homes, here = self._language.homes(key), self._here()
        if here in homes:
            tags = sorted(homes[here])
            return f"{quoted(key)} goes with {one_of(tags)}" if tags else ""
        if not homes:
            return ""
        if () in homes:
            return f"{quoted(key)} belongs at the top level of the spec"
        shortest = [home for home in homes if len(home) == min(map(len, homes))]
        return f"{quoted(key)} belongs under {listed(['`' + '.'.join(home) + '`' for home in shortest[:4]], 'or')}"

    def _here(self) -> tuple[str, ...]:
        """Give the path of the mapping around an unknown key, without indices and words that choose a mapping."""
        steps = zip(self._error.loc[:-1], self._error.is_label, strict=False)
        return tuple(step for step, is_label in steps if isinstance(step, str) and not is_label)

    def _missing(self) -> Diagnostic:
        if isinstance(self._path[-1], int):
            return self._missing_item(self._path[-1])
        keys = [str(error.path[-1]) for error in self._group]
        where, parent = self._path[:-1], self._path[-2:-1]
        headline = (
            f"the key {quoted(keys[0])} is missing" if len(keys) == 1 else f"one of the keys {one_of(keys)} is missing"
        )
        label = f"{quoted(parent[0])} needs it" if parent else "the spec needs it"
        help = f"add `{keys[0]}: ...`" if len(keys) == 1 else "add one of them"
        return replace(self._finding("U103", headline, label, (help,), path=where, at="key"), path=self._path)

    def _missing_item(self, index: int) -> Diagnostic:
        has = len(self._error.node.items) if isinstance(self._error.node, Sequence) else index
        headline = f"{key_of(self._path)} has {_count(has, 'item')}, and needs more"
        return self._finding("U107", headline, f"item {index + 1} is missing", path=self._path[:-1])

    def _no_tag(self) -> Diagnostic:
        key, values = tags(self._error.schemas, self._language)
        headline = f"the key {quoted(key or 'kind')} is missing"
        help = f"add `{key or 'kind'}:` with one of {one_of(values)}"
        return self._finding("U103", headline, "it says which keys are legal here", (help,), at="key")

    def _wrong_tag(self) -> Diagnostic:
        key, values = tags(self._error.schemas, self._language)
        word = str(self._context.get("tag", ""))
        path = (*self._path, key) if key else self._path
        return self._finding("U105", *_unknown(word, path), (did_you_mean(word, values),), path=path)

    def _unknown_word(self) -> Diagnostic:
        word = self._error.node.text if isinstance(self._error.node, Scalar) else ""
        words = tuple(dict.fromkeys(known for error in self._group for known in error.words))
        if not all(isinstance(known, str) for known in words):
            return self._not_one_of(word, [str(known) for known in words])
        texts = [str(known) for known in words]
        others = expected(error for error in self._group if error.kind not in {"literal_error", "enum"})
        helps = [did_you_mean(word, texts)]
        if others and not suggest(word, texts):
            helps.append(f"or write {listed(others, 'or')}")
        return self._finding("U105", *_unknown(word, self._path), helps)

    def _not_one_of(self, word: str, numbers: list[str]) -> Diagnostic:
        legal = listed(numbers, "or")
        headline = f"{key_of(self._path)} is {word}, but must be {legal}"
        return self._finding("U105", headline, f"must be {legal}", (f"write {legal}",))

    def _wrong_type(self) -> Diagnostic:
        wanted = listed(expected(self._group), "or")
        if wanted == "a list" and isinstance(self._error.node, Sequence):
            raise InternalError(f"{key_of(self._path)} takes a type that no YAML has: make a tuple of the list before")
        headline = f"expected {wanted}, found {found(self._error.node)}"
        label = f"{key_of(self._path)} takes {wanted}" if self._path else "the spec"
        return self._finding("U104", headline, label, mended(self._group, self._fields()) or (f"write {wanted}",))

    def _out_of_range(self, bound: tuple[str, str]) -> Diagnostic:
        word, key = bound
        limit = f"{word} {_number(self._context[key])}"
        written = self._error.node.text if isinstance(self._error.node, Scalar) else "out of range"
        headline = f"{key_of(self._path)} is {written}, but must be {limit}"
        return self._finding("U106", headline, f"must be {limit}", (f"write a number that is {limit}",))

    def _wrong_length(self, length: tuple[str, str, str]) -> Diagnostic:
        word, key, noun = length
        most = int(self._context[key])
        has = self._context.get("actual_length") or _length(self._error.node)
        headline = f"{key_of(self._path)} has {_count(has, noun)}, but needs {word} {most}"
        return self._finding("U107", headline, f"{_count(has, noun)} here", (f"write {word} {_count(most, noun)}",))

    def _wrong_form(self) -> Diagnostic:
        headline = f"{key_of(self._path)} cannot be written like this"
        return self._finding("U108", headline, "of the wrong form", (f"it must match {self._context['pattern']}",))

    def _other(self) -> Diagnostic:
        text = self._error.message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
        return self._finding("U109", text[:1].lower() + text[1:], "refused")

    def _custom(self) -> Diagnostic:
        context = self._context
        path = (*self._path, *context.get("path", ()))
        first = (context.get("path", ()), context.get("label", ""), context.get("at", "value"))
        labels = (self._label(*place) for place in (first, *context.get("labels", ())))
        return Diagnostic(
            context["code"], self._error.message, tuple(labels), _texts(context, "help"), _texts(context, "notes"), path
        )

    def _label(self, path: SpecPath, text: str, at: Side = "value") -> Label:
        return Label(span_at(self._tree, (*self._path, *path), at), text)


_WRITERS: Final[Table[str, Callable[[_FindingWriter], Diagnostic]]] = {
    "enum": _FindingWriter._unknown_word,
    "extra_forbidden": _FindingWriter._unknown_key,
    "literal_error": _FindingWriter._unknown_word,
    "missing": _FindingWriter._missing,
    "string_pattern_mismatch": _FindingWriter._wrong_form,
    "union_tag_invalid": _FindingWriter._wrong_tag,
    "union_tag_not_found": _FindingWriter._no_tag,
}
_BOUNDS: Final[Table[str, tuple[str, str]]] = {
    "greater_than": ("greater than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
    "multiple_of": ("a multiple of", "multiple_of"),
}
_LENGTHS: Final[Table[str, tuple[str, str, str]]] = {
    "string_too_long": ("at most", "max_length", "character"),
    "string_too_short": ("at least", "min_length", "character"),
    "too_long": ("at most", "max_length", "item"),
    "too_short": ("at least", "min_length", "item"),
}


def _unknown(word: str, path: SpecPath) -> tuple[str, str]:
    return f"unknown {key_of(path, bare=True)} {quoted(word)}", "not in the catalogue"


def _texts(context: Table[str, Any], key: str) -> tuple[str, ...]:
    value = context.get(key, ())
    return tuple(filter(None, (value,) if isinstance(value, str) else value))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _length(node: Node) -> int:
    return len(str(node.value)) if isinstance(node, Scalar) else 0


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


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


def key_of(path: SpecPath, *, bare: bool = False) -> str:
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
