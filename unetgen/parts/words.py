"""How the language is written: words that grow into mappings, one value or one for each, numbers per axis, orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from unetgen.source.diagnostics.suggest import did_you_mean
from unetgen.source.text import SpecPath

T = TypeVar("T")


class AxisCountError(ValueError):
    """A list per axis whose length is not the number of axes; `path` leads to it from where it was looked at."""

    def __init__(self, name: str, found: int, dims: int) -> None:
        noun = "axis" if dims == 1 else "axes"
        super().__init__(f"`{name}` lists {found} numbers, the network has {dims} spatial {noun}")
        self.path: SpecPath = (name,)


@contextmanager
def below(*path: str | int) -> Iterator[None]:
    """Put a path in front of that of an `AxisCountError` that passes by."""
    try:
        yield
    except AxisCountError as error:
        error.path = (*path, *error.path)
        raise


def spread(value: int | tuple[int, ...], dims: int, *, name: str) -> tuple[int, ...]:
    """Write a number out for every axis, or hold a list to the number of axes.

    Raises:
        AxisCountError: The list has another length.
    """
    if isinstance(value, int):
        return (value,) * dims
    if len(value) != dims:
        raise AxisCountError(name, len(value), dims)
    return value


class SpecModel(BaseModel):
    """A mapping of the language: unknown keys are errors, values never change, types are taken literally."""

    # NOTE: [One validator] Of the dozens of models only the spec's own validator is ever run, and it takes in all
    # others. Building theirs as well took a fifth of the time of a command. So building is put off, and defaults, which
    # need no validation, are made by `model_construct`.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    axes: ClassVar[tuple[str, ...]] = ()
    """The options that hold one number per axis."""

    @field_validator("*", mode="before")
    @classmethod
    def _has_a_value(cls, value: object, info: ValidationInfo) -> object:
        # `norm:` with nothing behind it is a slip of the pen, `norm: null` may mean `none`. Neither is the default.
        if value is None:
            help = "write a value (often `none` where nothing is meant), or take the key out"
            raise refuse("U104", f"`{info.field_name}` has no value", label="nothing here", help=help)
        return value

    def spread(self, dims: int) -> Self:
        """Give the same with every number per axis written out, inside too; AxisCountError if a list does not fit."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        numbers = {name: spread(given[name], dims, name=name) for name in self.axes if given[name] is not None}
        inner: dict[str, SpecModel] = {}
        for name, value in given.items():
            if isinstance(value, SpecModel):
                with below(name):
                    inner[name] = value.spread(dims)
        return self.replace(**numbers, **inner)

    def replace(self, **options: object) -> Self:
        """Give the same mapping with other options, which must already be of the right type."""
        return self.model_copy(update=options)


class Word(SpecModel):
    """A word that may grow into a mapping: `max_pool` or `max_pool: {kernel_size: 3}`."""

    word: ClassVar[str]
    """How the language calls it."""

    @property
    def idle(self) -> Mapping[str, str]:
        """The options that mean nothing beside the others, each with the reason as it ends a sentence."""
        return {}

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        name = next((name for name in self.idle if name in self.model_fields_set), None)
        if name is not None:
            headline = f"`{name}` means nothing {self.idle[name]}"
            raise refuse("U201", headline, help=f"take `{name}` out", path=(name,), at="key")
        return self

    def to_plain(self) -> object:
        """Give the word with every option that means something written out; the bare word when it has none."""
        names = (name for name in type(self).model_fields if name not in self.idle)
        options = {name: plain(getattr(self, name)) for name in names}
        written = {name: value for name, value in options.items() if value is not None}
        return {self.word: written} if written else self.word


def plain(value: object) -> object:
    """Turn a value of the language into lists, mappings and scalars that spell it in YAML."""
    match value:
        case tuple():
            return [plain(item) for item in value]
        case SpecModel() if not hasattr(value, "to_plain"):
            fields = {name: plain(getattr(value, name)) for name in type(value).model_fields}
            return {name: item for name, item in fields.items() if item is not None}
        case None | str() | int() | float():
            return value
    return value.to_plain()  # type: ignore[attr-defined]  # every other value of the language spells itself


def refuse(
    code: str, message: str, *, label: str = "", help: str = "", path: SpecPath = (), at: str = "value"
) -> PydanticCustomError:
    """Make the error that a validator raises so that it carries a code, a label, a help and a place.

    Args:
        code: A code of the registry.
        message: The headline.
        label: What is wrong at the marked place.
        help: What to do.
        path: The place relative to the value under validation.
        at: Whether the key or the value of that place is marked.
    """
    context: dict[str, Any] = {"code": code, "label": label, "help": help, "path": path, "at": at}
    # The message goes through a template, where braces would be read as fields.
    return PydanticCustomError("unetgen", "{message}", {**context, "message": message})


