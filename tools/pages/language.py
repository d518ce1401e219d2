"""The language reference: every key and word, read off the models and registries, and how to say what papers do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from tools.pages.fields import meanings
from tools.pages.kinds import TITLES, models_in
from tools.pages.markdown import anchor, section
from tools.pages.words import activations, key_table, norms, prose, words
from unetgen.language.spec import Expect, Filters, Head, Section, Spec, Stage, StageOptions, Supervision, UnitOptions
from unetgen.parts.attention import ATTENTIONS
from unetgen.parts.blocks import BLOCKS
from unetgen.parts.downsampling import DOWNS, DownConv
from unetgen.parts.extra_convolutions import HeadConv, SideConv
from unetgen.parts.skips import JOINS, Skip
from unetgen.parts.skips.fit import FITS
from unetgen.parts.skips.steps import STEPS
from unetgen.parts.topologies import TOPOLOGY_WORDS
from unetgen.parts.unit_words import Recurrent
from unetgen.parts.upsampling import UPS, UpConv
from unetgen.parts.words import SpecModel, Word

__all__ = ["language_page", "translations"]

_HERE = Path(__file__).parent


class _Model(NamedTuple):
    """A mapping of the language: the heading it stands under, whether inherited keys are listed, what else to say."""

    title: str
    model: type[SpecModel]
    inherited: bool = False
    note: str = ""


_BESIDE = "Also a kernel size alone: `3` is `{kernel_size: 3}`."

_MODELS: tuple[_Model, ...] = (
    _Model("The network", Spec),
    _Model("Unit options", UnitOptions),
    _Model("Stage options", StageOptions, note="Also every [unit option](#unit-options)."),
    _Model("Stage", Stage, note="Also every [stage option](#stage-options)."),
    _Model(
        "Section", Section, note="Also every [stage option](#stage-options). A list is short for `{stages: [...]}`."
    ),
    _Model("Channels by rule", Filters, note="`filters: 64` is short for `{base: 64}`."),
    _Model("Head", Head, note="Also every [unit option](#unit-options)."),
    _Model("Skip", Skip, note="`skip: add` is short for `{join: add}`."),
    _Model("Convolution beside an upsampling", UpConv, True, _BESIDE),
    _Model("Convolution before a downsampling", DownConv, True, _BESIDE),
    _Model("Convolution in front of the head", HeadConv, True, _BESIDE),
    _Model("Convolution on a signal", SideConv, True, _BESIDE),
    _Model("Recurrent units", Recurrent, note="`recurrent: 2` is short for `{times: 2}`."),
    _Model("Deep supervision", Supervision),
    _Model("What is known of the network", Expect),
)

_TOPICS: tuple[tuple[str, str, tuple[type[Word], ...]], ...] = (
    ("Blocks", "block", BLOCKS),
    ("Attentions", "attention", ATTENTIONS),
    ("Downsamplings", "downsampling", DOWNS),
    ("Upsamplings", "upsampling", UPS),
    ("Joins", "join", JOINS),
    ("Fits", "fit", FITS),
    ("Steps on a skip", "step of a skip", STEPS),
    ("Topologies", "topology", TOPOLOGY_WORDS),
)
"""Registries: the heading, what `WordChoice` calls them, their words."""

_LISTED = {entry.model for entry in _MODELS}
_MODELS += tuple(
    _Model(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).capitalize(), model)
    for model in dict.fromkeys(models_in(Spec))
    if model not in _LISTED
)
"""What else a spec holds stands under the name of its class."""

TITLES.update({entry.model.__name__: entry.title for entry in _MODELS})
TITLES.update({what: title for title, what, _ in _TOPICS})


def language_page() -> str:
    """Make the page; ends in a line break."""
    parts = [
        _text("introduction.md"),
        _contents(),
        *map(_model, _MODELS),
        section("Order", _text("order.md")),
        section("Dropout", _text("dropout.md")),
        section("First weights", _text("init.md")),
        section(
            "Activations",
            "Where an activation is taken: " + _WORDS_GROW.format("{leaky_relu: {negative_slope: 0.1}}"),
            activations(),
        ),
        section("Norms", "Where a norm is taken: " + _WORDS_GROW.format("{group: {groups: 4}}"), norms()),
        *(section(title, words(models)) for title, _, models in _TOPICS),
        translations(),
    ]
    return "\n\n".join(parts) + "\n"


_WORDS_GROW = "a word of this table, or the word with options, as in `{}`."


def translations() -> str:
    """Give the part that shows how to say what papers do; every example of it compiles."""
    return _text("how_to_say.md")


def _text(name: str) -> str:
    return (_HERE / "texts" / name).read_text(encoding="utf-8").strip()


def _contents() -> str:
    titles = [*(entry.title for entry in _MODELS), "Order", "Dropout", "First weights", "Activations", "Norms"]
    titles += [*(title for title, _, _ in _TOPICS), "How to say it"]
    return "\n".join(f"* [{title}](#{anchor(title)})" for title in titles)


def _model(entry: _Model) -> str:
    fields = entry.model.model_fields
    own = [key for key in fields if entry.inherited or fields[key].description or key in meanings(entry.model)]
    return section(entry.title, prose(entry.model), entry.note, key_table(entry.model, own))
