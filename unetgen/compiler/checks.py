"""What is checked of a network that stands: limits on what a spec may ask for, and what its author expects."""

from __future__ import annotations

from collections.abc import Iterator

from unetgen.analyses import MAX_SIZES, last_norms, macs, parameters, periods
from unetgen.compiler.findings import Findings
from unetgen.ir import Network, ops
from unetgen.language.spec import Expect
from unetgen.source.text import SpecPath

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


def _passed(network: Network) -> Iterator[tuple[str, str, SpecPath, str]]:
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


def check_init(network: Network, findings: Findings) -> None:
    """Hold the options of first weights to those that change something.

    Raises:
        SpecError: One of them has nothing to act on; every one at once.
    """
    for option, missing in _without_effect(network):
        headline = f"`{option}` means nothing here: {missing}"
        path, help = ("init", network.init.kind, option), f"take `{option}` out"
        findings.add("U201", headline, path, label="nothing to act on", help=help, at="key")
    findings.raise_if_any()


def _without_effect(network: Network) -> Iterator[tuple[str, str]]:
    init, made = network.init, [node.op for node in network.nodes]
    if init.transposed != "inputs" and not any(isinstance(op, ops.ConvTransposed) for op in made):
        yield "transposed", "the network has no transposed convolution"
    if init.bias != "zero" and not any(isinstance(op, ops.Conv | ops.ConvTransposed) and op.bias for op in made):
        yield "bias", "no convolution of the network has a bias"
    if init.norm_std and not any(isinstance(op, ops.Norm) and op.affine for op in made):
        yield "norm_std", "no norm of the network has a scale"
    if init.zero_last_norm and not last_norms(network):
        yield "zero_last_norm", "no residual sum of the network follows a norm with a scale"


def check_expectations(network: Network, expect: Expect, findings: Findings) -> None:
    """Compare parameters, MACs and output size with what the spec says.

    Raises:
        SpecError: Something differs; every difference at once.
    """
    for code, key, headline, found in _differences(network, expect):
        help = "find the option that differs from the network you have in mind, or correct the number"
        findings.add(code, headline, ("expect", key), label=f"{found} found", help=help)
    findings.raise_if_any()


def _differences(network: Network, expect: Expect) -> Iterator[tuple[str, str, str, str]]:
    if expect.params is not None and (params := parameters(network).total) != expect.params:
        yield "U401", "params", f"the network has {params:,} parameters, not {expect.params:,}", f"{params:,}"
    if expect.macs is not None and (work := macs(network).total) != expect.macs:
        headline = f"a forward pass takes {work:,} multiply-accumulates, not {expect.macs:,}"
        yield "U402", "macs", headline, f"{work:,}"
    size, hoped = network.output.shape.size, expect.output_size
    if isinstance(hoped, tuple) and hoped != size:
        found, wanted = (" x ".join(map(str, pixels)) for pixels in (size, hoped))
        yield "U403", "output_size", f"the output has {found} pixels, not {wanted}", found
