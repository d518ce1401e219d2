"""A located YAML tree -> a Pydantic model, or findings with places. It has never heard of a U-Net."""

from __future__ import annotations

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from unetgen.diagnostics import Diagnostic, Label, SpecError
from unetgen.yamltree import Mapping, span_at, to_plain

M = TypeVar("M", bound=BaseModel)


def validate(tree: Mapping, model: type[M]) -> M:
    """Read a model from a tree.

    Raises:
        SpecError: With a place for each thing that the model refuses.
    """
    try:
        return model.model_validate_json(json.dumps(to_plain(tree)), strict=True)
    except ValidationError as error:
        found = [
            Diagnostic("U104", item["msg"], (Label(span_at(tree, item["loc"]), ""),), path=item["loc"])
            for item in error.errors(include_input=False, include_url=False)
        ]
    raise SpecError(found)
