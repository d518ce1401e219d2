"""Numbers as people read them."""

from __future__ import annotations


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
