"""Text that is not YAML: from what PyYAML stumbled over to what was probably meant.

Each function looks at the error and gives a finding if it knows the cause. Their order matters: the first one that
knows speaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import yaml

from unetgen.source.diagnostics import Diagnostic, Label, quoted
from unetgen.source.text import SourceFile, Span
from unetgen.source.yamltree import findings
from unetgen.source.yamltree.places import PyYamlError, Spot

_CLOSING: Final = {"[": "]", "{": "}"}
_NO_SPACE: Final = re.compile(r"\s*(?:- +)*[\w-]+:(?=[^ \t])")
_PAIR: Final = re.compile(r":(?:[ \t]|$)")
_CONFLICT: Final = ("<<<<<<< ", "=======", ">>>>>>> ")
_QUOTED_VALUE: Final = re.compile(r"[^\s,\[\]{}]+")


def explain_syntax_error(source: SourceFile, error: yaml.YAMLError) -> Diagnostic:
    """Turn PyYAML's error into one finding with a place and a likely cause."""
    found = PyYamlError.of(source, error)
    return next(finding for cause in _CAUSES if (finding := cause(found)) is not None)


def _finding(headline: str, labels: Label | tuple[Label, ...], *help: str) -> Diagnostic:
    spots = labels if isinstance(labels, tuple) else (labels,)
    return Diagnostic("U004", headline, spots, (*help, *_odd_spaces(spots[0].span)))


def _odd_spaces(span: Span) -> tuple[str, ...]:
    """Point out white space that looks like a space and is none, which text copied from a page may hold."""
    odd = sorted({char for char in span.source.line(span.line) if char.isspace() and char not in " \t"})
    return tuple(f"the line holds U+{ord(char):04X}, which looks like a space: write a plain one" for char in odd)


def _conflict(error: PyYamlError) -> Diagnostic | None:
    source = error.spot.source
    for number in range(1, error.spot.line + 1):
        if source.line(number).startswith(_CONFLICT):
            label = Spot(source, number, 1).label_line("left by a merge")
            return _finding("an unresolved merge conflict", label, "keep one side, and remove the marks")
    return None


def _tab(error: PyYamlError) -> Diagnostic | None:
    if "tab character" not in error.problem and error.spot.char != "\t":
        return None
    headline = "a tab cannot indent YAML" if error.spot.starts_line else "a tab cannot stand here"
    return _finding(headline, error.spot.label("a tab"), "write spaces")


def _directive(error: PyYamlError) -> Diagnostic | None:
    above = error.above
    spots = [spot for spot in (error.spot, above) if spot is not None and spot.text.startswith("%")]
    return findings.directive(spots[0].label_line("").span) if spots else None


def _tag_or_anchor(error: PyYamlError) -> Diagnostic | None:
    word = error.start.label("").span
    if "anchor" in error.context or "alias" in error.context:
        return findings.anchor(word)
    return findings.tag(word) if "tag" in f"{error.context} {error.problem}".split() else None


def _first_character(error: PyYamlError) -> Diagnostic | None:
    spot = error.spot
    is_stray = "keys are not allowed" in error.problem or ("block node" in error.context and spot.char in set("]},"))
    if not is_stray and "cannot start any token" not in error.problem:
        return None
    word = _QUOTED_VALUE.match(spot.text, spot.column - 1)
    help = f"quote it if the text is meant: {quoted(word[0])}" if word else "take it out, or quote the whole value"
    return _finding(f"a value cannot start with {quoted(spot.char)}", spot.label("here"), help)


def _open_quote(error: PyYamlError) -> Diagnostic | None:
    if "quoted scalar" not in error.context or not error.problem.startswith("found unexpected"):
        return None
    mark = error.start.char
    return _finding("a quote is not closed", error.start.label("opened here"), f"close it with {mark}")


def _escape(error: PyYamlError) -> Diagnostic | None:
    if "quoted scalar" not in error.context:
        return None
    single = "write the text in single quotes, where a backslash is just a backslash"
    return _finding("an unknown escape in double quotes", error.spot.label("here"), single, r"or write `\\` for it")


def _block_text(error: PyYamlError) -> Diagnostic | None:
    if "block scalar" not in error.context:
        return None
    label = error.spot.label("this does")
    return _finding("nothing may follow `|` or `>` on its line", label, "start the text on the next line, or quote it")


def _inline_item(error: PyYamlError) -> Diagnostic | None:
    if "sequence entries are not allowed" not in error.problem:
        return None
    label, help = error.spot.label("a list starts here"), "put each `- item` on a line of its own, or write [a, b]"
    return _finding("a list cannot start behind its key", label, help)


