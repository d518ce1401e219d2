"""The typed intermediate representation: shapes, ops, nodes, regions, networks. Knows no YAML, no torch, no picture."""

from unetgen.ir.builder import Builder
from unetgen.ir.network import Init, InitKind, Network, Node, Region, RegionUse, Returns, Role, Scope, ScopeKind, Value
from unetgen.ir.ops import Op, Weight
from unetgen.ir.shape import Shape, SizeError
from unetgen.ir.trace import SizeProblem, trace, trace_problems

__all__ = [
    "Builder",
    "Init",
    "InitKind",
    "Network",
    "Node",
    "Op",
    "Region",
    "RegionUse",
    "Returns",
    "Role",
    "Scope",
    "ScopeKind",
    "Shape",
    "SizeError",
    "SizeProblem",
    "Value",
    "Weight",
    "trace",
    "trace_problems",
]
