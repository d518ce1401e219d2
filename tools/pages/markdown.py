"""Markdown, made by small functions that each return one kind of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import yaml

__all__ = ["anchor", "code", "flow", "linked", "listed", "section", "table"]


def code(text: str) -> str:
    """Set a text in code.

    Example:
        >>> print(code("relu"), code("a|b"))
        `relu` `a\\|b`
    """
    return f"`{text}`".replace("|", "\\|")


def flow(value: object) -> str:
    """Write a value of the language as YAML on one line.

    Example:
        >>> flow({"leaky_relu": {"negative_slope": 0.01}}), flow(""), flow(True), flow([2])
        ('{leaky_relu: {negative_slope: 0.01}}', '""', 'true', '[2]')
    """
    if value == "":
        return '""'
    text: str = yaml.safe_dump(value, default_flow_style=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")


def linked(text: str) -> str:
    """Turn every arXiv number and every DOI into a link.

    Example:
        >>> linked("V-Net, arXiv:1606.04797.")
        'V-Net, [arXiv:1606.04797](https://arxiv.org/abs/1606.04797).'
    """
    text = re.sub(r"(?<!`)doi:(10\.\S+[\w)])", r"[doi:\1](https://doi.org/\1)", text)
    return re.sub(r"(?<!`)arXiv:(\d{4}\.\d{4,5})", r"[arXiv:\1](https://arxiv.org/abs/\1)", text)


def listed(names: Sequence[str], most: int = 3) -> str:
    """List the first few of many names.

    Example:
        >>> listed(["a", "b"]), listed(["a", "b", "c", "d", "e"])
        ('a, b', 'a, b, c and 2 more')
    """
    shown, rest = ", ".join(names[:most]), len(names) - most
    return f"{shown} and {rest} more" if rest > 0 else shown


def anchor(title: str) -> str:
    """Give the anchor of a heading, as renderers of Markdown make it.

    Example:
        >>> anchor("Residual blocks: `residual`")
        'residual-blocks-residual'
    """
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Set a table.

    Example:
        >>> print(table(("a", "b"), [("1", "2")]))
        | a | b |
        |---|---|
        | 1 | 2 |
    """
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)


def section(title: str, *parts: str, level: int = 2) -> str:
    """Set a heading and what stands below it; empty parts are left out."""
    return "\n\n".join([f"{'#' * level} {title}", *filter(None, parts)])
