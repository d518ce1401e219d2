"""The spec that an emitted file carries, so that the file alone tells what it was made of."""

from __future__ import annotations

import json

from unetgen.compiler.forms import NormalForm
from unetgen.language.spec import Spec
from unetgen.language.validate import validate
from unetgen.language.writing import write_spec
from unetgen.source.text import SourceFile
from unetgen.source.yamltree import Mapping, parse_yaml


def spec_to_carry(spec: Spec, form: NormalForm) -> str:
    """Write a spec as the file that is made of it carries it: with all that it extends, and all that was set.

    What was written in a file is given as it was written there. A spec that was made or changed in Python is given in
    full, as its normal form.
    """
    return write_spec(spec.tree if spec.tree is not None and _says(spec.tree, spec) else _in_full(form))


def _says(tree: Mapping, spec: Spec) -> bool:
    """Say whether a tree still is what the spec says: a copy in Python may have other values and the same tree."""
    return validate(tree, Spec).located(tree) == spec


def _in_full(form: NormalForm) -> Mapping:
    return parse_yaml(SourceFile(form.name, json.dumps(form.to_plain())))
