"""Did you mean ...?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from unetgen.source.diagnostics.characters import quoted

_MOST: Final = 4
_LISTED: Final = 24
_FARTHEST: Final = 3


def suggest(word: str, catalogue: Iterable[str]) -> tuple[str, ...]:
    """Find the words of a catalogue that somebody who wrote `word` may have meant, up to four, closest first.

    One slip (a letter too many, missing, wrong, or two swapped) per three letters is forgiven; so is a part for the
    whole. Case, `-` and `_` do not count.

    Example:
        >>> suggest("rleu", ["relu", "selu", "gelu"]), suggest("leaky", ["relu", "leaky_relu"]), suggest("x", ["relu"])
        (('relu',), ('leaky_relu',), ())
    """
    candidates = list(dict.fromkeys(catalogue))
    distances = {candidate: _distance(word, candidate) for candidate in candidates}
    close = [candidate for candidate in candidates if distances[candidate] <= _forgiven(candidate)]
    if close:
        best = min(distances[candidate] for candidate in close)
        return tuple(candidate for candidate in close if distances[candidate] == best)[:_MOST]
    return tuple(candidate for candidate in candidates if _is_part(word, candidate))[:_MOST]


def is_close(word: str, candidate: str) -> bool:
    """Say whether `candidate` may have been meant by `word`."""
    return bool(suggest(word, [candidate]))


def did_you_mean(word: str, catalogue: Iterable[str]) -> str:
    """Write the help sentence for an unknown word: one question, a few words to choose from, or the whole catalogue.

    Example:
        >>> did_you_mean("ad", ["concat", "add", "none"])
        'did you mean "add"?'
        >>> did_you_mean("xyz", ["concat", "add", "none"])
        'choose one of "concat", "add" or "none"'
    """
    known = list(dict.fromkeys(catalogue))
    close = suggest(word, known)
    if close:
        return f"did you mean {one_of(close)}?"
    if not known:
        return "remove it: nothing can be chosen here"
    return f"choose one of {one_of(known)}" if len(known) > 1 else f"write {one_of(known)}"


def one_of(words: Sequence[str]) -> str:
    """List words in quotes, as alternatives.

    Example:
        >>> one_of(["a", "b", "c"])
        '"a", "b" or "c"'
    """
    shown = [quoted(word) for word in words[:_LISTED]]
    if len(words) > _LISTED:
        return f"{', '.join(shown)} and {len(words) - _LISTED} more"
    return " or ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _plain(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "").replace(" ", "")


def _forgiven(candidate: str) -> int:
    return min(_FARTHEST, max(1, len(_plain(candidate)) // 3))


def _is_part(word: str, candidate: str) -> bool:
    short, long = sorted((_plain(word), _plain(candidate)), key=len)
    return len(short) >= 3 and short in long


def _distance(word: str, candidate: str) -> int:
    """Count insertions, deletions, replacements and swaps of neighbours; `_FARTHEST + 1` stands for any more."""
    a, b = _plain(word), _plain(candidate)
    if abs(len(a) - len(b)) > _FARTHEST:
        return _FARTHEST + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        before, row = row, _next_row(a, b, i, before, row)
    return row[-1]


def _next_row(a: str, b: str, i: int, before: list[int], row: list[int]) -> list[int]:
    new = [i]
    for j in range(1, len(b) + 1):
        cost = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (a[i - 1] != b[j - 1]))
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            cost = min(cost, before[j - 2] + 1)
        new.append(cost)
    return new
