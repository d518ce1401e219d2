"""The whole file: docstring, imports, helpers, classes, the network's own class."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from unetgen.analyses import legal_sizes
from unetgen.backends.torch_source.arguments import Sample, Vary, generalize
from unetgen.backends.torch_source.classes import ClassPlan, find_kinds, spelled
from unetgen.backends.torch_source.containers import Tree, tree_of
from unetgen.backends.torch_source.docstrings import class_docstring, file_docstring, network_docstring
from unetgen.backends.torch_source.first_weights import init_lines, last_norms_by_class
from unetgen.backends.torch_source.forward import forward_lines, has_switch, result_type
from unetgen.backends.torch_source.guard import guard_lines
from unetgen.backends.torch_source.helpers import HELPERS, helper_names, helper_text
from unetgen.backends.torch_source.layout import Bracket, Expr, lay_out
from unetgen.backends.torch_source.names import class_names, top_name
from unetgen.backends.torch_source.series import in_series
from unetgen.backends.torch_source.text import IMPORTED, constant
from unetgen.backends.torch_source.torch_ops import constructor, helpers_of
from unetgen.backends.torch_source.unify import plan_classes
from unetgen.ir import ops
from unetgen.ir.network import Network
from unetgen.plan import Group, Leaf, Step, crops_are_views, group_network, module_of, overwriting, plan_forward
from unetgen.source.diagnostics import InternalError

Lines = tuple[str, ...]
SPEC: Final = "SPEC"
"""What the spec is called in the file that carries it."""


@dataclass(frozen=True, slots=True)
class Maker:
    """What made a file, as its head says.

    Args:
        version: The version of unetgen.
        spec: The spec that the file carries, as YAML in whole lines; empty for a network that was made of none.
    """

    version: str = ""
    spec: str = ""

    def __str__(self) -> str:
        name = f"unetgen {self.version}".rstrip()
        return f"{name} from SPEC, which `unetgen build` reads from this file" if self.spec else name


_UNKNOWN: Final = Maker()


def emit_source(network: Network, maker: Maker = _UNKNOWN, vary: Vary | None = None) -> str:
    """Write a network as one Python file that imports torch alone.

    The file is deterministic, laid out as `ruff format` lays it out, and its modules have the paths of the network's
    nodes.

    Args:
        network: A network with sizes.
        maker: What its head says of where it comes from.
        vary: Gives the network with other channels; with it, the class takes these where the network allows it.

    Raises:
        InternalError: The network has no sizes, or what was written is not what was promised.
    """
    return _Emitter(network, vary).source(maker)


def class_name(network: Network) -> str:
    """Give the name of the network's class in the emitted file."""
    return _Emitter(network).top


