"""Numbers that instances of a class are given: written alike, and the type that says all of them."""

from __future__ import annotations

from unetgen.backends.torch_source.text import Number


def per_axis(values: tuple[Number | bool, ...], dims: int) -> tuple[Number, ...]:
    """Write numbers per axis alike: all as tuples if one is."""
    if not any(isinstance(value, tuple) for value in values):
        return values
    return tuple(value if isinstance(value, tuple) else (int(value),) * dims for value in values)


def annotation(values: tuple[Number, ...]) -> str:
    """Write the type of a parameter that takes these numbers.

    Example:
        >>> annotation((1, 2)), annotation((1, 0.5)), annotation((False, True)), annotation(((1, 2), (3, 4)))
        ('int', 'float', 'bool', 'tuple[int, int]')
    """
    if not isinstance(values[0], tuple):
        if all(isinstance(value, bool) for value in values):
            return "bool"
        return "float" if any(isinstance(value, float) for value in values) else "int"
    lengths = {len(value) for value in values if isinstance(value, tuple)}
    return f"tuple[{', '.join(['int'] * lengths.pop())}]" if len(lengths) == 1 else "tuple[int, ...]"


def akin(known: str, name: str) -> bool:
    """Say whether one parameter may say both arguments of torch: a stride may be as long as the kernel."""
    return known == name or {known, name} == {"kernel_size", "stride"}
