"""The zoo: specs of published networks that come with the package, found by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from unetgen.language.carried import SUFFIX, carried_spec
from unetgen.source.diagnostics import did_you_mean
from unetgen.source.files import read_source
from unetgen.source.text import SourceFile

_SUFFIX = ".yaml"


@dataclass(frozen=True, slots=True)
class ZooEntry:
    """One spec of the zoo: its first comment line, its paper, and the parameters that it promises to have."""

    name: str
    about: str
    reference: str | None
    params: int | None


def zoo_names() -> tuple[str, ...]:
    """List the names of the specs in the zoo, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob(f"*{_SUFFIX}")))


def zoo_path(name: str) -> Path:
    """Find the file of a spec in the zoo.

    Raises:
        LookupError: The zoo has no spec of that name; the message says which are close.
    """
    names = zoo_names()
    if name not in names:
        raise LookupError(f'the zoo has no spec "{name}": {did_you_mean(name, names)}')
    return _folder() / f"{name}{_SUFFIX}"


def zoo_source(name: str) -> SourceFile:
    """Read a spec of the zoo; messages call it by its file name.

    Raises:
        LookupError: The zoo has no spec of that name.
    """
    path = zoo_path(name)
    return replace(read_source(path), name=path.name)


def zoo_entries() -> Iterator[ZooEntry]:
    """Describe every spec of the zoo, by what its file says."""
    # NOTE: imported here because whoever only looks for a file needs no language.
    from unetgen.language.spec import Spec
    from unetgen.language.validate import validate
    from unetgen.source.yamltree import parse_yaml

    for name in zoo_names():
        source = zoo_source(name)
        spec = validate(parse_yaml(source), Spec)
        about = source.line(1).removeprefix("#").strip()
        yield ZooEntry(name, about, spec.reference, spec.expect.params)


def starter() -> str:
    """Give the spec that explains itself, which `unetgen init` writes."""
    return (Path(__file__).parent / f"starter{_SUFFIX}").read_text(encoding="utf-8")


def find_source(spec: str | Path) -> SourceFile:
    """Read the file at a path, or the spec of that name in the zoo; a file that exists comes first.

    Of a file of Python it is the spec that the file carries.

    Raises:
        SpecError: The file is too large, or is not UTF-8, or is one of Python without a spec.
        OSError: The file cannot be read, and the zoo has no spec of that name.
    """
    if str(spec) in zoo_names() and not Path(spec).is_file():
        return zoo_source(str(spec))
    source = read_source(spec)
    return carried_spec(source) if Path(spec).suffix == SUFFIX else source


def _folder() -> Path:
    """Give the folder of the specs: inside the package where it is installed, beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "specs"
    return installed if installed.is_dir() else package.parent / "specs"
