"""Specs that start from another one: `extends: other.yaml`. What comes out is one tree, as if all stood in one file.

The base may be a file in the spec's own folder, or below it, or a spec of the zoo by name. What the spec writes goes
over what the base has: mappings are merged key by key, everything else is replaced. Values keep their places, so
findings and origins name the file that they were written in.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from unetgen.language.merging import merge_mappings, untitled, without
from unetgen.language.zoo import zoo_names, zoo_source
from unetgen.source.diagnostics import Diagnostic, Label, SpecError, is_hidden
from unetgen.source.files import read_source
from unetgen.source.text import SourceFile, Span
from unetgen.source.yamltree import Entry, Mapping, Scalar, parse_yaml

MAX_BASES: Final = 8
"""Most bases below one spec, each extending the next."""

_OWN: Final = ("name", "expect")
"""Keys of a base that do not pass on, as the title of its picture does not."""


def extended(tree: Mapping, source: SourceFile) -> Mapping:
    """Lay a tree over everything that it extends; without `extends` it stays as it is.

    Args:
        tree: The tree of a spec.
        source: Its text, which knows where it lies.

    Raises:
        SpecError: A base is missing, lies elsewhere, is wrong itself, or extends what extends it.
    """
    return _extended(tree, source, ())


def _extended(tree: Mapping, source: SourceFile, above: tuple[str, ...]) -> Mapping:
    entry = tree.find("extends")
    if entry is None:
        return tree
    above = (*above, _identity(source))
    base = _base(_text(entry), source)
    if _identity(base) in above:
        raise _refused("U112", entry, f'"{base.name}" extends itself, by way of this spec', "take one `extends` out")
    if len(above) > MAX_BASES:
        raise _refused("U113", entry, f"more than {MAX_BASES} specs extend each other", "write what is needed out")
    below = _extended(_parsed(base, entry), base, above)
    return merge_mappings(untitled(without(below, *_OWN)), without(tree, "extends"))


def _text(entry: Entry) -> Scalar:
    if isinstance(entry.value, Scalar) and isinstance(entry.value.value, str):
        return entry.value
    help = "write `extends: other.yaml` for a file beside this one, or the name of a spec of the zoo"
    raise _refused("U104", entry, "`extends` takes one file or one name", help)


def _base(value: Scalar, source: SourceFile) -> SourceFile:
    """Read the base that a value names.

    Raises:
        SpecError: It cannot be read, or lies elsewhere.
    """
    name = str(value.value)
    if not name.endswith((".yaml", ".yml")):
        return _from_zoo(name, value)
    if source.path is None:
        help = "extend a spec of the zoo by its name, or save this spec as a file"
        raise _refusal("U111", value.span, "a spec that is no file has no folder to look in", "which folder?", help)
    if not _is_inside(name, source.path.parent):
        help = "keep both specs in one folder, or the base below it"
        raise _refusal("U111", value.span, f'"{name}" is not in the folder of this spec', "leads elsewhere", help)
    try:
        return read_source(source.path.parent / name)
    except OSError as error:
        reason = "no such file beside this spec" if isinstance(error, FileNotFoundError) else f"{error.strerror}"
        help = "write its path from the folder of this spec, or the name of a spec of the zoo without `.yaml`"
        raise _refusal("U111", value.span, f'cannot read "{name}"', reason, help) from None


def _from_zoo(name: str, value: Scalar) -> SourceFile:
    try:
        return zoo_source(name)
    except LookupError as error:
        headline, _, help = str(error).partition(": ")
        helps = (help, "a file beside this spec is named with its ending, as in `other.yaml`")
        raise _refusal("U111", value.span, headline, f"one of {len(zoo_names())} names", *helps) from None


def _is_inside(name: str, folder: Path) -> bool:
    """Say whether a relative path leads to a file in a folder or below it, by links too."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or set("\\:") & set(name) or any(map(is_hidden, name)):
        return False
    return Path(os.path.realpath(folder / name)).is_relative_to(os.path.realpath(folder))


def _identity(source: SourceFile) -> str:
    return source.name if source.path is None else os.path.realpath(source.path)


def _parsed(base: SourceFile, entry: Entry) -> Mapping:
    try:
        return parse_yaml(base)
    except SpecError as error:
        label = Label(entry.value.span, "extended here")
        raise SpecError(replace(one, labels=(*one.labels, label)) for one in error.diagnostics) from None


def _refused(code: str, entry: Entry, headline: str, help: str) -> SpecError:
    return _refusal(code, entry.value.span, headline, "", help)


def _refusal(code: str, span: Span, headline: str, label: str, *helps: str) -> SpecError:
    return SpecError([Diagnostic(code, headline, (Label(span, label),), helps, path=("extends",))])
