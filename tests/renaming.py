"""Networks under other names: what is made of them may differ in these words alone."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from keyword import kwlist
from string import ascii_lowercase

from unetgen.backends.torch_source.text import camel
from unetgen.drawing.model.text import text_width
from unetgen.ir import Network, Node, Region, Scope
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
        paths = sorted({path for path in _paths(self.network) if "." in path}, key=len, reverse=True)
        ids = "|".join(path.replace(".", "_") for path in paths)
        old = {path.replace(".", "_"): self.back(path).replace(".", "_") for path in paths}
        return self.back(re.sub(rf"(?<![A-Za-z0-9])(?:{ids})(?![A-Za-z0-9])", lambda found: old[found[0]], text))

    def back_in_source(self, text: str) -> str:
        """Put the old words in the place of the new ones, those too that names of classes and variables are made of."""
        forms = {make(new): make(old) for new, old in self.words.items() for make in _FORMS}
        longest = sorted(forms, key=len, reverse=True)
        return re.sub("|".join(longest), lambda found: forms[found[0]], text)


def rename(network: Network, *, seed: int = 0, taken: Collection[str] = (), text: str = "") -> Renamed:
    """Give every scope, node and region of a network another name, at random.

    A new word is as long as the old one, takes as much room in a picture, and ends in a number by chance alone. It has
    its underscores where the old one has them, since the name of a class is shorter by these.

    Args:
        taken: Words that no new one may be, as they stand in texts for something else.
        text: What holds no new word in any form, not even by chance inside of another word.
    """
    paths = (path for path in _paths(network) if path)
    old = [*dict.fromkeys(word for path in paths for word in path.split(".") if not word.isdecimal())]
    used, dice = {*old, *taken, *kwlist, *MODULE_NAMES}, random.Random(seed)
    new: dict[str, str] = {}
    for word in old:
        others = (other for other in _others(word, dice) if other not in used)
        new[word] = next(other for other in others if not any(form(other) in text for form in _FORMS))
        used.add(new[word])
    regions = tuple(_region(region, new) for region in network.regions)
    return Renamed(replace(network, regions=regions), {other: word for word, other in new.items()})


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


def _path(path: str, new: Mapping[str, str]) -> str:
    return ".".join(new.get(word, word) for word in path.split("."))


def _region(region: Region, new: Mapping[str, str]) -> Region:
    return replace(region, path=_path(region.path, new), nodes=tuple(_node(node, new) for node in region.nodes))


def _node(node: Node, new: Mapping[str, str]) -> Node:
    shares = None if node.shares is None else _path(node.shares, new)
    scopes = tuple(_scope(scope, new) for scope in node.scopes)
    return replace(node, path=_path(node.path, new), shares=shares, scopes=scopes)


def _scope(scope: Scope, new: Mapping[str, str]) -> Scope:
    return replace(scope, name=_path(scope.name, new), word=new.get(scope.word, ""))
