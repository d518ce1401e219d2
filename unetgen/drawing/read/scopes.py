"""Which scopes of a node tell its unit, and its way, from others."""

from __future__ import annotations

from unetgen.ir import Node, Scope

Scopes = tuple[Scope, ...]


def around(node: Node) -> Scopes:
    """Give the scopes that a node stands in as a part of its unit, its fit or its join."""
    return tuple(scope for scope in node.scopes if scope.kind not in ("unit", "fit", "join"))


def unit_of(node: Node) -> Scopes:
    """Give the scopes that tell the unit of a node from others.

    Example: `norm2` and `act2` of a stage are in a unit with the number 2, which is given; a unit without a number is
    the only one around, and left out.
    """
    return telling(node.scopes)


def telling(scopes: Scopes) -> Scopes:
    """Leave out what is the only one of its kind around: a unit, a fit or a join without a number."""
    return tuple(scope for scope in scopes if scope.number is not None or scope.kind not in ("unit", "fit", "join"))
