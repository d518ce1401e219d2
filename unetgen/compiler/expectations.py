"""What the author of a spec knows of the network, held against the network."""

from __future__ import annotations

from collections.abc import Iterator

from unetgen.analyses import macs, parameters
from unetgen.compiler.findings import Findings
from unetgen.compiler.forms import Expectation
from unetgen.ir import Network


def check_expectations(network: Network, expect: Expectation, findings: Findings) -> None:
    """Compare parameters, MACs and output size with what the spec says.

    Raises:
        SpecError: Something differs; every difference at once.
    """
    for code, key, headline, found in _differences(network, expect):
        help = "find the option that differs from the network you have in mind, or correct the number"
        findings.add(code, headline, ("expect", key), label=f"{found} found", help=help)
    findings.raise_if_any()


def _differences(network: Network, expect: Expectation) -> Iterator[tuple[str, str, str, str]]:
    if expect.params is not None and (params := parameters(network).total) != expect.params:
        yield "U401", "params", f"the network has {params:,} parameters, not {expect.params:,}", f"{params:,}"
    if expect.macs is not None and (work := macs(network).total) != expect.macs:
        headline = f"a forward pass takes {work:,} multiply-accumulates, not {expect.macs:,}"
        yield "U402", "macs", headline, f"{work:,}"
    size = network.output.shape.size
    if expect.output_size is not None and expect.output_size != size:
        found, wanted = (" x ".join(map(str, pixels)) for pixels in (size, expect.output_size))
        yield "U403", "output_size", f"the output has {found} pixels, not {wanted}", found
