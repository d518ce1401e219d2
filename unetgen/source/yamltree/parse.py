"""One pass over the events of PyYAML: builds the tree, keeps the limits, and collects every finding on the way.

Events are the only part of PyYAML that is safe with text from a stranger: loading and composing expand aliases, and
crash on deep nesting.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

import yaml

from unetgen.source.diagnostics import Diagnostic, SpecError
from unetgen.source.files import MAX_BYTES, too_large
from unetgen.source.text import SourceFile, Span
from unetgen.source.yamltree import findings
from unetgen.source.yamltree.nodes import Entry, Mapping, Node, Scalar, Sequence
from unetgen.source.yamltree.places import SpanFinder
from unetgen.source.yamltree.scalars import MAX_DIGITS, Ambiguous, NotFinite, TooManyDigits, resolve
from unetgen.source.yamltree.syntax import explain_syntax_error

MAX_DEPTH: Final = 32
MAX_EVENTS: Final = 20_000
MAX_SCALAR: Final = 4_096

LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML's parser in C (libyaml), six times as fast, or the one in Python where that is not installed."""

_REPLACEMENT: Final = "\ufffd"


def parse_yaml(source: SourceFile) -> Mapping:
    """Read one YAML document whose top level is a mapping.

    Raises:
        SpecError: With everything that is wrong, as far as the text could be followed.
    """
    root = _Parser(source).document()
    if root is None:
        raise SpecError([findings.empty(source)])
    if not isinstance(root, Mapping):
        raise SpecError([findings.not_a_mapping(root)])
    return root


def parse_fragment(text: str, name: str) -> Node:
    """Read one value that was written outside of a file, such as `[1, 2]` or `{join: add}`, under the same rules.

    Args:
        name: What messages call the place, such as `--set filters`.

    Raises:
        SpecError: As `parse_yaml`; a fragment may be any kind of value, but not nothing.
    """
    source = SourceFile(name, text)
    root = _Parser(source).document()
    if root is None:
        raise SpecError([findings.no_value(source)])
    return root


class _Stop(Exception):
    """Nothing sensible can be read after the last finding."""


