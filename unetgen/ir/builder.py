"""Building a network node by node: the pen that blocks and skips write with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from unetgen.ir import ops
from unetgen.ir.network import Node, Region, RegionUse, Role, Scope, ScopeKind, Value
from unetgen.ir.paths import shortest_paths
from unetgen.ir.shape import Shape
from unetgen.source.diagnostics import InternalError
from unetgen.source.text import Span


@dataclass(slots=True)
class _Open:
    """What is written of a region so far."""

    path: str
    was: str
    nodes: list[Node] = field(default_factory=list)
    output: Value | None = None


class Builder:
    """Write nodes into regions; channels are computed at once, sizes later by `trace`.

    Example:
        >>> from unetgen.ir import ops
        >>> b = Builder()
        >>> x = b.input(3)
        >>> with b.region("head", role="head", level=0, kind="conv", inputs=(x,)):
        ...     y = b.close(b("act", ops.Activation("relu"), x))
        >>> b.regions[0].nodes[0].path
        'head'

    A node of a region is renamed when the region is closed: see `shortest_paths`.
    """

    def __init__(self) -> None:
        self.regions: list[Region] = []
        self._values = 0
        self._open: _Open | None = None
        self._scopes: tuple[Scope, ...] = ()
        self._were: tuple[tuple[str, str], ...] = ()
        self._paths: set[str] = set()
        self._renamed: dict[str, str] = {}

    def input(self, channels: int) -> Value:
        """Give the network's input, of so many channels."""
        return self._value(channels)

    def __call__(self, name: str, op: ops.Op, *inputs: Value, shares: str | None = None, shared: bool = False) -> Value:
        """Append a node to the open region and give its output.

        `name` is unique among the names of the scopes around it; `shares` is the full path of an earlier node whose
        weights to use, which with `shared` is the node of the same name around the innermost scope that has a name.
        """
        region = self._region()
        path = self.path(name)
        if shared and op.weights(*(value.shape.channels for value in inputs)):
            shares = ".".join((region.path, *self._names[:-1], name))
        if path in self._paths:
            raise InternalError(f"two nodes have the path {path!r}")
        self._paths.add(path)
        output = self._value(op.channels(*(value.shape.channels for value in inputs)))
        shares = shares and self._renamed.get(shares, shares)
        region.nodes.append(Node(path, op, inputs, output, shares, self._scopes, self._was(name)))
        return output

    def stand_in(self, channels: int) -> Value:
        """Give a value that no node computes, so that a network that will be refused can be looked at to its end."""
        return self._value(channels)

    def path(self, name: str) -> str:
        """Give the full path that a node of this name would have here."""
        return ".".join((self._region().path, *self._names, name))

    @contextmanager
    def region(
        self,
        path: str,
        *,
        role: Role,
        level: int,
        kind: str,
        inputs: tuple[Value, ...],
        span: Span | None = None,
        column: int | None = None,
        aside: bool = False,
        use: RegionUse | None = None,
        was: str = "",
    ) -> Iterator[None]:
        """Open a region; inside it, `close` says what the region gives. One without a node leaves no trace.

        `was` is the path that it had before decision 16, where that was another.
        """
        self._open = opened = _Open(path, was or path)
        yield
        if opened.output is None:
            raise InternalError(f"the region {path!r} was never closed")
        if opened.nodes:
            nodes = shortest_paths(path, opened.nodes)
            pairs = zip(opened.nodes, nodes, strict=True)
            self._renamed |= {written.path: node.path for written, node in pairs}
            self.regions.append(Region(path, role, level, kind, inputs, opened.output, nodes, span, column, aside, use))
        self._open = None

    def close(self, output: Value) -> Value:
        """Say which value the open region gives; hand it on."""
        self._region().output = output
        return output

    def scope(
        self,
        name: str = "",
        *,
        kind: ScopeKind = "part",
        number: int | None = None,
        sign: str = "",
        says: str = "",
        word: str = "",
        was: tuple[str, str] | None = None,
    ) -> AbstractContextManager[None]:
        """Declare what the nodes written inside are, see `Scope`; a name stands in front of theirs, with a dot.

        A scope may be opened again: what is written then belongs to the same group. `was` is what stood in front of the
        names of nodes before decision 16, and what stood behind them; the name and nothing unless given.
        """
        return self.within(Scope(kind, name, number, sign, says, word), was=was)

    @contextmanager
    def within(self, scope: Scope, *, was: tuple[str, str] | None = None) -> Iterator[None]:
        """Declare what the nodes written inside are by a scope that says more of itself."""
        outer, were = self._scopes, self._were
        self._scopes = (*outer, scope)
        self._were = (*were, was or (scope.name, ""))
        yield
        self._scopes, self._were = outer, were

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(scope.name for scope in self._scopes if scope.name)

    @contextmanager
    def formerly(self, behind: str) -> Iterator[None]:
        """Say what stood behind the names of the nodes written inside before decision 16."""
        outer, self._were = self._were, (*self._were, ("", behind))
        yield
        self._were = outer

    @property
    def behind(self) -> str:
        """What stood behind the names of nodes here before decision 16."""
        return "".join(behind for _, behind in self._were)

    def _was(self, name: str) -> str:
        names = (*(before for before, _ in self._were), f"{name}{self.behind}")
        return ".".join((self._region().was, *filter(None, names)))

    def _value(self, channels: int) -> Value:
        value = Value(self._values, Shape(channels))
        self._values += 1
        return value

    def _region(self) -> _Open:
        if self._open is None:
            raise InternalError("a node was written outside of a region")
        return self._open
