"""The promises that every network keeps; lowering and passes are checked against them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from keyword import iskeyword
from typing import Final, assert_never

from unetgen.ir import ops
from unetgen.ir.network import Network, Node, Value
from unetgen.ir.trace import trace, trace_problems
from unetgen.source.diagnostics import InternalError

_OF_TORCH: Final = """
    T_destination add_module append apply bfloat16 buffers call_super_init children clear compile cpu cuda double
    dump_patches eval extend extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half
    insert ipu items keys load_state_dict modules mtia named_buffers named_children named_modules named_parameters
    parameters pop register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
    register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook
    register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook
    register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory state_dict to to_empty
    train training type update values xpu zero_grad
"""
_OF_LAYERS: Final = """
    weight bias bias_k bias_v in_proj_weight in_proj_bias running_mean running_var num_batches_tracked
    in_channels out_channels in_features out_features num_features num_channels
    kernel_size stride padding dilation groups
"""
MODULE_NAMES: Final = frozenset((*_OF_TORCH.split(), *_OF_LAYERS.split()))
"""What a module of torch has, or a list or a dictionary of modules: emitted source could not say `self.half = ...`.

And what layers have, weights and numbers: what asks `hasattr(module, "weight")` must not find a module there.
"""


def verify(network: Network) -> None:
    """Return if the network keeps every promise of the IR.

    Raises:
        InternalError: One line per broken promise.
    """
    broken = [*_path_problems(network), *_wiring_problems(network), *_node_problems(network)]
    if not broken:
        # Sizes are worth computing only where the wiring and the channels are sound.
        broken = list(_size_problems(network))
    if broken:
        raise InternalError(f"the network {network.name!r} is broken:\n" + "\n".join(f"  {line}" for line in broken))


def _path_problems(network: Network) -> Iterator[str]:
    """Check that paths are unique, well formed, and those of their region and scopes."""
    paths = [region.path for region in network.regions]
    # A layer that is all its region has is called as the region.
    paths += [node.path for region in network.regions for node in region.nodes if node.path != region.path]
    alone = [region.path for region in network.regions for node in region.nodes if node.path == region.path]
    for once in (paths, alone):
        yield from (f"{path}: the path is used {times} times" for path, times in Counter(once).items() if times > 1)
    yield from (f"{path}: not a path of identifiers and numbers" for path in paths if not _well_formed(path))
    taken = ((path, part) for path in paths for part in path.split(".") if part in MODULE_NAMES or part[:1] == "_")
    yield from (f"{path}: a module of torch may have a {part!r} of its own" for path, part in taken)
    for region in network.regions:
        for node in region.nodes:
            around = ".".join((region.path, *(scope.name for scope in node.scopes if scope.name)))
            if node.path not in (around, f"{around}.{node.name}"):
                yield f"{node.path}: the node is in {around}"


def _well_formed(path: str) -> bool:
    return path.isascii() and all(
        (part.isidentifier() and not iskeyword(part)) or part.isdecimal() for part in path.split(".")
    )


def _wiring_problems(network: Network) -> Iterator[str]:
    """Check that each value is given once, before it is used, and for a use."""
    given: dict[int, Value] = {network.input.id: network.input}
    for region in network.regions:
        yield from _unknown(region.path, region.inputs, given)
        if not region.nodes:
            yield f"{region.path}: a region without nodes"
        local = {value.id: value for value in region.inputs}
        for node in region.nodes:
            yield from _unknown(node.path, node.inputs, local)
            if node.output.id in given:
                yield f"{node.path}: the value %{node.output.id} was given before"
            local[node.output.id] = given[node.output.id] = node.output
        yield from _unknown(f"{region.path}: the output", (region.output,), local)
    yield from _unknown("the network's output", network.outputs, given)
    yield from _output_problems(network)
    yield from _dead(network, given)


def _output_problems(network: Network) -> Iterator[str]:
    outputs = network.outputs
    if not outputs:
        yield "the network has no output"
    elif not 0 <= network.main < len(outputs):
        yield f"the main output is number {network.main} of {len(outputs)}"
    if network.returns.form == "stack" and len({value.shape for value in outputs}) > 1:
        yield f"outputs of {' and '.join(str(value.shape) for value in outputs)} cannot be stacked"


def _unknown(where: str, values: tuple[Value, ...], given: dict[int, Value]) -> Iterator[str]:
    for value in values:
        if value.id not in given:
            yield f"{where}: the value %{value.id} is not given here"
        elif given[value.id] != value:
            yield f"{where}: the value %{value.id} is {given[value.id].shape}, here {value.shape}"


def _dead(network: Network, given: dict[int, Value]) -> Iterator[str]:
    used = {value.id for node in network.nodes for value in node.inputs} | {value.id for value in network.outputs}
    yield from (f"the value %{id} is never used" for id in given if id not in used)


def _node_problems(network: Network) -> Iterator[str]:
    earlier: dict[str, Node] = {}
    for node in network.nodes:
        problems = [*_arity_problems(node), *_axes_problems(node.op, network.dims)]
        # What follows would stumble over these.
        problems = problems or [*_channel_problems(node), *_sharing_problems(node, earlier)]
        yield from (f"{node.path}: {problem}" for problem in problems)
        earlier[node.path] = node


def _arity_problems(node: Node) -> Iterator[str]:
    least, most = _arity(node.op)
    if not least <= len(node.inputs) <= most:
        yield f"takes {len(node.inputs)} inputs"


def _arity(op: ops.Op) -> tuple[float, float]:
    match op:
        case ops.Concat() | ops.Add() | ops.Maximum():
            return 2, math.inf
        case ops.ResizeLike() | ops.CropLike() | ops.PadLike() | ops.Multiply():
            return 2, 2
        case (
            ops.Conv() | ops.ConvTransposed() | ops.Norm() | ops.Activation() | ops.Pool() | ops.Blur()
            | ops.GlobalPool() | ops.Resize() | ops.Pad() | ops.Dropout() | ops.PixelShuffle()
        ):  # fmt: skip
            return 1, 1
        case _:
            assert_never(op)


def _axes_problems(op: ops.Op, dims: int) -> Iterator[str]:
    """Check that there is one number per axis, and that what divides or multiplies is at least 1."""
    for name, numbers in op.per_axis.items():
        if len(numbers) != dims:
            yield f"{numbers} does not have one number for each of {dims} axes"
        if name in ops.FACTORS and min(numbers, default=1) < 1:
            yield f"{numbers} holds a number below 1"
    if isinstance(op, ops.Pool) and any(2 * pad > kernel for pad, kernel in zip(op.padding, op.kernel, strict=False)):
        yield f"a pool of {op.kernel} padded by {op.padding}, more than half of it"


def _channel_problems(node: Node) -> Iterator[str]:
    taken = tuple(value.shape.channels for value in node.inputs)
    given = node.output.shape.channels
    yield from (
        f"{channels} channels do not divide into {parts}" for channels, parts in _divisions(node.op, taken, given)
    )
    if isinstance(node.op, ops.Add | ops.Maximum) and len(set(taken)) > 1:
        yield f"inputs of {taken} channels"
    if isinstance(node.op, ops.Multiply) and taken[1] not in (1, taken[0]):
        yield f"inputs of {taken} channels"
    if isinstance(node.op, ops.Activation) and node.op.learned not in (0, 1, taken[0]):
        yield f"learns {node.op.learned} slopes for {taken[0]} channels"
    if given != node.op.channels(*taken) or given < 1:
        yield f"gives {given} channels, but its op gives {node.op.channels(*taken)}"


def _divisions(op: ops.Op, taken: tuple[int, ...], given: int) -> list[tuple[int, int]]:
    """List the channels that must divide into parts and do not."""
    match op:
        case ops.Conv() | ops.ConvTransposed():
            pairs = [(taken[0], op.groups), (given, op.groups)]
        case ops.Norm():
            pairs = [(taken[0], op.groups)]
        case ops.PixelShuffle():
            pairs = [(taken[0], math.prod(op.factor))]
        case _:
            pairs = []
    return [(channels, parts) for channels, parts in pairs if parts < 1 or channels % parts]


def _sharing_problems(node: Node, earlier: dict[str, Node]) -> Iterator[str]:
    if node.shares is None:
        return
    owner = earlier.get(node.shares)
    if owner is None:
        yield f"shares the weights of {node.shares}, which does not come earlier"
    elif owner.shares is not None:
        yield f"shares the weights of {node.shares}, which owns none"
    elif owner.op != node.op or [v.shape.channels for v in owner.inputs] != [v.shape.channels for v in node.inputs]:
        yield f"shares the weights of {node.shares}, which has another op or other channels"


def _size_problems(network: Network) -> Iterator[str]:
    """Check a traced network against a fresh trace; one without sizes has none anywhere."""
    size = network.input.shape.size
    if not size:
        yield from (f"{n.path}: has sizes, the input has none" for n in network.nodes if n.output.shape.size)
        return
    if len(size) != network.dims:
        yield f"the input has {len(size)} sizes for {network.dims} axes"
        return
    problems = trace_problems(network, size)
    yield from (f"{problem.node.path}: {problem.reason}" for problem in problems)
    if not problems:
        yield from _wrong_sizes(network, trace(network, size))


def _wrong_sizes(network: Network, traced: Network) -> Iterator[str]:
    for found, wanted in zip(network.nodes, traced.nodes, strict=True):
        if found.output != wanted.output:
            yield f"{found.path}: the output is {found.output.shape}, tracing gives {wanted.output.shape}"
