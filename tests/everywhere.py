"""Where emitted modules have to run: a table of ways, each of which is held to the numbers of the module itself.

A case is a network at its smallest legal size. What runs in other processes stands in `tests.apart`.
"""

from __future__ import annotations

import copy
import pickle
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest
import torch
from torch import Tensor, nn
from torch.export import Dim, export

from tests.onnx_running import assert_alike, model_of, run_onnx
from tests.torch_samples import image, module_of
from unetgen.analyses import AxisSizes, legal_sizes
from unetgen.analyses.legal_sizes import periods
from unetgen.ir import Network, trace

__all__ = ["EVERY_SIZE", "STEPS_ALONE", "WAYS", "Case", "case_of", "exported_at_every_size", "hold", "listed"]

_MANY: Final = 200_000
"""Pixels of an image that is not doubled to make a batch: 64 cubed has more."""


@dataclass(frozen=True, slots=True)
class Case:
    """A module in eval mode, with weights at which nothing is special, and what it makes of an image.

    `other` is an image that is longer along the last axis, by the least that is legal.
    """

    network: Network
    module: nn.Module
    x: Tensor
    wanted: list[Tensor]
    other: Tensor
    wanted_of_other: list[Tensor]


def case_of(network: Network) -> Case:
    """Make a case of a network."""
    legal = legal_sizes(network)
    small = tuple(above or 0 for _, above in legal.nearest((1,) * network.dims))
    traced = trace(network, small)
    module = module_of(traced)
    x = image(traced, batch=1 if traced.input.shape.pixels > _MANY else 2)
    longer = legal.axes[-1].above(small[-1] + 1) or 0
    other = torch.cat((x, x), -1)[..., :longer] if longer <= 2 * small[-1] else x
    with torch.no_grad():
        return Case(traced, module, x, listed(module(x)), other, listed(module(other)))


def listed(found: Tensor | list[Tensor]) -> list[Tensor]:
    """Give all that a module gives."""
    return found if isinstance(found, list) else [found]


def _holds(case: Case, module: Callable[[Tensor], Tensor | list[Tensor]], *, part: float = 1e-4) -> None:
    """Hold something that runs like the module to what that gives, at both sizes."""
    with torch.no_grad():
        assert_alike(listed(module(case.x)), case.wanted, part=part)
        assert_alike(listed(module(case.other)), case.wanted_of_other, part=part)


def scripted(case: Case) -> None:
    """`torch.jit.script`."""
    with warnings.catch_warnings():
        # Torch calls TorchScript itself deprecated.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        _holds(case, torch.jit.script(case.module))


def traced(case: Case) -> None:
    """`torch.jit.trace`: what was traced at one size runs at another, and nothing was warned of.

    A module that gives a list has to be traced with `strict=False`, by which torch lets a trace give one.
    """
    with warnings.catch_warnings(), torch.no_grad():
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        # Norms of torch check the size of an image by themselves, and a trace warns that it keeps what they found.
        warnings.filterwarnings("ignore", module=".*torch.nn.")
        _holds(case, torch.jit.trace(case.module, case.x, strict=len(case.wanted) == 1))  # type: ignore[no-untyped-call]  # torch leaves it so


def compiled(case: Case) -> None:
    """`torch.compile(fullgraph=True)`: one graph; who turns it into kernels is torch's affair."""
    torch._dynamo.reset()
    module = torch.compile(case.module, backend="eager", fullgraph=True)
    with torch.no_grad():
        assert_alike(listed(module(case.x)), case.wanted)


