"""Networks under other names: what is made of them may differ in these words alone."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from keyword import kwlist
from string import ascii_lowercase

from unetgen.backends.torch_source.spelling import camel
from unetgen.drawing.model.text import text_width
from unetgen.ir import Network, Node, Region
from unetgen.ir.verify import MODULE_NAMES

__all__ = ["Renamed", "rename"]

_FORMS: tuple[Callable[[str], str], ...] = (
    str,
    camel,
    lambda word: word.replace("_", " "),
    lambda word: word.replace("_", " ").capitalize(),
)
"""How a word may stand in source: in a path, in the name of a class, in a sentence, at its beginning."""
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Renamed:
    """A network under other names, and the old words by the new ones.

    A word is a part of a path between dots; numbers, which are places in lists, stay as they are.
    """

    network: Network
    words: Mapping[str, str]

    def back(self, text: str) -> str:
        """Put the old words in the place of the new ones."""
        return _WORD.sub(lambda found: self.words.get(found[0], found[0]), text)

    def back_in_ids(self, text: str) -> str:
        """Put the old words in the place of the new ones, also where paths are written with underscores for dots."""
        old = {path.replace(".", "_"): self.back(path).replace(".", "_") for path in _paths(self.network)}
        return self.back(re.sub(r"\w+", lambda found: "_".join(_longest(found[0].split("_"), old)), text))

    def back_in_source(self, text: str) -> str:
        """Put the old words in the place of the new ones, those too that names of classes and variables are made of."""
        forms = {make(new): make(old) for new, old in self.words.items() for make in _FORMS}
        longest = sorted(forms, key=len, reverse=True)
        return re.sub("|".join(longest), lambda found: forms[found[0]], text)


def rename(
    network: Network, *, seed: int = 0, taken: Collection[str] = (), text: str = "", each: bool = False
) -> Renamed:
    """Give every scope, node and region of a network another name, at random.

    A new word is as long as the old one, takes as much room in a picture, and ends in a number by chance alone. It has
    its underscores where the old one has them, since the name of a class is shorter by these.

    Args:
        taken: Words that no new one may be, as they stand in texts for something else.
        text: What holds no new word in any form, not even by chance inside of another word.
        each: Rename each place by itself: the `conv1` of one block becomes `dmus7`, that of the next `aqez3`. Else
            a word becomes the same one everywhere, as it must where equal blocks are to share a class.
    """
    names = _Names(random.Random(seed), {*_words(network), *taken, *kwlist, *MODULE_NAMES}, text, each)
    regions = tuple(_region(region, names) for region in network.regions)
    return Renamed(replace(network, regions=regions), names.old)


@dataclass(slots=True)
class _Names:
    """The new words so far, by the place and the old word, and the old words by the new ones."""

    dice: random.Random
    used: set[str]
    text: str
    each: bool
    new: dict[tuple[str, str], str] = field(default_factory=dict)
    old: dict[str, str] = field(default_factory=dict)

    def word(self, word: str, around: str) -> str:
        """Give the new word for an old one inside the path `around`; numbers, and no word at all, stay."""
        if not word or word.isdecimal():
            return word
        place = (around if self.each else "", word)
        if place not in self.new:
            self.new[place] = other = next(filter(partial(self._is_free, word), _others(word, self.dice)))
            self.old[other] = word
        return self.new[place]

    def path(self, path: str, around: str = "") -> str:
        """Rename a path inside of another one."""
        words = path.split(".") if path else []
        before = (".".join(filter(None, (around, *words[:count]))) for count in range(len(words)))
        return ".".join(map(self.word, words, before))

    def _is_free(self, word: str, other: str) -> bool:
        if other in self.old:
            return self.each and self.old[other] == word
        return other not in self.used and not any(form(other) in self.text for form in _FORMS)


def _longest(words: list[str], old: Mapping[str, str]) -> Iterator[str]:
    """Put the old ids in the place of new ones, the longest first, from left to right."""
    while words:
        ends = (end for end in range(len(words), 1, -1) if "_".join(words[:end]) in old)
        end = next(ends, 1)
        found = "_".join(words[:end])
        yield old.get(found, found)
        words = words[end:]


def _words(network: Network) -> Iterator[str]:
    for path in _paths(network):
        yield from path.split(".")


def _paths(network: Network) -> Iterator[str]:
    for region in network.regions:
        yield region.path
        yield from (node.path for node in region.nodes)
        yield from (scope.word for node in region.nodes for scope in node.scopes)


def _others(word: str, dice: random.Random) -> Iterator[str]:
    """Make words of letters and digits that are as wide as those of a word; the first is a letter."""
    while True:
        yield "".join(dice.choice(_as_wide(letter, first=not at)) for at, letter in enumerate(word))


@cache
def _as_wide(letter: str, *, first: bool) -> str:
    if letter == "_":
        return letter
    signs = ascii_lowercase if first else f"{ascii_lowercase}0123456789"
    same = (sign for sign in signs if _widths(sign) == _widths(letter))
    return "".join(same) or letter


def _widths(sign: str) -> tuple[float, float]:
    return text_width(sign, 100), text_width(sign, 100, bold=True)


def _region(region: Region, names: _Names) -> Region:
    nodes = tuple(_node(node, region.path, names) for node in region.nodes)
    return replace(region, path=names.path(region.path), nodes=nodes)


def _node(node: Node, around: str, names: _Names) -> Node:
    shares = None if node.shares is None else names.path(node.shares)
    scopes = []
    for scope in node.scopes:
        scopes.append(replace(scope, name=names.path(scope.name, around), word=names.word(scope.word, around)))
        around = f"{around}.{scope.name}" if scope.name else around
    return replace(node, path=names.path(node.path), shares=shares, scopes=tuple(scopes))
