"""Questions asked of a network: one file each, pure functions, answered without running anything."""

from unetgen.analyses.counts import Count
from unetgen.analyses.last_norms import last_norms
from unetgen.analyses.legal_sizes import MAX_SIZES, idle_resizes, legal_sizes, periods
from unetgen.analyses.macs import macs
from unetgen.analyses.memory import MemoryReport, memory
from unetgen.analyses.parameters import parameters
from unetgen.analyses.receptive_fields import AxisField, receptive_fields
from unetgen.analyses.sizes import AxisSizes, LegalSizes

__all__ = [
    "MAX_SIZES",
    "AxisField",
    "AxisSizes",
    "Count",
    "LegalSizes",
    "MemoryReport",
    "idle_resizes",
    "last_norms",
    "legal_sizes",
    "macs",
    "memory",
    "parameters",
    "periods",
    "receptive_fields",
]
