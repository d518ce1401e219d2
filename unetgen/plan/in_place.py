"""Which activations may overwrite their input: decided by liveness, never by a spec."""

from __future__ import annotations

from collections import Counter

from unetgen.ir import ops
from unetgen.parts.catalog import ACTIVATIONS
from unetgen.plan.steps import Group


def overwriting(group: Group) -> frozenset[str]:
    """List the paths of the activations of a group that may work in place.

    The input of such an activation is read by nobody else, is no value that enters or leaves the group, and is a fresh
    tensor whose maker does not need it for its own gradient. Where a module runs several times, this holds each time.
    """
    users = Counter(value.id for step in group.steps for value in step.inputs)
    users.update(value.id for value in group.outputs)
    fresh = {leaf.output.id for leaf in group.leaves if _gives_fresh(leaf.node.op, len(leaf.inputs))}
    activations = [leaf for leaf in group.leaves if isinstance(leaf.node.op, ops.Activation)]
    unsafe = {
        leaf.calls
        for leaf in activations
        if leaf.inputs[0].id not in fresh or users[leaf.inputs[0].id] != 1 or not _may_overwrite(leaf.node.op)
    }
    return frozenset(leaf.path for leaf in activations if leaf.calls not in unsafe)


def _gives_fresh(op: ops.Op, inputs: int) -> bool:
    # NOTE: dropout gives its very input in eval mode and a crop is a view, so neither is a fresh tensor. Pooling and
    # interpolation would do, but no unit puts an activation there, and a short list is easy to trust.
    return isinstance(op, ops.Conv | ops.ConvTransposed | ops.Norm) or (isinstance(op, ops.Add) and inputs > 1)


def _may_overwrite(op: ops.Op) -> bool:
    # In place, the gradient is computed from the result; with a negative slope its sign would no longer tell that of
    # the input, and torch refuses.
    return isinstance(op, ops.Activation) and ACTIVATIONS[op.kind].inplace and all(v >= 0 for _, v in op.options)
