"""How many bytes the feature maps take while the module that is emitted for a network runs.

Counted by running its plan on bytes: a map is there while a variable holds it, in whatever `forward`, or while a call
runs that it was passed to, and goes when nothing holds it any more, as in Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from unetgen.analyses.op_memory import bytes_of, gives_its_input, kept, scratch
from unetgen.ir import Network, Value, ops
from unetgen.plan import (
    Call,
    ForwardPlan,
    Group,
    Leaf,
    Run,
    Statement,
    Step,
    crops_are_views,
    group_network,
    module_of,
    overwriting,
    plan_forward,
)
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
    root, plans = group_network(network), dict[str, ForwardPlan]()
    eval_mode, training = (_Ledger(network, plans, training=training) for training in (False, True))
    eval_mode.forward(root)
    training.forward(root)
    return MemoryReport(eval_mode.peak, training.kept)


@dataclass(slots=True, eq=False)
class _Storage:
    """Memory that maps share which are views of each other; `learns` says whether a gradient flows back to it."""

    size: int
    learns: bool = False
    holders: int = 1


@dataclass(frozen=True, slots=True)
class _Frame:
    """A `forward` that runs: the map that each variable holds, and what lists hold.

    Args:
        plan: What it does.
        names: The variable of each value; in a round of a loop, those of the round.
        inplace: The activations that work in place.
        maps: What each variable holds.
        stacked: What the list of a dense run holds.
        kept: What loops keep for each other, by the variable of the list.
        steps: The steps of this round in the place of those that were planned, by the value that these give.
    """

    plan: ForwardPlan
    names: dict[int, str]
    inplace: frozenset[str]
    maps: dict[str, _Storage] = field(default_factory=dict)
    stacked: list[_Storage] = field(default_factory=list)
    kept: dict[str, list[_Storage]] = field(default_factory=dict)
    steps: dict[int, Step] = field(default_factory=dict)


class _Ledger:
    """One forward pass: what is held now, what was at most, and what autograd keeps.

    `plans` are those made so far, by the path of their group.
    """

    def __init__(self, network: Network, plans: dict[str, ForwardPlan], *, training: bool) -> None:
        self._network = network
        self._plans = plans
        self._training = training
        self._views = crops_are_views(network)
        self._now = 0
        self._kept: dict[_Storage, None] = {}
        self._extra = 0
        self.peak = 0

    @property
    def kept(self) -> int:
        """The bytes that autograd keeps."""
        return sum(one.size for one in self._kept) + self._extra

    def forward(self, root: Group) -> None:
        """Run the network's own `forward` on its input."""
        self._forward(root, [self._new(self._network.input)])

    def _new(self, *values: Value, scratch: int = 0, learns: bool = False) -> _Storage:
        made = _Storage(bytes_of(*values), learns)
        self._now += made.size
        self.peak = max(self.peak, self._now + scratch)
        return made

    def _held(self, one: _Storage) -> _Storage:
        one.holders += 1
        return one

    def _let_go(self, one: _Storage) -> None:
        one.holders -= 1
        if not one.holders:
            self._now -= one.size

    def _forward(self, group: Group, given: list[_Storage]) -> _Storage:
        """Run a `forward`, and give what it gives, held once for whoever called."""
        if group.path not in self._plans:
            self._plans[group.path] = plan_forward(group, self._network)
        plan = self._plans[group.path]
        frame = _Frame(plan, plan.names, overwriting(group))
        for value, one in zip(group.inputs, given, strict=True):
            frame.maps[plan.names[value.id]] = self._held(one)
        early = None if self._training else plan.early
        for line in plan.statements[:early]:
            self._statement(line, frame)
        result = self._returned(frame, early)
        for one in (*frame.maps.values(), *frame.stacked):
            self._let_go(one)
        return result

    def _statement(self, line: Statement, frame: _Frame) -> None:
        self._give(line.name, self._call(line.call, frame), frame)
        for name in line.drops:
            self._let_go(frame.maps.pop(name))

    def _give(self, name: str, made: _Storage, frame: _Frame) -> None:
        """Let a variable hold a map, and let go of what it held."""
        if name in frame.maps:
            self._let_go(frame.maps[name])
        frame.maps[name] = made

    def _returned(self, frame: _Frame, early: int | None) -> _Storage:
        group = frame.plan.group
        outputs = group.outputs if early is None else ()
        if len(outputs) > 1 and self._network.returns.form == "stack":
            self.peak = max(self.peak, self._now + bytes_of(*outputs))
        main = self._network.output if group.region is None else group.output
        return self._held(frame.maps[frame.names[main.id]])

    def _call(self, call: Call, frame: _Frame) -> _Storage:
        """Run a call; what it was passed is held until it returns, but a loop holds no more than variables do."""
        if isinstance(call.step, Run) and call.is_loop:
            return self._loop(call.step, frame)
        given = [
            self._call(one, frame) if isinstance(one, Call) else self._held(frame.maps[frame.names[one.id]])
            for one in call.inputs
        ]
        step = frame.steps.get(call.value.id, call.step)
        made = self._run(step, given, frame) if isinstance(step, Run) else self._step(step, given, frame)
        for one in given:
            self._let_go(one)
        return made

    def _step(self, step: Step, given: list[_Storage], frame: _Frame) -> _Storage:
        leaf = module_of(step)
        if leaf is not None:
            return self._op(leaf, given, inplace=leaf.path in frame.inplace)
        assert isinstance(step, Group), "what is no node is a group"
        return self._forward(step, given)

    # Steps that repeat

    def _run(self, run: Run, given: list[_Storage], frame: _Frame) -> _Storage:
        return (self._chain if run.form == "chain" else self._dense)(run, given[0], frame)

    def _chain(self, run: Run, given: _Storage, frame: _Frame) -> _Storage:
        """Run the items of a chain; what goes from one to the next is one variable of torch's."""
        one = self._held(given)
        for (step,) in run.rounds:
            made = self._step(step, [one], frame)
            self._let_go(one)
            one = made
        return one

    def _dense(self, run: Run, given: _Storage, frame: _Frame) -> _Storage:
        """Run a dense run: all maps are held until the end, and for each item they are concatenated once more."""
        values = [run.inputs[0], *(step.output for (step,) in run.rounds)]
        maps = [self._held(given)]
        for number, (step,) in enumerate(run.rounds, start=1):
            stacked = self._stacked(values[:number], maps)
            maps.append(self._step(step, [stacked], frame))
            self._let_go(stacked)
        frame.stacked.extend(maps)
        first = {"all": 0, "new": 1, "last": len(maps)}[run.gives]
        return self._stacked(values[first:], maps[first:]) if run.gives != "last" else self._held(maps[-1])

    def _stacked(self, values: list[Value], maps: list[_Storage]) -> _Storage:
        return self._new(*values, learns=any(one.learns for one in maps))

    def _loop(self, run: Run, frame: _Frame) -> _Storage:
        one = frame.plan.rounds[run.output.id]
        start = frame.names[run.inputs[0].id]
        if start != one.goes_on:
            self._give(one.goes_on, self._held(frame.maps[start]), frame)
        first = run.rounds[1]
        for steps in run.rounds:
            swapped = {step.output.id: other for step, other in zip(first, steps, strict=True)}
            inside = replace(frame, names=one.names, steps=swapped)
            for name, stack in one.takes_back:
                self._give(name, frame.kept[stack].pop(), frame)
            for line in one.statements:
                self._statement(line, inside)
                if (kept := one.keeps.get(line.call.value.id)) is not None:
                    frame.kept.setdefault(kept, []).append(self._held(frame.maps[line.name]))
        return self._held(frame.maps[one.goes_on])

    def _op(self, leaf: Leaf, given: list[_Storage], *, inplace: bool) -> _Storage:
        node = leaf.node
        learned = any(weight.learned for weight in node.op.weights(*(v.shape.channels for v in node.inputs)))
        learns = learned or any(one.learns for one in given)
        is_view = self._views and isinstance(node.op, ops.CropLike)
        if inplace or is_view or gives_its_input(node.op, training=self._training):
            made = self._held(given[0])
        else:
            made = self._new(node.output, scratch=scratch(node), learns=learns)
        if self._training:
            found = kept(node, tuple(one.learns for one in given), inplace=inplace)
            self._kept |= dict.fromkeys(given[place] for place in found.inputs)
            self._kept |= {made: None} if found.output else {}
            self._extra += found.extra
        return made
