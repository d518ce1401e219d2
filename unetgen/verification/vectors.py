"""Reference vectors: what published implementations gave for weights and inputs that anyone can draw again.

`<name>.npz` holds, for each output (with the suffix `_0`, `_1`, ... where there are several), the float32 `output`, or
`output_sample` at the flat `sample_index`; `f64` of a run in float64 at `f64_index`; and, where the output comes
straight from a sigmoid, a tanh or a softmax, what went into that at the same places: `logits`, `logits_f64`.
`index.json` beside it describes every network: its input, its parameters, its leaves in the order of their calls.

Weights and inputs are drawn by a scheme, from fixed random streams, so that none is stored:

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
import json
import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple, overload

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError
from torch import Tensor, nn

from unetgen.source.problem import CannotVerify
from unetgen.verification.leaves import ForwardPass, LeafModule, own_tensors

_MAX_INDEX = 64 << 20
"""Largest index that is read, in bytes."""
_INPUT_SEED: Final = 7
_SEEDS_PER_LEAF: Final = 1000
_TRANSPOSED: Final = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)


Values = NDArray[np.float32]


class ReferenceLeaf(NamedTuple):
    """A module with weights of the reference: its class, its tensors' shapes, its output's shape, its options."""

    kind: str
    shapes: dict[str, list[int]]
    given: tuple[int, ...]
    options: dict[str, object]

    def __str__(self) -> str:
        shapes = ", ".join(f"{name} {shape}" for name, shape in self.shapes.items())
        return f"{self.kind} with {shapes}"


@dataclass(frozen=True, slots=True)
class Pair:
    """Values at the same places of ours and of the reference, in float32 and in float64."""

    found: Tensor
    wanted: Tensor
    found64: Tensor | None
    wanted64: Tensor


class Vector(BaseModel):
    """One reference: what `index.json` says of the network, where much more may stand, and what the network gave.

    Args:
        stored: The arrays of the `.npz` file.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, arbitrary_types_allowed=True)

    input_shape: tuple[int, ...]
    output_shapes: tuple[tuple[int, ...], ...]
    params: int
    mode: Literal["eval", "train"] = "eval"
    memory_format: Literal["contiguous", "channels_last"] = "contiguous"
    fill_sha256: str | None = None
    float32_noise: float = 0.0
    leaves: tuple[ReferenceLeaf, ...]
    stored: dict[str, Tensor]

    @property
    def channels_last(self) -> bool:
        """Whether channels are the last axis in memory, as in Keras."""
        return self.memory_format == "channels_last"

    @property
    def noise(self) -> float:
        """How far rounding takes the reference in float32 from its run in float64, relative to the largest value."""
        scale = max(float(self.stored[f"f64{suffix}"].abs().max()) for suffix in self._suffixes())
        return self.float32_noise / scale if scale else 0.0

    def pairs(self, run: ForwardPass, double: ForwardPass | None) -> Iterator[Pair]:
        """Put what was computed beside what is stored: every output, and what went into its last activation.

        Args:
            run: In float32.
            double: In float64, if there was such a run.
        """
        for k, suffix in enumerate(self._suffixes()):
            index = self.stored[f"f64_index{suffix}"]
            sample = self.stored.get(f"sample_index{suffix}")
            wanted = self.stored[f"output{suffix}" if sample is None else f"output_sample{suffix}"].reshape(-1)
            found, exact = _at(run.outputs[k], sample), double.outputs[k] if double else None
            yield Pair(found, wanted, _at(exact, index), self.stored[f"f64{suffix}"])
            if f"logits{suffix}" in self.stored and (logits := _at(run.before[k], index)) is not None:
                exact = double.before[k] if double else None
                stored = self.stored[f"logits{suffix}"], self.stored[f"logits_f64{suffix}"]
                yield Pair(logits, stored[0], _at(exact, index), stored[1])

    def _suffixes(self) -> tuple[str, ...]:
        count = len(self.output_shapes)
        return ("",) if count == 1 else tuple(f"_{k}" for k in range(count))


@overload
def _at(values: Tensor, places: Tensor | None) -> Tensor: ...
@overload
def _at(values: Tensor | None, places: Tensor | None) -> Tensor | None: ...
def _at(values: Tensor | None, places: Tensor | None) -> Tensor | None:
    """Give the values at flat places; all of them where no places are named."""
    if values is None:
        return None
    return values.reshape(-1) if places is None else values.reshape(-1)[places]


def read_vector(path: Path) -> Vector:
    """Read a vector and what the `index.json` beside it says of it.

    Raises:
        CannotVerify: One of them is missing, or is not what it should be.
    """
    described = _described(path)
    try:
        # numpy leaves a file that is no archive open; this way somebody closes it.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            stored = {name: torch.from_numpy(arrays[name]) for name in arrays.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        help = "a vector is a .npz file with an index.json beside it"
        raise CannotVerify(f'"{path}" is no vector: {error}', help) from None
    try:
        return Vector.model_validate({**described, "stored": stored})
    except ValidationError as error:
        first = error.errors()[0]
        place, index = ".".join(map(str, first["loc"])), path.with_name("index.json")
        raise CannotVerify(f'"{index}" describes "{path.stem}" wrongly: {place}: {first["msg"]}') from None


def _described(path: Path) -> Mapping[str, object]:
    """Give what `index.json` says of a vector."""
    index = path.with_name("index.json")
    try:
        if index.stat().st_size > _MAX_INDEX:
            raise CannotVerify(f'"{index}" is larger than {_MAX_INDEX:,} bytes')
        models = json.loads(index.read_text(encoding="utf-8"))["models"]
        found = [model for model in models if model["slug"] == path.stem]
    except OSError as error:
        help = "a vector needs the index.json beside it"
        raise CannotVerify(f'cannot read "{index}": {error.strerror}', help) from None
    except (ValueError, KeyError, TypeError) as error:
        raise CannotVerify(f'"{index}" is no index of vectors: {error}') from None
    if not found:
        raise CannotVerify(f'"{index}" says nothing of "{path.stem}"', "take a vector that stands in the index")
    one: Mapping[str, object] = found[0]
    return one


def draw_input(shape: Sequence[int]) -> Tensor:
    """Draw the input that belongs to every vector of this shape."""
    return torch.from_numpy(np.random.RandomState(_INPUT_SEED).standard_normal(tuple(shape)).astype(np.float32))


def fill(leaves: Sequence[LeafModule]) -> str:
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
