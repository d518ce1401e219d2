"""Which of the scopes around a node are compared, to find out whether two nodes are in one unit, or on one way."""

from __future__ import annotations

from unetgen.ir import Node, Scope

Scopes = tuple[Scope, ...]


def around(node: Node) -> Scopes:
    """Give the scopes around a node but for those of units, fits and joins: nodes on one way have the same.

    Example: for the convolution of a shortcut these are its block and the shortcut, for the sum behind it the block.
    """
    return tuple(scope for scope in node.scopes if scope.kind not in ("unit", "fit", "join"))


def is_inside(node: Node, other: Node) -> bool:
    """Say whether a node is in a scope that another node of its region is not in, and in all scopes of that."""
    inner, outer = around(node), around(other)
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def unit_of(node: Node) -> Scopes:
    """Give the scopes around a node without those that have no like: nodes of one unit have the same.

    Example: `norm2` and `act2` of a stage share the unit with the number 2, `norm1` and `act1` that with the number 1.
    """
    return without_lone(node.scopes)


def without_lone(scopes: Scopes) -> Scopes:
    """Leave out units, fits and joins without a number, as they are the only ones where they stand.

    Example: of a block with a number, in which there is a lone unit, the block is left.
    """
    return tuple(scope for scope in scopes if scope.number is not None or scope.kind not in ("unit", "fit", "join"))
