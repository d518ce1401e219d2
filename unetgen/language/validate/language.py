"""What a model accepts, read from the schema that Pydantic compiled: its mappings, keys, lists and words."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

Schema: TypeAlias = Mapping[str, Any]  # pydantic-core's schemas are dictionaries by design
Schemas: TypeAlias = tuple[Schema, ...]
Home: TypeAlias = tuple[str, ...]

_WRAPPERS: Final[Mapping[str, str]] = {
    "custom-error": "schema",
    "default": "schema",
    "definitions": "schema",
    "function-after": "schema",
    "function-before": "schema",
    "function-wrap": "schema",
    "json-or-python": "python_schema",
    "lax-or-strict": "strict_schema",
    "nullable": "schema",
}
_LISTS: Final = frozenset({"list", "set", "frozenset", "generator"})
_LONGEST_HOME: Final = 4


class Language:
    """The schema of one model, with its definitions at hand."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.root: Schema = model.__pydantic_core_schema__
        self._definitions = {schema["ref"]: schema for schema in self.root.get("definitions", ())}
        self._homes = _collect_homes(self)

    def open(self, schema: Schema) -> Schema:
        """Take off what only wraps: defaults, validators, references."""
        while True:
            kind = schema["type"]
            if kind in _WRAPPERS:
                schema = schema[_WRAPPERS[kind]]
            elif kind == "definition-ref":
                schema = self._definitions[schema["schema_ref"]]
            elif kind == "chain":
                schema = schema["steps"][0]
            elif kind == "model" and schema.get("root_model"):
                schema = schema["schema"]
            else:
                return schema

    def inside(self, schemas: Schemas, key: str | int) -> Schemas:
        """Give what is accepted under a key, or as an item."""
        children = (self._child(self.open(schema), key) for schema in schemas)
        return tuple(child for child in children if child is not None)

    def branches(self, schemas: Schemas, label: str | int) -> Schemas:
        """Give the branches of unions that Pydantic may have called `label`; empty if there is no union."""
        return tuple(branch for schema in schemas for branch in self._branches(self.open(schema), label))

    def kinds(self, schemas: Schemas) -> Schemas:
        """Flatten unions: every kind of value that is accepted."""
        return tuple(kind for schema in schemas for kind, _ in self.tagged(schema))

    def fields(self, schemas: Schemas) -> tuple[str, ...]:
        """List the keys of every mapping with known keys that is accepted."""
        return tuple(dict.fromkeys(name for kind in self.kinds(schemas) for name in _fields(self.open_fields(kind))))

    def words(self, schemas: Schemas) -> tuple[object, ...]:
        """List the values of every closed catalogue that is accepted."""
        return tuple(dict.fromkeys(word for kind in self.kinds(schemas) for word in _words(kind)))

    def homes(self, key: str) -> Mapping[Home, frozenset[str]]:
        """Map the paths of all mappings that have `key`, shortest first, to the words that choose these mappings.

        Indices do not count, so all items of a list share a path. The words are the tags of a union, if there is one.
        """
        return self._homes.get(key, {})

    def open_fields(self, kind: Schema) -> Schema:
        """Give the schema that holds a model's fields."""
        return self.open(kind["schema"]) if kind["type"] == "model" else kind

    def _child(self, kind: Schema, key: str | int) -> Schema | None:
        match kind["type"]:
            case "model" | "typed-dict" | "model-fields":
                return _fields(self.open_fields(kind)).get(str(key))
            case "dict":
                return kind.get("values_schema")
            case "tuple" if isinstance(key, int):
                return _item(kind, key)
            case name if name in _LISTS and isinstance(key, int):
                return kind.get("items_schema")
        return None

    def _branches(self, kind: Schema, label: str | int) -> list[Schema]:
        if kind["type"] == "tagged-union":
            choices = kind["choices"]
            return [choices[label]] if label in choices else list(choices.values())
        if kind["type"] != "union":
            return []
        named = [branch for branch, name in _choices(kind) if name == label or self._class_name(branch) == label]
        return named or [branch for branch, _ in _choices(kind)]

    def _class_name(self, schema: Schema) -> str | None:
        cls = self.open(schema).get("cls")
        return cls.__name__ if isinstance(cls, type) else None

    def tagged(self, schema: Schema, tag: str = "") -> Iterator[tuple[Schema, str]]:
        """List the branches of nested unions, each with its tag, such as `max_pool`; with none, the empty text."""
        kind = self.open(schema)
        match kind["type"]:
            case "union":
                branches = [(branch, tag) for branch, _ in _choices(kind)]
            case "tagged-union":
                branches = [(branch, str(word)) for word, branch in kind["choices"].items()]
            case _:
                yield kind, tag
                return
        for branch, word in branches:
            yield from self.tagged(branch, word)


