"""Network -> what its module does: a tree of classes, and the statements of each `forward`.

The source is written from this plan, and what a module holds while it runs is counted on it, so that the two cannot
disagree. Knows no text.
"""

from unetgen.backends.plan.calls import Call
from unetgen.backends.plan.forward import Plan, Statement, plan_forward
from unetgen.backends.plan.groups import Group, Leaf, Step, group_network, groups_inside, module_of, word_of
from unetgen.backends.plan.in_place import overwriting
from unetgen.backends.plan.modules import Combination, explicit_pads, has_same_pads, is_module

__all__ = [
    "Call",
    "Combination",
    "Group",
    "Leaf",
    "Plan",
    "Statement",
    "Step",
    "explicit_pads",
    "group_network",
    "groups_inside",
    "has_same_pads",
    "is_module",
    "module_of",
    "overwriting",
    "plan_forward",
    "word_of",
]
