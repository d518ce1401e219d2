"""How many bytes the feature maps take while the module that is emitted for a network runs.

Counted by running its plan on bytes: a map is there while a variable holds it, in whatever `forward`, or while a call
runs that it was passed to, and goes when nothing holds it any more, as in Python.
"""

from __future__ import annotations

from dataclasses import dataclass

from unetgen.analyses.op_memory import bytes_of, gives_its_input, kept, scratch
from unetgen.backends.plan import Call, Group, Leaf, Plan, group_network, module_of, overwriting, plan_forward
from unetgen.ir import Network, Value
from unetgen.source.diagnostics import InternalError


@dataclass(frozen=True, slots=True)
class MemoryReport:
    """Bytes of the feature maps for batch 1 in float32, the input among them.

    Args:
        peak: The most that is held at once in eval mode, without gradients.
        kept: What autograd keeps of one forward pass in training, until the backward pass.
    """

    peak: int
    kept: int


def memory(network: Network) -> MemoryReport:
    """Count the feature maps that the emitted module holds at the size the network is traced for.

    Whoever calls the module holds its input until it returns. Weights are not counted, nor what convolution algorithms
    need beside the maps.

    Raises:
        InternalError: The network was never traced, so no map has a size.
    """
    if not network.input.shape.size:
        raise InternalError("memory was asked of a network without sizes; trace it first")
    root, plans = group_network(network), dict[str, Plan]()
    eval_mode, training = (_Run(network, plans, training=training) for training in (False, True))
    eval_mode.forward(root)
    training.forward(root)
    return MemoryReport(eval_mode.peak, training.kept)


@dataclass(slots=True, eq=False)
class _Map:
    """Memory that maps share which are views of each other; `learns` says whether a gradient flows back to it."""

    size: int
    learns: bool = False
    holders: int = 1


class _Run:
    """One forward pass: what is held now, what was at most, and what autograd keeps.

    `plans` are those made so far, by the path of their group.
    """

    def __init__(self, network: Network, plans: dict[str, Plan], *, training: bool) -> None:
        self._network = network
        self._plans = plans
        self._training = training
        self._now = 0
        self._kept: dict[_Map, None] = {}
        self._extra = 0
        self.peak = 0

    @property
    def kept(self) -> int:
        """The bytes that autograd keeps."""
        return sum(one.size for one in self._kept) + self._extra

    def forward(self, root: Group) -> None:
        """Run the network's own `forward` on its input."""
        self._forward(root, [self._new(self._network.input)])

    def _new(self, value: Value, *, scratch: int = 0, learns: bool = False) -> _Map:
        made = _Map(bytes_of(value), learns)
        self._now += made.size
        self.peak = max(self.peak, self._now + scratch)
        return made

    def _held(self, one: _Map) -> _Map:
        one.holders += 1
        return one

    def _let_go(self, one: _Map) -> None:
        one.holders -= 1
        if not one.holders:
            self._now -= one.size

    def _forward(self, group: Group, given: list[_Map]) -> _Map:
        """Run a `forward`, and give what it gives, held once for whoever called."""
        if group.path not in self._plans:
            self._plans[group.path] = plan_forward(group, self._network)
        plan = self._plans[group.path]
        inplace = overwriting(group)
        frame: dict[str, _Map] = {}
        for value, one in zip(group.inputs, given, strict=True):
            frame[plan.names[value.id]] = self._held(one)
        early = None if self._training else plan.early
        for line in plan.statements[:early]:
            made = self._call(line.call, plan, frame, inplace)
            for name in {line.name, *line.drops} & frame.keys():
                self._let_go(frame.pop(name))
            frame[line.name] = made
        result = self._returned(plan, frame, early)
        for one in frame.values():
            self._let_go(one)
        return result

    def _returned(self, plan: Plan, frame: dict[str, _Map], early: int | None) -> _Map:
        outputs = plan.group.outputs if early is None else ()
        if len(outputs) > 1 and self._network.returns.form == "stack":
            self.peak = max(self.peak, self._now + bytes_of(*outputs))
        main = self._network.output if plan.group.region is None else plan.group.output
        return self._held(frame[plan.names[main.id]])

    def _call(self, call: Call, plan: Plan, frame: dict[str, _Map], inplace: frozenset[str]) -> _Map:
        """Run a call; what it was passed is held until it returns."""
        given = [
            self._call(one, plan, frame, inplace) if isinstance(one, Call) else self._held(frame[plan.names[one.id]])
            for one in call.inputs
        ]
        leaf = module_of(call.step)
        if leaf is None and isinstance(call.step, Group):
            made = self._forward(call.step, given)
        elif leaf is not None:
            made = self._op(leaf, given, inplace=leaf.path in inplace)
        for one in given:
            self._let_go(one)
        return made

    def _op(self, leaf: Leaf, given: list[_Map], *, inplace: bool) -> _Map:
        node = leaf.node
        learned = any(weight.learned for weight in node.op.weights(*(v.shape.channels for v in node.inputs)))
        learns = learned or any(one.learns for one in given)
        if inplace or gives_its_input(node.op, training=self._training):
            made = self._held(given[0])
        else:
            made = self._new(node.output, scratch=scratch(node), learns=learns)
        if self._training:
            found = kept(node, tuple(one.learns for one in given), inplace=inplace)
            self._kept |= dict.fromkeys(given[place] for place in found.inputs)
            self._kept |= {made: None} if found.output else {}
            self._extra += found.extra
        return made
