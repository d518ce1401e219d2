"""Which value a plain (unquoted) word is: the core schema of YAML 1.2, less the words that YAML 1.1 reads otherwise."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MAX_DIGITS: Final = 18
"""Most digits of an integer: it then fits 64 bits, and no arithmetic on it can exhaust anything."""

_CONSTANTS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_SWITCHES: Final[dict[str, str]] = {
    **{form: "write `true`" for word in ("yes", "on") for form in (word, word.title(), word.upper())},
    **{form: "write `none` or `false`" for word in ("no", "off") for form in (word, word.title(), word.upper())},
}
_STARTS_A_NUMBER: Final = frozenset("+-.0123456789")
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_UNDERSCORED: Final = r"(?=.*_)(?:[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|[-+]?0x[0-9a-fA-F_]+)"
_BASE_SIXTY: Final = "YAML 1.1 reads it as a number in base 60, YAML 1.2 as text"
_NUMBER_OR_TEXT: Final = "YAML 1.1 reads it as a number, YAML 1.2 as text"


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A word that YAML 1.1 and YAML 1.2 read differently."""

    reading: str
    help: str


@dataclass(frozen=True, slots=True)
class NotFinite:
    """A number that is infinite or not a number, as written or because it is too large for 64 bits."""


@dataclass(frozen=True, slots=True)
class TooManyDigits:
    """An integer of more than `MAX_DIGITS` digits."""


Refused = Ambiguous | NotFinite | TooManyDigits


def resolve(text: str) -> str | int | float | bool | None | Refused:
    """Give the value of a plain word, or why it is refused.

    Example:
        >>> resolve("relu"), resolve("4"), resolve("1e3"), resolve("0x10"), resolve("~"), resolve("1.2.3")
        ('relu', 4, 1000.0, 16, None, '1.2.3')
        >>> resolve("no").help, resolve("017").help
        ('write `none` or `false`', 'write `17`')
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text in _SWITCHES:
        return Ambiguous(f"YAML 1.1 reads {text} as a truth value, YAML 1.2 as text", _SWITCHES[text])
    if text[0] not in _STARTS_A_NUMBER:
        return text
    return _number(text)


def _number(text: str) -> str | int | float | Refused:
    if _INTEGER.fullmatch(text):
        return _integer(text)
    for trap in _TRAPS:
        if trap.pattern.fullmatch(text):
            return Ambiguous(trap.reading, trap.help(text))
    if _NOT_FINITE.fullmatch(text):
        return NotFinite()
    if not _FLOAT.fullmatch(text):
        return text
    value = float(text)
    return value if math.isfinite(value) else NotFinite()


def _integer(text: str) -> int | TooManyDigits:
    if len(text.lstrip("+-0ox")) > MAX_DIGITS:
        return TooManyDigits()
    value = int(text, 0)
    return value if abs(value) < 10**MAX_DIGITS else TooManyDigits()


@dataclass(frozen=True, slots=True)
class _Trap:
    pattern: re.Pattern[str]
    reading: str
    help: Callable[[str], str]


def _without_zeros(text: str) -> str:
    sign = text[0] if text[0] in "+-" else ""
    return f"write `{sign}{text.lstrip('+-0') or '0'}`"


def _without_underscores(text: str) -> str:
    return f"write `{text.replace('_', '')}`"


def _in_base_ten(text: str) -> str:
    return f"write `{int(text.replace('_', ''), 0)}`"


def _in_base_sixty(text: str) -> str:
    value = 0
    for part in text.lstrip("+-").replace("_", "").split(":"):
        value = 60 * value + int(part)
    return f"write `{'-' if text.startswith('-') else ''}{value}`"


_TRAPS: Final = (
    _Trap(re.compile(r"[-+]?0[0-9]+"), "YAML 1.1 reads a leading zero as base 8, YAML 1.2 as base 10", _without_zeros),
    _Trap(re.compile(r"[-+]?0b[01][01_]*|[-+]0x[0-9a-fA-F]+"), _NUMBER_OR_TEXT, _in_base_ten),
    _Trap(re.compile(_UNDERSCORED), _NUMBER_OR_TEXT, _without_underscores),
    _Trap(re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+"), _BASE_SIXTY, _in_base_sixty),
)
