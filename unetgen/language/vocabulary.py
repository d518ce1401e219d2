"""The words of the language by topic, as `unetgen list` shows them; read off the registries, so none is missing."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from unetgen.parts.attention import ATTENTIONS
from unetgen.parts.blocks import BLOCKS
from unetgen.parts.catalog import ACTIVATIONS, NORMS, ActivationKind, NormKind
from unetgen.parts.downsampling import DOWNS
from unetgen.parts.skips import JOINS
from unetgen.parts.skips.fit import FITS
from unetgen.parts.skips.steps import STEPS
from unetgen.parts.topologies import TOPOLOGY_WORDS
from unetgen.parts.upsampling import UPS
from unetgen.parts.words import Word, plain


@dataclass(frozen=True, slots=True)
class ListedWord:
    """One word: what it means in a line, its options with their defaults, and where it comes from."""

    word: str
    summary: str
    options: tuple[tuple[str, object], ...] = ()
    paper: str = ""


def _activations() -> tuple[ListedWord, ...]:
    rows = (_row(row, *[("per_channel", False)] * row.learned) for row in ACTIVATIONS.values())
    return (*rows, ListedWord("none", "no activation"))


def _norms() -> tuple[ListedWord, ...]:
    return (*map(_row, NORMS.values()), ListedWord("none", "no normalisation"))


def _row(row: ActivationKind | NormKind, *more: tuple[str, object]) -> ListedWord:
    """Describe a row of a catalogue, with options that are not its own."""
    options = ((option.name, option.default) for option in row.options)
    return ListedWord(row.name, row.summary, (*options, *more), row.paper)


def _words(models: Iterable[type[Word]]) -> tuple[ListedWord, ...]:
    return tuple(_word(model) for model in models)


def _word(model: type[Word]) -> ListedWord:
    text = inspect.getdoc(model) or ""
    summary, _, rest = text.partition("\n\n")
    paper = rest.partition("References:\n")[2]
    options = ((name, plain(field.default)) for name, field in model.model_fields.items())
    return ListedWord(model.word, " ".join(summary.split()), tuple(options), " ".join(paper.split()))


TOPICS: Final[dict[str, Callable[[], tuple[ListedWord, ...]]]] = {
    "activations": _activations,
    "norms": _norms,
    "blocks": lambda: _words(BLOCKS),
    "attentions": lambda: _words(ATTENTIONS),
    "skips": lambda: _words(JOINS),
    "fits": lambda: _words(FITS),
    "steps": lambda: _words(STEPS),
    "downsamplings": lambda: _words(DOWNS),
    "upsamplings": lambda: _words(UPS),
    "topologies": lambda: _words(TOPOLOGY_WORDS),
}
"""What makes the entries of each topic."""
