"""Text that is not YAML."""

from __future__ import annotations

import yaml

from unetgen.diagnostics import Diagnostic, Label
from unetgen.source import SourceFile
from unetgen.yamltree.places import Places


def explain_syntax_error(source: SourceFile, error: yaml.YAMLError) -> Diagnostic:
    """Turn PyYAML's problem and marks into one finding with a likely cause."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be read"
    assert mark
    return Diagnostic("U004", f"this is not YAML: {problem}", (Label(Places(source).at(mark), "here"),))