class _Emitter:
    """One network on its way to text."""

    def __init__(self, network: Network, vary: Vary | None = None) -> None:
        if not network.input.shape.size:
            raise InternalError("source was asked of a network without sizes; trace it first")
        self._network = network
        self._root = group_network(network)
        self._helpers = helper_names(helpers_of(network))
        kinds = find_kinds(self._root, network.dims)
        names = class_names(kinds, (*self._helpers, "check_input", "init_weights", SPEC))
        self._plans = plan_classes(kinds, names, network.dims)
        self._made = {path: self._plans[key] for path, key in kinds.keys.items()}
        self.top = top_name(network.name, (*names.values(), *self._helpers, SPEC))
        self._tree = self._top_tree()
        self._written = self.sample()
        self._channels: tuple[tuple[str, int], ...] = ()
        if vary is not None:
            self._written, self._channels = generalize(self._written, _sampled(vary))

    def sample(self) -> Sample:
        """Give what is compared between networks that differ in their channels."""
        network = self._network
        forward = re.sub(r"#[^\n]*|[\s,]", "", "\n".join(self._forward(self._root, self._tree)))
        picky = tuple(node.op.least_pixels(node.inputs[0].shape.channels) > 1 for node in network.nodes)
        nodes = tuple((node.path, type(node.op)) for node in network.nodes)
        return Sample(
            (network.input.shape.channels, network.output.shape.channels),
            {name: inside.expression() for name, inside in self._tree.inside.items()},
            tuple(map(self._class, self._plans.values())),
            (self._helpers, self._init(), nodes, forward, picky),
        )

    def source(self, maker: Maker) -> str:
        """Give the text of the file."""
        init, sizes, views = self._init(), legal_sizes(self._network), crops_are_views(self._network)
        parts = [
            *(tuple(helper_text(name, self._network.dims, views=views).split("\n")) for name in self._helpers),
            *self._written.classes,
            *([init] if init else []),
            self._top(("self.apply(init_weights)",) if init else (), picks=bool(sizes.describe_training())),
            guard_lines(sizes, None if self._takes("in_channels") else self._network.input.shape.channels),
        ]
        body = "\n\n\n".join("\n".join(part) for part in parts)
        head = "\n".join((*file_docstring(self._network, sizes, str(maker)), "", *_imports(body), *_carried(maker)))
        return _checked(f"{head}\n\n\n{body}\n")

    def _init(self) -> Lines:
        """Write what draws the first weights; nothing where torch does."""
        return init_lines(self._network, last_norms_by_class(self._network, tuple(self._plans.values()), self.top))

    def _class(self, plan: ClassPlan) -> Lines:
        group = plan.groups[0]
        tree = tree_of(plan.modules)
        return (
            f"class {plan.name}(nn.Module):",
            *class_docstring(plan.groups),
            "",
            *_signature("__init__", plan.declarations, "None"),
            *_init_body(
                {name: inside.expression() for name, inside in tree.inside.items()},
                keeps=plan.keeps,
                notes=_pad_notes(plan.groups),
            ),
            "",
            *_signature("forward", tuple(f"{name}: Tensor" for name in group.names), "Tensor"),
            *self._forward(group, tree, plan.keeps),
        )

    def _top_tree(self) -> Tree:
        return tree_of((step.name, made) for step in self._root.steps if (made := self._call(step)) is not None)

    def _takes(self, argument: str) -> bool:
        return argument in dict(self._channels)

    def _top(self, last: Lines, *, picks: bool) -> Lines:
        """Write the network's class.

        Args:
            last: What its `__init__` does at the end.
            picks: Whether some legal sizes are too small for one image in training.
        """
        network, tree = self._network, self._tree
        keeps = ("in_channels",) if self._takes("in_channels") else ()
        checked = (*keeps, "training") if picks else keeps
        switch = ("deep_supervision",) if has_switch(network) else ()
        parameters = (*(f"{n}: int = {c}" for n, c in self._channels), *(f"{name}: bool = True" for name in switch))
        modules = {name: in_series(made) for name, made in self._written.modules.items()}
        body = _init_body(modules, last, (*keeps, *switch))
        lists = any(inside.made is None for inside in tree.inside.values())
        forward = self._forward(self._root, tree)
        lets_go = any(line.lstrip().startswith("del ") for line in forward)
        return (
            f"class {self.top}(nn.Module):",
            *network_docstring(
                network, lists=lists, holes=tree.has_holes, lets_go=lets_go, channels=tuple(dict(self._channels))
            ),
            "",
            *((*_signature("__init__", parameters, "None"), *body, "") if tree.inside else ()),
            *_signature("forward", ("x: Tensor",), result_type(network)),
            f"        check_input({', '.join(('x', *(f'self.{name}' for name in checked)))})",
            "",
            *forward,
        )

    def _forward(self, group: Group, tree: Tree, keeps: Lines = ()) -> Lines:
        plan = plan_forward(group, self._network, (*IMPORTED, *HELPERS))
        return forward_lines(plan, tree.access, self._network, keeps)

    def _call(self, step: Step) -> Expr | None:
        """Write what makes a module of the network itself, in numbers."""
        leaf = module_of(step)
        if leaf is None:
            return self._made[step.path].made(step.path)
        if not leaf.is_module:
            return None
        inplace = isinstance(step, Leaf) and leaf.path in overwriting(self._root)
        return spelled(constructor(leaf.node, self._network.dims, inplace=inplace))


def _signature(name: str, parameters: Lines, result: str) -> Lines:
    return lay_out(Bracket(f"def {name}(", ("self", *parameters), f") -> {result}:"), 4)


def _init_body(
    modules: Mapping[str, Expr], last: Lines = (), keeps: Lines = (), notes: Mapping[str, str] | None = None
) -> Lines:
    """Write the body of an `__init__`; `keeps` are arguments that `forward` needs, `notes` stand behind modules."""
    behind = notes or {}
    assignments = (lay_out(made, 8, before=f"self.{n} = ", after=behind.get(n, "")) for n, made in modules.items())
    return (
        "        super().__init__()",
        *(f"        self.{name} = {name}" for name in keeps),
        *(line for lines in assignments for line in lines),
        *(f"        {line}" for line in last),
    )


def _pad_notes(groups: Sequence[Group]) -> dict[str, str]:
    """Say what a padding does to a map, of the input's `n` pixels along each axis, where that is alike on all axes."""
    said: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for leaf in group.leaves:
            if isinstance(leaf.node.op, ops.Pad):
                rows = zip(leaf.node.op.pads, group.inputs[0].shape.size, leaf.output.shape.size, strict=True)
                said[leaf.name] |= {_pad_note(sum(pads), taken, given) for pads, taken, given in rows}
    return {name: notes.pop() for name, notes in said.items() if len(notes) == 1}


def _pad_note(added: int, taken: int, given: int) -> str:
    times, rest = divmod(given, taken)
    return f"  # {times}n - {added} to {times}n on each axis" if times > 1 and not rest else ""


def _sampled(vary: Vary) -> Callable[[int, int], Sample | None]:
    def sample(in_channels: int, out_channels: int) -> Sample | None:
        network = vary(in_channels, out_channels)
        return None if network is None else _Emitter(network).sample()

    return sample


def _imports(body: str) -> Iterable[str]:
    yield "import torch"
    yield "from torch import Tensor, nn"
    if re.search(r"\bF\.", body):
        yield "from torch.nn import functional as F"


def _carried(maker: Maker) -> Lines:
    return ("", *constant(SPEC, maker.spec)) if maker.spec else ()


def _checked(source: str) -> str:
    """Read the file back: it must be Python, and import nothing but torch.

    Raises:
        InternalError: It is not.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise InternalError(f"the emitted source is no Python: {error}") from error
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if [name.name for name in names] != ["torch"]:
                raise InternalError("the emitted source imports more than torch")
            case ast.ImportFrom(module=module) if module not in ("torch", "torch.nn"):
                raise InternalError("the emitted source imports more than torch")
    return source
