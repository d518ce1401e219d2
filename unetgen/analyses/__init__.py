"""Questions asked of a network: one file each, pure functions, answered without running anything."""

from unetgen.analyses.macs import MacReport, macs
from unetgen.analyses.memory import MemoryReport, memory
from unetgen.analyses.parameters import ParameterReport, parameters
from unetgen.analyses.valid_sizes import AxisSizes, ValidSizes, axis_sizes, legal_sizes, periods, valid_sizes

__all__ = [
    "AxisSizes",
    "MacReport",
    "MemoryReport",
    "ParameterReport",
    "ValidSizes",
    "axis_sizes",
    "legal_sizes",
    "macs",
    "memory",
    "parameters",
    "periods",
    "valid_sizes",
]
