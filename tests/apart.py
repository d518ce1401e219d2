"""Modules in spawned processes: each for itself, and two that train one module together."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor
from torch.nn.parallel import DistributedDataParallel

from tests.everywhere import Case, listed
from tests.onnx_running import assert_alike

__all__ = ["APART", "Pair", "pair"]

_WAIT: Final = timedelta(seconds=120)

Outcome = tuple[list[list[float]], dict[str, float | None]]
"""What a process gives: the numbers of all outputs, and for each parameter how large its gradient is."""


class Pair:
    """Two processes of one group."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool
        self._known: tuple[Case, Outcome] | None = None

    def hold(self, case: Case, wrap: Callable[[nn.Module], nn.Module]) -> None:
        """Hold what both make of a module to what is made of it here: its numbers, and every parameter's gradient.

        Both take the same image, so that the mean of their gradients is the gradient of either.
        """
        job = (pickle.dumps(case.module), case.x.numpy())
        # One that waits for the other takes nothing else, so that each gets one.
        jobs = [self._pool.submit(_step, *job, wrap) for _ in range(2)]
        for outputs, gradients in (job.result(timeout=2 * _WAIT.seconds) for job in jobs):
            for found, wanted in zip(outputs, case.wanted, strict=True):
                assert_alike([torch.tensor(found).view_as(wanted)], [wanted])
            _hold_gradients(gradients, self._gradients_here(case, *job))

    def _gradients_here(self, case: Case, data: bytes, image: object) -> dict[str, float | None]:
        """Give the gradients of a module that nobody shares; they are computed once for all ways."""
        if self._known is None or self._known[0] is not case:
            with torch.random.fork_rng():
                self._known = (case, _step(data, image, alone))
        return self._known[1][1]


def _hold_gradients(found: dict[str, float | None], wanted: dict[str, float | None]) -> None:
    assert set(found) == set(wanted)
    largest = max(size for size in wanted.values() if size is not None)
    for key, size in found.items():
        other = wanted[key]
        assert size is not None and other is not None, f"{key} has no gradient"
        # A bias in front of a norm has none but what rounding leaves.
        assert abs(size - other) <= 1e-3 * other + 1e-5 * largest, f"{key} has a gradient of {size}, not {other}"


@contextmanager
def pair(folder: Path) -> Iterator[Pair]:
    """Start two processes that find each other through a file in a folder."""
    context = multiprocessing.get_context("spawn")
    number = context.Value("i", 0)
    with ProcessPoolExecutor(2, context, _join, (str(folder / "group"), number)) as pool:
        yield Pair(pool)


def _join(file: str, number: object) -> None:
    """Join the group, as the process of the next number."""
    with number.get_lock():  # type: ignore[attr-defined]  # its class has no name
        rank = number.value  # type: ignore[attr-defined]
        number.value += 1  # type: ignore[attr-defined]
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{file}", rank=rank, world_size=2, timeout=_WAIT)


def _step(data: bytes, image: object, wrap: Callable[[nn.Module], nn.Module]) -> Outcome:
    """Run a module in eval mode, and once in training, forward and backward."""
    torch.manual_seed(0)
    module, x = wrap(pickle.loads(data)), torch.as_tensor(image)
    with torch.no_grad():
        outputs = [one.flatten().tolist() for one in listed(module.eval()(x))]
    loss = torch.stack([one.square().mean() for one in listed(module.train()(x))]).sum()
    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it so
    return outputs, {key.removeprefix("module."): _size(p.grad) for key, p in module.named_parameters()}


def _size(gradient: Tensor | None) -> float | None:
    whole = gradient.full_tensor() if isinstance(gradient, DTensor) else gradient
    return None if whole is None else float(whole.double().norm())


def alone(module: nn.Module) -> nn.Module:
    """Let each process go its own way."""
    return module


def data_parallel(module: nn.Module) -> nn.Module:
    """Keep the whole module in each process."""
    return DistributedDataParallel(module)


def sharded(module: nn.Module) -> nn.Module:
    """Keep half of every class of the emitted file in each process, and half of what is left."""
    mesh = init_device_mesh("cpu", (2,))
    emitted = [part for part in module.modules() if type(part).__module__ == type(module).__module__]
    for part in reversed(emitted):
        fully_shard(part, mesh=mesh)
    return module


APART: Final[dict[str, Callable[[nn.Module], nn.Module]]] = {"spawn": alone, "DDP": data_parallel, "FSDP": sharded}