def exported(case: Case) -> None:
    """`torch.export` with batch and sizes left open, in steps: `188 + 16 k`, multiples of 32.

    Where every size is legal, these are multiples of the strides; see `exported_at_every_size`.
    """
    shapes: dict[int, object] = {0: Dim("batch", min=1)}
    sizes: list[tuple[int, int]] = []
    for axis, (legal, period) in enumerate(zip(legal_sizes(case.network).axes, periods(case.network), strict=True)):
        step = max(legal.period, period)
        least = _first_step(legal, case.x.shape[axis + 2], step)
        start = least % step
        k = max(2, least // step)  # torch exports a map of one position as that and nothing else
        shapes[axis + 2] = step * Dim(f"k{axis}", min=k, max=1 << 16) + start
        sizes.append((step * k + start, step * (k + 1) + start))
    small, example = (tuple(size) for size in zip(*sizes, strict=True))
    _holds_exported(case, shapes, example, (small, (*small[:-1], example[-1])))


def _first_step(legal: AxisSizes, least: int, step: int) -> int:
    """Find the first size of those that lie whole steps apart and are all legal."""
    return least if legal.period > 1 else -(-least // step) * step


def exported_at_every_size(case: Case) -> None:
    """`torch.export` of a network that takes every size, left open from twice its strides on."""
    strides = periods(case.network)
    shapes = {axis: Dim(f"n{axis}", min=2 * stride) for axis, stride in enumerate(strides, start=2)}
    example = tuple(3 * stride + 1 for stride in strides)
    others = (tuple(2 * stride for stride in strides), tuple(3 * stride - 1 for stride in strides))
    _holds_exported(case, {0: Dim("batch", min=1), **shapes}, example, others)


def _holds_exported(
    case: Case, shapes: dict[int, object], example: tuple[int, ...], others: tuple[tuple[int, ...], ...]
) -> None:
    """Export with an example of some size, and hold what comes of it to the module at others."""
    channels = case.x.shape[1]
    with warnings.catch_warnings():
        # Torch uses what it calls deprecated.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", category=FutureWarning)
        program = export(case.module, (torch.zeros(2, channels, *example),), dynamic_shapes={"x": shapes}).module()
    for size in others:
        x = torch.rand(len(case.x), channels, *size)
        with torch.no_grad():
            assert_alike(listed(program(x)), listed(case.module(x)))


def in_onnx(case: Case) -> None:
    """ONNX Runtime."""
    session = model_of(case.network, case.module.state_dict())
    _holds(case, lambda x: run_onnx(session, x))


def pickled(case: Case) -> None:
    """`pickle`."""
    _holds(case, pickle.loads(pickle.dumps(case.module)))


def copied(case: Case) -> None:
    """`copy.deepcopy`."""
    _holds(case, copy.deepcopy(case.module))


def in_bfloat16(case: Case) -> None:
    """`torch.autocast` to bfloat16: much the same numbers, and gradients for every parameter."""
    module = copy.deepcopy(case.module).train()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = listed(module(case.x))
        _holds(case, lambda x: [one.float() for one in listed(case.module(x))], part=0.2)
    sum(one.float().square().mean() for one in found).backward()  # type: ignore[union-attr]  # there is an output
    grads = {name: p.grad for name, p in module.named_parameters()}
    assert all(grad is not None for grad in grads.values())
    # On small volumes torch itself reads memory that nobody wrote for the gradient of a Conv3d, see docs/pytorch.md.
    spoiled = {f"{name}.weight" for name, layer in module.named_modules() if isinstance(layer, nn.Conv3d)}
    assert all(bool(grad.isfinite().all()) for name, grad in grads.items() if grad is not None and name not in spoiled)


def channels_last(case: Case) -> None:
    """Memory in the order of channels last, which torch has for images and volumes."""
    formats = {2: torch.channels_last, 3: torch.channels_last_3d}
    if (order := formats.get(case.network.dims)) is None:
        return
    module = copy.deepcopy(case.module).to(memory_format=order)  # type: ignore[call-overload]  # its stubs lack it
    _holds(case, lambda x: module(x.contiguous(memory_format=order)))


WAYS: Final[dict[str, Callable[[Case], None]]] = {
    "torch.jit.script": scripted,
    "torch.jit.trace": traced,
    "torch.compile": compiled,
    "torch.export": exported,
    "ONNX": in_onnx,
    "pickle": pickled,
    "deepcopy": copied,
    "bfloat16": in_bfloat16,
    "channels last": channels_last,
}

NOT: Final = {("torch.export", 1): "your code specialized it to be a constant"}
"""What torch cannot do, by way and spatial axes, and what it says: to export a `MaxPool1d` fixes the length."""

EVERY_SIZE: Final = (
    "milesial-unet",
    "milesial-unet-bilinear",
    "monai-basicunet",
    "monai-basicunet-pp",
    "pytorch-3dunet",
    "pytorch-3dunet-2d",
    "pytorch-3dunet-residual",
    "pytorch-3dunet-residual-se",
    "smp-unet-resnet18",
    "smp-unet-resnet34",
)
"""Networks that take every size from some on, and are exported so."""
STEPS_ALONE: Final = ("fc-densenet103", "fc-densenet57", "jvanvugt-unet", "u2net", "u2netp")
"""Those that take every size, and that torch exports at multiples of their strides alone.

They cut, or resize to the size of another map, and which of the two is larger torch cannot tell for all sizes.
"""


def hold(case: Case, way: str) -> None:
    """Take a case one way; where torch cannot go it, that has to be what torch says."""
    if (said := NOT.get((way, case.network.dims))) is None:
        WAYS[way](case)
        return
    with pytest.raises(Exception, match=said):
        WAYS[way](case)
