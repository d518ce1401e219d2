"""Characters that must not reach a terminal as they are, and how wide the others are."""

from __future__ import annotations

import unicodedata
from typing import Final

_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NONCHARACTERS: Final = frozenset({"\ufffe", "\uffff"})
_LONGEST_QUOTE: Final = 60


def is_hidden(char: str) -> bool:
    """Say whether `char` is invisible or steers its surroundings: controls, bidirectional marks, line separators.

    Example:
        >>> is_hidden("\\u202e"), is_hidden("\\x1b"), is_hidden("é")
        (True, True, False)
    """
    return unicodedata.category(char) in _HIDDEN_CATEGORIES or char in _NONCHARACTERS


def visible(text: str) -> str:
    """Replace every hidden character by its number, so that text from a stranger cannot steer a terminal.

    Example:
        >>> visible("re\\u202elu")
        're<U+202E>lu'
    """
    if text.isprintable():
        return text
    return "".join(f"<U+{ord(char):04X}>" if is_hidden(char) else char for char in text)


def quoted(word: object) -> str:
    """Put the user's own word in double quotes for a headline: visible, on one line, at most 60 characters.

    Example:
        >>> print(quoted("rleu"), quoted("a\\tb"))
        "rleu" "a<U+0009>b"
    """
    text = str(word)
    short = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 3] + "..."
    return f'"{visible(short)}"'


def width(char: str) -> int:
    """Count the terminal columns that one character fills: 0 for combining marks, 2 for wide ones, else 1."""
    if char.isascii():
        return 1
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