def one_word(value: object, words: Sequence[str], *, what: str) -> tuple[str, object]:
    """Split `word` or `{word: options}` into the word and its options (an empty mapping for the bare word)."""
    if isinstance(value, str):
        return _known(value, words, what=what, path=()), {}
    if not isinstance(value, Mapping):
        raise refuse("U104", f"expected {what}, found {type_name(value)}", help=f"write one of {', '.join(words)}")
    if len(value) != 1:
        found = ", ".join(map(str, value)) or "nothing"
        help = f"write one of {', '.join(words)}, or one of them as the only key of a mapping with its options"
        raise refuse("U104", f"expected one word for {what}, found {found}", help=help)
    (word, options), *_ = value.items()
    return _known(str(word), words, what=what, path=(str(word),)), options


def _known(word: str, words: Sequence[str], *, what: str, path: tuple[str, ...]) -> str:
    if word in words:
        return word
    at = "key" if path else "value"
    label = "not in the catalogue"
    raise refuse("U105", f'unknown {what} "{word}"', label=label, help=did_you_mean(word, words), path=path, at=at)


def type_name(value: object) -> str:
    """Name a YAML value's type as a person would."""
    match value:
        case bool():
            return f"the truth value {str(value).lower()}"
        case int() | float():
            return f"the number {value}"
        case str():
            return f'the text "{value}"'
        case Mapping():
            return "a mapping"
        case list() | tuple():
            return "a list"
    return "nothing"


class WordChoice:
    """Let a field be one of several words, each with its own model of options.

    The union is tagged by the word itself, so an error inside the options has the very path that the YAML has.
    """

    def __init__(self, what: str, words: Sequence[type[Word]]) -> None:
        self.what = what
        self.models = {model.word: model for model in words}

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices = {
            word: core_schema.no_info_before_validator_function(
                partial(_options_of, word), handler.generate_schema(model)
            )
            for word, model in self.models.items()
        }
        tagged = core_schema.tagged_union_schema(dict(choices), discriminator=self._word)
        return core_schema.no_info_before_validator_function(self._check, tagged)

    def _word(self, value: object) -> str:
        return value.word if isinstance(value, Word) else one_word(value, list(self.models), what=self.what)[0]

    def _check(self, value: object) -> object:
        self._word(value)
        return value


def _options_of(word: str, value: object) -> object:
    if isinstance(value, Word):
        return value
    return one_word(value, [word], what=word)[1]


def _as_tuple(value: object) -> object:
    # Strict validation takes a tuple for a tuple alone, and YAML has lists.
    return tuple(value) if isinstance(value, list) else value


def _one_or_each(value: object) -> str:
    return "each" if isinstance(value, list | tuple) else "one"


Items = Annotated[tuple[T, ...], BeforeValidator(_as_tuple)]
"""A list of values."""

OneOrEach = Annotated[
    Annotated[T, Tag("one")] | Annotated[Items[T], Tag("each")],
    Discriminator(_one_or_each),
]
"""One value for all, or a list with one for each."""

Size = Annotated[int, Field(ge=1, le=65536)]
PerAxis = OneOrEach[Annotated[int, Field(ge=1, le=1024)]]
"""One whole number for all axes or a list with one for each."""

Margin = OneOrEach[Annotated[int, Field(ge=0, le=1024)]]
"""Pixels on both sides of a map, for all axes or for each."""

Padding = (
    OneOrEach[Annotated[int, Field(ge=0, le=1024)]]
    | Literal["valid", "same", "same_end", "reflect", "replicate", "circular"]
)


def _order(value: str) -> str:
    """Hold an order to its letters: c once, n, a and d at most once each."""
    strangers = sorted(set(value) - set("cnad"))
    if strangers:
        help = "use c (convolution), n (norm), a (activation), d (dropout), as in `cna`"
        raise refuse("U108", f'unknown letter "{strangers[0]}" in the order "{value}"', help=help)
    twice = sorted(letter for letter in set(value) if value.count(letter) > 1)
    if twice or "c" not in value:
        reason = f'the letter "{twice[0]}" stands twice' if twice else 'the letter "c" is missing'
        raise refuse(
            "U108", f'in the order "{value}" {reason}', help="write each letter once and always c, as in `cna`"
        )
    return value


Order = Annotated[str, AfterValidator(_order)]
"""The order of the parts of a unit: c convolution, n norm, a activation, d dropout."""


def _both(order: tuple[str, ...]) -> tuple[str, ...]:
    if sorted(order) != ["skip", "up"]:
        headline = "`order` names the two maps of a concatenation once each"
        raise refuse("U108", headline, help="write [skip, up] or [up, skip]")
    return order


MapOrder = Annotated[Items[Literal["skip", "up"]], AfterValidator(_both)]
"""Which of the two maps of a concatenation stands first."""
