"""ONNX Runtime, which runs a model that was written and knows nothing of who wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnxruntime  # type: ignore[import-untyped]  # it brings no types
import torch
from torch import Tensor

from tests.oracle import random_state
from unetgen.backends.onnx.model import model_bytes
from unetgen.ir import Network

__all__ = ["assert_alike", "model_of", "run_onnx", "session_of"]

_ERRORS_ALONE = 3


def session_of(data: bytes) -> onnxruntime.InferenceSession:
    """Load a model; one thread, and none of the notes that the runtime makes for whoever tunes it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = _ERRORS_ALONE
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def model_of(network: Network, state: Mapping[str, Tensor] | None = None) -> onnxruntime.InferenceSession:
    """Write and load the model of a network with some weights; the oracle's, unless given."""
    given = random_state(network) if state is None else state
    return session_of(model_bytes(network, {key: tensor.numpy() for key, tensor in given.items()}))


def run_onnx(session: onnxruntime.InferenceSession, x: Tensor) -> list[Tensor]:
    """Run a model on an image, `n c s...`."""
    return [torch.from_numpy(np.asarray(given)) for given in session.run(None, {"input": x.numpy()})]


def assert_alike(found: Sequence[Tensor], wanted: Sequence[Tensor], *, part: float = 1e-4) -> None:
    """Hold tensors against others: the same shapes, and no number further off than a part of the largest."""
    assert [one.shape for one in found] == [one.shape for one in wanted]
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=part * float(other.detach().abs().max()), equal_nan=True)
