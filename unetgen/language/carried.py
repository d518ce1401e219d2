"""The spec that a file of Python carries: whatever takes a spec takes the file that was built of it.

The file is read, never imported: `ast` finds the text, and nothing in it is executed.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import replace
from typing import Final

from unetgen.source.diagnostics import Diagnostic, Label, SpecError
from unetgen.source.text import SourceFile, Span

SUFFIX: Final = ".py"
_NAME: Final = "SPEC"
"""What the text is called in the file, a constant of the module."""
_HELP: Final = (
    "build it anew from its spec: files that unetgen writes carry theirs, as SPEC",
    "or name the spec itself, a .yaml file or one of the zoo",
)


def carried_spec(source: SourceFile) -> SourceFile:
    """Give the spec in a file of Python, each line of it in the place that it has in the file.

    Raises:
        SpecError: The file carries no spec, or is no Python.
    """
    text = _text(_parsed(source))
    if text is None:
        raise _refused(source, 1, f"no spec in this file: nothing is called {_NAME}", *_HELP)
    # Lines before the spec are empty, so that whatever is said of a line names one of the file.
    above = text.lineno if _starts_below(text, source) else text.lineno - 1
    return replace(source, text="\n" * above + str(text.value))


def _parsed(source: SourceFile) -> ast.Module:
    try:
        with warnings.catch_warnings():
            # What Python has to say of the code around the spec is not about the spec.
            warnings.simplefilter("ignore")
            return ast.parse(source.text)
    except SyntaxError as error:
        raise _refused(source, error.lineno or 1, f"the file is no Python: {error.msg}", *_HELP) from None
    except (ValueError, RecursionError, MemoryError):
        raise _refused(source, 1, "the file is no Python", *_HELP) from None


def _text(module: ast.Module) -> ast.Constant | None:
    """Find the text that is called SPEC."""
    for statement in module.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str()) as text) if name == _NAME:
                return text
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str()) as text) if name == _NAME:
                return text
    return None


def _starts_below(text: ast.Constant, source: SourceFile) -> bool:
    """Say whether the text begins on the line below its quotes, as a backslash behind these has it."""
    return source.line(text.lineno).endswith('"""\\')


def _refused(source: SourceFile, line: int, headline: str, *helps: str) -> SpecError:
    place = Span(source, line, 1, line, 1 + len(source.line(line)))
    return SpecError([Diagnostic("U020", headline, (Label(place, ""),), helps)])
