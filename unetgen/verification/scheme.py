"""The scheme by which reference vectors draw weights and inputs: from fixed random streams, so that none is stored.

Leaf `i` (from 0, by first call) has its tensors in the order weight, bias, running_mean, running_var, others by name;
tensor `j` of them (from 0) is drawn from `numpy.random.RandomState(1000 * i + j)`, in float64, and rounded to float32:

* a weight of two or more axes: normal, of variance 2 / fan-in, where the fan-in is all of the shape but its first axis;
  of a transposed convolution, its input channels / groups * kernel / stride;
* the slope of a PReLU: uniform in (0.1, 0.4);
* any other weight, and a running variance: uniform in (0.5, 1.5);
* everything else: normal, of deviation 0.1.

The input is `RandomState(7).standard_normal(shape)`, rounded to float32.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unetgen.verification.leaves import Leaf, own_tensors

_INPUT_SEED: Final = 7
_SEEDS_PER_LEAF: Final = 1000
_TRANSPOSED: Final = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)

Values = NDArray[np.float32]


def draw_input(shape: Sequence[int]) -> Tensor:
    """Draw the input that belongs to every vector of this shape."""
    return torch.from_numpy(np.random.RandomState(_INPUT_SEED).standard_normal(tuple(shape)).astype(np.float32))


def fill(leaves: Sequence[Leaf]) -> str:
    """Draw all weights of a network in place; give the SHA-256 of the float32 values, in order."""
    digest = hashlib.sha256()
    with torch.no_grad():
        for number, leaf in enumerate(leaves):
            for j, (name, tensor) in enumerate(own_tensors(leaf.module).items()):
                values = _draw(leaf.module, name, tuple(tensor.shape), _SEEDS_PER_LEAF * number + j)
                tensor.copy_(torch.from_numpy(values))
                digest.update(values.tobytes())
    return digest.hexdigest()


def _draw(module: nn.Module, name: str, shape: tuple[int, ...], seed: int) -> Values:
    rng = np.random.RandomState(seed)
    if name == "weight" and len(shape) > 1:
        values = rng.standard_normal(shape) * math.sqrt(2 / _fan_in(module, shape))
    elif name == "weight" and isinstance(module, nn.PReLU):
        values = rng.uniform(0.1, 0.4, shape)
    elif name in ("weight", "running_var"):
        values = rng.uniform(0.5, 1.5, shape)
    else:
        values = 0.1 * rng.standard_normal(shape)
    return np.asarray(values, dtype=np.float64).astype(np.float32)


def _fan_in(module: nn.Module, shape: tuple[int, ...]) -> float:
    if isinstance(module, _TRANSPOSED):
        return shape[0] / module.groups * math.prod(shape[2:]) / math.prod(module.stride)
    return math.prod(shape[1:])
