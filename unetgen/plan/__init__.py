"""Network -> what its module does: a tree of classes, and the statements of each `forward`.

The source is written from this plan, and what a module holds while it runs is counted on it, so that the two cannot
disagree. Knows no text.
"""

from unetgen.plan.calls import Call
from unetgen.plan.forward import MAPS, ForwardPlan, plan_forward
from unetgen.plan.groups import group_network, groups_inside, run_order
from unetgen.plan.in_place import overwriting
from unetgen.plan.modules import Combination, crops_are_views, explicit_pads, has_same_pads, is_module
from unetgen.plan.rounds import Round
from unetgen.plan.statements import Statement
from unetgen.plan.steps import Group, Leaf, Run, Step, StepOrRun, list_of, module_of, place_of, word_of

__all__ = [
    "MAPS",
    "Call",
    "Combination",
    "ForwardPlan",
    "Group",
    "Leaf",
    "Round",
    "Run",
    "Statement",
    "Step",
    "StepOrRun",
    "crops_are_views",
    "explicit_pads",
    "group_network",
    "groups_inside",
    "has_same_pads",
    "is_module",
    "list_of",
    "module_of",
    "overwriting",
    "place_of",
    "plan_forward",
    "run_order",
    "word_of",
]
