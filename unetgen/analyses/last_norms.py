"""The norms that end the main paths of residual blocks, whose scales may start at zero."""

from __future__ import annotations

from unetgen.ir import Network, Node, ops


def last_norms(network: Network) -> tuple[tuple[Node, Node], ...]:
    """Give each sum of a residual block with the last norm in front of it on the main path.

    A norm counts that nothing but activations, dropouts and weighings follow, so that the block starts as its shortcut
    alone once the norm's scale is zero. Norms without a scale are left out, and sums that have no such norm.
    """
    found: list[tuple[Node, Node]] = []
    for region in network.regions:
        givers = {node.output.id: node for node in region.nodes}
        ends = ((node, _norm_behind(node, givers)) for node in region.nodes if _is_residual(node))
        found += ((node, norm) for node, norm in ends if norm is not None)
    return tuple(found)


def _is_residual(node: Node) -> bool:
    """Say whether it is the sum of a residual block itself, not one of a unit, a gate or a skip inside of it."""
    scope = node.scopes[-1] if node.scopes else None
    return isinstance(node.op, ops.Add) and scope is not None and scope.kind == "block" and scope.sums


def _norm_behind(sum: Node, givers: dict[int, Node]) -> Node | None:
    """Go back from a sum on its main path, which is the first of what it adds."""
    node = givers.get(sum.inputs[0].id)
    while node is not None and isinstance(node.op, ops.Activation | ops.Dropout | ops.Multiply):
        node = givers.get(node.inputs[0].id)
    if node is None or node.scopes[: len(sum.scopes)] != sum.scopes:
        return None
    return node if isinstance(node.op, ops.Norm) and node.op.affine else None
