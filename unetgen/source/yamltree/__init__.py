"""YAML text -> a tree of values with places. YAML's own traps end in this room; it has never heard of a network."""

from __future__ import annotations

from unetgen.source.yamltree.nodes import (
    Entry,
    Mapping,
    Node,
    Plain,
    Scalar,
    Sequence,
    child_of,
    node_at,
    span_at,
    to_plain,
)
from unetgen.source.yamltree.parse import parse_fragment, parse_yaml

__all__ = [
    "Entry",
    "Mapping",
    "Node",
    "Plain",
    "Scalar",
    "Sequence",
    "child_of",
    "node_at",
    "parse_fragment",
    "parse_yaml",
    "span_at",
    "to_plain",
]
