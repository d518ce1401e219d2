"""The ONNX graph that grows: operators in the order in which they run, and the numbers they are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from onnx import NodeProto, TensorProto, defs, helper, numpy_helper

Array = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Attribute = float | str | bool | tuple[int, ...]

OPSET: Final = 21
"""The oldest set of operators that has all of them: `Gelu` came with 20, `GroupNormalization` with a scale per channel
with 21."""


class Graph:
    """Operators and numbers.

    Every operator gives one tensor, which is named as the operator is: by the path of its node, and with what it is for
    behind a slash where a node needs several (`up.0.resize/size`).

    Args:
        state: The tensors of the module by their keys in its state dict.
        renamed: Names of tensors that are to have another one: those of the outputs.
    """

    def __init__(self, state: Mapping[str, Array], renamed: Mapping[str, str]) -> None:
        self.nodes: list[NodeProto] = []
        self.numbers: dict[str, TensorProto] = {}
        self._state = state
        self._renamed = renamed
        self._sizes: dict[str, str] = {}

    def call(self, operator: str, name: str, *inputs: str, **attributes: Attribute) -> str:
        """Add an operator, and give the name of the tensor that it makes; an empty input is one that is left out."""
        tensor = self._renamed.get(name, name)
        node = helper.make_node(operator, list(inputs), [tensor], name)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in sorted(attributes.items()))
        self.nodes.append(node)
        return tensor

    def passed(self, name: str, tensor: str) -> str:
        """Give a tensor as it is, but under a name of its own where the node that passes it on makes an output."""
        return self.call("Identity", name, tensor) if name in self._renamed else tensor

    def weight(self, key: str) -> str:
        """Give the module's tensor of that key; nodes that share a weight share it here."""
        return self.constant(key, self._state[key])

    def constant(self, name: str, numbers: Array) -> str:
        """Give a tensor whose numbers are known."""
        if name not in self.numbers:
            self.numbers[name] = numpy_helper.from_array(np.ascontiguousarray(numbers), name)
        return name

    def integers(self, name: str, *numbers: int) -> str:
        """Give whole numbers, such as sizes and axes."""
        if name not in self.numbers:
            self.numbers[name] = numpy_helper.from_array(np.array(numbers, dtype=np.int64), name)
        return name

    def size(self, tensor: str) -> str:
        """Give the spatial sizes of a tensor; they are asked for once."""
        if tensor not in self._sizes:
            self._sizes[tensor] = self.call("Shape", f"{tensor}/size", tensor, start=2)
        return self._sizes[tensor]


def attributes_of(operator: str) -> frozenset[str]:
    """Name the attributes that an operator takes."""
    return frozenset(defs.get_schema(operator, OPSET).attributes)