class _Parser:
    """The state of one pass: the events to come, how many there were, what was found."""

    def __init__(self, source: SourceFile) -> None:
        if len(source.text) > MAX_BYTES:
            raise too_large(source.name)
        self._source = source
        self._spans = SpanFinder(source)
        self._found: list[Diagnostic] = findings.hidden_characters(source)
        self._events = self._limited(_events(_without_hidden(source.text)))

    def document(self) -> Node | None:
        root = self._root()
        if self._found:
            raise SpecError(self._found)
        return root

    def _root(self) -> Node | None:
        is_hiding = bool(self._found)
        try:
            return self._only_document()
        except _Stop:
            return None
        except yaml.YAMLError as error:
            # NOTE: a hidden character is replaced while reading on; what breaks then may be due to that alone.
            if not is_hiding:
                self._add_syntax_error(explain_syntax_error(self._source, error))
            return None

    def _add_syntax_error(self, finding: Diagnostic) -> None:
        # NOTE: after a tag or an anchor, the parser stumbles over what follows it on the line.
        line = finding.labels[0].span.line
        if all(other.labels[0].span.line != line for other in self._found):
            self._found.append(finding)

    def _limited(self, events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
        for count, event in enumerate(events):
            if count == MAX_EVENTS:
                raise self._stop(findings.too_many_values(self._spans.of(event), MAX_EVENTS))
            yield event

    def _stop(self, finding: Diagnostic) -> _Stop:
        self._found.append(finding)
        return _Stop()

    def _only_document(self) -> Node | None:
        next(self._events)  # the start of the stream
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            return None
        directive = self._spans.directive_before(start)
        if directive is not None:
            self._found.append(findings.directive(directive))
        root = self._node(next(self._events), 0)
        next(self._events)  # the end of the document
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._stop(findings.second_document(self._spans.of(after)))
        return None if _is_nothing(root) else root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        self._refuse_properties(event)
        match event:
            case yaml.ScalarEvent():
                return self._scalar(event)
            case yaml.SequenceStartEvent():
                return self._sequence(event, self._deeper(event, depth))
            case yaml.MappingStartEvent():
                return self._mapping(event, self._deeper(event, depth))
        return Scalar(None, "", self._spans.of(event))  # an alias, refused above

    def _deeper(self, event: yaml.Event, depth: int) -> int:
        if depth == MAX_DEPTH:
            raise self._stop(findings.too_deep(self._spans.of(event), MAX_DEPTH))
        return depth + 1

    def _refuse_properties(self, event: yaml.Event) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            self._found.append(findings.anchor(self._spans.word(event)))
        if tag is not None:
            self._found.append(findings.tag(self._spans.word(event)))

    def _sequence(self, start: yaml.SequenceStartEvent, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth))
        return Sequence(tuple(items), self._spans.collection(start, event, [item.span for item in items]))

    def _mapping(self, start: yaml.MappingStartEvent, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        spans: list[Span] = []
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, depth)
            value = self._node(next(self._events), depth)
            spans.append(value.span)
            if key is not None:
                self._add(entries, Entry(key, value))
        return Mapping(tuple(entries.values()), self._spans.collection(start, event, spans))

    def _key(self, event: yaml.Event, depth: int) -> Scalar | None:
        key = self._word(event) if isinstance(event, yaml.ScalarEvent) else self._node(event, depth)
        if not isinstance(key, Scalar) or key.value is None:
            if not isinstance(event, yaml.AliasEvent):  # an alias is refused already
                self._found.append(findings.not_a_word(key))
            return None
        if key.text == "<<" and not _is_quoted(event):
            self._found.append(findings.merge_key(key))
            return None
        return key

    def _word(self, event: yaml.ScalarEvent) -> Scalar:
        """Read a key: its value is its text, or None if some YAML reader would not take it for text."""
        self._refuse_properties(event)
        span, text = self._checked(event), event.value
        is_text = _is_quoted(event) or len(text) > MAX_SCALAR or isinstance(resolve(text), str)
        return Scalar(text if is_text else None, text, span)

    def _add(self, entries: dict[str, Entry], entry: Entry) -> None:
        first = entries.setdefault(str(entry.key.value), entry)
        if first is not entry:
            self._found.append(findings.duplicate_key(first.key, entry.key))

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        span, text = self._checked(event), event.value
        if _is_quoted(event) or len(text) > MAX_SCALAR:
            return Scalar(text, text, span)
        return Scalar(self._value(text, span), text, span)

    def _checked(self, event: yaml.ScalarEvent) -> Span:
        """Hold a text to what values and keys have in common, and give its place."""
        span, length = self._spans.of(event), len(event.value)
        if length > MAX_SCALAR:
            self._found.append(findings.too_long(span, length, MAX_SCALAR))
        elif _is_quoted(event):
            self._found += findings.hidden_in_value(span, event.value)
        return span

    def _value(self, text: str, span: Span) -> str | int | float | bool | None:
        value = resolve(text)
        match value:
            case Ambiguous():
                self._found.append(findings.ambiguous(span, text, value))
            case NotFinite():
                self._found.append(findings.not_finite(span, text))
            case TooManyDigits():
                self._found.append(findings.too_many_digits(span, MAX_DIGITS))
            case _:
                return value
        return text


def _events(text: str) -> Iterator[yaml.Event]:
    try:
        yield from _events_of_any_depth(text)
    except (ValueError, OverflowError) as error:
        # NOTE: the loader in pure Python does not catch what int() and chr() say of absurd escapes and versions.
        raise yaml.YAMLError("a number is out of range") from error


def _events_of_any_depth(text: str) -> Iterator[yaml.Event]:
    count = 0
    try:
        for event in yaml.parse(text, Loader=LOADER):
            yield event
            count += 1
    except yaml.YAMLError as error:
        # NOTE: libyaml 0.2.6, which came with PyYAML 6.0.4, refuses a thousand open brackets while it still looks ahead
        # for a colon, before it has told of the first one. The loader in pure Python tells of each, so that our own
        # limit is met, at its place.
        if "maximum nesting depth" not in str(error):
            raise
        yield from islice(yaml.parse(text, Loader=yaml.SafeLoader), count, None)


def _is_quoted(event: yaml.Event) -> bool:
    """Say whether a scalar is text by its form: in quotes, or a block after `|` or `>`."""
    return isinstance(event, yaml.ScalarEvent) and bool(event.style)


def _is_nothing(root: Node) -> bool:
    return isinstance(root, Scalar) and root.value is None and not root.text


def _without_hidden(text: str) -> str:
    """Replace hidden characters, which were found already, one for one: the parser would stop at the first."""
    hidden = findings.hidden_set(text)
    return text.translate(dict.fromkeys(map(ord, hidden), _REPLACEMENT)) if hidden else text
