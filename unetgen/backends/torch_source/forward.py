"""The body of a `forward` as text: each statement of its plan, and what a network with several outputs hands back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from unetgen.backends.torch_source.docstrings import shape_words
from unetgen.backends.torch_source.layout import WIDTH, Bracket, Expr, call, chained, flat, lay_out, listed
from unetgen.backends.torch_source.loops import WITH_INPUT, dense_lines, dense_result, loop_lines
from unetgen.backends.torch_source.torch_ops import expression, helpers_of, padded
from unetgen.ir.network import Network
from unetgen.plan import Call, ForwardPlan, Leaf, Round, Run, Statement, StepOrRun, is_module, module_of

Lines = tuple[str, ...]


def forward_lines(
    plan: ForwardPlan, access: Callable[[str], str], network: Network, keeps: tuple[str, ...] = ()
) -> Lines:
    """Write the body of a `forward`; that of the network itself has comments and paragraphs.

    Args:
        plan: What it does.
        access: Gives the Python expression for the module of a name below the group.
        network: The network.
        keeps: The arguments of the class that it reads.
    """
    return _Body(plan, access, network, keeps).lines()


class _Body:
    """One `forward` on its way to text."""

    def __init__(
        self, plan: ForwardPlan, access: Callable[[str], str], network: Network, keeps: tuple[str, ...] = ()
    ) -> None:
        self._plan = plan
        self._access = access
        self._network = network
        self._keeps = keeps
        self._helpers = helpers_of(network)
        self._comment = plan.group.region is None

    def lines(self) -> Lines:
        plan = self._plan
        written = [(*self._statement(one), *_del(one.drops)) for one in plan.statements]
        if self._comment:
            written = _paragraphs(plan.statements, written)
        if len(plan.group.outputs) > 1:
            return _write_returns(self._network, plan, written, self._access)
        if plan.returns_last:
            written[-1] = self._statement(plan.statements[-1], last=True)
        else:
            written.append(lay_out(plan.names[plan.group.output.id], 8, before="return "))
        return _joined(written)

    def _statement(self, line: Statement, *, last: bool = False) -> Lines:
        """Write a statement, with the shape of what it gives behind it, or above it where there is no room."""
        one = line.call
        if isinstance(one.step, Run) and one.is_loop:
            return self._loop(one.step)
        before = "return " if last else f"{line.name} = "
        expr = self.call(one)
        if not self._comment:
            return (*self._in_front(one), *lay_out(expr, 8, before=before))
        note = f"# {shape_words(one.value.shape)}"
        if len(f"{' ' * 8}{before}{flat(expr)}  {note}") <= WIDTH:
            return lay_out(expr, 8, before=before, after=f"  {note}")
        return (f"{' ' * 8}{note}", *lay_out(expr, 8, before=before))

    def _loop(self, run: Run) -> Lines:
        """Write a loop, in whose rounds the modules are items of its lists."""
        one = _popped_in_place(self._plan.rounds[run.output.id])
        inside = _Body(replace(self._plan, names=one.names), lambda name: one.items[name.split(".")[0]], self._network)
        start = self._plan.names[run.inputs[0].id]
        return loop_lines(run, one, self._access, start, [inside.call(line.call) for line in one.statements])

    def _in_front(self, one: Call) -> Lines:
        """Write the lines of a dense run that stand in front of a statement that takes what it gives."""
        inside = next((v for v in one.inputs if isinstance(v, Call)), None)
        if isinstance(one.step, Run) and one.step.form == "dense":
            start, layer = self._plan.names[one.step.inputs[0].id], self._plan.layers[one.value.id]
            return dense_lines(one.step, self._access, start, layer)
        return self._in_front(inside) if inside else ()

    def call(self, one: Call) -> Expr:
        """Write a call, and those inside it."""
        inputs = tuple(self.call(v) if isinstance(v, Call) else self._plan.names[v.id] for v in one.inputs)
        if isinstance(one.step, Run):
            if one.step.form == "dense":
                return dense_result(one.step, asks=WITH_INPUT in self._keeps)
            return call(self._access(one.step.name), *inputs)
        leaf = module_of(one.step)
        if leaf is None:
            return call(self._access(one.step.name), *inputs)
        if not is_module(leaf.node.op):
            return expression(leaf.node, self._network.dims, inputs, self._helpers)
        return call(self._access(leaf.calls), padded(leaf.node, inputs[0]))


def _popped_in_place(one: Round) -> Round:
    """Take what a round reads once back where it reads it: `torch.cat([x, skips.pop()], dim=1)`."""
    uses = Counter(one.names[value.id] for line in one.statements for value in line.call.takes)
    popped = {name: f"{stack}.pop()" for name, stack in one.takes_back if uses[name] == 1}
    lines = (replace(line, drops=tuple(n for n in line.drops if n not in popped)) for line in one.statements)
    return replace(
        one,
        takes_back=tuple(pair for pair in one.takes_back if pair[0] not in popped),
        statements=tuple(lines),
        names={id: popped.get(name, name) for id, name in one.names.items()},
    )


def _del(names: Lines) -> Lines:
    """Let variables go."""
    if not names:
        return ()
    line = f"        del {', '.join(names)}"
    return (line,) if len(line) <= WIDTH else lay_out(Bracket("del (", names, ")"), 8)


def _joined(written: list[Lines]) -> Lines:
    return tuple(text for texts in written for text in texts)


def _paragraphs(statements: tuple[Statement, ...], written: list[Lines]) -> list[Lines]:
    """Put blank lines between the way down, the bottom and the way up."""
    sides = ["", *(_side(one.call.step) for one in statements)]
    return [
        ("", *text) if side not in ("", before) and before else text
        for before, side, text in zip(sides, sides[1:], written, strict=False)
    ]


def _side(step: StepOrRun) -> str:
    region = None if isinstance(step, Run) else step.region
    match region.role if region else "":
        case "bottleneck":
            return "bottom"
        case "stem" | "encoder" | "down":
            return "down"
        case _:
            return "up"


# What a forward pass with several outputs hands back, in training and in eval mode


def result_type(network: Network) -> str:
    """Annotate what `forward` gives."""
    return "Tensor" if len(network.outputs) == 1 or network.returns.form != "list" else "Tensor | list[Tensor]"


def has_switch(network: Network) -> bool:
    """Say whether a network hands back further outputs, which `deep_supervision=False` then leaves out."""
    return len(network.outputs) > 1 and network.returns.form != "last"


def _write_returns(network: Network, plan: ForwardPlan, written: list[Lines], access: Callable[[str], str]) -> Lines:
    """Add to the statements of a network what it hands back.

    Where the further outputs are of no use in eval mode, the main one is returned before the others are computed
    (`skip`), or after (`compute`: the order in which modules run is then the same in both modes).
    """
    if not has_switch(network):
        return _joined([*written, *_returned(network, plan, (), access)])
    made = next(place for place, line in enumerate(plan.statements, 1) if line.call.value == network.output)
    in_training = "" if plan.early is None else "self.training and "
    switch = f"not ({in_training}self.deep_supervision)" if in_training else "not self.deep_supervision"
    early = (f"        if {switch}:", f"            return {plan.names[network.output.id]}")
    place = plan.early or made
    finishing = plan.finishing(place)
    between = written[place : len(written) - len(finishing)]
    return _joined([*written[:place], early, *between, *_returned(network, plan, finishing, access)])


def _returned(
    network: Network, plan: ForwardPlan, finishing: tuple[Leaf, ...], access: Callable[[str], str]
) -> Iterator[Lines]:
    """Write what all outputs are, those that one module finishes as a list that goes through it."""
    known = network.outputs[: len(network.outputs) - len(finishing)]
    outputs: Expr = listed(*(plan.names[value.id] for value in known))
    if finishing:
        yield lay_out(listed(*(plan.names[leaf.inputs[0].id] for leaf in finishing)), 8, before="outputs = ")
        finished = listed(f"{access(finishing[0].calls)}(x) for x in outputs")
        outputs = chained("+", outputs, finished) if known else finished
    stacked = network.returns.form == "stack"
    yield lay_out(call("torch.stack", outputs, "dim=1") if stacked else outputs, 8, before="return ")
