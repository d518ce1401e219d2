"""Text that is not YAML: from what PyYAML stumbled over to what was probably meant.

Each function looks at the trouble and gives a finding if it knows the cause. Their order matters: the first one that
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
from unetgen.source.yamltree.trouble import Spot, Trouble

_CLOSING: Final = {"[": "]", "{": "}"}
_NO_SPACE: Final = re.compile(r"\s*(?:- +)*[\w-]+:(?=[^ \t])")
_PAIR: Final = re.compile(r":(?:[ \t]|$)")
_CONFLICT: Final = ("<<<<<<< ", "=======", ">>>>>>> ")
_QUOTED_VALUE: Final = re.compile(r"[^\s,\[\]{}]+")


def explain_syntax_error(source: SourceFile, error: yaml.YAMLError) -> Diagnostic:
    """Turn PyYAML's error into one finding with a place and a likely cause."""
    trouble = Trouble.of(source, error)
    return next(finding for cause in _CAUSES if (finding := cause(trouble)) is not None)


def _finding(headline: str, labels: Label | tuple[Label, ...], *help: str) -> Diagnostic:
    spots = labels if isinstance(labels, tuple) else (labels,)
    return Diagnostic("U004", headline, spots, (*help, *_odd_spaces(spots[0].span)))


def _odd_spaces(span: Span) -> tuple[str, ...]:
    """Point out white space that looks like a space and is none, which text copied from a page may hold."""
    odd = sorted({char for char in span.source.line(span.line) if char.isspace() and char not in " \t"})
    return tuple(f"the line holds U+{ord(char):04X}, which looks like a space: write a plain one" for char in odd)


def _conflict(trouble: Trouble) -> Diagnostic | None:
    source = trouble.spot.source
    for number in range(1, trouble.spot.line + 1):
        if source.line(number).startswith(_CONFLICT):
            label = Spot(source, number, 1).label_line("left by a merge")
            return _finding("an unresolved merge conflict", label, "keep one side, and remove the marks")
    return None


def _tab(trouble: Trouble) -> Diagnostic | None:
    if "tab character" not in trouble.problem and trouble.spot.char != "\t":
        return None
    headline = "a tab cannot indent YAML" if trouble.spot.starts_line else "a tab cannot stand here"
    return _finding(headline, trouble.spot.label("a tab"), "write spaces")


def _directive(trouble: Trouble) -> Diagnostic | None:
    above = trouble.above
    spots = [spot for spot in (trouble.spot, above) if spot is not None and spot.text.startswith("%")]
    return findings.directive(spots[0].label_line("").span) if spots else None


def _tag_or_anchor(trouble: Trouble) -> Diagnostic | None:
    word = trouble.start.label("").span
    if "anchor" in trouble.context or "alias" in trouble.context:
        return findings.anchor(word)
    return findings.tag(word) if "tag" in f"{trouble.context} {trouble.problem}".split() else None


def _first_character(trouble: Trouble) -> Diagnostic | None:
    spot = trouble.spot
    is_stray = "keys are not allowed" in trouble.problem or (
        "block node" in trouble.context and spot.char in set("]},")
    )
    if not is_stray and "cannot start any token" not in trouble.problem:
        return None
    word = _QUOTED_VALUE.match(spot.text, spot.column - 1)
    help = f"quote it if the text is meant: {quoted(word[0])}" if word else "take it out, or quote the whole value"
    return _finding(f"a value cannot start with {quoted(spot.char)}", spot.label("here"), help)


def _open_quote(trouble: Trouble) -> Diagnostic | None:
    if "quoted scalar" not in trouble.context or not trouble.problem.startswith("found unexpected"):
        return None
    mark = trouble.start.char
    return _finding("a quote is not closed", trouble.start.label("opened here"), f"close it with {mark}")


def _escape(trouble: Trouble) -> Diagnostic | None:
    if "quoted scalar" not in trouble.context:
        return None
    single = "write the text in single quotes, where a backslash is just a backslash"
    return _finding("an unknown escape in double quotes", trouble.spot.label("here"), single, r"or write `\\` for it")


def _block_text(trouble: Trouble) -> Diagnostic | None:
    if "block scalar" not in trouble.context:
        return None
    label = trouble.spot.label("this does")
    return _finding("nothing may follow `|` or `>` on its line", label, "start the text on the next line, or quote it")


def _inline_item(trouble: Trouble) -> Diagnostic | None:
    if "sequence entries are not allowed" not in trouble.problem:
        return None
    label, help = trouble.spot.label("a list starts here"), "put each `- item` on a line of its own, or write [a, b]"
    return _finding("a list cannot start behind its key", label, help)


