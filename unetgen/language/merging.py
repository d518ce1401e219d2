"""Laying one piece of a spec over another: `extends` does it with whole files, `--set` with single values.

Both are trees: nothing is known here of what a spec means but which of its values may be written in more than one form.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import replace
from typing import Final

from unetgen.source.yamltree import Entry, Mapping, Node, Scalar, Sequence

WORD_KEYS: Final = frozenset(
    {
        "activation", "attention", "block", "downsample", "dropout", "fit", "join", "norm", "output_activation",
        "path", "topology", "upsample",
    }
)  # fmt: skip
"""Keys under which a mapping is a word with its options, so that another word replaces the whole."""

_GROWN: Final[Table[str, tuple[str, tuple[type, ...]]]] = {
    "after": ("kernel_size", (int, list)),
    "before": ("kernel_size", (int, list)),
    "decoder": ("stages", (list,)),
    "encoder": ("stages", (list,)),
    "filters": ("base", (int,)),
    "init": ("kind", (str,)),
    "skip": ("join", (str,)),
}
"""Keys whose value may be shorter than a mapping: the key of the mapping that it stands for, and its types."""


def merge(base: Node, over: Node, key: str = "") -> Node:
    """Lay a value over another one: mappings are merged, everything else is replaced.

    Args:
        base: What was there.
        over: What goes over it.
        key: Under which key both stand, if any.
    """
    base = grown(base, key)
    if not (isinstance(base, Mapping) and isinstance(over, Mapping)):
        return over  # what is written short replaces the whole
    if key in WORD_KEYS and _words(base) != _words(over):
        return over
    return merge_mappings(base, over)


def merge_mappings(base: Mapping, over: Mapping) -> Mapping:
    """Merge two mappings; findings about the whole, such as a missing key, point at `over`."""
    kept = tuple(_merged_entry(entry, over.find(str(entry.key.value))) for entry in base.entries)
    new = tuple(entry for entry in over.entries if base.find(str(entry.key.value)) is None)
    return Mapping((*kept, *new), over.span)


def _merged_entry(below: Entry, above: Entry | None) -> Entry:
    if above is None:
        return below
    return Entry(above.key, merge(below.value, above.value, str(above.key.value)))


def grown(node: Node, key: str) -> Node:
    """Write a value that is shorter than its mapping as that mapping.

    Example:
        >>> from unetgen.source.yamltree import parse_fragment, to_plain
        >>> to_plain(grown(parse_fragment("add", "here"), "skip"))
        {'join': 'add'}
        >>> to_plain(grown(parse_fragment("linear", "here"), "upsample"))
        {'linear': {}}
    """
    if key in WORD_KEYS and isinstance(node, Scalar) and isinstance(node.value, str):
        empty = Mapping((), node.span)
        return Mapping((Entry(node, empty),), node.span)
    inner, types = _GROWN.get(key, ("", ()))
    found = list if isinstance(node, Sequence) else type(node.value) if isinstance(node, Scalar) else None
    return Mapping((Entry(Scalar(inner, inner, node.span), node),), node.span) if found in types else node


def _words(node: Mapping) -> tuple[object, ...]:
    return tuple(entry.key.value for entry in node.entries)


def without(tree: Mapping, *keys: str) -> Mapping:
    """Give a mapping without these keys."""
    return replace(tree, entries=tuple(entry for entry in tree.entries if entry.key.value not in keys))


def untitled(tree: Mapping) -> Mapping:
    """Give a spec without the title of its picture, which is not that of a network with another name."""
    drawing = tree.find("drawing")
    if drawing is None or not isinstance(drawing.value, Mapping):
        return tree
    kept = replace(drawing, value=without(drawing.value, "title"))
    return replace(tree, entries=tuple(kept if entry is drawing else entry for entry in tree.entries))
