"""The part of the language reference that comes from registries: words by topic, activations, norms."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from tools.pages.fields import meaning, short
from tools.pages.kinds import kind_of
from tools.pages.markdown import code, flow, linked, section, table
from tools.pages.usage import key_users, usual, word_users
from unetgen.language.spec import UnitOptions
from unetgen.parts.catalog import ACTIVATIONS, NORMS, ActivationKind, NormKind, Option
from unetgen.parts.skips import Skip
from unetgen.parts.unit_words import ActivationWord, NormWord
from unetgen.parts.words import SpecModel, Word

__all__ = ["activations", "key_table", "norms", "prose", "words"]


def words(models: Iterable[type[Word]]) -> str:
    """Set every word of a registry."""
    return "\n\n".join(map(_word, models))


def _word(model: type[Word]) -> str:
    users = word_users(model)
    keys = key_table(model, list(model.model_fields)) if model.model_fields else ""
    return section(code(model.word), prose(model), f"Used by: {users}." if users else "", keys, level=3)


def prose(model: type[SpecModel]) -> str:
    """Give a model's docstring as paragraphs, its references as links."""
    text, _, papers = (inspect.getdoc(model) or "").partition("References:\n")
    paragraphs = [" ".join(part.split()) for part in text.strip().split("\n\n")]
    references = [linked(" ".join(papers.split()))] if papers else []
    return "\n\n".join([*paragraphs, *references])


def key_table(model: type[SpecModel], keys: list[str]) -> str:
    """Set the keys of a model: what they take, what holds by default, what they mean, who writes them."""
    return table(("key", "takes", "default", "meaning", "needed by"), (_key_row(model, key) for key in keys))


def _key_row(model: type[SpecModel], key: str) -> tuple[str, ...]:
    text = linked(meaning(model, key)).replace("|", "\\|")
    return code(key), kind_of(model, key), _default(model, key), text, key_users(model, key)


def _default(model: type[SpecModel], key: str) -> str:
    field = model.model_fields[key]
    if field.is_required():
        return "*none: must be given*"
    if issubclass(model, UnitOptions) and key in usual():
        return code(flow(usual()[key]))
    brief = _briefest(field.default)
    return "" if brief in (None, [], {}) else code(flow(brief))


def _briefest(value: object) -> object:
    """Spell a default as it would be written: a mapping that may be shorter than itself is that."""
    match value:
        case Skip():
            return value.join.word
    return short(value)


def activations() -> str:
    """Set the catalogue of activations."""
    rows = (_activation(row) for row in ACTIVATIONS.values())
    none = (code("none"), "", "no activation", "", "", word_users(ActivationWord, "none"))
    return table(("word", "in torch", "what it does", "options", "paper", "needed by"), [*rows, none])


def _activation(row: ActivationKind) -> tuple[str, ...]:
    own = [code("per_channel: false")] if row.learned else []
    place = " (for `output_activation` alone)" if row.use == "output" else ""
    options = ", ".join([*map(_option, row.options), *own])
    torch = code(f"nn.{row.torch}")
    users = word_users(ActivationWord, row.name)
    return code(row.name), torch, f"{row.summary}{place}", options, linked(row.paper), users


def _option(option: Option) -> str:
    default = f"{option.default:g}" if type(option.default) in (int, float) else flow(option.default)
    return f"{code(f'{option.name}: {default}')} ({option.summary})"


def norms() -> str:
    """Set the catalogue of norms."""
    rows = (_norm(row) for row in NORMS.values())
    none = (code("none"), "", "no normalisation", "", "", word_users(NormWord, "none"))
    return table(("word", "in torch", "mean and variance", "options", "paper", "needed by"), [*rows, none])


def _norm(row: NormKind) -> tuple[str, ...]:
    options = ", ".join(map(_option, row.options))
    torch = code(f"nn.{row.torch.format(dims='*')}")
    return code(row.name), torch, row.summary, options, linked(row.paper), word_users(NormWord, row.name)