def _bracket(error: PyYamlError) -> Diagnostic | None:
    opening = error.start.char
    if "parsing a flow" not in error.context or opening not in _CLOSING:
        return None
    closing = _CLOSING[opening]
    if error.is_end or error.spot.line > error.start.line or error.spot.char in "]}":
        labels = error.start.label("opened here"), error.spot.label(f"`{closing}` is missing before this")
        return _finding(
            f'the bracket "{opening}" is not closed', labels[: 1 if error.is_end else 2], f"write `{closing}`"
        )
    headline = f'a comma or "{closing}" is missing'
    return _finding(headline, error.spot.label("before this"), "separate values by commas", "quote text with a colon")


def _flow_value(error: PyYamlError) -> Diagnostic | None:
    if "flow node" not in error.context:
        return None
    if error.is_end:
        return _finding("a bracket is not closed", error.spot.label("the text ends here"), "close every `[` and `{`")
    headline = f"a value is missing before {quoted(error.spot.char)}"
    return _finding(headline, error.spot.label("nothing before this"), "write a value, or take the comma out")


def _second_colon(error: PyYamlError) -> Diagnostic | None:
    if not _is_stray_colon(error) or not _PAIR.search(error.spot.before):
        return None
    label, line = error.spot.label("the second"), "put each key on a line of its own"
    return _finding("a second `: ` on one line", label, line, "quote the value if the colon belongs to it")


def _missing_space(error: PyYamlError) -> Diagnostic | None:
    line = _line_without_value(error)
    found = _NO_SPACE.match(line.text) if line else None
    if line is None or found is None:
        return None
    label = Spot(line.source, line.line, found.end()).label("this colon")
    return _finding("a space is missing after a colon", label, f"write `{found[0].strip()} ...`, with a space")


def _missing_colon(error: PyYamlError) -> Diagnostic | None:
    line = _line_without_value(error)
    if line is None or _PAIR.search(line.text):
        return None
    is_comment = line.text.lstrip().startswith(("//", "/*", ";", "--"))
    help = "comments start with `#`" if is_comment else "write `key: value`, with a colon and a space"
    return _finding("a line without `key: value`", line.label_line("no colon here"), help)


def _deeper(error: PyYamlError) -> Diagnostic | None:
    above = error.above
    if not _is_stray_colon(error) or above is None or error.spot.indent <= above.indent:
        return None
    labels = error.spot.label_line("indented deeper"), above.label_line("than this, which has a value already")
    return _finding("a line is indented too deep", labels, "indent both alike, or take the value of the first one out")


def _after_value(error: PyYamlError) -> Diagnostic | None:
    spot = error.spot
    if not _is_lost(error) or spot.starts_line:
        return None
    if spot.char in "]}":
        return _finding(f"one `{spot.char}` too many", spot.label("closes nothing"), "take it out")
    label = spot.label("the value has ended before this")
    single = ("inside single quotes, write '' for an apostrophe",) if spot.before.endswith("'") else ()
    return _finding("text after the end of a value", label, *single, "quote the whole value, or start a new line")


def _no_key(error: PyYamlError) -> Diagnostic | None:
    if not _is_lost(error) or error.spot.char != ":":
        return None
    return _finding("a key is missing", error.spot.label("nothing before this colon"), "write `key: value`")


def _mixed(error: PyYamlError) -> Diagnostic | None:
    if "'-' indicator" in error.problem or "block collection" in error.context:
        label = error.spot.label_line("no `- ` here"), error.start.label("the list starts here")
        return _finding("a line that is no item stands in a list", label, "start each item with `- `, in one column")
    if _is_lost(error) and error.spot.text.lstrip().startswith("- "):
        label = error.spot.label_line("an item"), error.start.label("the mapping starts here")
        return _finding("a list item stands among keys", label, "indent all items of a list alike, below their key")
    return None


def _indentation(error: PyYamlError) -> Diagnostic | None:
    if not _is_lost(error):
        return None
    label = error.spot.label_line(f"indented by {error.spot.column - 1}")
    return _finding("a line fits no mapping above it", label, "indent it like the keys that it belongs with")


def _unknown(error: PyYamlError) -> Diagnostic:
    return _finding(f"this is not YAML: {error.problem}", error.spot.label("here"))


def _is_stray_colon(error: PyYamlError) -> bool:
    return "mapping values are not allowed" in error.problem


def _is_lost(error: PyYamlError) -> bool:
    """Say whether something stands where only a key, or the end, could."""
    return any(word in error.problem for word in ("expected key", "<block end>", "<document start>"))


def _line_without_value(error: PyYamlError) -> Spot | None:
    """Give the line that should have been a `key: value`: PyYAML notices only at the next colon."""
    if "could not find expected ':'" in error.problem:
        return error.start
    return error.above if _is_stray_colon(error) else None


_CAUSES: Final[tuple[Callable[[PyYamlError], Diagnostic | None], ...]] = (
    _conflict,
    _tab,
    _directive,
    _tag_or_anchor,
    _first_character,
    _open_quote,
    _escape,
    _block_text,
    _inline_item,
    _bracket,
    _flow_value,
    _second_colon,
    _missing_space,
    _missing_colon,
    _deeper,
    _after_value,
    _no_key,
    _mixed,
    _indentation,
    _unknown,
)
