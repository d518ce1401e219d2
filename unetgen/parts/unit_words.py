"""The words of unit options that a catalogue or a number says: activation, norm, init, dropout, further runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Final, Literal, Self, cast, get_args

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

from unetgen.ir.network import FanOfTransposed, Init, InitKind
from unetgen.parts.catalog import ACTIVATIONS, NORMS, Option, OptionValue
from unetgen.parts.words import SpecModel, one_word, refuse, type_name
from unetgen.source.diagnostics.suggest import did_you_mean


class _Parsed(ABC):
    """A value that is read by one function instead of a model of fields; `parse` raises what `refuse` makes."""

    @classmethod
    @abstractmethod
    def parse(cls, value: object) -> object:
        """Read the value as YAML has it."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: object) -> object:
            return value if isinstance(value, cls) else cls.parse(value)

        return core_schema.no_info_plain_validator_function(read)


def _number(value: object, option: Option, path: tuple[str, ...]) -> float:
    """Read one option of a catalogue row and hold it to the row's bounds."""
    bounds = _bounds(option)
    if isinstance(value, bool) or not isinstance(value, int | float) or (option.whole and not isinstance(value, int)):
        wanted = "a whole number" if option.whole else "a number"
        help = f"write {wanted}{bounds and f', {bounds}'}: it is the {option.summary}"
        raise refuse("U104", f"`{option.name}` is {wanted}, found {type_name(value)}", help=help, path=path)
    low, high = option.minimum, option.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        help = f"write a number {bounds}: it is the {option.summary}"
        headline = f"`{option.name}` is {value:g}, but must be a number {bounds}"
        raise refuse("U106", headline, label=f"not {bounds}", help=help, path=path)
    return value


def _bounds(option: Option) -> str:
    """Say between which numbers an option lies; nothing where it may be any."""
    low, high = option.minimum, option.maximum
    if low is not None and high is not None:
        return f"from {low:g} to {high:g}"
    return f"of at least {low:g}" if low is not None else "" if high is None else f"of at most {high:g}"


def _options(options: object, rows: tuple[Option, ...], word: str) -> tuple[tuple[str, OptionValue], ...]:
    """Read a mapping of options against the rows that describe them; what is not given has its default."""
    given = _mapping(options, word)
    _no_strangers(given, [row.name for row in rows], word)
    return tuple((row.name, _option(given[row.name], row, word) if row.name in given else row.default) for row in rows)


def _option(value: object, option: Option, word: str) -> OptionValue:
    """Read one option as its row says: a truth value, a word or a number."""
    path = (word, option.name)
    if isinstance(option.default, bool):
        return _truth(value, path)
    if isinstance(option.default, str):
        return one_word(value, option.words, what=option.name)[0]
    return value if isinstance(value, str) and value in option.words else _number(value, option, path)


def _numbers(options: object, rows: tuple[Option, ...], word: str) -> tuple[tuple[str, float], ...]:
    """Read a mapping of options that are all numbers."""
    return tuple((name, value) for name, value in _options(options, rows, word) if not isinstance(value, str))


def _mapping(options: object, word: str) -> Mapping[str, object]:
    if isinstance(options, Mapping):
        return options
    help = f"write `{word}` alone, or a mapping of its options"
    raise refuse("U104", f"`{word}` takes a mapping of options, found {type_name(options)}", help=help, path=(word,))


def _no_strangers(given: Mapping[str, object], known: list[str], word: str) -> None:
    for name in given:
        if name not in known:
            help = did_you_mean(str(name), known) if known else f"`{word}` takes no options"
            label = f"not an option of `{word}`"
            raise refuse("U101", f'unknown key "{name}"', label=label, help=help, path=(word, str(name)), at="key")


@dataclass(frozen=True, slots=True)
class ActivationWord(_Parsed):
    """An activation of the catalogue with all its options; `none` is the activation that does nothing."""

    kind: str
    options: tuple[tuple[str, float], ...] = ()
    per_channel: bool = False

    @classmethod
    def parse(cls, value: object) -> ActivationWord:
        """Read `relu`, `{leaky_relu: {negative_slope: 0.1}}`, `{prelu: {per_channel: true}}` or `none`."""
        word, options = one_word(value, ["none", *ACTIVATIONS], what="activation")
        if word == "none":
            _no_strangers(_mapping(options, word), [], word)
            return cls("none")
        row = ACTIVATIONS[word]
        given = dict(_mapping(options, word))
        per_channel = _truth(given.pop("per_channel", False), (word, "per_channel")) if row.learned else False
        return cls(word, _numbers(given, row.options, word), per_channel)

    @property
    def is_over_channels(self) -> bool:
        """Whether it sets the channels of a position against each other."""
        return self.kind != "none" and ACTIVATIONS[self.kind].over_channels

    def to_plain(self) -> object:
        """Spell the word with every option."""
        options: dict[str, object] = dict(self.options)
        if self.kind != "none" and ACTIVATIONS[self.kind].learned:
            options["per_channel"] = self.per_channel
        return {self.kind: options} if options else self.kind


def _inside(word: ActivationWord) -> ActivationWord:
    """Hold an activation inside a network to those that leave something for the next convolution to see."""
    if word.kind != "none" and ACTIVATIONS[word.kind].use == "output":
        headline = f'"{word.kind}" is an activation for outputs, not for units'
        raise refuse("U109", headline, label="inside the network", help=f"write `output_activation: {word.kind}`")
    return word


