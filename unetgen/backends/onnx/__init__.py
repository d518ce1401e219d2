"""Network and weights -> an ONNX model: each node becomes an operator of the same name.

The model is written from the network and not from a trace of the module, so it takes every legal input size, and what
a reader meets in a viewer (`encoder.0.conv1`) is what the state dict, the source and the picture call it.
"""

import onnx  # noqa: F401  # before torch, which takes seconds, and warns where there is no NumPy

from unetgen.backends.onnx.export import export_network

__all__ = ["export_network"]
