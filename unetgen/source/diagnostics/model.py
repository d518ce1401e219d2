"""What one finding holds, and one kind of finding."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Literal

from unetgen.source.text import Span, SpecPath

Kind = Literal["spec", "limit"]
"""Whether a spec is wrong, or merely more than we agree to work on."""


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """A kind of finding, as the user may read about it at leisure.

    Args:
        code: "U", the block's digit, and two digits.
        title: What is wrong, in a few words.
        explanation: Why it is refused and what to do, a paragraph.
        wrong: YAML that is refused with this code; empty where an example would not fit on a page.
        right: The same YAML, mended.
    """

    code: str
    title: str
    explanation: str
    wrong: str = ""
    right: str = ""
    kind: Kind = "spec"

    def explain(self) -> str:
        """Write the page that `unetgen explain` shows, as plain text without a final line break."""
        parts = [f"{self.code}: {self.title}", textwrap.fill(" ".join(self.explanation.split()), 88)]
        if self.wrong:
            parts += ["Wrong:", textwrap.indent(self.wrong.rstrip("\n"), "    ")]
        if self.right:
            parts += ["Right:", textwrap.indent(self.right.rstrip("\n"), "    ")]
        return "\n\n".join(parts)


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
    path: SpecPath = ()