def _bracket(trouble: Trouble) -> Diagnostic | None:
    opening = trouble.start.char
    if "parsing a flow" not in trouble.context or opening not in _CLOSING:
        return None
    closing = _CLOSING[opening]
    if trouble.is_end or trouble.spot.line > trouble.start.line or trouble.spot.char in "]}":
        labels = trouble.start.label("opened here"), trouble.spot.label(f"`{closing}` is missing before this")
        return _finding(
            f'the bracket "{opening}" is not closed', labels[: 1 if trouble.is_end else 2], f"write `{closing}`"
        )
    headline = f'a comma or "{closing}" is missing'
    return _finding(headline, trouble.spot.label("before this"), "separate values by commas", "quote text with a colon")


def _flow_value(trouble: Trouble) -> Diagnostic | None:
    if "flow node" not in trouble.context:
        return None
    if trouble.is_end:
        return _finding("a bracket is not closed", trouble.spot.label("the text ends here"), "close every `[` and `{`")
    headline = f"a value is missing before {quoted(trouble.spot.char)}"
    return _finding(headline, trouble.spot.label("nothing before this"), "write a value, or take the comma out")


def _second_colon(trouble: Trouble) -> Diagnostic | None:
    if not _is_stray_colon(trouble) or not _PAIR.search(trouble.spot.before):
        return None
    label, line = trouble.spot.label("the second"), "put each key on a line of its own"
    return _finding("a second `: ` on one line", label, line, "quote the value if the colon belongs to it")


def _missing_space(trouble: Trouble) -> Diagnostic | None:
    line = _line_without_value(trouble)
    found = _NO_SPACE.match(line.text) if line else None
    if line is None or found is None:
        return None
    label = Spot(line.source, line.line, found.end()).label("this colon")
    return _finding("a space is missing after a colon", label, f"write `{found[0].strip()} ...`, with a space")


def _missing_colon(trouble: Trouble) -> Diagnostic | None:
    line = _line_without_value(trouble)
    if line is None or _PAIR.search(line.text):
        return None
    is_comment = line.text.lstrip().startswith(("//", "/*", ";", "--"))
    help = "comments start with `#`" if is_comment else "write `key: value`, with a colon and a space"
    return _finding("a line without `key: value`", line.label_line("no colon here"), help)


def _deeper(trouble: Trouble) -> Diagnostic | None:
    above = trouble.above
    if not _is_stray_colon(trouble) or above is None or trouble.spot.indent <= above.indent:
        return None
    labels = trouble.spot.label_line("indented deeper"), above.label_line("than this, which has a value already")
    return _finding("a line is indented too deep", labels, "indent both alike, or take the value of the first one out")


def _after_value(trouble: Trouble) -> Diagnostic | None:
    spot = trouble.spot
    if not _is_lost(trouble) or spot.starts_line:
        return None
    if spot.char in "]}":
        return _finding(f"one `{spot.char}` too many", spot.label("closes nothing"), "take it out")
    label = spot.label("the value has ended before this")
    single = ("inside single quotes, write '' for an apostrophe",) if spot.before.endswith("'") else ()
    return _finding("text after the end of a value", label, *single, "quote the whole value, or start a new line")


def _no_key(trouble: Trouble) -> Diagnostic | None:
    if not _is_lost(trouble) or trouble.spot.char != ":":
        return None
    return _finding("a key is missing", trouble.spot.label("nothing before this colon"), "write `key: value`")


def _mixed(trouble: Trouble) -> Diagnostic | None:
    if "'-' indicator" in trouble.problem or "block collection" in trouble.context:
        label = trouble.spot.label_line("no `- ` here"), trouble.start.label("the list starts here")
        return _finding("a line that is no item stands in a list", label, "start each item with `- `, in one column")
    if _is_lost(trouble) and trouble.spot.text.lstrip().startswith("- "):
        label = trouble.spot.label_line("an item"), trouble.start.label("the mapping starts here")
        return _finding("a list item stands among keys", label, "indent all items of a list alike, below their key")
    return None


def _indentation(trouble: Trouble) -> Diagnostic | None:
    if not _is_lost(trouble):
        return None
    label = trouble.spot.label_line(f"indented by {trouble.spot.column - 1}")
    return _finding("a line fits no mapping above it", label, "indent it like the keys that it belongs with")


def _unknown(trouble: Trouble) -> Diagnostic:
    return _finding(f"this is not YAML: {trouble.problem}", trouble.spot.label("here"))


def _is_stray_colon(trouble: Trouble) -> bool:
    return "mapping values are not allowed" in trouble.problem


def _is_lost(trouble: Trouble) -> bool:
    """Say whether something stands where only a key, or the end, could."""
    return any(word in trouble.problem for word in ("expected key", "<block end>", "<document start>"))


def _line_without_value(trouble: Trouble) -> Spot | None:
    """Give the line that should have been a `key: value`: PyYAML notices only at the next colon."""
    if "could not find expected ':'" in trouble.problem:
        return trouble.start
    return trouble.above if _is_stray_colon(trouble) else None


_CAUSES: Final[tuple[Callable[[Trouble], Diagnostic | None], ...]] = (
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
