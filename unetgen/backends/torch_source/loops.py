"""The text of runs: the maps of a dense run, and loops with what they keep and take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from unetgen.backends.torch_source.layout import Expr, call, lay_out
from unetgen.plan import MAPS, Round, Run

Lines = tuple[str, ...]
Access = Callable[[str], str]


def dense_lines(run: Run, access: Access, start: str, layer: str) -> Lines:
    """Write a dense run but for what it gives in the end; `start` is what it takes, `layer` the name of an item."""
    return (
        f"        {MAPS} = [{start}]",
        f"        for {layer} in {access(run.name)}:",
        f"            {MAPS}.append({layer}(torch.cat({MAPS}, dim=1)))",
    )


WITH_INPUT: Final = "with_input"
"""The argument of a class whose dense run gives its input along with its maps in some instances alone."""


def dense_result(run: Run, *, asks: bool = False) -> Expr:
    """Write what a dense run gives; `asks` where an argument of the class says whether its input is among it."""
    if asks:
        return call("torch.cat", f"{MAPS} if self.{WITH_INPUT} else {MAPS}[1:]", "dim=1")
    match run.gives:
        case "all":
            return call("torch.cat", MAPS, "dim=1")
        case "new":
            return call("torch.cat", f"{MAPS}[1:]", "dim=1")
        case "last":
            return f"{MAPS}[-1]"


def loop_lines(run: Run, one: Round, access: Access, start: str, statements: list[Expr]) -> Lines:
    """Write a loop.

    Args:
        run: The loop.
        one: What it does in each round.
        access: Says how to reach a list.
        start: What the first round starts with.
        statements: What the calls of a round say.
    """
    items, lists = ", ".join(one.items.values()), [access(name) for name in one.items]
    through = lists[0] if len(lists) == 1 else f"zip({', '.join(lists)})"
    return (
        *((f"        {one.goes_on} = {start}",) if start != one.goes_on else ()),
        *(f"        {stack}: list[Tensor] = []" for stack in one.keeps.values()),
        f"        for {items} in {through}:",
        *(f"            {name} = {stack}.pop()" for name, stack in one.takes_back),
        *_statements(one, statements),
    )


def _statements(one: Round, statements: list[Expr]) -> Lines:
    lines: list[str] = []
    for line, expr in zip(one.statements, statements, strict=True):
        lines += lay_out(expr, 12, before=f"{line.name} = ")
        if (value := line.call.value.id) in one.keeps:
            lines.append(f"            {one.keeps[value]}.append({line.name})")
        lines += [f"            del {', '.join(line.drops)}"] if line.drops else []
    return tuple(lines)
