"""What a module holds while it runs and keeps for the backward pass, seen from outside, held to what unetgen says."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from unetgen.analyses import memory
from unetgen.api import emit
from unetgen.backends.torch_module import load_module
from unetgen.ir import Network

__all__ = ["holds_what_is_said", "keeps_what_is_said"]

CLOSE = 0.02
"""How far, as a share of what is said, it may be from what torch does."""


class Live(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's own annotations are incomplete
    """Adds up the storages that are alive, and notes the most that ever was."""

    def __init__(self, own: set[int]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.now = self.peak = 0
        self._own = own
        self._alive: dict[int, weakref.ref[torch.UntypedStorage]] = {}

    def note(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        key, size = storage._cdata, storage.nbytes()
        if key in self._own or key in self._alive:
            return
        self.now += size
        self.peak = max(self.peak, self.now)
        self._alive[key] = weakref.ref(storage, lambda _: self._gone(key, size))

    def _gone(self, key: int, size: int) -> None:
        self.now -= size
        del self._alive[key]

    def __torch_dispatch__(
        self, func: Callable[..., Any], types: object, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        given = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(given):
            if isinstance(tensor, Tensor):
                self.note(tensor)
        return given


def on_meta(network: Network) -> tuple[nn.Module, Tensor]:
    """Give the emitted module and an input for it, without memory for either."""
    with torch.device("meta"):
        module = load_module(emit(network))
    return module, torch.empty(1, *network.input.shape.as_list(), device="meta")


def storages(tensors: Iterable[Tensor]) -> set[int]:
    return {tensor.untyped_storage()._cdata for tensor in tensors}


def own(module: nn.Module) -> set[int]:
    return storages([*module.parameters(), *module.buffers()])


def holds_what_is_said(network: Network) -> None:
    """In eval mode the module never holds more maps than is said, and at some moment as many."""
    module, x = on_meta(network)
    with torch.no_grad(), Live(own(module)) as live:
        live.note(x)
        module.eval()(x)
    assert live.peak == pytest.approx(memory(network).peak, rel=CLOSE)


def keeps_what_is_said(network: Network) -> None:
    """In training, autograd keeps as much for the backward pass as is said."""
    module, x = on_meta(network)
    weights, kept = own(module), dict[int, Tensor]()

    def keep(tensor: Tensor) -> Tensor:
        if not storages([tensor]) <= weights:
            kept[tensor.untyped_storage()._cdata] = tensor
        return tensor

    with saved_tensors_hooks(keep, lambda tensor: tensor):
        module.train()(x)
    found = sum(tensor.untyped_storage().nbytes() for tensor in kept.values())
    assert found == pytest.approx(memory(network).kept, rel=CLOSE)
