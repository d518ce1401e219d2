"""A second implementation of the scheme by which reference vectors draw weights and inputs.

* The input is `RandomState(7).standard_normal(shape)`, batch 1.
* The *leaves* of a network are its modules with parameters, in the order of their first call. For leaf `i`, its tensors
  in the order `weight`, `bias`, `running_mean`, `running_var` are numbered `j`; tensor `j` comes from
  `RandomState(1000 * i + j)`: kernels are normal with a variance of 2 / fan-in, the slope of a PReLU is uniform in
  (0.1, 0.4), scales and running variances are uniform in (0.5, 1.5), everything else is normal with deviation 0.1.

`vectors/index.json` lists what is known of each reference network.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

__all__ = ["entry", "fill", "image", "leaves", "tensors"]

FOLDER = Path(__file__).parent / "vectors"
_ORDER = ("weight", "bias", "running_mean", "running_var")


@cache
def index() -> Mapping[str, Mapping[str, Any]]:
    """Give what is known of every reference network, by name."""
    models = json.loads((FOLDER / "index.json").read_text())["models"]
    return {model["slug"]: model for model in models}


def entry(name: str) -> Mapping[str, Any]:
    """Give what is known of one reference network: its input and output shapes, parameters, leaves."""
    return index()[name]


def image(name: str) -> Tensor:
    """Draw the input of a reference network."""
    drawn = np.random.RandomState(7).standard_normal(tuple(entry(name)["input_shape"]))
    return torch.from_numpy(drawn.astype(np.float32))


def tensors(module: nn.Module) -> dict[str, Tensor]:
    """List a module's own floating-point tensors in the order in which they are numbered."""
    own = {**dict(module.named_parameters(recurse=False)), **dict(module.named_buffers(recurse=False))}
    return {name: own[name] for name in _ORDER if name in own}


@torch.no_grad()
def leaves(module: nn.Module, x: Tensor) -> list[nn.Module]:
    """List the modules that own tensors and have no children, in the order of their first call."""
    called: dict[nn.Module, None] = {}
    owners = [m for m in module.modules() if tensors(m) and not list(m.children())]
    hooks = [m.register_forward_pre_hook(lambda m, _: called.setdefault(m)) for m in owners]
    module(x)
    for hook in hooks:
        hook.remove()
    return list(called)


@torch.no_grad()
def fill(module: nn.Module, x: Tensor) -> None:
    """Draw all weights of a module by the scheme on top of this file."""
    for i, leaf in enumerate(leaves(module, x)):
        for j, (name, tensor) in enumerate(tensors(leaf).items()):
            drawn = _drawn(leaf, name, tuple(tensor.shape), np.random.RandomState(1000 * i + j))
            tensor.copy_(torch.from_numpy(drawn.astype(np.float32)))


def _drawn(leaf: nn.Module, name: str, shape: tuple[int, ...], rng: np.random.RandomState) -> Any:
    if name == "weight" and len(shape) > 1:
        return rng.standard_normal(shape) * math.sqrt(2 / _fan_in(leaf, shape))
    if name == "weight" and isinstance(leaf, nn.PReLU):
        return rng.uniform(0.1, 0.4, shape)
    if name in ("weight", "running_var"):
        return rng.uniform(0.5, 1.5, shape)
    return 0.1 * rng.standard_normal(shape)


def _fan_in(leaf: nn.Module, shape: tuple[int, ...]) -> float:
    if isinstance(leaf, nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d):
        return shape[0] / leaf.groups * math.prod(shape[2:]) / math.prod(leaf.stride)
    return math.prod(shape[1:])
