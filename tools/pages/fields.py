"""What the models say of their keys: meaning, where it is defined, and what holds by default."""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache

from unetgen.parts.unit_words import ActivationWord, DropoutWord, InitWord, NormWord
from unetgen.parts.words import SpecModel, Word, plain

__all__ = ["defined_in", "meaning", "meanings", "short"]


def meaning(model: type[SpecModel], name: str) -> str:
    """Give what the docstring below a field says, on one line.

    Raises:
        LookupError: The field has none.
    """
    said = model.model_fields[name].description
    if said is not None:
        return said
    for base in model.__mro__:
        if issubclass(base, SpecModel) and name in meanings(base):
            return " ".join(meanings(base)[name].split())
    raise LookupError(f"{model.__name__}.{name} has no docstring")


@cache
def meanings(model: type[SpecModel]) -> dict[str, str]:
    """Read the docstrings of the fields that a class defines itself from its source."""
    definition = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for field, below in zip(definition.body, definition.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = text
    return found


def defined_in(model: type[SpecModel], name: str) -> type[SpecModel]:
    """Give the class that a field is written in."""
    return next(base for base in model.__mro__ if issubclass(base, SpecModel) and name in base.__annotations__)


def short(value: object) -> object:
    """Spell a value of the language as briefly as it can be: a word with nothing but defaults is its name."""
    match value:
        case tuple():
            return [short(item) for item in value]
        case ActivationWord():
            return _briefly(value.kind, value == ActivationWord.parse(value.kind), value)
        case NormWord():
            return _briefly(value.kind, value == NormWord.parse(value.kind), value)
        case InitWord():
            return _briefly(value.kind, value == InitWord.parse(value.kind), value)
        case DropoutWord():
            return value.p if value.kind == "elementwise" or not value.p else {value.kind: value.p}
        case Word():
            options = _written(value)
            return {value.word: options} if options else value.word
        case SpecModel():
            return _written(value)
    return plain(value)


def _briefly(word: str, usual: bool, value: ActivationWord | InitWord | NormWord) -> object:
    return word if usual else value.to_plain()


def _written(model: SpecModel) -> dict[str, object]:
    """Spell the options that differ from the defaults."""
    fields = type(model).model_fields
    return {name: short(getattr(model, name)) for name in fields if getattr(model, name) != fields[name].default}