@cache
def language_of(model: type[BaseModel]) -> Language:
    """Read a model's schema, once."""
    return Language(model)


def tags(schemas: Schemas, language: Language) -> tuple[str | None, tuple[str, ...]]:
    """Give the key that tells the branches of a tagged union apart (None for a function) and its legal values."""
    for kind in map(language.open, schemas):
        if kind["type"] == "tagged-union":
            key = kind["discriminator"]
            return (key if isinstance(key, str) else None), tuple(map(str, kind["choices"]))
    return None, ()


def _choices(union: Schema) -> list[tuple[Schema, str | None]]:
    return [choice if isinstance(choice, tuple) else (choice, None) for choice in union["choices"]]


def _fields(kind: Schema) -> dict[str, Schema]:
    """Map the keys that a model reads, by their aliases, to what they accept."""
    fields = kind.get("fields")
    if not isinstance(fields, Mapping):
        return {}
    return {_alias(name, field): field["schema"] for name, field in fields.items()}


def _alias(name: str, field: Schema) -> str:
    alias = field.get("validation_alias")
    return alias if isinstance(alias, str) else name


def _item(kind: Schema, index: int) -> Schema | None:
    items, variadic = kind["items_schema"], kind.get("variadic_item_index")
    if variadic is not None and index >= variadic:
        index = variadic
    return items[index] if index < len(items) else None


def _words(kind: Schema) -> tuple[Hashable, ...]:
    if kind["type"] == "enum":
        return tuple(member.value if isinstance(member, Enum) else member for member in kind["members"])
    return tuple(kind["expected"]) if kind["type"] == "literal" else ()


def _collect_homes(language: Language) -> dict[str, dict[Home, frozenset[str]]]:
    homes: dict[str, dict[Home, frozenset[str]]] = {}
    level: list[tuple[Home, Schema]] = [((), language.root)]
    for _ in range(_LONGEST_HOME):
        below: dict[tuple[int, Home], tuple[Home, Schema]] = {}
        for path, kind, tag in _mappings(language, level):
            for name, schema in _fields(language.open_fields(kind)).items():
                tags = homes.setdefault(name, {}).get(path, frozenset())
                homes[name][path] = tags | ({tag} if tag else set())
                below[id(schema), path] = ((*path, name), schema)
        level = list(below.values())
    return homes


def _mappings(language: Language, level: list[tuple[Home, Schema]]) -> Iterator[tuple[Home, Schema, str]]:
    """Find the mappings with known keys among some values, and among the items of lists among them."""
    pending = [(path, schema, "") for path, schema in level]
    while pending:
        path, schema, outer = pending.pop()
        for kind, tag in language.tagged(schema, outer):
            if kind["type"] in {"model", "typed-dict"}:
                yield path, kind, tag
            pending += [(path, item, tag) for item in _items(kind)]


def _items(kind: Schema) -> list[Schema]:
    match kind["type"]:
        case "tuple":
            return list(kind["items_schema"])
        case "dict":
            return [kind["values_schema"]] if "values_schema" in kind else []
        case name if name in _LISTS:
            return [kind["items_schema"]] if "items_schema" in kind else []
    return []
