"""The size guard of the emitted file: one ValueError that names the legal sizes, before anything runs.

It holds under `torch.compile` and `torch.export`, where comparisons of sizes become guards. While `torch.jit.trace`
runs it steps aside, because a trace would keep the outcome of each comparison as a constant.
"""

from __future__ import annotations

from typing import Literal, assert_never

from unetgen.analyses import AxisSizes, LegalSizes
from unetgen.backends.torch_source.helpers import axis_words
from unetgen.backends.torch_source.layout import Bracket, Expr, call, lay_out

Form = Literal["from", "steps", "general"]
"""How legal sizes are said: a minimum; a minimum and a step; a minimum, a period and what is legal within it."""


def guard_lines(sizes: LegalSizes, channels: int) -> tuple[str, ...]:
    """Write `check_input` and what it calls.

    Args:
        sizes: The legal sizes.
        channels: The channels of the input.
    """
    axes = axis_words(len(sizes.axes))
    form = _form(sizes.axes)
    bounded = [(place, axis) for place, axis in enumerate(sizes.axes) if not _takes_all(axis)]
    check_size = (*_check_size(form, sizes.axes).split("\n"), "", "") if bounded else ()
    checks = (
        lay_out(call("check_size", f'"{axes[place]}"', f"x.shape[{place + 2}]", *_arguments(form, axis)), 4)
        for place, axis in bounded
    )
    return (
        *check_size,
        *_check_input(axes, channels),
        *(line for lines in checks for line in lines),
        *(line for corner in sizes.too_small for line in _corner(corner)),
    )


def sizes_in_words(axis: AxisSizes) -> str:
    """Say the legal sizes of one axis.

    Example:
        >>> sizes_in_words(AxisSizes(32, 32, (0,))), sizes_in_words(AxisSizes(188, 16, (0,)))
        ('32, 64, 96, ... (multiples of 32)', '188, 204, 220, ... (188 + multiples of 16)')
        >>> sizes_in_words(AxisSizes(5, 1, (0,)))
        'any size from 5'
    """
    first, step = axis.minimum, axis.period
    if axis.strays or axis.offsets != (0,) or step == 1:
        return axis.describe().replace("·", " ")
    rule = f"multiples of {step}" if first % step == 0 else f"{first} + multiples of {step}"
    return f"{first}, {first + step}, {first + 2 * step}, ... ({rule})"


def _form(axes: tuple[AxisSizes, ...]) -> Form:
    if any(axis.strays or axis.offsets != (0,) for axis in axes):
        return "general"
    return "from" if all(axis.period == 1 for axis in axes) else "steps"


def _takes_all(axis: AxisSizes) -> bool:
    return axis == AxisSizes(axis.minimum, 1, (0,)) and axis.minimum <= 1


def _check_input(axes: tuple[str, ...], channels: int) -> tuple[str, ...]:
    found = f'f"expected batch x {channels} x {" x ".join(axes)}, found {{list(x.shape)}}"'
    return (
        "def check_input(x: Tensor) -> None:",
        '    """Raise a ValueError that says what is legal, instead of failing deep inside."""',
        "    if torch.jit.is_tracing():",
        "        return  # a trace would turn the outcome of each check into a constant",
        f"    if x.ndim != {len(axes) + 2} or x.shape[1] != {channels}:",
        *lay_out(call("ValueError", found), 8, before="raise "),
    )


def _corner(corner: tuple[int, ...]) -> tuple[str, ...]:
    """Refuse inputs that leave a single position to a norm."""
    small = " and ".join(f"x.shape[{place}] <= {size}" for place, size in enumerate(corner, start=2))
    found = f'"a norm needs more than one position: go beyond {" x ".join(map(str, corner))}"'
    return (f"    if {small}:", *lay_out(call("ValueError", found), 8, before="raise "))


def _arguments(form: Form, axis: AxisSizes) -> tuple[Expr, ...]:
    match form:
        case "from":
            return (f"minimum={axis.minimum}",)
        case "steps":
            return (f"minimum={axis.minimum}", f"step={axis.period}")
        case "general":
            numbers = (f"minimum={axis.minimum}", f"period={axis.period}")
            return (*numbers, _list("offsets", axis.offsets), _list("strays", axis.strays))
        case _:
            assert_never(form)


def _list(name: str, numbers: tuple[int, ...]) -> Expr:
    # Lists, for a tuple of any length is nothing that TorchScript reads.
    return Bracket(f"{name}=[", tuple(map(str, numbers)), "]") if numbers else f"{name}=[]"


def _check_size(form: Form, axes: tuple[AxisSizes, ...]) -> str:
    match form:
        case "from":
            return _FROM
        case "steps":
            return _STEPS.replace("RULE", _rule(axes))
        case "general":
            return _GENERAL
        case _:
            assert_never(form)


def _rule(axes: tuple[AxisSizes, ...]) -> str:
    """Say in the emitted file's own numbers how sizes go on."""
    even = {axis.minimum % axis.period == 0 for axis in axes}
    return "multiples of {step}" if even == {True} else "{minimum} + multiples of {step}"


_FROM = '''\
def check_size(axis: str, size: int, minimum: int) -> None:
    """Accept every size from the minimum on."""
    if size < minimum:
        raise ValueError(f"{axis} {size} is not legal: the smallest is {minimum}")'''

_STEPS = '''\
def check_size(axis: str, size: int, minimum: int, step: int) -> None:
    """Accept minimum, minimum + step, minimum + 2 * step, ... and nothing else."""
    if size >= minimum and (size - minimum) % step == 0:
        return
    lower = size - (size - minimum) % step
    near = f"are {lower} and {lower + step}" if size > minimum else f"is {minimum}"
    sizes = f"{minimum}, {minimum + step}, {minimum + 2 * step}, ..."
    rule = f"RULE"
    raise ValueError(
        f"{axis} {size} is not legal: sizes are {sizes} ({rule}); nearest {near}"
    )'''

_GENERAL = '''\
def check_size(
    axis: str,
    size: int,
    minimum: int,
    period: int,
    offsets: list[int],
    strays: list[int],
) -> None:
    """Accept the strays, and from the minimum on the offsets of every period."""
    if size in strays or (size >= minimum and (size - minimum) % period in offsets):
        return
    lower, upper = 0, 0
    for n in range(1, max([size, minimum] + strays) + period + 1):
        if n in strays or (n >= minimum and (n - minimum) % period in offsets):
            if n < size:
                lower = n
            elif upper == 0:
                upper = n
    near = f"are {lower} and {upper}" if lower and upper else f"is {lower + upper}"
    raise ValueError(f"{axis} {size} is not legal: nearest {near}")'''
