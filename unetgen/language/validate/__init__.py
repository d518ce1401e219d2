"""A located YAML tree -> a Pydantic model, or findings with places. This room has never heard of a U-Net.

A validator of a model may raise `PydanticCustomError` with a context that says more than its message. All keys are
optional but `code`, by which such a context is told from any other:

* `code`: a key of the registry of findings;
* `path` and `at` ("key" or "value"): the place, relative to what the validator was given;
* `label`: what is wrong there; `labels`: further places, each `(path, text)` or `(path, text, at)`;
* `help`, `notes`: a sentence, or several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import BaseModel, ValidationError

from unetgen.source.diagnostics import Diagnostic, SpecError
from unetgen.source.yamltree import Mapping, to_plain

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["validate"]

M = TypeVar("M", bound=BaseModel)

_MOST_ERRORS: Final = 2_000
"""Pydantic's errors that are looked at. A list of thousands of mistakes is cut off far earlier in the message."""


def validate(tree: Mapping, model: type[M]) -> M:
    """Read a model from a tree, taking every type literally: `"4"` and `4.0` are no whole numbers.

    Raises:
        SpecError: With a place, a reason and a way out for everything that the model refuses.
    """
    try:
        return model.model_validate(to_plain(tree), strict=True)
    except ValidationError as error:
        raw = error.errors(include_input=False, include_url=False)[:_MOST_ERRORS]
    raise SpecError(_findings(tree, model, raw))


def _findings(tree: Mapping, model: type[BaseModel], raw: Sequence[ErrorDetails]) -> Iterator[Diagnostic]:
    # NOTE: imported here because a spec that is right needs none of it, and loads faster by as much.
    from unetgen.language.validate.errors import choose, place, without_echoes
    from unetgen.language.validate.language import language_of
    from unetgen.language.validate.words import describe
    from unetgen.source.diagnostics.suggest import is_close

    language = language_of(model)
    groups = without_echoes(choose([place(tree, language, one) for one in raw]), is_close)
    return (describe(tree, language, group) for group in groups)
