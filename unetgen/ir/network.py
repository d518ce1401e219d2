"""The network: an ordered tuple of regions, each holding nodes; the one thing that backends and pictures read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from unetgen.ir import ops
from unetgen.ir.shape import Shape
from unetgen.notebook import Shown
from unetgen.source.text import Span

Role = Literal["stem", "encoder", "down", "bottleneck", "up", "skip", "decoder", "head"]
ScopeKind = Literal[
    "unit", "block", "repetition", "shortcut", "attention", "gate", "signal", "step", "fit", "join", "part"
]  # fmt: skip
"""What a group of nodes is: a convolution with its norm, activation and dropout; a recipe of units; one more run of a
unit; what stands on the way around a block; what weighs a map by itself; what weighs a skip by the decoder's map, its
gating signal; what that signal goes through first; something on the way of a skip; what makes two maps equal in size;
where maps meet; any other part that has a name."""
RegionUse = Literal["path", "resize", "fuse", "output"]
"""What a region is for that no part of a spec writes: the path of a skip that is walked before the next level; bringing
an output to the size of the main one; making one output of all; what becomes of an output at the very end."""
InitKind = Literal["torch", "he_normal", "he_uniform", "xavier_normal", "xavier_uniform", "orthogonal", "normal"]
FanOfTransposed = Literal["inputs", "outputs", "torch"]


@dataclass(frozen=True, slots=True)
class Value:
    """A typed edge: what one node gives and others take. Value 0 is the network's input."""

    id: int
    shape: Shape


@dataclass(frozen=True, slots=True)
class Scope:
    """What a group of nodes is, as the part that wrote it declares.

    Nobody reads a meaning out of a name: `encoder.0.shortcut.conv` stands on a shortcut because a scope of that kind
    is around it. Two nodes of a region are in the same group if their scopes are equal from the outermost one on.

    Args:
        kind: What the group is.
        name: Its part of the paths of its nodes; empty where it leaves no trace in them, as a unit does.
        number: Which of several alike it is, from 1; None for one of its own.
        sign: What stands for it in a sign of a picture: `SE`.
        says: What it is called in legends, summaries and docstrings: `squeeze and excite by channel`.
        word: Its name without a number: `block` where the name is `block2`; empty where it is the name.
        says_many: What several are called: `residual blocks`; where it is empty, they are `2 × ` what it says.
        family: What those say of themselves that differ in a number alone: `inner U`, be it with 4 or with 5 ways down.
        sums: Whether what it says tells that something is summed, as `residual block` does.
        title: What the field calls its class where its word is not that: `RSU`.
    """

    kind: ScopeKind
    name: str = ""
    number: int | None = None
    sign: str = ""
    says: str = ""
    word: str = ""
    says_many: str = ""
    family: str = ""
    sums: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One use of a primitive.

    `path` is the state_dict prefix, the name in emitted source, in the picture and in reports. A node with
    `shares` set owns no weights: it runs the op of the earlier node of that path once more (recurrent blocks).
    `scopes` say what the node is a part of, from the outermost group inside its region to the innermost. `was` is the
    path that the node had before decision 16: weights saved under it still load.
    """

    path: str
    op: ops.Op
    inputs: tuple[Value, ...]
    output: Value
    shares: str | None = None
    scopes: tuple[Scope, ...] = ()
    was: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]

    def within(self, *kinds: ScopeKind) -> Scope | None:
        """Give the innermost scope of these kinds that the node is in."""
        return next((scope for scope in reversed(self.scopes) if scope.kind in kinds), None)

    def weights(self) -> tuple[ops.Weight, ...]:
        """List the tensors this node owns; none when it shares another node's."""
        if self.shares is not None:
            return ()
        return self.op.weights(*(value.shape.channels for value in self.inputs))


@dataclass(frozen=True, slots=True)
class Region:
    """A named group of nodes: one stage, one downsampling, one skip, the head.

    `kind` is the word of the spec for what the region does (`plain`, `residual`, `max_pool`, `concat`, ...), to be
    shown; nobody reads a meaning out of it, as parts may have any word. `use` says what a region is for that has no
    word, and then is its kind. The order of `inputs` is fixed by role: a stage, `down`, `up` and `head` take one value;
    `skip` takes (encoder map, upsampled map) and, where a gate listens to the coarser map, that as third. `column` is
    the place in its row of what belongs to a node of a nested network; None elsewhere. A head that stands beside the
    way up is `aside`.
    """

    path: str
    role: Role
    level: int
    kind: str
    inputs: tuple[Value, ...]
    output: Value
    nodes: tuple[Node, ...]
    span: Span | None = field(default=None, compare=False)
    column: int | None = None
    aside: bool = False
    use: RegionUse | None = None

    @property
    def is_between(self) -> bool:
        """Whether it leads from stage to stage: a way down, a way up, a skip."""
        return self.role in ("down", "up", "skip")

    @property
    def is_stage(self) -> bool:
        """Whether it is one of the stages, which a head is not."""
        return not self.is_between and self.role != "head"

    def name_of(self, node: Node) -> str:
        """Give what a node is called inside of the region: `block1.conv`; `layer` where it has the region's path."""
        return "layer" if node.path == self.path else node.path.removeprefix(f"{self.path}.")


