"""What one finding holds."""

from __future__ import annotations

from dataclasses import dataclass

from unetgen.source.diagnostics.codes import CODES, Kind
from unetgen.source.text import Span


@dataclass(frozen=True, slots=True)
class Label:
    """A place in the source and what is to be said right there."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a spec.

    Args:
        code: The kind of finding, a key of `CODES`.
        headline: The fact: short, lower case, no full stop, the user's own words in quotes.
        labels: Places in the text, the primary one first. Empty for a spec that was not written in YAML.
        help: Actions that lead out.
        notes: Background.
        path: Where it is in the spec's tree, such as `("encoder", 0, "kernel_size")`.
    """

    code: str
    headline: str
    labels: tuple[Label, ...] = ()
    help: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    path: tuple[str | int, ...] = ()

    @property
    def kind(self) -> Kind:
        """Say whether the spec is wrong ("spec") or merely more than we agree to work on ("limit")."""
        return CODES[self.code].kind
