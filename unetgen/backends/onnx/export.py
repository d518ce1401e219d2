"""A network with the weights of its emitted module, as a file of ONNX holds it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from unetgen.backends.onnx.model import model_bytes
from unetgen.backends.run import SEED
from unetgen.backends.torch_module import load_module
from unetgen.backends.torch_source import emit_source
from unetgen.backends.weights import load_weights
from unetgen.ir import Network


def export_network(network: Network, weights: str | os.PathLike[str] | Mapping[str, Tensor] | None = None) -> bytes:
    """Write a network as an ONNX model.

    Args:
        network: The network.
        weights: A file of weights, or a state dict; random weights from a fixed seed unless given.

    Raises:
        CannotRun: The weights of the file do not fit.
        RuntimeError: Those of the state dict do not.
        TooLarge: The model does not fit into one file.
        OSError: The file cannot be read.
    """
    module = _module(network)
    if isinstance(weights, Mapping):
        names = network.new_keys(weights)
        module.load_state_dict({names[key]: tensor for key, tensor in weights.items()})
    elif weights is not None:
        load_weights(module, network, Path(weights))
    return model_bytes(network, {key: tensor.numpy() for key, tensor in module.state_dict().items()})


def _module(network: Network) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        return load_module(emit_source(network))
