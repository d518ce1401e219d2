"""What a network costs, one thing after the other as the summary shows them. A new one is a row of `COSTS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from unetgen.analyses import Count, MemoryReport, macs, memory, parameters
from unetgen.ir import Network
from unetgen.reports.numbers import binary, exact, short


@dataclass(frozen=True, slots=True)
class Cost:
    """One thing that a network costs.

    Args:
        key: What it is called in JSON.
        name: What it is called in the table.
        found: What an analysis says; a count has a column in the table and a number per region in JSON.
        text: The total, in the line under the table.
        cell: How a number of the column is written.
    """

    key: str
    name: str
    found: Count | MemoryReport
    text: str
    cell: Callable[[int], str] = short


def _parameters(network: Network) -> Cost:
    found = parameters(network)
    text = f"{exact(found.total)} ({short(found.total)}, {binary(4 * found.total)} as float32)"
    return Cost("params", "parameters", found, text, exact)


def _macs(network: Network) -> Cost:
    found = macs(network)
    return Cost("macs", "MACs", found, f"{exact(found.total)} ({short(found.total)})")


def _memory(network: Network) -> Cost:
    found = memory(network)
    text = f"{binary(found.peak)} at most at once, {binary(found.all)} together, as float32"
    return Cost("memory", "maps", found, text)


COSTS: tuple[Callable[[Network], Cost], ...] = (_parameters, _macs, _memory)
