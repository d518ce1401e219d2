"""Limits on what a spec may ask for, checked on the network before anything of that size is made."""

from __future__ import annotations

from collections.abc import Iterator

from unetgen.analyses import MAX_SIZES, parameters, periods
from unetgen.compiler.findings import Findings
from unetgen.compiler.forms import Path
from unetgen.ir import Network

MAX_PARAMETERS = 100_000_000_000
"""Parameters of a whole network: far above any published U-Net, far below what integers or reports mind."""
MAX_MAP = 2**44
"""Values of one feature map."""
MAX_NODES = 20_000
"""Nodes of a whole network."""


def check_budgets(network: Network, findings: Findings) -> None:
    """Hold a network, sized or not, to the limits.

    Raises:
        SpecError: One of them is passed; its diagnostics are limits, not mistakes.
    """
    for code, headline, path, help in _passed(network):
        findings.add(code, headline, path, label="too much", help=help)
    findings.raise_if_any()


def _passed(network: Network) -> Iterator[tuple[str, str, Path, str]]:
    nodes = sum(len(region.nodes) for region in network.regions)
    if nodes > MAX_NODES:
        headline = f"the network has {nodes:,} nodes, the limit is {MAX_NODES:,}"
        yield "U501", headline, ("depth",), "use fewer levels, or fewer convolutions and blocks per stage"
    count = parameters(network).total
    if count > MAX_PARAMETERS:
        headline = f"the network has {count:,} parameters, the limit is {MAX_PARAMETERS:,}"
        yield "U502", headline, ("filters",), "use fewer filters, a `cap` on them, or smaller kernels"
    largest = max((node.output.shape.elements for node in network.nodes), default=0)
    if largest > MAX_MAP:
        headline = f"a feature map has {largest:,} values, the limit is {MAX_MAP:,}"
        yield "U503", headline, ("input_size",), "choose a smaller `input_size`, or fewer filters"
    apart = max(periods(network))
    if apart > MAX_SIZES:
        headline = f"legal input sizes lie {apart:,} pixels apart, the limit is {MAX_SIZES:,}"
        yield "U504", headline, ("downsample",), "go down by smaller factors, or fewer times"
