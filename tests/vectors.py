"""Reference vectors: what published implementations gave for weights and inputs that anyone can draw again.

Neither weights nor inputs are stored. Both come from fixed random streams of numpy:

* The input is `RandomState(7).standard_normal(shape)`, batch 1.
* The *leaves* of a network are its modules with parameters, in the order of their first call. For leaf `i`, its tensors in
  the order `weight`, `bias`, `running_mean`, `running_var` are numbered `j`; tensor `j` comes from
  `RandomState(1000 * i + j)`: kernels are normal with a variance of 2 / fan-in, the slope of a PReLU is uniform in
  (0.1, 0.4), scales and running variances are uniform in (0.5, 1.5), everything else is normal with deviation 0.1.

`vectors/index.json` lists what is known of each network, `vectors/<name>.npz` what it gave: the float32 `output` (or 4,096
values of it, at `sample_index`), up to 2,048 values `f64` of a run in float64, at `f64_index`, and, where the output
saturates, what went into its last activation (`logits`, `logits_f64`, at `f64_index`). The originals ran on torch 2.13, or on Keras 3 with
the torch backend, on one thread.

Float32 bits depend on the processor. The run in float64 tells "the same function" (about 1e-13 of the output's scale) from
"nearly the same" (1e-7 and up) everywhere.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

__all__ = ["Comparison", "compare", "entry", "fill", "image", "leaves", "stored_output", "tensors"]

FOLDER = Path(__file__).parent / "vectors"
_ORDER = ("weight", "bias", "running_mean", "running_var")
_LAST = (nn.Sigmoid, nn.Softmax, nn.Tanh)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far a module's output is from the reference's: exactly, and in float64 relative to the largest value."""

    bitwise: bool
    relative: float


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


def stored_output(name: str) -> Tensor:
    """Give the whole float32 output of a small reference network, as one row."""
    with np.load(FOLDER / f"{name}.npz") as vector:
        return torch.from_numpy(vector["output"]).reshape(-1)


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


def compare(module: nn.Module, name: str) -> Comparison:
    """Fill a module as the reference was filled, run it in float32 and float64, and compare what it gives.

    The leaves must have the shapes of the reference's; the module keeps the weights, in float64.
    """
    x = image(name)
    if entry(name).get("memory_format") == "channels_last":  # as the original ran; it decides the last bits
        x = x.contiguous(memory_format=torch.channels_last)
        module = module.to(memory_format=torch.channels_last)
    module.train(entry(name)["mode"] == "train")
    found = [{n: list(t.shape) for n, t in tensors(leaf).items()} for leaf in leaves(module, x)]
    assert found == [leaf[1] for leaf in entry(name)["leaves"]]
    fill(module, x)
    with np.load(FOLDER / f"{name}.npz") as vector:
        stored = {key: torch.from_numpy(vector[key]) for key in vector}
    return _compared(stored, _run(module, x), _run(module.double(), x.double()))


@torch.no_grad()
def _run(module: nn.Module, x: Tensor) -> tuple[Tensor, Tensor]:
    """Give a module's output, and what went into its last activation (the output itself where there is none)."""
    taken: list[Tensor] = []
    hooks = [m.register_forward_pre_hook(lambda _, x: taken.append(x[0])) for m in module.modules() if isinstance(m, _LAST)]
    output = module(x)
    for hook in hooks:
        hook.remove()
    return output, taken[-1] if taken else output


def _compared(stored: Mapping[str, Tensor], run: tuple[Tensor, Tensor], run64: tuple[Tensor, Tensor]) -> Comparison:
    pairs = list(_pairs(stored, run, run64))
    scale = max(float(wanted.abs().max()) for _, _, _, wanted in pairs)
    apart = max(float((found - wanted).abs().max()) for _, _, found, wanted in pairs)
    return Comparison(all(torch.equal(found, wanted) for found, wanted, _, _ in pairs), apart / scale)


def _pairs(
    stored: Mapping[str, Tensor], run: tuple[Tensor, Tensor], run64: tuple[Tensor, Tensor]
) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]:
    """Give found and wanted values in float32, found and wanted values in float64: of the output, then of the logits."""
    (output, before), (output64, before64) = ([t.reshape(-1) for t in both] for both in (run, run64))
    where, at = stored["f64_index"], stored.get("sample_index", torch.arange(output.numel()))
    wanted = stored.get("output_sample", stored.get("output"))
    assert wanted is not None
    yield output[at], wanted.reshape(-1), output64[where], stored["f64"]
    if "logits" in stored:
        yield before[where], stored["logits"], before64[where], stored["logits_f64"]