@dataclass(frozen=True, slots=True)
class Init:
    """How fresh weights are drawn; `torch` leaves every layer's own default in place.

    Args:
        kind: The rule for the weights of convolutions.
        gain: A factor on the spread.
        slope: The negative slope of the activation that He's rule makes up for.
        transposed: What He's rule counts at a transposed convolution: the inputs of a neuron, as the paper has it, or
            its outputs, as torch does; or `torch`, which leaves its weights and bias to torch.
        std: The standard deviation of `normal`.
        bias: Whether biases of convolutions start at zero, or as torch draws them.
        norm_std: The standard deviation of the scales of norms around one.
        zero_last_norm: Whether the last norm on the main path of a residual block starts with a scale of zero.
    """

    kind: InitKind = "torch"
    gain: float = 1.0
    slope: float = 0.0
    transposed: FanOfTransposed = "inputs"
    std: float = 0.02
    bias: Literal["zero", "torch"] = "zero"
    norm_std: float = 0.0
    zero_last_norm: bool = False


@dataclass(frozen=True, slots=True)
class Returns:
    """What a forward pass hands back when a network has several outputs.

    Args:
        form: The main output alone (`last`), a list of all, or all stacked on a new axis 1.
        in_eval: What becomes of the other outputs in eval mode: handed back too, computed and dropped, or not computed.
    """

    form: Literal["last", "list", "stack"] = "last"
    in_eval: Literal["return", "compute", "skip"] = "return"


@dataclass(frozen=True, slots=True)
class Network(Shown):
    """A whole network with the shape of every value at its nominal input size.

    Regions stand in the order in which they run. Each value is given by exactly one node (or is the input) and is
    taken only by later nodes. `outputs` stand in the order in which they are returned, `main` says which of them is the
    one a user wants in the end, and `returns` what a caller gets.
    """

    name: str
    dims: int
    input: Value
    outputs: tuple[Value, ...]
    regions: tuple[Region, ...]
    init: Init = Init()
    reference: str | None = None
    notes: tuple[str, ...] = ()
    returns: Returns = Returns()
    main: int = 0

    @property
    def nodes(self) -> Iterator[Node]:
        """All nodes in the order in which they run."""
        for region in self.regions:
            yield from region.nodes

    @property
    def old_keys(self) -> dict[str, str]:
        """The keys of the state_dict before decision 16, and what each of them is called now, in the order of nodes."""
        return {f"{node.was}.{w.name}": f"{node.path}.{w.name}" for node in self.nodes for w in node.weights()}

    def new_keys(self, keys: Collection[str]) -> dict[str, str]:
        """Say what each key of a state_dict is called now.

        Of all keys behind one prefix, be it `module.` or none, those of the network are changed if all are from before,
        of the same time, and one is not of today; every other key stays as it is.
        """
        new = set(self.old_keys.values())
        between = {_renamed_back(key): key for key in new}
        changed: dict[str, str] = {}
        for prefix, ours in _by_prefix(keys, {*self.old_keys, *between, *new}).items():
            for old in (self.old_keys, between):
                if set(old).issuperset(ours) and not new.issuperset(ours):
                    changed |= {f"{prefix}{key}": f"{prefix}{old[key]}" for key in ours}
        return {key: changed.get(key, key) for key in keys}

    @property
    def output(self) -> Value:
        """The main output: the full-resolution one."""
        return self.outputs[self.main]

    @property
    def depth(self) -> int:
        """The number of downsamplings on the way to the bottleneck."""
        return max((region.level for region in self.regions), default=0)

    def region(self, path: str) -> Region:
        """Find a region by its path; KeyError if there is none."""
        for region in self.regions:
            if region.path == path:
                return region
        raise KeyError(path)


def _renamed_back(key: str) -> str:
    """Give the key of a state_dict the name that it had between decision 16 and the first release."""
    return key.replace(".gating_conv.", ".listen.")


def _by_prefix(keys: Iterable[str], known: Collection[str]) -> dict[str, list[str]]:
    """Sort keys that are known, by what stands in front of that.

    Example:
        >>> _by_prefix(["head.bias", "module.head.bias", "module.loss"], {"head.bias"})
        {'': ['head.bias'], 'module.': ['head.bias']}
    """
    found: dict[str, list[str]] = {}
    for key in keys:
        starts = (0, *(place + 1 for place, letter in enumerate(key) if letter == "."))
        if (start := next((start for start in starts if key[start:] in known), None)) is not None:
            found.setdefault(key[:start], []).append(key[start:])
    return found
