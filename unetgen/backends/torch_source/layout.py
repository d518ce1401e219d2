"""Lines of Python, laid out as `ruff format` lays them out, so that no formatter is needed at run time.

Knows nothing of networks. What is offered is what the emitter needs: calls, lists, operator chains.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 88
"""Columns of a line, the formatter's default."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """Items between brackets: a call, a list, a dict entry that is a call.

    `exploded` puts every item on its own line even where one line would do, as a trailing comma asks for.
    """

    open: str
    items: tuple[Expr, ...]
    close: str
    exploded: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """Operands joined by one operator."""

    operator: str
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """An item several times, as often as `span` says: `item for _ in range(span)`.

    What differs from one to the next is written in the number `i`. With `values` in place of a span, these go through
    the item as `channels`: `item for channels in (64, 128)`.
    """

    item: Expr
    span: str
    values: tuple[str, ...] = ()

    @property
    def clause(self) -> str:
        """What stands behind the item.

        Example:
            >>> Repeated(call("Block", "8 + 4 * i", "in_channels"), "3").clause
            'for i in range(3)'
            >>> Repeated(call("Block", "8", "in_channels"), "3").clause
            'for _ in range(3)'
        """
        if self.values:
            return f"for channels in ({', '.join(self.values)})"
        name = "i" if re.search(r"\bi\b", flat(self.item)) else "_"
        return f"for {name} in range({self.span})"


@dataclass(frozen=True, slots=True)
class Conditional:
    """One of two expressions: `item if condition else otherwise`."""

    item: Expr
    condition: str
    otherwise: str


Expr = str | Bracket | Operation | Repeated | Conditional


def call(callee: str, *arguments: Expr) -> Bracket:
    """Give `callee(arguments)`."""
    return Bracket(f"{callee}(", arguments, ")")


def listed(*items: Expr, exploded: bool = False) -> Bracket:
    """Give `[items]`."""
    return Bracket("[", items, "]", exploded)


def starred(repeated: Repeated) -> Bracket:
    """Give `*(item for ...)`, to stand among other items."""
    return Bracket("*(", (repeated,), ")")


def prefixed(prefix: str, expr: Expr) -> Expr:
    """Put something in front of an expression, such as `key: `."""
    if isinstance(expr, Bracket):
        return Bracket(prefix + expr.open, expr.items, expr.close, expr.exploded)
    return prefix + flat(expr)


def chained(operator: str, *operands: Expr) -> Operation:
    """Join operands by `+` or `*`, with brackets where they are needed to compute the same in the same order.

    Example:
        >>> a_and_b = chained("+", "a", "b")
        >>> flat(chained("*", a_and_b, "c")), flat(chained("+", a_and_b, "c")), flat(chained("+", "c", a_and_b))
        ('(a + b) * c', 'a + b + c', 'c + (a + b)')
    """
    first, *others = operands
    tight = isinstance(first, Operation) and (first.operator, operator) != ("+", "*")
    return Operation(operator, (first if tight else _bracketed(first), *map(_bracketed, others)))


def _bracketed(expr: Expr) -> Expr:
    return Bracket("(", (expr,), ")") if isinstance(expr, Operation) else expr


def flat(expr: Expr) -> str:
    """Write an expression on one line.

    Example:
        >>> flat(call("nn.ModuleList", listed(call("Up", "128", "64"), call("Up", "256", "128"))))
        'nn.ModuleList([Up(128, 64), Up(256, 128)])'
    """
    match expr:
        case str():
            return expr
        case Bracket():
            return f"{expr.open}{', '.join(map(flat, expr.items))}{expr.close}"
        case Operation():
            return f" {expr.operator} ".join(map(flat, expr.operands))
        case Repeated():
            return f"{flat(expr.item)} {expr.clause}"
        case Conditional():
            return f"{flat(expr.item)} if {expr.condition} else {expr.otherwise}"


def lay_out(expr: Expr, indent: int, *, before: str = "", after: str = "") -> tuple[str, ...]:
    """Write an expression on one line if it fits, else as the formatter would break it.

    Args:
        expr: What to write.
        indent: Spaces in front.
        before: What stands in front of it on its first line, such as `x = `.
        after: What follows it on its last line.

    Example:
        >>> print("\\n".join(lay_out(listed("one", "two", exploded=True), 0, before="x = ")))
        x = [
            one,
            two,
        ]
    """
    line = f"{' ' * indent}{before}{flat(expr)}{after}"
    if isinstance(expr, str | Repeated) or (len(line) <= WIDTH and not _must_break(expr)):
        return (line,)
    if isinstance(expr, Operation | Conditional):
        return (f"{' ' * indent}{before}(", *_operands(expr, indent + 4), f"{' ' * indent}){after}")
    return (
        f"{' ' * indent}{before}{expr.open}",
        *_lay_out_items(expr, indent + 4),
        f"{' ' * indent}{expr.close}{after}",
    )


def _lay_out_items(bracket: Bracket, indent: int) -> tuple[str, ...]:
    """Write the items of a broken bracket: on one line if they fit, else one per line."""
    one_line = " " * indent + ", ".join(map(flat, bracket.items))
    if len(one_line) <= WIDTH and not bracket.exploded and not any(map(_must_break, bracket.items)):
        return (one_line,)
    if len(bracket.items) == 1:
        # The formatter gives no trailing comma to an item that is alone.
        return _lay_out_alone(bracket.items[0], indent)
    return tuple(line for item in bracket.items for line in lay_out(item, indent, after=","))


def _lay_out_alone(item: Expr, indent: int) -> tuple[str, ...]:
    match item:
        case Operation() | Conditional():
            return _operands(item, indent)
        case Repeated():
            return (*lay_out(item.item, indent), f"{' ' * indent}{item.clause}")
        case _:
            return lay_out(item, indent)


def _operands(operation: Operation | Conditional, indent: int) -> tuple[str, ...]:
    """Write one operand per line, the operator in front of all but the first."""
    if isinstance(operation, Conditional):
        if indent + len(flat(operation)) <= WIDTH and not _must_break(operation):
            return (" " * indent + flat(operation),)
        words = (f"if {operation.condition}", f"else {operation.otherwise}")
        return (*lay_out(operation.item, indent), *(f"{' ' * indent}{word}" for word in words))
    first, *others = operation.operands
    lines = list(lay_out(first, indent))
    for other in others:
        lines += lay_out(other, indent, before=f"{operation.operator} ")
    return tuple(lines)


def _must_break(expr: Expr) -> bool:
    match expr:
        case str():
            return False
        case Bracket():
            return expr.exploded or any(map(_must_break, expr.items))
        case Operation():
            return any(map(_must_break, expr.operands))
        case Repeated() | Conditional():
            return _must_break(expr.item)
