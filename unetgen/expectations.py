"""What the author of a spec knows of the network, held against the network."""

from __future__ import annotations

from collections.abc import Iterator

from unetgen.analyses import macs, parameters
from unetgen.findings import Findings
from unetgen.forms import Expectation
from unetgen.ir import Network

__all__ = ["check_expectations"]


def check_expectations(network: Network, expect: Expectation, findings: Findings) -> None:
    """Compare parameters, MACs and output size with what the spec says.

    Raises:
        SpecError: Something differs; every difference at once.
    """
    for code, key, what, wanted, found in _differences(network, expect):
        headline = f"the network has {found} {what}, {wanted} are expected"
        help = "find the option that differs from the network you have in mind, or correct the number"
        findings.add(code, headline, ("expect", key), label=f"{found} found", help=help)
    findings.raise_if_any()


def _differences(network: Network, expect: Expectation) -> Iterator[tuple[str, str, str, str, str]]:
    if expect.params is not None and (params := parameters(network).total) != expect.params:
        yield "U401", "params", "parameters", f"{expect.params:,}", f"{params:,}"
    if expect.macs is not None and (work := macs(network).total) != expect.macs:
        yield "U402", "macs", "multiply-accumulates", f"{expect.macs:,}", f"{work:,}"
    size = network.output.shape.size
    if expect.output_size is not None and expect.output_size != size:
        yield "U403", "output_size", "pixels of output per axis", str(list(expect.output_size)), str(list(size))