UnitActivationWord = Annotated[ActivationWord, AfterValidator(_inside)]
"""An activation that may stand inside a network."""


def _truth(value: object, path: tuple[str, ...]) -> bool:
    if isinstance(value, bool):
        return value
    raise refuse(
        "U104", f"`{path[-1]}` is true or false, found {type_name(value)}", help="write true or false", path=path
    )


@dataclass(frozen=True, slots=True)
class NormWord(_Parsed):
    """A normalisation of the catalogue with all its options; `none` is no normalisation."""

    kind: str
    options: tuple[tuple[str, OptionValue], ...] = ()

    @classmethod
    def parse(cls, value: object) -> NormWord:
        """Read `batch`, `{group: {groups: 4}}`, `{group: {groups: channels}}`, `{batch: {eps: 1e-3}}` or `none`."""
        word, options = one_word(value, ["none", *NORMS], what="norm")
        return cls(word, _options(options, NORMS[word].options if word != "none" else (), word))

    def to_plain(self) -> object:
        """Spell the word with every option it takes."""
        return {self.kind: dict(self.options)} if self.options else self.kind


_GAIN = Option("gain", 1.0, "factor on the spread", minimum=0.001, maximum=100.0)
_HE = (
    _GAIN,
    Option("slope", 0.0, "negative slope of the activation that the rule makes up for", minimum=0.0, maximum=1.0),
    Option("transposed", "inputs", "what counts at a transposed convolution", words=get_args(FanOfTransposed)),
)
_ANY = (
    Option("bias", "zero", "where biases start", words=("zero", "torch")),
    Option("norm_std", 0.0, "standard deviation of the scales of norms around one", minimum=0.0, maximum=1.0),
    Option("zero_last_norm", False, "whether the last norm before a residual sum starts at zero"),
)
INITS: Final[Mapping[InitKind, tuple[Option, ...]]] = {
    "torch": (),
    "he_normal": (*_HE, *_ANY),
    "he_uniform": (*_HE, *_ANY),
    "xavier_normal": (_GAIN, *_ANY),
    "xavier_uniform": (_GAIN, *_ANY),
    "orthogonal": (_GAIN, *_ANY),
    "normal": (Option("std", 0.02, "standard deviation", minimum=0.00001, maximum=100.0), *_ANY),
}
"""Every rule for fresh weights with its options, whose defaults are those of `Init`."""


@dataclass(frozen=True, slots=True)
class InitWord(_Parsed):
    """How fresh weights are drawn, with all its options; `torch` leaves every layer's own default in place."""

    kind: InitKind = "torch"
    options: tuple[tuple[str, OptionValue], ...] = ()

    @classmethod
    def parse(cls, value: object) -> InitWord:
        """Read `torch`, `he_normal` or `{orthogonal: {gain: 1.4}}`."""
        word, options = one_word(value, list(INITS), what="init")
        kind = cast(InitKind, word)
        return cls(kind, _options(options, INITS[kind], word))

    @property
    def init(self) -> Init:
        """What the IR says of it."""
        return replace(Init(self.kind), **dict(self.options))  # type: ignore[arg-type]  # a row says the type of each

    def to_plain(self) -> object:
        """Spell the word with every option it takes."""
        return {self.kind: dict(self.options)} if self.options else self.kind


_RATE = Option("dropout", 0.0, "share of values that are zeroed in training", minimum=0.0, maximum=0.999)


@dataclass(frozen=True, slots=True)
class DropoutWord(_Parsed):
    """The share of values zeroed in training: single values, or whole channels."""

    p: float = 0.0
    kind: Literal["elementwise", "channel"] = "elementwise"

    @classmethod
    def parse(cls, value: object) -> DropoutWord:
        """Read `0.5`, `none`, `{channel: 0.5}` or `{elementwise: 0.5}`."""
        if value == "none":
            return cls()
        if not isinstance(value, Mapping | str):
            return cls(_number(value, _RATE, ()) or 0.0)
        kind, rate = one_word(value, ["elementwise", "channel"], what="dropout")
        if isinstance(value, str):
            raise refuse("U104", f"`{kind}` dropout needs a rate", help=f"write {{{kind}: 0.5}}")
        p = _number(rate, _RATE, (kind,))
        return cls(p, cast(Literal["elementwise", "channel"], kind)) if p else cls()

    def to_plain(self) -> object:
        """Spell the rate, and the kind where it matters."""
        return {self.kind: self.p} if self.p else 0.0


class Recurrent(SpecModel):
    """How often a unit runs again on its input plus what it gave last."""

    times: Annotated[int, Field(ge=0, le=16)] = 0
    """How often it runs again."""
    shared: bool = True
    """Whether it has the same weights every time."""

    @model_validator(mode="after")
    def _runs_again(self) -> Self:
        if not self.times and not self.shared:
            headline = "`shared` means nothing for a unit that runs once"
            raise refuse("U201", headline, help="write `times: 2`, or take `shared` out", path=("shared",), at="key")
        return self


def _times(value: object) -> object:
    return {"times": value} if isinstance(value, int) and not isinstance(value, bool) else value


RecurrentWord = Annotated[Recurrent, BeforeValidator(_times)]
"""How often a unit runs again, or that with options: `2` or `{times: 2, shared: false}`."""
