"""What a network costs, one thing after the other as the summary shows them, in numbers as people read them.

A new cost is a row of `COSTS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from unetgen.analyses import Count, MemoryReport, macs, memory, parameters
from unetgen.ir import Network


def exact(n: int) -> str:
    """Group the digits.

    Example:
        >>> exact(31030658)
        '31,030,658'
    """
    return f"{n:,}"


def short(n: int) -> str:
    """Give four digits and a decimal unit; small numbers as they are.

    Example:
        >>> short(31030658), short(9999), short(150428424448), short(999999)
        ('31.03 M', '9,999', '150.4 G', '1.000 M')
    """
    if abs(n) < 10_000:
        return exact(n)
    return _scaled(n, 1000, ("", " k", " M", " G", " T", " P", " E"))


def binary(n: int) -> str:
    """Give bytes with four digits and a binary unit.

    Example:
        >>> binary(124122632), binary(512)
        ('118.4 MiB', '512 B')
    """
    if abs(n) < 1024:
        return f"{n} B"
    return _scaled(n, 1024, (" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"))


def _scaled(n: int, base: int, units: tuple[str, ...]) -> str:
    value, unit = float(n), 0
    # Half a unit of the last digit below the next unit already rounds up to it.
    while abs(value) >= base - 0.05 and unit < len(units) - 1:
        value, unit = value / base, unit + 1
    digits = 3 - min(3, len(str(int(abs(value) + 0.0005))) - 1)
    return f"{value:.{digits}f}{units[unit]}"


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
    text = f"{binary(found.peak)} at most at once, {binary(found.kept)} kept in training, as float32"
    return Cost("memory", "maps", found, text)


COSTS: tuple[Callable[[Network], Cost], ...] = (_parameters, _macs, _memory)
