"""The words of every YAML-level finding except syntax errors."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from unetgen.source.diagnostics import Diagnostic, Label, is_hidden, quoted
from unetgen.source.text import SourceFile, Span
from unetgen.source.yamltree.nodes import Node, Scalar, Sequence
from unetgen.source.yamltree.scalars import Ambiguous

_SHOWN: Final = ("hidden here", "and here", "and here")
"""What is said of the first places of a hidden character."""
_LONGEST_ADVICE: Final = 40
_BREAKS: Final = frozenset("\n\t")


def hidden_set(text: str) -> frozenset[str]:
    """Collect the hidden characters of a source; its line breaks and tabs are none."""
    if text.isprintable():
        return frozenset()
    return frozenset(char for char in set(text.replace("\r\n", "\n")) - _BREAKS if is_hidden(char))


def hidden_characters(source: SourceFile) -> list[Diagnostic]:
    """Find each kind of hidden character once, with its first places."""
    return [_hidden_character(source, char) for char in sorted(hidden_set(source.text))]


def _hidden_character(source: SourceFile, char: str) -> Diagnostic:
    # A carriage return in front of a line feed is a part of a line break.
    found = [one.start() for one in re.finditer(r"\r(?!\n)" if char == "\r" else re.escape(char), source.text)]
    labels = tuple(Label(_one_character(source, index), text) for index, text in zip(found, _SHOWN, strict=False))
    notes = (f"the file holds {len(found):,} of them",) if len(found) > len(_SHOWN) else ()
    return Diagnostic("U003", f"hidden character {_name(char)}", labels, (_way_out(char),), notes)


def _one_character(source: SourceFile, index: int) -> Span:
    before = source.text[:index]
    line, column = before.count("\n") + 1, index - before.rfind("\n")
    return Span(source, line, column, line, column + 1)


def _name(char: str) -> str:
    nameless = "half of a surrogate pair" if unicodedata.category(char) == "Cs" else "a control character"
    name = unicodedata.name(char, nameless).lower()
    return f"U+{ord(char):04X} ({name})"


def _way_out(char: str) -> str:
    if char == "\r":
        return "save the file with line breaks as Unix or Windows write them"
    return "remove it: it cannot be seen, or changes how the text around it is shown"


def hidden_in_value(span: Span, text: str) -> list[Diagnostic]:
    """Find hidden characters that were written as escapes in a quoted value, such as `"\\u202e"`."""
    if text.isprintable():
        return []
    hidden = sorted(char for char in set(text) - _BREAKS if is_hidden(char))
    label = Label(span, "written as an escape here")
    return [Diagnostic("U003", f"hidden character {_name(char)}", (label,), (_way_out(char),)) for char in hidden]


def _at(span: Span, code: str, headline: str, label: str, *helps: str) -> Diagnostic:
    """Make a finding of one place."""
    return Diagnostic(code, headline, (Label(span, label),), helps)


def empty(source: SourceFile) -> Diagnostic:
    help = "start with `unetgen init`, or with four lines: depth: 4, filters: 64, skip: concat, activation: relu"
    return _at(_start(source), "U005", "the spec is empty", "nothing here but white space or comments", help)


def no_value(source: SourceFile) -> Diagnostic:
    return _at(_start(source), "U005", "no value is given", "nothing here", 'write a value, or "" for an empty text')


def _start(source: SourceFile) -> Span:
    return Span(source, 1, 1, 1, 1)


def not_a_mapping(root: Node) -> Diagnostic:
    kind = "a list" if isinstance(root, Sequence) else "a single value"
    help = "write `key: value` lines, such as `depth: 4`"
    if isinstance(root, Scalar) and ":" in root.text:
        help = "put a space after each colon: `depth: 4`, not `depth:4`"
    return _at(root.span, "U006", f"a spec is a mapping, but this is {kind}", kind, help)


def second_document(span: Span) -> Diagnostic:
    help = "put each spec in a file of its own"
    return _at(span, "U007", "more than one YAML document", "a second document starts here", help)


def directive(span: Span) -> Diagnostic:
    return _at(span, "U008", "a YAML directive", "directives are not read", "remove the line: specs are YAML 1.2")


def tag(span: Span) -> Diagnostic:
    helps = "remove the tag: a spec never names types of a programming language", "quote the value if the `!` is meant"
    return _at(span, "U009", "a YAML tag", "tags are not read", *helps)


def anchor(span: Span) -> Diagnostic:
    helps = "write the value out", "quote the value if the `&` or `*` is meant"
    return _at(span, "U010", "a YAML anchor or alias", "a value cannot be named or repeated by name", *helps)


def merge_key(key: Scalar) -> Diagnostic:
    return _at(key.span, "U011", "a YAML merge key", "merging is not done here", "write the merged keys out")


def duplicate_key(first: Scalar, second: Scalar) -> Diagnostic:
    return Diagnostic(
        "U012",
        f"the key {quoted(second.text)} is written twice",
        (Label(second.span, "written again here"), Label(first.span, "first written here")),
        ("keep one of the two",),
    )


def ambiguous(span: Span, text: str, why: Ambiguous) -> Diagnostic:
    quote = f"quote it if the text is meant: {quoted(text)}"
    helps = (why.help, quote) if len(text) <= _LONGEST_ADVICE else (quote,)
    return _at(span, "U013", f"ambiguous value {quoted(text)}", why.reading, *helps)


def not_a_word(key: Node) -> Diagnostic:
    if isinstance(key, Scalar) and key.text:
        headline, help = f"the key {quoted(key.text)} is not text", f"quote it if the text is meant: {quoted(key.text)}"
        return _at(key.span, "U014", headline, "some read it as a number, a truth value or null", help)
    return _at(key.span, "U014", "a key is a single word", "not a word", "write `key: value`")


def too_deep(span: Span, most: int) -> Diagnostic:
    help = "nest less: no option needs as much"
    return _at(span, "U015", f"nested deeper than {most} levels", "one level too many", help)


def too_many_values(span: Span, most: int) -> Diagnostic:
    help = "check that this is the right file"
    return _at(span, "U016", f"more than {most:,} values and brackets", "one too many", help)


def too_long(span: Span, length: int, most: int) -> Diagnostic:
    return _at(span, "U017", f"a value of {length:,} characters", f"at most {most:,} are read", "shorten it")


def too_many_digits(span: Span, most: int) -> Diagnostic:
    return _at(span, "U018", f"an integer of more than {most} digits", "too long", "write a smaller number")


def not_finite(span: Span, text: str) -> Diagnostic:
    headline = f"the number {quoted(text)} is not finite"
    return _at(span, "U019", headline, "infinite, or not a number", "write a finite number")
