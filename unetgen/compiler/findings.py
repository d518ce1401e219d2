"""Collecting what is wrong with a spec, with places, until a stage of the pipeline ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from unetgen.language.spec import Spec
from unetgen.source.diagnostics import Diagnostic, Label, SpecError
from unetgen.source.text import SpecPath


class Findings:
    """The findings of one stage about one spec."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.found: list[Diagnostic] = []

    def add(
        self,
        code: str,
        headline: str,
        path: SpecPath,
        *,
        label: str = "",
        help: str | Iterable[str] = (),
        notes: Iterable[str] = (),
        at: Literal["key", "value"] = "value",
        also: Iterable[tuple[SpecPath, str]] = (),
    ) -> None:
        """Note a finding.

        Args:
            code: A code of the registry.
            headline: The fact, with numbers.
            path: Where; the deepest part that the file has is marked.
            label: What is wrong there.
            help: What to do, nearest first.
            notes: Background.
            at: Whether the key or the value is marked.
            also: Further places with their labels.
        """
        helps = (help,) if isinstance(help, str) else tuple(help)
        marked = [(path, label, at), *((p, text, "value") for p, text in also)]
        places = ((self.spec.span(p, side), text) for p, text, side in marked)
        labels = tuple(Label(span, text) for span, text in places if span is not None)
        self.found.append(Diagnostic(code, headline, labels, helps, tuple(notes), path))

    def raise_if_any(self) -> None:
        """End the stage: raise what was found, if anything was; what was found of one value many times, once."""
        if self.found:
            raise SpecError(_together(self.found))


def _together(found: list[Diagnostic]) -> list[Diagnostic]:
    """Make one finding of all that have a code and a place in common: the first, with the notes of the others."""
    first: dict[tuple[str, object], list[Diagnostic]] = {}
    for finding in found:
        place = finding.labels[0].span if finding.labels else finding.path
        first.setdefault((finding.code, place), []).append(finding)
    return [_joined(same) for same in first.values()]


def _joined(same: list[Diagnostic]) -> Diagnostic:
    first, *others = same
    notes = [*first.notes]
    for other in others:
        notes += [other.headline, *other.notes] if other.headline != first.headline else other.notes
    return replace(first, notes=tuple(dict.fromkeys(notes)))
