"""A graph becomes a model: what goes in and comes out, what is said about it, and the check that it is one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from onnx import GraphProto, TensorProto, ValueInfoProto, checker, helper

from unetgen.analyses import AxisSizes, LegalSizes, legal_sizes
from unetgen.analyses.axis_walk import walk
from unetgen.backends.onnx.graph import OPSET, Array, Graph
from unetgen.backends.onnx.operators import write_node
from unetgen.backends.torch_source.helpers import axis_words
from unetgen.ir import Network, Node, Value
from unetgen.source.problem import TooLarge
from unetgen.source.version import __version__

INPUT_NAME: Final = "input"
OUTPUT_NAME: Final = "output"
"""What the tensors are called that go in and come out."""
MAX_WEIGHTS: Final = 2**31 - 2**22
"""Bytes of weights in one file of ONNX: protobuf counts to 2 GiB, and the operators need a little of that."""
_FORMAT: Final = 10
"""The version of the file format that came with `OPSET`; what reads that set of operators reads it."""


def model_bytes(network: Network, state: Mapping[str, Array]) -> bytes:
    """Write a network as an ONNX model for inference, `n c s... -> n out s'...`, of any batch and any legal size.

    The same network with the same weights gives the same bytes.

    Args:
        network: The network.
        state: The tensors of its module by their keys in the state dict.

    Raises:
        TooLarge: The model does not fit into one file of ONNX.
    """
    if sum(array.nbytes for array in state.values()) > MAX_WEIGHTS:
        raise TooLarge("the weights do not fit into one ONNX file, which holds 2 GiB", "ask for fewer `filters`")
    model = helper.make_model(
        _graph(network, state),
        opset_imports=[helper.make_operatorsetid("", OPSET)],
        ir_version=_FORMAT,
        producer_name="unetgen",
        producer_version=__version__,
    )
    helper.set_model_props(model, dict(_facts(network)))
    checker.check_model(model, full_check=True)
    written: bytes = model.SerializeToString(deterministic=True)
    return written


def _facts(network: Network) -> Iterator[tuple[str, str]]:
    """Say what a user of the model has to know, and where it is from."""
    yield "legal_sizes", legal_sizes(network).describe()
    if network.reference is not None:
        yield "reference", network.reference


def _graph(network: Network, state: Mapping[str, Array]) -> GraphProto:
    names = _output_names(network)
    values = network.outputs if len(names) > 1 else (network.output,)
    stacked = network.returns.form == "stack" and len(names) > 1
    givers = {node.output.id: node.path for node in network.nodes}
    graph = Graph(state, {} if stacked else {givers[value.id]: name for value, name in zip(values, names, strict=True)})
    tensors = _write(graph, network, values)
    alike = _as_large_as_input(network, legal_sizes(network))
    outputs = [_tensor(name, network, value, alike) for name, value in zip(names, values, strict=True)]
    if stacked:
        outputs = [_stack(graph, tensors, outputs[network.main])]
    image = _tensor(INPUT_NAME, network, network.input, alike)
    return helper.make_graph(graph.nodes, network.name, [image], outputs, list(graph.numbers.values()))


def _output_names(network: Network) -> tuple[str, ...]:
    """Name what the module gives in eval mode: the main output, or all in the order in which they are returned."""
    if network.returns.form == "last" or network.returns.in_eval != "return" or len(network.outputs) == 1:
        return (OUTPUT_NAME,)
    return tuple(f"{OUTPUT_NAME}{number}" for number in range(len(network.outputs)))


def _write(graph: Graph, network: Network, outputs: tuple[Value, ...]) -> list[str]:
    """Add all nodes that the outputs depend on, and give the tensors of these."""
    wanted = {value.id for value in outputs}
    needed: list[Node] = []
    for node in reversed(tuple(network.nodes)):
        if node.output.id in wanted:
            needed.append(node)
            wanted |= {value.id for value in node.inputs}
    tensors = {network.input.id: INPUT_NAME}
    for node in reversed(needed):
        tensors[node.output.id] = write_node(graph, node, *(tensors[value.id] for value in node.inputs))
    return [tensors[value.id] for value in outputs]


def _stack(graph: Graph, tensors: list[str], one: ValueInfoProto) -> ValueInfoProto:
    """Stack the outputs on a new axis behind the batch; `one` is what each of them is."""
    axis = graph.integers("axes1", 1)
    parts = [graph.call("Unsqueeze", f"{tensor}/{OUTPUT_NAME}", tensor, axis) for tensor in tensors]
    graph.call("Concat", OUTPUT_NAME, *parts, axis=1)
    batch, *others = (axis.dim_param or axis.dim_value for axis in one.type.tensor_type.shape.dim)
    return helper.make_tensor_value_info(OUTPUT_NAME, TensorProto.FLOAT, [batch, len(tensors), *others])


def _tensor(name: str, network: Network, value: Value, alike: Sequence[Collection[int]]) -> ValueInfoProto:
    """Declare a tensor; axes of equal names are of equal lengths, whatever these are."""
    axes = zip(axis_words(network.dims), alike, strict=True)
    lengths = (word if value.id in same else f"{name}_{word}" for word, same in axes)
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", value.shape.channels, *lengths])


def _as_large_as_input(network: Network, legal: LegalSizes) -> tuple[frozenset[int], ...]:
    """Find, per axis, the values that are as large as the input whatever legal size that has.

    Sizes repeat with the period of the legal ones, so that two periods speak for all.
    """
    return tuple(_along(network, axis, sizes) for axis, sizes in enumerate(legal.axes))


def _along(network: Network, axis: int, legal: AxisSizes) -> frozenset[int]:
    first = [legal.minimum + offset for offset in legal.offsets]
    sizes = [*legal.strays, *first, *(size + legal.period for size in first)]
    found = walk(network, axis, sizes).sizes
    return frozenset(value for value, given in found.items() if list(given) == sizes)
